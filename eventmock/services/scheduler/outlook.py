"""When a schedule fires next, or why it does not, in words for the tester."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.history.wording import local_and_utc
from eventmock.schedule import At, Cron
from eventmock.services.scheduler.firing import next_firing
from eventmock.services.scheduler.schedule import ENABLED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.services.scheduler.schedule import Schedule


def outlook(account: Account, schedule: Schedule) -> list[str]:
    """Return lines about what comes of a schedule that exists: its next firing and how to reach it, or why none comes.

    Args:
        account: The account of the schedule.
        schedule: The schedule.
    """
    return list(_outlook(account, schedule))


def _outlook(account: Account, schedule: Schedule) -> Iterator[str]:
    name, firing, now = f"schedule {schedule.name}", next_firing(account, schedule), account.state.clock.now()
    if firing is None:
        yield f"{name} {_why_never(schedule, now)}"
        return
    moment, occurrence = firing
    timing = schedule.occurrences.timing
    day = f"{occurrence.astimezone(schedule.occurrences.zone):%a} " if isinstance(timing, Cron) else ""
    drawn = (
        ""
        if schedule.window is None
        else f", in a flexible time window of {schedule.window} minutes: it fires at {_in_zone(schedule, moment)}"
    )
    yield (
        f"{name} waits for its time, {schedule.expression}: next {day}{_in_zone(schedule, occurrence)}{drawn}; "
        f"{_clock(schedule, now)}"
    )
    yield f'to have it fire: backend.clock.move_to("{moment:%Y-%m-%dT%H:%M:%SZ}")'


def _why_never(schedule: Schedule, now: datetime) -> str:
    """Return why a schedule does not fire again."""
    timing, end = schedule.occurrences.timing, schedule.occurrences.end
    if schedule.state != ENABLED:
        return f"is {schedule.state}: it does not fire"
    if isinstance(timing, At):
        if schedule.has_fired:
            return f"has fired, and {schedule.expression} fires once"
        since = _in_zone(schedule, schedule.occurrences.since)
        return (
            f"never fires: {schedule.expression} was past when the schedule got that time, {since}; "
            "backend.scheduler.fires_past_at = True has such a schedule fire at once"
        )
    if end is not None:
        return f"does not fire any more: its EndDate is {_in_zone(schedule, end)}; {_clock(schedule, now)}"
    return f"does not fire any more: {schedule.expression} has no moment left; {_clock(schedule, now)}"


def _clock(schedule: Schedule, now: datetime) -> str:
    return f"the clock stands at {_in_zone(schedule, now)}"


def _in_zone(schedule: Schedule, moment: datetime) -> str:
    return local_and_utc(moment, schedule.timezone)
