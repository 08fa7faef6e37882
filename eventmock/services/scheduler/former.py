"""Schedules that existed, so that a test may ask for a name that was deleted since, and coverage counts them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from eventmock.parts.part import KeptDict

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State


class FormerSchedule(NamedTuple):
    """A schedule as it was before it was deleted or changed.

    Attributes:
        schedule: The schedule as it was.
        time: The moment of the change, an aware datetime in UTC.
        why: What happened to the schedule, in words, such as ``was deleted``.
        is_deleted: Whether it was deleted, and not only changed.
    """

    schedule: Schedule
    time: datetime
    why: str
    is_deleted: bool


class FormerSchedules(KeptDict[object, FormerSchedule]):
    """The schedules that existed in a mock; those of equal ARNs and targets once, as they were last."""

    @property
    def deleted(self) -> list[Schedule]:
        """The schedules that were deleted, in the order in which they were."""
        return [former.schedule for former in self.values() if former.is_deleted]


def how_it_went(state: State, arn: str, most: int | None = None) -> str:
    """Return what happened to the schedule of an ARN that was deleted, and when; empty if none was.

    Args:
        state: The state of the mock.
        arn: The ARN.
        most: The most former schedules that are looked at, from the last; None for all.
    """
    for former in islice(reversed(state.settings(FormerSchedules).values()), most):
        if former.is_deleted and former.schedule.arn == arn:
            return f"{former.why}, at {former.schedule.in_words(former.time)}"
    return ""


def remember(state: State, schedule: Schedule, why: str, *, is_deleted: bool = True) -> None:
    """Remember a schedule that is deleted or changed."""
    former = FormerSchedule(schedule, state.clock.now(), why, is_deleted)
    key = schedule.arn, schedule.target.arn, schedule.target.dead_letter_queue
    known = state.settings(FormerSchedules)
    known.pop(key, None)  # the newest comes last
    known[key] = former
