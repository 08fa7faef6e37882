"""Published events: the entries that came to custom event buses, and what became of them.

A published event is a received event whose consumers are subscribers in place of rules. The bus keeps it for a time,
and a subscriber may read it later. So it may get more deliveries after the request that brought it. Which subscribers
take the event is found out when a test asks for it. Nothing is written down for this when the event is published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from eventmock.event.bus_event import ENVELOPE
from eventmock.event.detail import hint_about, likely_cause
from eventmock.history import wording
from eventmock.history.received_event import Outcome, ReceivedEvent
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from eventmock.event.bus_event import BusEvent
    from eventmock.history.subscriber_delivery import SubscriberDelivery, TracedSubscriber
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOutcome(Outcome):
    """The outcome of a published event.

    Attributes:
        content: The event that the bus keeps; None if the entry was refused or is a duplicate.
        duplicate_of: The event that the entry repeats; None if it is not a duplicate.
    """

    content: BusEvent | None = None
    duplicate_of: BusEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PublishedEvent(ReceivedEvent):
    """An entry that came to a custom event bus, and its outcome.

    What other events have as rules, these have as subscribers: `rules`, `matching`, `matched`, `consumers`,
    `unmatched`.

    Attributes:
        bus_arn: The ARN of the bus. The `bus` is its name.
        publisher: The account that published the entry, 12 digits. The `account` is that of the bus.
        content_type: The content type of the entry.
    """

    noun: ClassVar[str] = "subscriber"

    bus_arn: str
    publisher: str
    content_type: str = ENVELOPE
    _outcome: PublishedOutcome = field(default=PublishedOutcome(), repr=False)
    _taken: tuple[Outcome, tuple[TracedRule, ...]] | None = field(default=None, init=False, repr=False)

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
        """Advice about a Detail that is a text of a JSON object; None for any other Detail."""
        content = self.content
        if content is None or '"detail":"{' not in content.text:
            return None
        cause = likely_cause(dumps(loads(content.text)["detail"]))
        return f"the Detail is a text, not an object{cause}" if cause else None

    @property
    def content(self) -> BusEvent | None:
        """The event that the bus keeps; None if the entry was refused or is a duplicate."""
        return self._outcome.content

    @property
    def duplicate_of(self) -> BusEvent | None:
        """The event that the entry repeats within the deduplication window; None if it is not a duplicate."""
        return self._outcome.duplicate_of

    @property
    def was_routed(self) -> bool:
        """Whether the event was compared with subscribers: the bus keeps it."""
        return self.content is not None

    @property
    def event_id(self) -> str | None:
        """The event id in the answer; None if the entry was refused."""
        content = self.content or self.duplicate_of
        return None if content is None else content.id

    @property
    def event(self) -> dict[str, Any] | None:
        """A copy of the data as a dictionary; None if the entry was refused, or if the data are not a JSON object."""
        content = self.content
        if content is None or content.is_binary:
            return None
        value = loads(content.text)
        return value if isinstance(value, dict) else None

    def judge(self) -> Callable[[TracedRule], Verdict]:
        """Return a function that returns the verdict of a subscriber for the event, which was not refused."""
        content = self.content
        assert content is not None
        return lambda rule: cast("TracedSubscriber", rule).verdict_on(content, self.delivery_type_for(rule))

    def delivery_type_for(self, subscriber: TracedRule) -> Any:
        """Return how a subscriber gets the event: ``LIVE`` if it was there already, else ``REPLAY``."""
        return "LIVE" if any(one.arn == subscriber.arn for one in self.rules) else "REPLAY"

    @property
    def matching(self) -> tuple[TracedRule, ...]:
        """The subscribers that take the event, in order of their names, then those that had it replayed.

        A subscriber that is STOPPED takes it, too: the event is in its backlog.
        """
        known, outcome = self._taken, self._outcome
        if known is None or known[0] is not outcome:
            known = outcome, tuple(self._takers())
            object.__setattr__(self, "_taken", known)
        return known[1]

    def _takers(self) -> Iterator[TracedRule]:
        """Yield the subscribers of `matching`. Those that have a delivery need not be asked."""
        content = self.content
        if content is None:
            return
        own: Any = self._outcome.deliveries  # all of them are of subscribers
        by_arn = {delivery.sender_arn: delivery.subscriber for delivery in own}
        for rule in self.rules:
            subscriber = cast("TracedSubscriber", rule)
            if by_arn.pop(subscriber.arn, None) or subscriber.would_take(content, "LIVE"):
                yield subscriber
        yield from by_arn.values()

    def each_unmatched(self) -> Iterator[Verdict]:
        """Yield the verdicts of `unmatched`. Each is computed when it is asked for, which takes some time."""
        if self.content is not None:
            taken, judge = {one.arn for one in self.matching}, self.judge()
            yield from (judge(one) for one in self.rules if one.arn not in taken)

    @property
    def repeated(self) -> str | None:
        """The event that the entry repeats, in words; None if it is not a duplicate."""
        return None if self.duplicate_of is None else f"DEDUPLICATED: {self._own_hint}"

    @property
    def problem(self) -> str | None:
        """A problem of the event, in words: it was refused, or no subscriber takes it.

        None if a subscriber takes it, also if that is STOPPED, and for a duplicate.
        """
        if self.refused is not None:
            return f"was refused: {self.refused}"
        if self.content is None:
            return None
        if self.matching:
            return None
        if not self.rules:
            return f"matched nothing: there were no subscribers on {self.bus!r}"
        if len(self.rules) == 1:
            return f"did not match the only subscriber on {self.bus!r}"
        return f"matched none of the {len(self.rules)} subscribers on {self.bus!r}"

    def __str__(self) -> str:
        content = self.content or self.duplicate_of
        if self.source or self.detail_type:
            return f"{self.detail_type} from {self.source}"
        return self.content_type if content is None else str(content)

    def __repr__(self) -> str:
        outcome = self.problem or self.repeated or f"matched {', '.join(self.matched)}"
        return wording.one_line(f"<{self} on {self.bus!r}: {outcome}>")
