"""Deliveries to custom event buses: by rules of Classic event buses, by subscribers, and by schedules.

The delivery of a schedule is a call of PutEvents or PutRawEvents. Of a rule or a subscriber, what arrives is a new
event, with an id, an event group and a deduplication id of its own.

Source: custom-event-bus sections 9.2, 10.2 and 12. Documented: an event of AWS is put by ``events:PutEvents`` and any
other by ``events:PutRawEvents``, by rules and by subscribers; of a rule, the envelope is the data, and has the source
and the detail type; with ``RAW``, a subscriber keeps the content type, the source and the detail type, and otherwise
drops the last two; what was decoded arrives as JSON. Observed: the code and the text of a loop. Inferred: for a rule, a
loop is not tried again, a missing bus is ``NO_RESOURCE``, and a denied access and a revoked event source are
``NO_PERMISSIONS``; metadata and event group are those that the parameters of the subscriber set; what
``WITH_METADATA`` and ``JSONATA`` make arrives as ``application/json``; a text that is not JSON is refused as
PutRawEvents refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from eventmock.delivery.failures import DeliveryFailed
from eventmock.event.bus_event import ENVELOPE, JSON
from eventmock.history.event_delivery import EventDelivery
from eventmock.services.custom_event_bus.bus_access import bus_for
from eventmock.services.custom_event_bus.condition_keys import of_forwarded
from eventmock.services.custom_event_bus.deduplication import content_hash
from eventmock.services.custom_event_bus.event_source import check_takes, event_source_of_rule
from eventmock.services.custom_event_bus.failures import INVALID
from eventmock.services.custom_event_bus.json_data import NO_JSON, NotJson, check_json
from eventmock.services.custom_event_bus.publishing import arrive, publish
from eventmock.services.custom_event_bus.transformer import RAW
from eventmock.values.arn import Arn
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.delivery.receivers import ReadyDelivery
    from eventmock.history.delivery import Delivery
    from eventmock.services.custom_event_bus.batch_hand_over import Chunk
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.services.custom_event_bus.target_calls import Entry
    from eventmock.state import State

LOOP: Final = "LOOP_DETECTED"
"""The code of an event that has been on the target bus before."""


@dataclass(frozen=True, slots=True)
class CustomBusDeliveries:
    """The receiver of deliveries to custom event buses.

    Attributes:
        state: The state of the mock.
    """

    state: State
    comes_before_kinds: ClassVar = False

    def prepare(self, delivery: Delivery) -> ReadyDelivery | None:
        """Return the arrival that makes the delivery of a rule, or the call that makes that of a schedule."""
        if isinstance(delivery, EventDelivery):
            return Arrival(self.state, delivery)
        from eventmock.history.schedule_delivery import ScheduleDelivery
        from eventmock.services.own_calls import own_call

        return own_call(self.state, delivery) if isinstance(delivery, ScheduleDelivery) else None

    def prepare_batch(self, chunk: Chunk) -> Callable[[], None]:
        """Return a function that puts the events of a subscriber on the bus that is its target."""
        return partial(self._take, chunk)

    def _take(self, chunk: Chunk) -> None:
        with self.state.lock:
            for entry, result in chunk.in_turn() if chunk.is_carried else ():
                try:
                    self._take_one(entry)
                except AwsError as refused:
                    result.fail(DeliveryFailed(refused.code, refused.message, hint=refused.hint))
                except DeliveryFailed as failure:
                    result.fail(failure)
                else:
                    chunk.note_taken(result, "event bus")

    def _take_one(self, entry: Entry) -> None:
        """Put the event of a subscriber on the bus that is its target.

        Raises:
            AwsError: There is no such bus, it is in a wrong state, or its policy does not allow the event.
            DeliveryFailed: The event has been on the bus before (``LOOP_DETECTED``), or the result of the transformer
                is not JSON (``CUSTOMER_VALIDATION``).
        """
        delivery, content = entry.delivery, entry.delivery.content
        is_raw = entry.version.transformer.type == RAW
        source = (content.source if is_raw else None) or ""
        detail_type = (content.detail_type if is_raw else None) or ""
        if not is_raw:
            _check_json(entry.payload)
        parameters, system = entry.parameters, entry.parameters.get("SystemMetadata", {})
        metadata = parameters.get("Metadata", {})
        passed = content.passed | {delivery.cause.bus_arn}
        content_type = content.content_type if is_raw and content.registry_type is None else JSON
        bus = _bus(
            self.state,
            delivery,
            source=source,
            detail_type=detail_type,
            content_type=content_type,
            metadata=metadata,
        )
        _check_loop(bus, passed, content.id)
        received = arrive(
            self.state,
            bus,
            publisher=delivery.account,
            source=source,
            detail_type=detail_type,
            origin="bus",
            arrived_by=delivery,
            content_type=content_type,
        )
        data = content.data if is_raw else entry.payload.encode(errors="replace")
        by_content = "DeduplicationConfiguration" in parameters
        publish(
            self.state,
            received,
            data=data,
            content_type=content_type,
            content_hash=content_hash(data, content_type, sorted(metadata.items())) if by_content else None,
            metadata=metadata,
            event_group_id=system.get("EventGroupId"),
            deduplication_id=system.get("DeduplicationId"),
            passed=passed,
        )


@dataclass(frozen=True, slots=True)
class Arrival:
    """The arrival of an event of a Classic bus at the custom event bus that is the target of a rule.

    Attributes:
        state: The state of the mock.
        delivery: The delivery of the rule.
    """

    state: State
    delivery: EventDelivery

    def send(self) -> Literal["event bus"]:
        """Put the event on the custom event bus.

        Raises:
            DeliveryFailed: There is no such bus, it is in a wrong state, its policy does not allow the event, the event
                source of the rule is revoked, or the event has been on the bus before.
        """
        with self.state.lock:
            if self.state.outbox.carries(self.delivery):
                try:
                    self._arrive()
                except AwsError as refused:
                    raise DeliveryFailed(refused.code, refused.message, hint=refused.hint) from None
                self.state.courier.note_taken(self.delivery, "event bus")
        return "event bus"

    def _arrive(self) -> None:
        state, delivery, event = self.state, self.delivery, self.delivery.envelope
        event_source = event_source_of_rule(state, delivery.rule_arn)
        if event_source is None:
            bus = _bus(
                state,
                delivery,
                source=event.source,
                detail_type=event.detail_type,
                content_type=ENVELOPE,
            )
        else:
            bus = check_takes(state, event_source)
        passed = event.passed | {delivery.bus_arn}
        _check_loop(bus, passed, event.id)
        received = arrive(
            state,
            bus,
            publisher=delivery.account,
            source=event.source,
            detail_type=event.detail_type,
            origin="bus" if event_source is None else "event source",
            arrived_by=delivery,
        )
        publish(
            state,
            received,
            data=event.text.encode(errors="replace"),
            content_type=ENVELOPE,
            passed=passed,
        )


def _bus(  # noqa: PLR0913 - what a policy of the bus may ask for
    state: State,
    delivery: Delivery,
    *,
    source: str,
    detail_type: str,
    content_type: str,
    metadata: Mapping[str, str] = {},
) -> CustomEventBus:
    """Return the bus that is the target of a delivery, for an event.

    Raises:
        AwsError: There is no such bus, it is in a wrong state, or its policy does not allow the event.
    """
    action = "PutEvents" if source.startswith("aws.") else "PutRawEvents"
    context = of_forwarded(
        is_of_aws=action == "PutEvents",
        source=source,
        detail_type=detail_type,
        content_type=content_type,
        metadata=metadata,
    )
    account = state.accounts.get(delivery.account, Arn.of(delivery.target_arn).region)
    bus = bus_for(account, delivery.target_arn, action, [context])
    bus.check_state(action)
    return bus


def _check_json(text: str) -> None:
    """Check that a text that a transformer made is JSON.

    Raises:
        DeliveryFailed: The text is not JSON (``CUSTOMER_VALIDATION``).
    """
    try:
        check_json(text)
    except NotJson as reason:
        raise DeliveryFailed(
            INVALID,
            NO_JSON,
            hint=f"what a transformer makes arrives at an event bus as {JSON}, and this is none: {reason}",
        ) from None


def _check_loop(bus: CustomEventBus, passed: frozenset[str], event_id: str) -> None:
    """Check that an event has not been on a bus before.

    Raises:
        DeliveryFailed: The event has been on the bus before (``LOOP_DETECTED``).
    """
    if bus.arn in passed:
        raise DeliveryFailed(
            LOOP,
            f"Event ingestion rejected for event {event_id} because an event can be sent to the same event bus target "
            "only once.",
            hint=f"the event has been on the event bus {bus.name} before",
        )
