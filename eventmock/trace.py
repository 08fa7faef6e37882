"""What happened, as records: events that were put and deliveries that were made.

Records grow while their story goes on (a delivery gets attempts) and are never taken back. They hold what was
true at the time: the rules of the bus as they stood, not as they are now.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from eventmock.event import Event
    from eventmock.pattern import Event as ReadEvent, Explanation

Status = Literal["pending", "delivered", "failed", "dropped"]
Origin = Literal["PutEvents", "bus", "schedule", "replay"]
RecordT = TypeVar("RecordT")


class TracedRule(Protocol):
    """What a record tells of a rule."""

    @property
    def name(self) -> str:
        """The rule's name."""

    @property
    def arn(self) -> str:
        """The rule's ARN."""

    @property
    def feeds(self) -> str | None:
        """The archive that it feeds, if it is an archive's own rule."""

    def verdict(self, event: ReadEvent) -> Verdict:
        """What becomes of an event at the rule, and why."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One try to hand an event to a target.

    Attributes:
        time: When, aware.
        error: What went wrong, in one line; None if nothing did.
    """

    time: datetime
    error: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """An event on its way to one target of one rule.

    Attributes:
        bus: The name of the event bus.
        rule_name: The rule that matched.
        rule_arn: Its ARN.
        target_id: The target's id on the rule.
        target_arn: The target's ARN.
        body: The exact string that the target receives.
        status: ``pending``, ``delivered``, ``failed`` (the target did not take it) or ``dropped`` (nothing could
            be sent, so it never left).
        attempts: Every try so far.
        time: When the rule matched, aware.
        account: The account of the bus.
        region: The region of the bus.
    """

    carried: Event = field(repr=False)
    bus: str
    rule_name: str
    rule_arn: str
    target_id: str
    target_arn: str
    body: str
    time: datetime
    account: str
    region: str
    status: Status = "pending"
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def event(self) -> dict[str, Any]:
        """The event as a dictionary."""
        return self.carried.content

    @property
    def trace_header(self) -> str | None:
        """The X-Ray header that goes along, if any."""
        return self.carried.trace_header

    @property
    def error(self) -> str | None:
        """What went wrong in the last attempt, if anything did."""
        return self.attempts[-1].error if self.attempts else None

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is no JSON.
        """
        return json.loads(self.body)

    def __repr__(self) -> str:
        after = "" if self.error is None else f" after {len(self.attempts)}: {self.error}"
        return f"<{self.carried}: rule {self.rule_name!r} on {self.bus!r} -> {self.target_arn}, {self.status}{after}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of an event at one rule.

    Attributes:
        rule_name: The rule.
        rule_arn: Its ARN.
        matched: Whether it matches.
        why: The first thing that keeps it from matching, in one line; ``matches`` if nothing does.
        explanation: Every field: what was wanted, what was held. None for a rule that has no pattern or is
            disabled.
    """

    rule_name: str
    rule_arn: str
    matched: bool
    why: str
    explanation: Explanation | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.rule_name}: {self.why}"


@dataclass(slots=True, kw_only=True, eq=False)
class ReceivedEvent:
    """What was put, and what became of it.

    Attributes:
        detail_type: The entry's ``DetailType``.
        source: The entry's ``Source``.
        bus: The bus it was put on, as it was named.
        time: When it arrived, aware.
        account: The account of the bus.
        region: The region of the bus.
        received: The event; None if the entry was refused.
        dropped: Why it went nowhere although PutEvents said it succeeded; None if it reached a bus.
        refused: AWS's code and message, if the entry was refused.
        deliveries: What came of it, also what was dropped before it left.
        arrived_by: The delivery that brought it, if it came from another bus.
        origin: How it came: by ``PutEvents``, from another ``bus``, by a ``schedule`` or a ``replay``.
    """

    detail_type: str
    source: str
    bus: str
    time: datetime
    account: str
    region: str
    received: Event | None = None
    dropped: str | None = None
    refused: str | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    arrived_by: Delivery | None = None
    origin: Origin = "PutEvents"
    rules: Sequence[TracedRule] = field(default=(), repr=False)
    matching: Sequence[TracedRule] = field(default=(), repr=False)

    @property
    def event_id(self) -> str | None:
        """The id that PutEvents answered with; None if the entry was refused."""
        return None if self.received is None else self.received.id

    @property
    def event(self) -> dict[str, Any] | None:
        """The event as the rules saw it; None if the entry was refused."""
        return None if self.received is None else self.received.content

    @property
    def matched(self) -> list[str]:
        """The names of the rules that matched, in name order; the rule whose schedule made the event comes first."""
        return [rule.name for rule in self.matching]

    @property
    def archived(self) -> list[str]:
        """The names of the archives that keep it, in name order."""
        return [rule.feeds for rule in self.matching if rule.feeds is not None]

    @property
    def unmatched(self) -> list[Verdict]:
        """The rules that did not match, each with the first thing that stopped it, in name order."""
        if self.received is None:
            return []
        matched, event = set(self.matched), self.received.for_patterns
        return [rule.verdict(event) for rule in self.rules if rule.name not in matched]

    @property
    def problem(self) -> str | None:
        """What a tester should know about: refused, dropped, unmatched, without targets; None if all is well."""
        if self.refused is not None:
            return f"was refused: {self.refused}"
        if self.dropped is not None:
            return f"went nowhere: {self.dropped}"
        matched = [rule.name for rule in self.matching if rule.feeds is None]
        if not matched:
            rules = [rule for rule in self.rules if rule.feeds is None]
            archived = f", but is in archive {', '.join(self.archived)}" if self.archived else ""
            return f"matched none of the {len(rules)} rules on {self.bus!r}{archived}"
        if not self.deliveries:
            return f"matched {', '.join(matched)}, but there are no targets"
        return None

    def __str__(self) -> str:
        return f"{self.detail_type} from {self.source}"

    def __repr__(self) -> str:
        outcome = self.problem or f"matched {', '.join(self.matched)}"
        return f"<{self} on {self.bus!r}: {outcome}>"


class Records(Sequence[RecordT], Generic[RecordT]):
    """Records in order: a read-only sequence that equals a list of the same records."""

    def __init__(self, records: Iterable[RecordT]) -> None:
        self._records = list(records)

    @overload
    def __getitem__(self, index: int) -> RecordT: ...
    @overload
    def __getitem__(self, index: slice) -> Records[RecordT]: ...
    def __getitem__(self, index: int | slice) -> RecordT | Records[RecordT]:
        found = self._records[index]
        return type(self)(found) if isinstance(found, list) else found

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RecordT]:
        return iter(self._records)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Records):
            return self._records == other._records
        return self._records == other if isinstance(other, list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it equals lists, which have none

    def __repr__(self) -> str:
        if not self._records:
            return "[]"
        return "[\n  " + ",\n  ".join(map(repr, self._records)) + "\n]"


class Verdicts(Records[Verdict]):
    """Verdicts of all rules of a bus, in name order; printed, a line each."""

    def __str__(self) -> str:
        width = max((len(verdict.rule_name) for verdict in self), default=0)
        return (
            "\n".join(f"{verdict.rule_name:<{width}}  {verdict.why}" for verdict in self)
            or "there are no rules"
        )


class Deliveries(Records[Delivery]):
    """Deliveries in the order in which rules matched."""

    def where(  # noqa: PLR0913 - each is one word of a sentence
        self,
        *,
        target: str | None = None,
        rule: str | None = None,
        bus: str | None = None,
        source: str | None = None,
        detail_type: str | None = None,
        status: Status | None = None,
    ) -> Deliveries:
        """Those to which everything that is named applies.

        Args:
            target: The target's id or ARN.
            rule: The rule's name or ARN.
            bus: The event bus's name.
            source: The event's source.
            detail_type: The event's ``detail-type``.
            status: ``pending``, ``delivered``, ``failed`` or ``dropped``.
        """
        wanted: list[Callable[[Delivery], bool]] = []
        if target is not None:
            wanted.append(lambda delivery: target in (delivery.target_id, delivery.target_arn))
        if rule is not None:
            wanted.append(lambda delivery: rule in (delivery.rule_name, delivery.rule_arn))
        if bus is not None:
            wanted.append(lambda delivery: delivery.bus == bus)
        if source is not None:
            wanted.append(lambda delivery: delivery.carried.source == source)
        if detail_type is not None:
            wanted.append(lambda delivery: delivery.carried.detail_type == detail_type)
        if status is not None:
            wanted.append(lambda delivery: delivery.status == status)
        return Deliveries(delivery for delivery in self if all(holds(delivery) for holds in wanted))

    @property
    def bodies(self) -> list[str]:
        """What the targets received: the exact strings."""
        return [delivery.body for delivery in self]

    @property
    def details(self) -> list[Any]:
        """The ``detail`` of each event."""
        return [delivery.event["detail"] for delivery in self]


class Trace:
    """All records of a backend, in order."""

    def __init__(self) -> None:
        self.received: list[ReceivedEvent] = []
        self.deliveries: list[Delivery] = []
        self.refused_requests: list[str] = []

    def snapshot(self) -> tuple[list[ReceivedEvent], list[Delivery], list[str]]:
        """What is recorded by now."""
        return list(self.received), list(self.deliveries), list(self.refused_requests)

    def restore(self, snapshot: tuple[list[ReceivedEvent], list[Delivery], list[str]]) -> None:
        """Forget what was recorded since."""
        self.received[:], self.deliveries[:], self.refused_requests[:] = snapshot

    def clear(self) -> None:
        """Forget everything."""
        self.restore(([], [], []))
