"""An event comes to a bus: rules match it, archives keep it, deliveries are made. Whichever way it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.delivery.routing import route

if TYPE_CHECKING:
    from collections.abc import Container

    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.services.events.account import Accounts
    from eventmock.services.events.event_buses import EventBus
    from eventmock.services.events.rules import Rule


def ingest(  # noqa: PLR0913 - two of them are for one caller each
    shared: Accounts,
    received: ReceivedEvent,
    event: Event,
    bus: EventBus,
    *,
    fired: Rule | None = None,
    only: Container[str] | None = None,
) -> None:
    """Let a bus have an event.

    Args:
        shared: What all accounts share.
        received: The record of its arrival.
        event: The event.
        bus: The bus.
        fired: The rule whose schedule made the event; it matches without a pattern.
        only: ARNs of the rules that see the event; None for all.
    """
    deliveries = route(received, event, bus, fired=fired, only=only)
    archives = shared.get(received.account, received.region).archives
    for name in received.archived:
        if name in archives:  # its rule may be in effect for a while after it is gone
            archives[name].take(event, received.time)
    shared.ledger.deliveries += [delivery for delivery in deliveries if delivery.input_error is None]
    shared.courier.accept(deliveries)
