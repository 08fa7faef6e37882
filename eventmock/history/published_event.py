"""Published events: the entries that came to custom event buses, and what became of them.

A published event is a received event whose consumers are subscribers in place of rules. The bus keeps it for a time,
and a subscriber may read it later. So it may get more deliveries after the request that brought it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventmock.event.bus_event import ENVELOPE
from eventmock.event.detail import hint_about, likely_cause
from eventmock.history.received_event import Outcome, ReceivedEvent
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.event.bus_event import BusEvent
    from eventmock.history.subscriber_delivery import SubscriberDelivery


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOutcome(Outcome):
    """The outcome of a published event.

    Attributes:
        content: The event that the bus keeps; None if the entry was refused or is a duplicate.
        duplicate_of: The event that the entry repeats; None if it repeats none.
    """

    content: BusEvent | None = None
    duplicate_of: BusEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PublishedEvent(ReceivedEvent):
    """An entry that came to a custom event bus, and its outcome.

    Attributes:
        bus_arn: The ARN of the bus. The `bus` is its name.
        publisher: The account that published the entry, 12 digits. The `account` is that of the bus.
        content_type: The content type of the entry.
    """

    bus_arn: str
    publisher: str
    content_type: str = ENVELOPE
    _outcome: PublishedOutcome = field(default=PublishedOutcome(), repr=False)

    def add(self, deliveries: Iterable[SubscriberDelivery]) -> None:
        """Write down deliveries that the event causes now. The caller holds the lock of the state."""
        outcome = self._outcome
        self.settle(
            PublishedOutcome(
                content=outcome.content,
                rules=outcome.rules,
                deliveries=(*outcome.deliveries, *deliveries),
            )
        )

    @property
    def _own_hint(self) -> str | None:
        """Advice about the refusal, about the event that the entry repeats, or about large integers in a Detail."""
        first, content = self.duplicate_of, self.content
        if first is not None:
            seconds = (self.time - first.ingestion_time).total_seconds()
            return f"it repeats the event {first.id}, which came {seconds:g} s before, so it was not published again"
        if content is None or self.source == "":
            return self._outcome.hint
        return hint_about(content.text) or self._hint_about_a_text

    @property
    def _hint_about_a_text(self) -> str | None:
        """Advice about a Detail that is a text, and holds a JSON object; None if it is not."""
        content = self.content
        if content is None or '"detail":"{' not in content.text:
            return None
        cause = likely_cause(dumps(loads(content.text)["detail"]))
        return f"the Detail is a text, not an object{cause}" if cause else None

    def __str__(self) -> str:
        if self.source:
            return f"{self.detail_type} from {self.source}"
        return self.content_type

    @property
    def content(self) -> BusEvent | None:
        """The event that the bus keeps; None if the entry was refused or is a duplicate."""
        return self._outcome.content

    @property
    def duplicate_of(self) -> BusEvent | None:
        """The event that the entry repeats within the deduplication window; None if it repeats none."""
        return self._outcome.duplicate_of

    @property
    def event_id(self) -> str | None:
        """The event id in the answer; None if the entry was refused."""
        content = self.content or self.duplicate_of
        return None if content is None else content.id

    @property
    def event(self) -> dict[str, Any] | None:
        """A copy of the data as a dictionary; None if the entry was refused, or if the data are no JSON object."""
        content = self.content
        if content is None or content.is_binary:
            return None
        value = loads(content.text)
        return value if isinstance(value, dict) else None
