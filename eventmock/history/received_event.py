"""Received events: what came to a bus, whichever way, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from eventmock.event.detail import hint_about
from eventmock.history.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from eventmock.event.event import Event
    from eventmock.history.delivery import Delivery
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.verdict import Verdict

Origin = Literal["PutEvents", "PutPartnerEvents", "bus", "schedule", "replay"]
"""How an event came to a bus; see `ReceivedEvent`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an arrival, decided once. Immutable.

    Attributes:
        envelope: The event; None if the entry was refused.
        dropped: Why it went nowhere although PutEvents said it succeeded; None if it reached a bus.
        refused: AWS's code and message, if the entry was refused.
        hint: What else the tester should know of the event or its refusal; None if there is nothing.
        deliveries: What came of it, also what was dropped before it left.
        rules: The rules of the bus as they stood, in name order.
        matching: Those that matched, in the order in which they did.
    """

    envelope: Event | None = None
    dropped: str | None = None
    refused: str | None = None
    hint: str | None = None
    deliveries: tuple[Delivery, ...] = ()
    rules: Sequence[TracedRule] = field(default=(), repr=False)
    matching: tuple[TracedRule, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReceivedEvent:
    """What was put, and what became of it.

    Attributes:
        detail_type: The entry's ``DetailType``.
        source: The entry's ``Source``.
        bus: The bus it was put on, as it was named.
        time: When it arrived, aware.
        account: The account of the bus.
        region: The region of the bus.
        arrived_by: The delivery that brought it, if it came from another bus.
        origin: How it came: by ``PutEvents`` or ``PutPartnerEvents``, from another ``bus``, by a ``schedule`` or a
            ``replay``.
        endpoint: The ARN of the global endpoint through which it was put, if it was.
    """

    detail_type: str
    source: str
    bus: str
    time: datetime
    account: str
    region: str
    arrived_by: Delivery | None = None
    origin: Origin = "PutEvents"
    endpoint: str | None = None
    _outcome: Outcome = field(default=Outcome(), repr=False)

    def settle(self, outcome: Outcome) -> None:
        """Write down what became of it: once, within the request that brought it."""
        object.__setattr__(self, "_outcome", outcome)

    @property
    def envelope(self) -> Event | None:
        """The event that rules saw, as the library holds it; None if the entry was refused."""
        return self._outcome.envelope

    @property
    def dropped(self) -> str | None:
        """Why it went nowhere although PutEvents said it succeeded; None if it reached a bus."""
        return self._outcome.dropped

    @property
    def refused(self) -> str | None:
        """AWS's code and message, if the entry was refused."""
        return self._outcome.refused

    @property
    def hint(self) -> str | None:
        """What the tester should know of the event or its refusal, in our words; None if there is nothing."""
        outcome = self._outcome
        return outcome.hint if outcome.envelope is None else hint_about(outcome.envelope.detail)

    @property
    def deliveries(self) -> list[Delivery]:
        """What came of it, also what was dropped before it left."""
        return list(self._outcome.deliveries)

    @property
    def rules(self) -> Sequence[TracedRule]:
        """The rules of the bus as they stood, in name order."""
        return self._outcome.rules

    @property
    def matching(self) -> tuple[TracedRule, ...]:
        """Those that matched, in the order in which they did."""
        return self._outcome.matching

    def copied(self, arrived_by: Delivery | None) -> ReceivedEvent:
        """A record that stays as this one is now, with its deliveries.

        Args:
            arrived_by: The copy of the delivery that brought it.
        """
        copy = replace(self, arrived_by=arrived_by)
        deliveries = tuple(replace(one, cause=copy) for one in self._outcome.deliveries)
        copy.settle(replace(self._outcome, deliveries=deliveries))
        return copy

    @property
    def event_id(self) -> str | None:
        """The id that PutEvents answered with; None if the entry was refused."""
        return None if self.envelope is None else self.envelope.id

    @property
    def event(self) -> dict[str, Any] | None:
        """The event as the rules saw it, which is the reader's own; None if the entry was refused."""
        return None if self.envelope is None else self.envelope.content

    @property
    def replica_of(self) -> ReceivedEvent | None:
        """The arrival that it copies, by a global endpoint's replication; None if it is not a copy."""
        delivery = self.arrived_by
        return None if delivery is None or delivery.replicates is None else delivery.cause

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
        return list(self.each_unmatched())

    def each_unmatched(self) -> Iterator[Verdict]:
        """The same as an iterator: each is worked out when it is reached, which takes some time."""
        if self.envelope is not None:
            matched, event = set(self.matched), self.envelope.for_patterns
            yield from (rule.verdict(event) for rule in self.rules if rule.name not in matched)

    @property
    def problem(self) -> str | None:
        """What a tester should know about: refused, dropped, unmatched, without targets; None if all is well."""
        if self.refused is not None:
            return f"was refused: {self.refused}"
        if self.dropped is not None:
            return f"went nowhere: {self.dropped}"
        matched = [rule.name for rule in self.matching if rule.is_users_own]
        if not matched:
            rules = [rule for rule in self.rules if rule.is_users_own]
            archived = f", but is in archive {', '.join(self.archived)}" if self.archived else ""
            count = "the only rule" if len(rules) == 1 else f"none of the {len(rules)} rules"
            verb = "did not match" if len(rules) == 1 else "matched"
            return f"{verb} {count} on {self.bus!r}{archived}"
        if not self._outcome.deliveries:
            under_way = [f"; {rule.name}: {rule.under_way}" for rule in self.matching if rule.under_way]
            return f"matched {', '.join(matched)}, but there are no targets{''.join(under_way)}"
        return None

    def __str__(self) -> str:
        return f"{self.detail_type} from {self.source}"

    def __repr__(self) -> str:
        outcome = self.problem or f"matched {', '.join(self.matched)}"
        return printable(f"<{self} on {self.bus!r}: {outcome}>")
