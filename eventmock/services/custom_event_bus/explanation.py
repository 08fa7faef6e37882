"""The verdicts of the subscribers of a custom event bus for an event that is not published.

Source: ours. What the subscribers see of the event is that of `eventmock.event.bus_event`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from botocore.utils import parse_to_aware_datetime

from eventmock.event.bus_event import ENVELOPE, JSON, OCTETS, BusEvent
from eventmock.event.entry import ID_OF_NO_EVENT, EntryRefused
from eventmock.exceptions import InvalidEntry
from eventmock.history.verdict import Verdicts
from eventmock.services.custom_event_bus.event_log import log_of
from eventmock.services.custom_event_bus.filter_explanation import NAMING_AN_ENVELOPE
from eventmock.services.custom_event_bus.json_data import NotJson, check_json
from eventmock.services.custom_event_bus.put_events import envelope_of
from eventmock.services.custom_event_bus.readers import Readers
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from eventmock.event.bus_event import DeliveryType
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.state import State

_OF_ENTRIES: Final = frozenset({"Source", "DetailType", "Detail"})
"""Keys that tell entries of PutEvents from data."""
_OF_SEEN: Final = frozenset({"Data", "Metadata", "SystemMetadata"})
"""Keys of an entry of PutRawEvents, and of an event as subscribers see it."""


def explain(state: State, bus: CustomEventBus, given: Mapping[str, Any] | str) -> Verdicts:
    """Return whether each subscriber of a bus would take an event, and why, by scope.

    Args:
        state: The state of the mock. The caller holds its lock.
        bus: The bus.
        given: An entry of PutEvents or PutRawEvents; an envelope, as a dictionary or JSON text; ``Data``, ``Metadata``
            and ``SystemMetadata``, as subscribers see an event; or any other JSON, which is the data.

    Raises:
        InvalidEntry: The entry would be refused, or the event is not JSON.
    """
    __tracebackhide__ = True
    try:
        event, delivery_type = _read(state, bus, given)
    except EntryRefused as refusal:
        hint = "" if refusal.hint is None else f"\n  {refusal.hint}"
        raise InvalidEntry(f"PutEvents would refuse this entry: {refusal}{hint}") from None
    except (NotJson, TypeError, ValueError) as error:
        raise InvalidEntry(f"backend.explain(): {error}") from None
    subscribers = state.part(Readers).subscribers_of(bus.arn)
    return Verdicts(
        (one.verdict_on(event, delivery_type) for one in subscribers),
        event=str(event) if event.is_envelope else "the event",
        bus=bus.name,
        noun="subscriber",
    )


def _read(state: State, bus: CustomEventBus, given: Mapping[str, Any] | str) -> tuple[BusEvent, DeliveryType]:
    """Return the event that a test gives, and how it is delivered.

    Raises:
        EntryRefused: PutEvents would refuse the entry.
        NotJson: The text is not JSON.
        ValueError: A member is not what a client sends.
    """
    members: Any = given if isinstance(given, Mapping) else _json(given)
    if not isinstance(members, Mapping):
        return _event(state, bus, dumps(members).encode(), JSON), "LIVE"
    if not _OF_ENTRIES.isdisjoint(members) and "source" not in members:
        return _of_entry(state, bus, members), "LIVE"
    if "Data" in members and _OF_SEEN.issuperset(members):
        return _of_seen(state, bus, members)
    kind = ENVELOPE if members.keys() >= NAMING_AN_ENVELOPE else JSON
    return _event(state, bus, _text(members).encode(), kind), "LIVE"


def _of_entry(state: State, bus: CustomEventBus, entry: Mapping[str, Any]) -> BusEvent:
    """Return the event of an entry of PutEvents."""
    missing = [name for name in ("Source", "DetailType") if not isinstance(entry.get(name), str)]
    if missing:
        raise ValueError(
            f"{missing[0]} held {entry.get(missing[0])!r:.60}, wanted text: PutEvents requires it"
        )
    if not isinstance(entry.get("Detail", ""), str):
        raise ValueError(f"Detail held {entry['Detail']!r:.60}, wanted JSON as text")  # noqa: TRY004 - of the test's entry
    sent = dict(entry)
    if sent.get("Time") is not None:
        sent["Time"] = parse_to_aware_datetime(sent["Time"]).astimezone(UTC)
    envelope = envelope_of(
        sent,
        account=bus.account,
        region=bus.region,
        now=state.clock.now(),
        new_id=lambda: ID_OF_NO_EVENT,
    )
    return _event(state, bus, envelope.text.encode(), ENVELOPE, system=entry.get("SystemMetadata"))


def _of_seen(state: State, bus: CustomEventBus, given: Mapping[str, Any]) -> tuple[BusEvent, DeliveryType]:
    """Return the event of an entry of PutRawEvents, or of what subscribers see of an event."""
    data, system = given["Data"], given.get("SystemMetadata") or {}
    if isinstance(data, (bytes, bytearray)):
        text = bytes(data)
        kind = system.get("ContentType", JSON)
        if kind == JSON:
            check_json(text.decode())
    else:
        text = _text(data).encode()
        is_envelope = isinstance(data, Mapping) and data.keys() >= NAMING_AN_ENVELOPE
        kind = system.get("ContentType", ENVELOPE if is_envelope else JSON)
        if kind == OCTETS:
            raise ValueError(f"Data of {OCTETS} held {data!r:.60}, wanted bytes")
    event = _event(state, bus, text, kind, metadata=given.get("Metadata"), system=system)
    return event, "REPLAY" if system.get("aws:DeliveryType") == "REPLAY" else "LIVE"


def _event(  # noqa: PLR0913 - what an event consists of
    state: State,
    bus: CustomEventBus,
    data: bytes,
    content_type: str,
    *,
    metadata: Mapping[str, str] | None = None,
    system: Mapping[str, str] | None = None,
) -> BusEvent:
    """Return an event that would be the next one on a bus."""
    envelope = loads(data.decode()) if content_type == ENVELOPE else {}
    names = system or {}
    group, deduplication_id = names.get("EventGroupId"), names.get("DeduplicationId")
    return BusEvent(
        id=names.get("aws:EventId", ID_OF_NO_EVENT),
        number=log_of(state, bus.arn).next,
        ingestion_time=state.clock.now(),
        account=bus.account,
        content_type=content_type,
        data=data,
        metadata=dict(metadata or {}),
        event_group_id=ID_OF_NO_EVENT if group is None else group,
        deduplication_id=ID_OF_NO_EVENT if deduplication_id is None else deduplication_id,
        names_deduplication_id=deduplication_id is not None,
        source=names.get("aws:Source", envelope.get("source")),
        detail_type=names.get("aws:DetailType", envelope.get("detail-type")),
    )


def _json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        NotJson: It is none.
    """
    check_json(text)
    return loads(text)


def _text(value: Any) -> str:
    """Return a value of the test as JSON text.

    Raises:
        NotJson: Filters cannot read it.
    """
    text = dumps(value)
    check_json(text)
    return text
