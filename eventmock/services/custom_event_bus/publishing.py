"""The way of an event onto a custom event bus: its arrival is recorded, the bus keeps it, and subscribers read it.

PutEvents, PutRawEvents, event sources, Classic rules and other buses publish by `publish`.
Source: custom-event-bus sections 6.3, 6.5 and 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.event.bus_event import ENVELOPE, BusEvent
from eventmock.exceptions import OptionError
from eventmock.history.published_event import PublishedEvent, PublishedOutcome
from eventmock.services.custom_event_bus.batch_courier import readers_of
from eventmock.services.custom_event_bus.deduplication import Deduplication, DeduplicationKey
from eventmock.services.custom_event_bus.event_log import log_of
from eventmock.services.custom_event_bus.quotas import CustomBusQuotas
from eventmock.values.moments import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.history.delivery import Delivery
    from eventmock.history.received_event import Origin
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.services.custom_event_bus.event_log import EventLog
    from eventmock.state import State


def arrive(  # noqa: PLR0913 - what an arrival consists of
    state: State,
    bus: CustomEventBus,
    *,
    publisher: str,
    source: str = "",
    detail_type: str = "",
    content_type: str = ENVELOPE,
    origin: Origin = "PutEvents",
    arrived_by: Delivery | None = None,
    time_hint: str | None = None,
) -> PublishedEvent:
    """Record that an entry has come to a bus, before its outcome is known, and return the record.

    Args:
        state: The state of the mock. The caller holds its lock.
        bus: The bus.
        publisher: The account that publishes, 12 digits.
        source: The source of the event; empty for an event of PutRawEvents.
        detail_type: The detail type of the event; empty for an event of PutRawEvents.
        content_type: The content type of the entry.
        origin: The way in which the event comes.
        arrived_by: The delivery of a rule, schedule or subscriber that brings the event; None if an entry of a request
            does.
        time_hint: Advice for the tester about the ``Time`` of the entry; None if there is none.
    """
    received = PublishedEvent(
        detail_type=detail_type,
        source=source,
        bus=bus.name,
        time=state.clock.now(),
        account=bus.account,
        region=bus.region,
        arrived_by=arrived_by,
        origin=origin,
        time_hint=time_hint,
        bus_arn=bus.arn,
        publisher=publisher,
        content_type=content_type,
    )
    state.ledger.receive(received)
    return received


def publish(  # noqa: PLR0913 - what an event consists of
    state: State,
    received: PublishedEvent,
    *,
    data: bytes,
    content_type: str,
    metadata: Mapping[str, str] | None = None,
    event_group_id: str | None = None,
    deduplication_id: str | None = None,
    schema_id: str | None = None,
    registry_type: str | None = None,
    passed: frozenset[str] = frozenset(),
    content_hash: bytes | None = None,
) -> BusEvent:
    """Put an event on the bus that it has come to: keep it, and let the subscribers read it.

    An event that repeats another one is not kept. `PublishedEvent.duplicate_of` has then the event that it repeats.

    Args:
        state: The state of the mock. The caller holds its lock.
        received: The record of the arrival, which gets the outcome.
        data: The data: for ``application/eventbridge+json``, the envelope.
        content_type: The type of the data.
        metadata: The metadata of the publisher.
        event_group_id: The event group; None to generate one.
        deduplication_id: The deduplication id that the publisher gave; None to generate one.
        schema_id: The id of the schema by which the data were decoded.
        registry_type: ``Glue`` or ``Confluent``, if the data were decoded.
        passed: The ARNs of the buses that the event has been on before.
        content_hash: The hash of the content, if the publisher deduplicates by content. It does not count for an event
            that has a deduplication id.

    Returns:
        The event; if it repeats another one, that one.

    Raises:
        OptionError: The bus keeps as many events as the test allows (`CustomBusQuotas.retained_events`).
    """
    value = deduplication_id or content_hash
    key = None
    if value is not None:
        key = DeduplicationKey(received.bus_arn, received.publisher, event_group_id, value)
        first = state.part(Deduplication).first(key, received.time)
        if first is not None:
            received.settle(PublishedOutcome(duplicate_of=first))
            return first
    uuid = state.identifiers.uuid
    log = log_of(state, received.bus_arn)
    _check_room(state, received, log)
    event = BusEvent(
        id=uuid(),
        number=log.next,
        ingestion_time=in_milliseconds(received.time),
        account=received.publisher,
        content_type=content_type,
        data=data,
        metadata=metadata or {},
        event_group_id=event_group_id or uuid(),
        deduplication_id=deduplication_id or uuid(),
        names_deduplication_id=deduplication_id is not None,
        source=received.source or None,
        detail_type=received.detail_type or None,
        schema_id=schema_id,
        registry_type=registry_type,
        passed=passed,
    )
    if key is not None:
        state.part(Deduplication).keep(key, event)
    readers = readers_of(state)
    received.settle(PublishedOutcome(content=event, rules=readers.subscribers_of(received.bus_arn)))
    log.append(received)
    readers.read_all(received.bus_arn)
    return event


def _check_room(state: State, received: PublishedEvent, log: EventLog) -> None:
    """Check that a bus may keep one more event.

    Raises:
        OptionError: The bus keeps as many events as the test allows (`CustomBusQuotas.retained_events`).
    """
    most = state.settings(CustomBusQuotas).retained_events
    if most is not None and len(log) >= most:
        reason = (
            f"the event bus {received.bus} of {received.account}, {received.region} keeps {len(log):,} events, and "
            f"backend.custom_buses.quotas.retained_events is {most:,}"
        )
        received.settle(PublishedOutcome(refused=f"the call broke off: {reason}"))
        raise OptionError(
            f"{reason}: give a higher number or None, a shorter RetentionPeriodInDays, or publish less"
        )
