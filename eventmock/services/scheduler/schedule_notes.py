"""Notes for the tester about schedules that have not fired, for the report."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from eventmock.history.wording import counted
from eventmock.services.scheduler.schedule import schedules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.state import State

MOST_SHOWN: Final = 3
"""The most schedules in the notes; the others are counted."""


def schedule_notes(state: State) -> Iterator[str]:
    """Yield lines about the schedules that have never fired: when they do, or why not.

    The caller holds the lock of the state.
    """
    fired = {delivery.schedule_arn for delivery in state.ledger.fired}
    waiting = [
        (account, schedule)
        for account in state.accounts.all
        for schedule in schedules_of(account).values()
        if schedule.arn not in fired
    ]
    if waiting:
        from eventmock.services.scheduler.outlook import outlook

        for account, schedule in islice(waiting, MOST_SHOWN):
            yield from outlook(account, schedule)
        if len(waiting) > MOST_SHOWN:
            yield f"and {counted(len(waiting) - MOST_SHOWN, 'more schedule')} did not fire"
