"""Schedules that were deleted, so that coverage says of them, too, what no test tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.parts.part import KeptDict
from eventmock.services.scheduler.schedule import Schedule

if TYPE_CHECKING:
    from eventmock.state import State


class FormerSchedules(KeptDict[object, Schedule]):
    """The schedules that were deleted, each as it was before.

    Of schedules that coverage does not tell apart, the last one is kept: code may make and delete many of them.
    """


def remember_schedule(state: State, schedule: Schedule) -> None:
    """Remember a schedule that is deleted."""
    place = (schedule.account, schedule.region, schedule.group)
    state.settings(FormerSchedules)[place, schedule.identity, schedule.target.dead_letter_queue] = schedule
