"""An event of a custom event bus that a person gives in one of several forms, and that is not published.

Source: ours. What subscribers see of the event is that of `eventmock.event.bus_event`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.event.bus_event import ENVELOPE, JSON, OCTETS, BusEvent
from eventmock.event.entry import ID_OF_NO_EVENT
from eventmock.services.custom_event_bus.filter_explanation import NAMING_AN_ENVELOPE
from eventmock.services.custom_event_bus.json_data import check_json
from eventmock.services.custom_event_bus.put_events import envelope_of
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.event.bus_event import DeliveryType

_OF_ENTRIES: Final = frozenset({"Source", "DetailType", "Detail"})
"""Keys that tell entries of PutEvents from data."""
_OF_SEEN: Final = frozenset({"Data", "Metadata", "SystemMetadata"})
"""Keys of an entry of PutRawEvents, and of an event as subscribers see it."""


class Place(NamedTuple):
    """Where and when the event would come.

    Attributes:
        account: The account of the bus, which publishes, 12 digits.
        region: The region of the bus.
        now: The moment, an aware datetime in UTC.
        number: The number of the next event on the bus.
    """

    account: str
    region: str
    now: datetime
    number: int = 1


def is_whole(value: object) -> bool:
    """Return whether a value is an entry of PutRawEvents, or an event as subscribers see it."""
    return isinstance(value, Mapping) and "Data" in value and _OF_SEEN.issuperset(value)


def event_of(place: Place, given: Mapping[str, Any] | str) -> tuple[BusEvent, DeliveryType]:
    """Return the event that a person gives, and how it is delivered.

    Args:
        place: Where the event would come.
        given: An entry of PutEvents or PutRawEvents; an envelope, as a dictionary or JSON text; ``Data``, ``Metadata``
            and ``SystemMetadata``, as subscribers see an event; or any other JSON, which is the data.

    Raises:
        EntryRefused: PutEvents would refuse the entry.
        NotJson: The text is not JSON that filters read.
        TypeError: JSON cannot express a value.
        ValueError: A member is not what a client sends.
    """
    value: Any = given
    if not isinstance(given, Mapping):
        check_json(given)
        value = loads(given)
    if isinstance(value, Mapping) and "source" not in value and not _OF_ENTRIES.isdisjoint(value):
        return _of_entry(place, value), "LIVE"
    if is_whole(value):
        return _of_whole(place, value)
    return _event(place, _text(value), _kind_of(value)), "LIVE"


def _of_entry(place: Place, entry: Mapping[str, Any]) -> BusEvent:
    """Return the event of an entry of PutEvents."""
    wanted = {name: entry.get(name) for name in ("Source", "DetailType")} | {
        "Detail": entry.get("Detail", "")
    }
    wrong = [name for name, value in wanted.items() if not isinstance(value, str)]
    if wrong:
        raise ValueError(f"{wrong[0]} held {wanted[wrong[0]]!r:.60}, wanted text")
    envelope = envelope_of(
        entry,
        account=place.account,
        region=place.region,
        now=place.now,
        new_id=lambda: ID_OF_NO_EVENT,
    )
    return _event(place, envelope.text, ENVELOPE, system=entry.get("SystemMetadata"))


def _of_whole(place: Place, given: Mapping[str, Any]) -> tuple[BusEvent, DeliveryType]:
    """Return the event of an entry of PutRawEvents, or of what subscribers see of an event."""
    data, system = given["Data"], given.get("SystemMetadata") or {}
    kind = system.get("ContentType", JSON if isinstance(data, bytes) else _kind_of(data))
    if not isinstance(data, bytes):
        if kind == OCTETS:
            raise ValueError(f"Data of {OCTETS} held {data!r:.60}, wanted bytes")
        data = _text(data)
    elif kind != OCTETS:
        check_json(data.decode())
    event = _event(place, data, kind, metadata=given.get("Metadata"), system=system)
    return event, "REPLAY" if system.get("aws:DeliveryType") == "REPLAY" else "LIVE"


def _event(
    place: Place,
    data: bytes | str,
    content_type: str,
    *,
    metadata: Mapping[str, str] | None = None,
    system: Mapping[str, str] | None = None,
) -> BusEvent:
    envelope = loads(data) if content_type == ENVELOPE and isinstance(data, str) else {}
    names = system or {}
    group, deduplication_id = names.get("EventGroupId"), names.get("DeduplicationId")
    return BusEvent(
        id=names.get("aws:EventId", ID_OF_NO_EVENT),
        number=place.number,
        ingestion_time=place.now,
        account=place.account,
        content_type=content_type,
        data=data.encode() if isinstance(data, str) else data,
        metadata=dict(metadata or {}),
        event_group_id=ID_OF_NO_EVENT if group is None else group,
        deduplication_id=ID_OF_NO_EVENT if deduplication_id is None else deduplication_id,
        names_deduplication_id=deduplication_id is not None,
        source=names.get("aws:Source", envelope.get("source")),
        detail_type=names.get("aws:DetailType", envelope.get("detail-type")),
    )


def _kind_of(value: Any) -> str:
    """Return the content type of data: an envelope has a source, a detail-type and a detail."""
    is_envelope = isinstance(value, Mapping) and value.keys() >= NAMING_AN_ENVELOPE
    return ENVELOPE if is_envelope else JSON


def _text(value: Any) -> str:
    text = dumps(value)
    check_json(text)
    return text
