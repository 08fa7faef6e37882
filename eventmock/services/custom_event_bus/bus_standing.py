"""How custom event buses stand at some moment: what each keeps, who reads it, and what feeds it.

Source: ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventmock.services.custom_event_bus.event_bus import custom_buses_of
from eventmock.services.custom_event_bus.event_log import log_of
from eventmock.services.custom_event_bus.event_source import event_sources_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.services.custom_event_bus.event_source import EventSource
    from eventmock.services.custom_event_bus.outlook import Outlook, Standing
    from eventmock.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class BusStanding:
    """A custom event bus at some moment.

    Attributes:
        bus: The bus.
        first: The number of the oldest event that is kept; if there is none, that of the next event.
        next: The number of the next event to come.
        oldest: The moment at which the oldest event came that is kept, an aware datetime in UTC; None if there is none.
        subscribers: Its subscribers of all accounts, in order of their names.
        event_sources: Its event sources of all accounts, in order of their names.
    """

    bus: CustomEventBus
    first: int
    next: int
    oldest: datetime | None
    subscribers: Sequence[Standing]
    event_sources: Sequence[EventSource]

    def keeps(self, number: int) -> bool:
        """Return whether the bus keeps the event of a number."""
        return number >= self.first


def bus_standings(state: State, outlook: Outlook) -> list[BusStanding]:
    """Return the custom event buses of all accounts as they are now. The caller holds the lock of the state.

    Args:
        state: The state of the mock.
        outlook: What waits for the subscribers now.
    """
    accounts, found = state.accounts.all, []
    sources = [one for account in accounts for one in event_sources_of(account).values()]
    subscribers = outlook.subscribers
    for account in accounts:
        for bus in custom_buses_of(account).values():
            log = log_of(state, bus.arn)
            found.append(
                BusStanding(
                    bus=bus,
                    first=log.first,
                    next=log.next,
                    oldest=log.oldest,
                    subscribers=[one for one in subscribers if one.subscriber.bus_arn == bus.arn],
                    event_sources=sorted(
                        (one for one in sources if one.bus_arn == bus.arn), key=lambda one: one.name
                    ),
                )
            )
    return found
