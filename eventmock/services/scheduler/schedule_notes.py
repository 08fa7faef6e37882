"""Notes for the tester about schedules, for the report: which have not fired, and what may be a surprise of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from eventmock.history.wording import counted
from eventmock.services.scheduler.schedule import schedules_of
from eventmock.values.moments import later

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State

MOST_SHOWN: Final = 3
"""The most schedules in each kind of notes; of those that have not fired, the others are counted."""
_A_SECOND: Final = timedelta(seconds=1)


def schedule_notes(state: State) -> Iterator[str]:
    """Yield lines about the schedules of a mock. The caller holds the lock of the state.

    Of a schedule that has never fired: when it does, or why not. Of others: which local times clocks have skipped or
    repeated since the first firing, and what else its expression may not say at first sight.
    """
    first: dict[str | None, datetime] = {}
    for delivery in state.ledger.fired:
        first.setdefault(delivery.schedule_arn, delivery.time)
    everything = [(account, one) for account in state.accounts.all for one in schedules_of(account).values()]
    if everything:
        fired = [(one, first[one.arn]) for _, one in everything if one.arn in first]
        advice = ((one, _advice(one, begin, state.clock.now())) for one, begin in fired)
        told = ((one, text) for one, text in advice if text)
        yield from (f"schedule {one.name}: {text}" for one, text in islice(told, MOST_SHOWN))
        yield from _about_waiting([(account, one) for account, one in everything if one.arn not in first])


def _about_waiting(waiting: list[tuple[Account, Schedule]]) -> Iterator[str]:
    """Yield lines about schedules that have never fired."""
    if not waiting:
        return
    from eventmock.services.scheduler.outlook import outlook

    for account, schedule in islice(waiting, MOST_SHOWN):
        yield from outlook(account, schedule)
    if len(waiting) > MOST_SHOWN:
        yield f"and {counted(len(waiting) - MOST_SHOWN, 'more schedule')} did not fire"


def _advice(schedule: Schedule, first: datetime, now: datetime) -> str:
    """Return advice about the firings of a schedule between the first one and now; empty if there is none."""
    from eventmock.schedule.advice import advice_about_schedule

    end = schedule.end_date
    so_far = replace(schedule.occurrences, end=now if end is None else min(now, end))
    begin = later(max(first, schedule.last_modification_date), -_A_SECOND)
    return "" if so_far.next_after(begin) is None else advice_about_schedule(so_far, begin)
