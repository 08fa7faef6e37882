"""What happened, as records: events that were put and deliveries that were made.

Records grow while their story goes on (a delivery gets attempts) and are never taken back. They hold what was
true at the time: the rules of the bus as they stood, not as they are now. `eventmock.trace` tells the same as facts in
the order in which they happened.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    Protocol,
    Self,
    TypeVar,
    get_args,
    overload,
)

from eventmock.arn import arn_name
from eventmock.options import check_known
from eventmock.target_kinds import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from eventmock.arn import Arn
    from eventmock.event import Event
    from eventmock.pattern import Event as ReadEvent, Explanation
    from eventmock.retry_policy import RetryPolicy
    from eventmock.target_kinds import ApiCall, HttpCall, TargetKind
    from eventmock.transform import InputShape

Status = Literal["pending", "delivered", "dead-lettered", "dropped"]
TakenBy = Literal["function", "event bus", "moto", "HTTP", "nobody"]
Origin = Literal["PutEvents", "PutPartnerEvents", "bus", "schedule", "replay"]
IncidentKind = Literal["request failed", "request refused", "outage", "health check"]
RecordT = TypeVar("RecordT")

ERROR_FROM_TARGET: Final = "ERROR_FROM_TARGET"
"""The code of an error that is none of the others."""


def printable(line: str) -> str:
    """A line with what would break it escaped: control characters and half surrogate pairs."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in line
    )


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

    @property
    def replicates(self) -> str | None:
        """The global endpoint whose events it replicates, if it is an endpoint's own rule."""

    @property
    def under_way(self) -> str | None:
        """What of it has been changed and is not in effect yet, in words."""

    def verdict(self, event: ReadEvent) -> Verdict:
        """What becomes of an event at the rule, and why."""


class TracedTarget(Protocol):
    """What a record tells of a target."""

    @property
    def id(self) -> str:
        """Its id on the rule."""

    @property
    def arn(self) -> str:
        """Its ARN."""

    @property
    def parsed(self) -> Arn | None:
        """Its ARN in its parts."""

    @property
    def kind(self) -> TargetKind | None:
        """The kind of target that it is, if it is one that is known."""

    @property
    def request_is_certain(self) -> bool:
        """Whether the call that delivers to it can be made whatever it receives."""

    @property
    def members(self) -> Mapping[str, Any]:
        """What was put, as ListTargetsByRule shows it."""

    @property
    def input_shape(self) -> InputShape:
        """How it wants its input."""

    @property
    def retry_policy(self) -> RetryPolicy:
        """How often and how long it is tried."""

    @property
    def dead_letter_queue(self) -> str | None:
        """The ARN of the queue that gets what it does not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to hand an event to a target.

    Attributes:
        number: Which one it is, from 1.
        time: When, aware.
        error_code: What went wrong, by one of AWS's codes for dead letters, such as ``THROTTLING``; None if nothing.
        error_message: The same in one line.
    """

    number: int
    time: datetime
    error_code: str | None = None
    error_message: str = ""

    @property
    def error(self) -> str | None:
        """What went wrong, in one line; None if nothing did."""
        if self.error_code is None:
            return None
        return error_text(self.error_code, self.error_message)


def error_text(code: str, message: str) -> str:
    """An error in one line; a code that says nothing but that the target failed is left out."""
    return message if code == ERROR_FROM_TARGET and message else ": ".join(filter(None, (code, message)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An event that its target did not take, as it came to the dead-letter queue.

    Attributes:
        queue_arn: The queue.
        time: When, aware.
        body: The message: the event as it came, or what input shaping made of it where that is no JSON.
        attributes: The message's attributes, which are all text: ``RULE_ARN``, ``TARGET_ARN``, ``ERROR_CODE``,
            ``ERROR_MESSAGE``, and if it was tried in vain ``EXHAUSTED_RETRY_CONDITION`` and ``RETRY_ATTEMPTS``.
        taken_by: Who got it: a ``function`` of the test, ``moto``, or ``nobody``: it was only recorded.
    """

    queue_arn: str
    time: datetime
    body: str
    attributes: Mapping[str, str]
    taken_by: TakenBy

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is no JSON.
        """
        return json.loads(self.body)


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """An event on its way to one target of one rule.

    Attributes:
        bus: The name of the event bus.
        rule_name: The rule that matched.
        rule_arn: Its ARN.
        target: The target as it stood.
        body: The exact string that the target receives.
        input_error: Why input shaping gave nothing that AWS delivers; None if it did.
        status: ``pending`` (it will be tried, or tried again), ``delivered``, ``dead-lettered`` or ``dropped``
            (lost: the target did not take it and there is no dead-letter queue that did).
        attempts: Every try so far.
        taken_by: Who took it: a ``function`` of the test, another ``event bus``, ``moto``, whoever answers
            ``HTTP``, or ``nobody``: it was only recorded. None while it is not delivered.
        dead_letter: What came to the dead-letter queue, if it did.
        reason: Why it is dead-lettered or dropped, in one line; None if it is neither.
        next_attempt: When it is tried again, aware; None if it is not.
        time: When the event came to the bus, aware: its age counts from then.
        ended: When it was delivered, dead-lettered or dropped, aware; None while it is pending.
        account: The account of the bus.
        region: The region of the bus.
        cause: The arrival that it comes of.
        replicates: The global endpoint that it copies the event for to the other region; None if it is none's.
        waits_for: The region that is out and keeps it from being tried; None if none does.
    """

    carried: Event = field(repr=False)
    cause: ReceivedEvent = field(repr=False)
    bus: str
    rule_name: str
    rule_arn: str
    target: TracedTarget = field(repr=False)
    body: str
    time: datetime
    account: str
    region: str
    input_error: str | None = None
    status: Status = "pending"
    attempts: list[Attempt] = field(default_factory=list)
    taken_by: TakenBy | None = None
    dead_letter: DeadLetter | None = field(default=None, repr=False)
    reason: str | None = None
    next_attempt: datetime | None = None
    ended: datetime | None = None
    replicates: str | None = None
    waits_for: str | None = None
    _request: ApiCall | HttpCall | None = field(default=None, repr=False)

    @property
    def request(self) -> ApiCall | HttpCall | None:
        """What AWS calls to deliver it.

        None before the first attempt, for an event bus, and where that cannot be made or nobody wrote down what it is.
        """
        kind = self.target.kind
        if self._request is None and self.attempts and self.target.request_is_certain and kind is not None:
            assert kind.request is not None
            self._request = kind.request(self.invocation)
        return self._request

    @request.setter
    def request(self, request: ApiCall | HttpCall) -> None:
        self._request = request

    @property
    def invocation(self) -> Invocation:
        """All that the call is made of; only for a target whose ARN is one."""
        event, arn = self.carried, self.target.parsed
        assert arn is not None
        return Invocation(
            arn=arn,
            target=self.target.members,
            body=self.body,
            is_shaped=self.target.input_shape.is_given,
            event_text=event.text,
            event_id=event.id,
            event_time=event.time,
            trace_header=event.trace_header,
            rule_name=self.rule_name,
            rule_arn=self.rule_arn,
            account=self.account,
            region=self.region,
        )

    @property
    def target_id(self) -> str:
        """The target's id on the rule."""
        return self.target.id

    @property
    def target_arn(self) -> str:
        """The target's ARN."""
        return self.target.arn

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

    @property
    def outcome(self) -> str:
        """What became of it so far, in one line."""
        tried = len(self.attempts)
        if self.waits_for is not None:
            return f"pending: {self.waits_for} is out"
        times = "1 attempt" if tried == 1 else f"{tried} attempts"
        if self.status == "pending" and self.error is not None:
            when = "" if self.next_attempt is None else f", next {self.next_attempt:%Y-%m-%d %H:%M:%S}"
            return f"pending after {times}: {self.error}{when}"
        if self.status == "pending" and self.next_attempt is not None:
            return f"pending: waits for its turn, {self.next_attempt:%Y-%m-%d %H:%M:%S}"
        if self.status == "delivered":
            taken = " (recorded: nobody stands at the other end)" if self.taken_by == "nobody" else ""
            return f"delivered{'' if tried < 2 else f' at attempt {tried}'}{taken}"
        queue = "" if self.dead_letter is None else f" to {arn_name(self.dead_letter.queue_arn)}"
        return f"{self.status}{queue}" + ("" if self.reason is None else f": {self.reason}")

    def __repr__(self) -> str:
        return printable(
            f"<{self.carried}: rule {self.rule_name!r} on {self.bus!r} -> {self.target_arn}, {self.outcome}>"
        )

    def saved(self) -> dict[str, Any]:
        """What changes while its story goes on, to come back to."""
        return {name: getattr(self, name) for name in _CHANGING} | {"attempts": list(self.attempts)}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Come back to what was saved."""
        for name, value in saved.items():
            setattr(self, name, list(value) if name == "attempts" else value)


_CHANGING: Final = (
    "status",
    "_request",
    "taken_by",
    "dead_letter",
    "reason",
    "next_attempt",
    "ended",
    "waits_for",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happened to no event: a request failed or was refused, an outage, a health check that changed.

    Attributes:
        time: When, aware.
        kind: Which of them it is.
        region: Where; None for a health check.
        text: What happened, in one line.
    """

    time: datetime
    kind: IncidentKind
    region: str | None
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of an event at one rule.

    Attributes:
        rule_name: The rule.
        rule_arn: Its ARN.
        matched: Whether it matches.
        why: The first thing that keeps it from matching, in one line; ``matches`` if nothing does.
        explanation: Every field of the pattern: what was wanted, what was held, also if the rule is disabled. None for
            a rule that has no pattern.
    """

    rule_name: str
    rule_arn: str
    matched: bool
    why: str
    explanation: Explanation | None = field(default=None, repr=False)

    @property
    def distance(self) -> float:
        """How many fields the event has not as the pattern wants them; infinite if there is no pattern."""
        if self.explanation is None:
            return math.inf
        unmet = sum(not one.satisfied for one in self.explanation.fields)
        return unmet or not self.explanation.matched

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
        hint: What the tester should know of the refusal, in our words; None if it says all.
        deliveries: What came of it, also what was dropped before it left.
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
    received: Event | None = None
    dropped: str | None = None
    refused: str | None = None
    hint: str | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    arrived_by: Delivery | None = None
    origin: Origin = "PutEvents"
    endpoint: str | None = None
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
    def replica_of(self) -> ReceivedEvent | None:
        """The arrival that it is a copy of, made by a global endpoint's replication; None if it is none."""
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
        matched = [rule.name for rule in self.matching if _is_user_s(rule)]
        if not matched:
            rules = [rule for rule in self.rules if _is_user_s(rule)]
            archived = f", but is in archive {', '.join(self.archived)}" if self.archived else ""
            count = "the only rule" if len(rules) == 1 else f"none of the {len(rules)} rules"
            verb = "did not match" if len(rules) == 1 else "matched"
            return f"{verb} {count} on {self.bus!r}{archived}"
        if not self.deliveries:
            under_way = [f"; {rule.name}: {rule.under_way}" for rule in self.matching if rule.under_way]
            return f"matched {', '.join(matched)}, but there are no targets{''.join(under_way)}"
        return None

    def __str__(self) -> str:
        return f"{self.detail_type} from {self.source}"

    def __repr__(self) -> str:
        outcome = self.problem or f"matched {', '.join(self.matched)}"
        return printable(f"<{self} on {self.bus!r}: {outcome}>")


def _is_user_s(rule: TracedRule) -> bool:
    """Whether a rule is neither an archive's nor a global endpoint's."""
    return rule.feeds is None and rule.replicates is None


class Records(Sequence[RecordT], Generic[RecordT]):
    """Records in order: a read-only sequence that equals a list of the same records."""

    def __init__(self, records: Iterable[RecordT]) -> None:
        self._records = list(records)

    @overload
    def __getitem__(self, index: int) -> RecordT: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> RecordT | Self:
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

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # it equals lists, which have none

    def __repr__(self) -> str:
        if not self._records:
            return "[]"
        return "[\n  " + ",\n  ".join(map(repr, self._records)) + "\n]"


class DeadLetters(Records[DeadLetter]):
    """Dead letters in the order in which they came."""

    def where(self, *, queue: str | None = None, error_code: str | None = None) -> DeadLetters:
        """Those to which everything that is named applies.

        Args:
            queue: The queue's ARN.
            error_code: The attribute ``ERROR_CODE``, such as ``THROTTLING``.
        """
        return DeadLetters(
            letter
            for letter in self
            if queue in (None, letter.queue_arn) and error_code in (None, letter.attributes["ERROR_CODE"])
        )


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
            status: ``pending``, ``delivered``, ``dead-lettered`` or ``dropped``.

        Raises:
            OptionError: There is no such status.
        """
        __tracebackhide__ = True
        if status is not None:
            check_known(f"deliveries.where(status={status!r})", status, get_args(Status))
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
