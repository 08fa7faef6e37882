"""An event comes to a bus, whichever way: its arrival is written down, rules match it, archives keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.delivery.routing import route
from eventmock.history.received_event import ReceivedEvent
from eventmock.services.events.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from eventmock.event.event import Event
    from eventmock.history.delivery import Delivery
    from eventmock.history.received_event import Origin
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.state import State


def arrive(  # noqa: PLR0913 - what an arrival consists of
    state: State,
    *,
    detail_type: str,
    source: str,
    bus: str,
    account: str,
    region: str,
    origin: Origin,
    time: datetime | None = None,
    arrived_by: Delivery | None = None,
    endpoint: str | None = None,
) -> ReceivedEvent:
    """Write down that something arrives, before it is known what becomes of it.

    Args:
        state: All that the mock holds.
        detail_type: Its ``detail-type``, as far as it has one.
        source: Its ``source``, as far as it has one.
        bus: The name of the bus that it was put on.
        account: The account of the bus.
        region: The region of the bus.
        origin: How it came.
        time: When, aware; the present unless given.
        arrived_by: The delivery that brought it, if it comes from another bus.
        endpoint: The ARN of the global endpoint through which it was put, if it was.
    """
    received = ReceivedEvent(
        detail_type=detail_type,
        source=source,
        bus=bus,
        time=state.clock.now() if time is None else time,
        account=account,
        region=region,
        arrived_by=arrived_by,
        origin=origin,
        endpoint=endpoint,
    )
    state.ledger.receive(received)
    return received


def ingest(  # noqa: PLR0913 - two of them are for one caller each
    state: State,
    received: ReceivedEvent,
    event: Event,
    bus: EventBus,
    *,
    fired: Rule | None = None,
    only: Container[str] | None = None,
) -> None:
    """Let a bus have an event.

    Args:
        state: All that the mock holds.
        received: The record of its arrival.
        event: The event.
        bus: The bus.
        fired: The rule whose schedule made the event; it matches without a pattern.
        only: ARNs of the rules that see the event; None for all.
    """
    deliveries = route(received, event, bus, fired=fired, only=only)
    archived = received.archived
    if archived:
        archives = state.accounts.get(received.account, received.region).table(Archive)
        for name in archived:
            if name in archives:  # its rule may be in effect for a while after it is gone
                archives[name].take(event, received.time)
    state.ledger.deliveries += [delivery for delivery in deliveries if delivery.input_error is None]
    state.courier.accept(deliveries)
