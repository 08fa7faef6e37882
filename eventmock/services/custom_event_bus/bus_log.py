"""The events that a custom event bus keeps, for the test to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from eventmock.history.records import Records
from eventmock.history.wording import DATE_AND_TIME, counted, cut, printable
from eventmock.services.custom_event_bus.event_log import log_of
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from eventmock.event.bus_event import BusEvent
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.state import State

LONGEST_CELL: Final = 36
"""The most characters of a cell of the table; that of the data has twice as many."""
_HEADS: Final = ("ingested", "sequence number", "what", "event group", "deduplication id", "data")


@dataclass(frozen=True, slots=True)
class RetainedEvent:
    """An event that a custom event bus keeps.

    Attributes:
        id: The event id, a UUID: ``EventId`` of the answer and ``aws:EventId`` of deliveries.
        sequence_number: The sequence number, a text of 20 digits.
        ingestion_time: The moment at which the event came to the bus, an aware datetime in UTC.
        account: The account that published the event, 12 digits.
        content_type: The content type, such as ``application/json``.
        data: The data as bytes: what was published, or the envelope that PutEvents makes.
        metadata: The metadata of the publisher, texts by key.
        system_metadata: The system metadata, texts by key, without ``aws:DeliveryType``, which deliveries have.
        event_group_id: The event group, given or generated.
        deduplication_id: The deduplication id, given or generated.
    """

    id: str
    sequence_number: str
    ingestion_time: datetime
    account: str
    content_type: str
    data: bytes = field(repr=False)
    metadata: dict[str, str]
    system_metadata: dict[str, str] = field(repr=False)
    event_group_id: str
    deduplication_id: str
    _event: BusEvent = field(repr=False, compare=False)

    @classmethod
    def of(cls, event: BusEvent) -> RetainedEvent:
        """Return the view of an event."""
        system_metadata = event.system_metadata("LIVE")
        del system_metadata["aws:DeliveryType"]
        return cls(
            event.id,
            event.sequence_number,
            event.ingestion_time,
            event.account,
            event.content_type,
            event.data,
            dict(event.metadata),
            system_metadata,
            event.event_group_id,
            event.deduplication_id,
            event,
        )

    @property
    def content(self) -> dict[str, Any]:
        """The event as a dictionary of ``Data``, ``Metadata`` and ``SystemMetadata``. ``Data`` is what was published.

        The ``Data`` of ``application/octet-stream`` are a text, the base64 of the bytes, as deliveries have them.
        """
        return {
            "Data": loads(self._event.json),
            "Metadata": self.metadata,
            "SystemMetadata": self.system_metadata,
        }

    def __str__(self) -> str:
        return "  ".join(self._cells)

    @property
    def _cells(self) -> tuple[str, ...]:
        event = self._event
        what = self.content_type if event.source is None else f"{event.detail_type} from {event.source}"
        cells = [
            f"{self.ingestion_time:{DATE_AND_TIME}}",
            self.sequence_number,
            *(
                cut(printable(text), LONGEST_CELL)
                for text in (what, self.event_group_id, self.deduplication_id)
            ),
            cut(printable(event.text), 2 * LONGEST_CELL),
        ]
        return tuple(cells)


class BusLog(Records[RetainedEvent]):
    """The events that a custom event bus keeps, the oldest first. ``print`` shows a table of them.

    Args:
        events: The events.
        name: The name of the bus.
    """

    def __init__(self, events: Iterable[RetainedEvent], name: str) -> None:
        super().__init__(events)
        self._name = name

    def _like(self, records: Iterable[RetainedEvent]) -> BusLog:
        return BusLog(records, self._name)

    def __str__(self) -> str:
        head = f"event bus {self._name} keeps {counted(len(self), 'event')}"
        if not self:
            return head
        rows = [_HEADS, *(event._cells for event in self)]  # noqa: SLF001 - one concept, two classes
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join([f"{head}:", *lines])


def bus_log_of(state: State, bus: CustomEventBus) -> BusLog:
    """Return the events that a bus keeps now. The caller holds the lock of the state."""
    contents = (received.content for received in log_of(state, bus.arn).since(1))
    return BusLog([RetainedEvent.of(event) for event in contents if event is not None], bus.name)
