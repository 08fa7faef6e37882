"""What happened, as records: events that were put and deliveries that were made.

A record has an identity and a value. What was true when it was made never changes. What became of it since is one
immutable value (`Outcome` of an arrival, `Progress` of a delivery), which is replaced when the story goes on, and put
back when a backend is restored: whoever keeps the value keeps what it saw. Nobody but the library replaces it, and
everything mutable that a record hands out is a copy. Records hold the rules of the bus as they stood, not as they are
now. `eventmock.trace` tells the same as facts in the order in which they happened.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
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

from eventmock.event.detail import hint_about
from eventmock.options import check_known
from eventmock.target_kinds import InvalidRequest, Invocation
from eventmock.values.arn import arn_name
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from eventmock.delivery.retry_policy import RetryPolicy
    from eventmock.event.event import Event
    from eventmock.pattern import Event as ReadEvent, Explanation, Pattern
    from eventmock.target_kinds import ApiCall, HttpCall, TargetKind
    from eventmock.transform import InputShape
    from eventmock.values.arn import Arn

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
    def pattern(self) -> Pattern | None:
        """Its pattern; None for a rule that has only a schedule."""

    @property
    def is_users_own(self) -> bool:
        """Whether a user made it, and no archive, global endpoint or other AWS service."""

    @property
    def under_way(self) -> str | None:
        """The change of it that is not in effect yet, in words; None if there is none."""

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
        taken_by: Who got it: a ``function`` of the test, ``moto``, or ``nobody``: it was only recorded.
    """

    queue_arn: str
    time: datetime
    body: str
    taken_by: TakenBy
    _attributes: Mapping[str, str]

    @property
    def attributes(self) -> dict[str, str]:
        """The message's attributes, which are all text; a copy.

        ``RULE_ARN``, ``TARGET_ARN``, ``ERROR_CODE``, ``ERROR_MESSAGE``, and if it was tried in vain
        ``EXHAUSTED_RETRY_CONDITION`` and ``RETRY_ATTEMPTS``.
        """
        return dict(self._attributes)

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is no JSON.
        """
        return loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has become of a delivery at some moment. Immutable: what happens next makes another one.

    Attributes:
        status: ``pending`` (it will be tried, or tried again), ``delivered``, ``dead-lettered`` or ``dropped``
            (lost: the target did not take it and there is no dead-letter queue that did).
        attempts: All attempts so far.
        taken_by: Who took it: a ``function`` of the test, another ``event bus``, ``moto``, whoever answers
            ``HTTP``, or ``nobody``: it was only recorded. None while it is not delivered.
        dead_letter: What came to the dead-letter queue, if it did.
        reason: Why it is dead-lettered or dropped, in one line; None if it is neither.
        next_attempt: When it is tried again, an aware datetime; None if it is not.
        ended: When it was delivered, dead-lettered or dropped, an aware datetime; None while it is pending.
        waits_for: The region that it waits for because that is out of service; None if it waits for none.
    """

    status: Status = "pending"
    attempts: tuple[Attempt, ...] = ()
    taken_by: TakenBy | None = None
    dead_letter: DeadLetter | None = field(default=None, repr=False)
    reason: str | None = None
    next_attempt: datetime | None = None
    ended: datetime | None = None
    waits_for: str | None = None
    _request: HttpCall | None = field(default=None, repr=False)

    @property
    def request(self) -> HttpCall | None:
        """The request that was sent to an API destination, a copy; None for other targets, see `Delivery.request`."""
        return deepcopy(self._request)

    def tried(self, attempt: Attempt) -> Progress:
        """The progress after one more attempt."""
        return Progress(attempts=(*self.attempts, attempt), _request=self._request)

    def delivered(self, taken_by: TakenBy, ended: datetime) -> Progress:
        """The progress once somebody took the delivery."""
        return Progress(
            status="delivered",
            attempts=self.attempts,
            taken_by=taken_by,
            ended=ended,
            _request=self._request,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delivery:
    """An event on its way to one target of one rule.

    Attributes:
        bus: The name of the event bus.
        rule_name: The rule that matched.
        rule_arn: Its ARN.
        target: The target as it stood.
        body: The exact string that the target receives.
        input_error: Why input shaping gave nothing that AWS delivers; None if it did.
        time: When the event came to the bus, aware: its age counts from then.
        account: The account of the bus.
        region: The region of the bus.
        cause: The arrival that it comes of.
        replicates: The global endpoint for which it copies the event to the other region; None if it is not a copy.
        progress: What has become of it by now; keep it to keep what you saw. ``status``, ``attempts`` and the others
            are read from it.
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
    replicates: str | None = None
    progress: Progress = Progress()

    def become(self, progress: Progress) -> None:
        """Go on to another value; only the courier and `eventmock.history.ledger.Ledger.restore` do."""
        object.__setattr__(self, "progress", progress)

    def keep_request(self, request: HttpCall) -> None:
        """Write down the request that is sent to its API destination."""
        self.become(replace(self.progress, _request=request))

    @property
    def status(self) -> Status:
        """``pending``, ``delivered``, ``dead-lettered`` or ``dropped``; see `Progress`."""
        return self.progress.status

    @property
    def attempts(self) -> list[Attempt]:
        """All attempts so far."""
        return list(self.progress.attempts)

    @property
    def taken_by(self) -> TakenBy | None:
        """Who took it; None while it is not delivered. See `Progress`."""
        return self.progress.taken_by

    @property
    def dead_letter(self) -> DeadLetter | None:
        """What came to the dead-letter queue, if it did."""
        return self.progress.dead_letter

    @property
    def reason(self) -> str | None:
        """Why it is dead-lettered or dropped, in one line; None if it is neither."""
        return self.progress.reason

    @property
    def next_attempt(self) -> datetime | None:
        """When it is tried again, aware; None if it is not."""
        return self.progress.next_attempt

    @property
    def ended(self) -> datetime | None:
        """When it was delivered, dead-lettered or dropped, aware; None while it is pending."""
        return self.progress.ended

    @property
    def waits_for(self) -> str | None:
        """The region that it waits for because that is out of service; None if it waits for none."""
        return self.progress.waits_for

    @property
    def request(self) -> ApiCall | HttpCall | None:
        """What AWS calls to deliver it: a copy, which is the reader's own.

        None before the first attempt, for an event bus, and where that cannot be made or nobody wrote down what it is.
        It is made when it is asked for: it follows from the event and the target, which never change. Only the request
        of an API destination, which holds the secrets of the moment, is kept from when it was sent.
        """
        kept, kind = self.progress.request, self.target.kind
        if kept is not None or not self.progress.attempts or kind is None or kind.request is None:
            return kept
        try:
            return kind.request(self.invocation)
        except InvalidRequest:
            return None

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
        """The event as a dictionary, which is the reader's own."""
        return self.carried.content

    @property
    def trace_header(self) -> str | None:
        """The X-Ray header that goes along, if any."""
        return self.carried.trace_header

    @property
    def error(self) -> str | None:
        """What went wrong in the last attempt, if anything did."""
        attempts = self.progress.attempts
        return attempts[-1].error if attempts else None

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is no JSON.
        """
        return loads(self.body)

    @property
    def outcome(self) -> str:
        """What became of it so far, in one line."""
        now, error = self.progress, self.error
        tried = len(now.attempts)
        if now.waits_for is not None:
            return f"pending: {now.waits_for} is out"
        times = "1 attempt" if tried == 1 else f"{tried} attempts"
        if now.status == "pending" and error is not None:
            when = "" if now.next_attempt is None else f", next {now.next_attempt:%Y-%m-%d %H:%M:%S}"
            return f"pending after {times}: {error}{when}"
        if now.status == "pending" and now.next_attempt is not None:
            return f"pending: waits for its turn, {now.next_attempt:%Y-%m-%d %H:%M:%S}"
        if now.status == "delivered":
            taken = " (recorded: nobody stands at the other end)" if now.taken_by == "nobody" else ""
            return f"delivered{'' if tried < 2 else f' at attempt {tried}'}{taken}"
        queue = "" if now.dead_letter is None else f" to {arn_name(now.dead_letter.queue_arn)}"
        return f"{now.status}{queue}" + ("" if now.reason is None else f": {now.reason}")

    def __repr__(self) -> str:
        return printable(
            f"<{self.carried}: rule {self.rule_name!r} on {self.bus!r} -> {self.target_arn}, {self.outcome}>"
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
        """How many fields of the pattern the event does not satisfy; infinite if there is no pattern."""
        if self.explanation is None:
            return math.inf
        unmet = sum(not one.satisfied for one in self.explanation.fields)
        return unmet or not self.explanation.matched

    def __str__(self) -> str:
        return f"{self.rule_name}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an arrival, decided once. Immutable.

    Attributes:
        received: The event; None if the entry was refused.
        dropped: Why it went nowhere although PutEvents said it succeeded; None if it reached a bus.
        refused: AWS's code and message, if the entry was refused.
        hint: What else the tester should know of the event or its refusal; None if there is nothing.
        deliveries: What came of it, also what was dropped before it left.
        rules: The rules of the bus as they stood, in name order.
        matching: Those that matched, in the order in which they did.
    """

    received: Event | None = None
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
    def received(self) -> Event | None:
        """The event; None if the entry was refused."""
        return self._outcome.received

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
        return outcome.hint if outcome.received is None else hint_about(outcome.received.detail)

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
        return None if self.received is None else self.received.id

    @property
    def event(self) -> dict[str, Any] | None:
        """The event as the rules saw it, which is the reader's own; None if the entry was refused."""
        return None if self.received is None else self.received.content

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
        if self.received is not None:
            matched, event = set(self.matched), self.received.for_patterns
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
