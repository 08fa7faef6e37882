"""Schedules that existed, so that a test may ask for a name that was deleted since."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from eventmock.parts.part import KeptDict

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State


class FormerSchedule(NamedTuple):
    """A schedule that was deleted, or that has lost its target or dead-letter queue since.

    Attributes:
        schedule: The schedule as it was.
        time: The moment of the change, an aware datetime in UTC.
        why: What happened to the schedule, in words, such as ``was deleted``.
    """

    schedule: Schedule
    time: datetime
    why: str


class FormerSchedules(KeptDict[object, FormerSchedule]):
    """The schedules that existed in a mock; those of equal ARNs and targets once, as they were last."""


def remember(state: State, schedule: Schedule, why: str) -> None:
    """Remember a schedule that is deleted, or that gets another target."""
    former = FormerSchedule(schedule, state.clock.now(), why)
    key = schedule.arn, schedule.target.arn, schedule.target.dead_letter_queue
    known = state.settings(FormerSchedules)
    known.pop(key, None)  # the newest comes last
    known[key] = former
