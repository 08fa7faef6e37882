"""The ingestion of an event by a bus: its arrival is recorded, rules match it, archives store it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.delivery.routing import route
from eventmock.history.received_event import ReceivedEvent

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
    time_hint: str | None = None,
) -> ReceivedEvent:
    """Record the arrival of an event, before its outcome is known, and return the record.

    Args:
        state: The state of the mock.
        detail_type: The ``detail-type`` of the event; empty if an entry has none.
        source: The ``source`` of the event; empty if an entry has none.
        bus: The name of the bus that the event arrives at.
        account: The id of the account of the bus.
        region: The region of the bus.
        origin: The way in which the event arrives, such as ``PutEvents``.
        time: The moment of the arrival, an aware datetime in UTC; None for the present.
        arrived_by: The delivery that brings the event from another bus or a schedule; None if none does.
        endpoint: The ARN of the global endpoint through which the event was put; None if it was put on the bus itself.
        time_hint: Advice for the tester about the ``Time`` of the entry; None if there is none.
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
        time_hint=time_hint,
    )
    state.ledger.receive(received)
    return received


def ingest(  # noqa: PLR0913 - the last two have one caller each
    state: State,
    received: ReceivedEvent,
    event: Event,
    bus: EventBus,
    *,
    fired: Rule | None = None,
    only: Container[str] | None = None,
) -> None:
    """Put an event on a bus: match its rules, archive the event, and hand the deliveries to the courier.

    Args:
        state: The state of the mock.
        received: The record of the event's arrival.
        event: The event.
        bus: The bus.
        fired: The rule whose schedule made the event, which matches without a pattern; None if no schedule made it.
        only: The ARNs of the rules that get the event; None for all rules of the bus.
    """
    deliveries = route(received, event, bus, fired=fired, only=only)
    archived = received.archived
    if archived:
        from eventmock.services.events.archive import Archive

        archives = state.accounts.get(received.account, received.region).table(Archive)
        for name in archived:
            if name in archives:  # the rule of a deleted archive may stay in effect for `Delays.propagation`
                archives[name].take(event, received.time)
    state.ledger.deliveries += [delivery for delivery in deliveries if delivery.input_error is None]
    state.courier.accept(deliveries)
