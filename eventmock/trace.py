"""The trace of a mock: facts in the order in which they happened. Printed, it is a story.

    Happened       a fact that concerns no event: an outage, a changed health check, a failed or refused request
    Received       an event came to a bus, or was refused
    Fired          a schedule of EventBridge Scheduler fired
    Matched        a rule matched the event, or a subscriber of a custom event bus took it
    Skipped        a rule did not match the event, or a subscriber did not take it, and why
    Attempted      a target was tried
    Warned         AWS would not be permitted to make the delivery, or its dead letter, which was done here
    Delivered      a target took the delivery
    DeadLettered   a target did not take the delivery, and the dead-letter queue got it
    Dropped        the delivery is lost, or the event went nowhere, and why
    Invoked        Lambda ran a function of the test
    Finished       Lambda has finished with an event: the function succeeded, or Lambda has given up

An `EventFact` has an event. A `DeliveryFact` has a delivery; its event is the one that a rule or a subscriber delivers,
or None if a schedule sends the delivery.

Each fact has the fact that caused it, if there is one. The cause of an arrival from another bus or from a schedule is
the fact before it about the delivery from there; the cause of any other fact is the fact before it about the same event
or delivery. Facts are made of the records (`eventmock.history`) when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from eventmock.history import wording
from eventmock.history.delivery import Delivery
from eventmock.history.incident import Incident
from eventmock.history.received_event import ReceivedEvent
from eventmock.history.records import Records
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from eventmock.history.attempt import Attempt
    from eventmock.history.dead_letter import DeadLetter
    from eventmock.history.lambda_invocation import InvocationProgress, LambdaAttempt, LambdaInvocation
    from eventmock.history.ledger import Ledger
    from eventmock.history.missing_permission import MissingPermission
    from eventmock.history.progress import Progress
    from eventmock.history.raised import Raised
    from eventmock.history.schedule_delivery import ScheduleDelivery
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Fact:
    """A fact that happened.

    Attributes:
        time: The moment, an aware datetime.
        cause: The fact that caused this fact; None if it came from outside.
    """

    time: datetime
    cause: Fact | None

    @property
    def event(self) -> ReceivedEvent | None:
        """The arrival of the event that the fact is about; None if it is about none."""
        return None

    @property
    def text(self) -> str:
        """The fact in words, which do not name the event."""
        raise NotImplementedError

    @property
    def _origin(self) -> ReceivedEvent | Delivery | None:
        """The record with which the story of the fact begins: an event, or a delivery of a schedule; None for none."""
        return self.event

    def __str__(self) -> str:
        return self.text if self.event is None else f"{self.event}: {self.text}"

    def __repr__(self) -> str:
        return wording.one_line(f"<{self}>")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Happened(Fact):
    """A fact that concerns no event.

    Attributes:
        incident: The record of the incident.
    """

    incident: Incident

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        return self.incident.text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EventFact(Fact):
    """A fact that happened to an event.

    Attributes:
        event: The arrival of the event.
    """

    event: ReceivedEvent = field()  # without field(), the property of the base class would be the default


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Received(EventFact):
    """An event came to a bus, or was refused."""

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        event = self.event
        how = wording.arrival(event.origin, is_copy=event.replica_of is not None).sentence
        sender = "" if event.put_by is None else f" by {event.put_by}"
        through = "" if event.endpoint is None else f" through {arn_name(event.endpoint)}"
        refused = "" if event.refused is None else f" and was refused: {event.refused}"
        hint = "".join(f"; {hint}" for hint in event.hints)
        if event.repeated is not None:
            refused, hint = f", {event.repeated}", ""
        day = "" if event.weekday is None else f", on a {event.weekday}"
        return (
            f'{how} "{event.bus}" of {event.account} in {event.region}{sender}{through}{day}{refused}{hint}'
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Matched(EventFact):
    """A rule matched, or a subscriber took the event.

    Attributes:
        rule_name: The name of the rule or subscriber.
        targets: The number of targets of the rule.
        archive: The name of the archive that keeps the event, if the rule is an archive's own; else None.
        under_way: The change of the rule that is not in effect yet, in words; None if there is none.
    """

    rule_name: str
    targets: int
    archive: str | None
    under_way: str | None = None

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        if self.archive is not None:
            return f"archive {self.archive} keeps it"
        count = wording.counted(self.targets, "target")
        under_way = f"; {self.under_way}" if self.under_way else ""
        if self.event.noun == "subscriber":
            backlog = "" if self.targets else ": it is in its backlog"
            return f"subscriber {self.rule_name} takes it{backlog}{under_way}"
        return f"rule {self.rule_name} matched and has {count}{under_way}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Skipped(EventFact):
    """A rule did not match, or a subscriber did not take the event.

    Attributes:
        rule: The rule or subscriber, as it was at that moment.
    """

    rule: TracedRule
    _judge: Callable[[TracedRule], Verdict]

    @property
    def rule_name(self) -> str:
        """The name of the rule."""
        return self.rule.name

    @property
    def reason(self) -> str:
        """Why the rule did not match, in one line. It is computed each time."""
        return self._judge(self.rule).why

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        verb = "did not take it" if self.event.noun == "subscriber" else "did not match"
        return f"{self.event.noun} {self.rule_name} {verb}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DeliveryFact(Fact):
    """A fact that happened to a delivery.

    Attributes:
        delivery: The delivery.
    """

    delivery: Delivery

    @property
    def event(self) -> ReceivedEvent | None:
        """The arrival of the event that a rule delivers; None if a schedule sends the delivery."""
        return self.delivery.cause

    @property
    def _origin(self) -> ReceivedEvent | Delivery:
        return self.delivery.cause or self.delivery


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Fired(DeliveryFact):
    """A schedule of EventBridge Scheduler fired."""

    delivery: ScheduleDelivery

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        return f"{self.delivery.sender} fired{self.delivery.scheduled_for}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Attempted(DeliveryFact):
    """A target was tried.

    Attributes:
        attempt: The attempt.
    """

    attempt: Attempt

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        outcome = "succeeded" if self.attempt.error is None else f"failed: {self.attempt.error}"
        call = self.attempt.call
        company = "" if call is None else call.company
        return f"{_route(self.delivery)}: attempt {self.attempt.number}{company} {outcome}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Warned(DeliveryFact):
    """AWS would not be permitted to make a delivery, or its dead letter. Here it was made, with a warning.

    Attributes:
        missing: The permission that is missing.
    """

    missing: MissingPermission

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        way = wording.route(self.delivery.sender, self.missing.resource)
        return f"{way}: {wording.aws_would_refuse(self.missing)} ({self.missing.why})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Delivered(DeliveryFact):
    """A target took a delivery.

    Attributes:
        progress: The progress of the delivery at that moment.
    """

    progress: Progress

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        kind = self.delivery.target.kind
        call_is_known = self.progress.request is not None or (kind is not None and kind.request is not None)
        taken = wording.taken(self.progress.taken_by or "nobody", call_is_known=call_is_known)
        call = self.progress.attempts[-1].call if self.progress.attempts else None
        company = "" if call is None else call.company
        return f"{_route(self.delivery)}: delivered{taken}{company}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DeadLettered(DeliveryFact):
    """A dead-letter queue got what a target did not take.

    Attributes:
        dead_letter: The message that the queue got.
        reason: Why the target did not take the delivery, in one line.
    """

    dead_letter: DeadLetter
    reason: str

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        return (
            f"{_route(self.delivery)}: DEAD LETTER to {arn_name(self.dead_letter.queue_arn)}: {self.reason}"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Dropped(Fact):
    """A delivery is lost, or an event went nowhere.

    Attributes:
        reason: Why it is lost, in one line.
        event: The arrival of the event; None if a schedule sent the delivery.
        delivery: The delivery that was lost; None if the event reached no bus.
    """

    reason: str
    event: ReceivedEvent | None = field()  # as for `EventFact`
    delivery: Delivery | None = None

    @property
    def _origin(self) -> ReceivedEvent | Delivery | None:
        return self.event or self.delivery

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        way = "" if self.delivery is None else f"{_route(self.delivery)}: "
        return way + wording.lost(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InvocationFact(DeliveryFact):
    """A fact that happened to an event of a function after Lambda accepted it.

    Attributes:
        invocation: The invocation.
    """

    invocation: LambdaInvocation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Invoked(InvocationFact):
    """Lambda ran a function of the test.

    Attributes:
        attempt: The attempt.
    """

    attempt: LambdaAttempt

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        return f"{arn_name(self.invocation.invoked_arn)}: {self.invocation.words_for(self.attempt)}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Finished(InvocationFact):
    """Lambda has finished with an event.

    Attributes:
        progress: The progress of the invocation at that moment.
    """

    progress: InvocationProgress

    @property
    def text(self) -> str:  # noqa: D102 - inherited
        return f"{arn_name(self.invocation.invoked_arn)}: {self.invocation.words_for_end(self.progress)}"


class Trace(Records[Fact]):
    """Facts in order. `str()` has a line with the time for each; attempts that failed the same way share a line."""

    def __str__(self) -> str:
        return "\n".join(_story(self)) or "nothing happened"


def facts_of(ledger: Ledger) -> Trace:
    """Return the facts of a ledger."""
    return Trace(_facts(ledger))


def _facts(ledger: Ledger) -> Iterator[Fact]:
    last: dict[Delivery | LambdaInvocation, Fact] = {}
    for subject, progress in list(ledger.journal):
        if isinstance(subject, Incident):
            yield Happened(time=subject.time, cause=None, incident=subject)
        elif isinstance(subject, ReceivedEvent):
            yield from _arrival(subject, last)
        elif not isinstance(subject, Delivery):
            last[subject] = _of_invocation(subject, cast("InvocationProgress", progress), last)
            yield last[subject]
        elif progress is None:
            fired = cast("ScheduleDelivery", subject)
            last[fired] = Fired(time=fired.time, cause=None, delivery=fired)
            yield last[fired]
        else:
            yield from _of_delivery(subject, cast("Progress", progress), last)


def _of_delivery(
    delivery: Delivery, progress: Progress, last: dict[Delivery | LambdaInvocation, Fact]
) -> Iterator[Fact]:
    """Yield the facts of an attempt to deliver, and of the end of a delivery."""
    if progress.ended is None or progress.status == "delivered":
        attempt = progress.attempts[-1]
        last[delivery] = Attempted(
            time=attempt.time, cause=last.get(delivery), delivery=delivery, attempt=attempt
        )
        yield last[delivery]
    if progress.ended is not None:
        for missing in _not_enforced(progress):
            last[delivery] = Warned(
                time=progress.ended, cause=last.get(delivery), delivery=delivery, missing=missing
            )
            yield last[delivery]
        last[delivery] = _end(delivery, progress, last.get(delivery))
        yield last[delivery]


def _not_enforced(progress: Progress) -> Iterator[MissingPermission]:
    """Yield the permissions that are missing, but whose target or dead-letter queue has taken the event."""
    for missing in progress.missing_permissions:
        if progress.status == ("dead-lettered" if missing.is_dead_letter else "delivered"):
            yield missing


def _of_invocation(
    invocation: LambdaInvocation,
    progress: InvocationProgress,
    last: Mapping[Delivery | LambdaInvocation, Fact],
) -> Fact:
    """Return the fact of an attempt of Lambda, or of the end of an invocation."""
    before = last.get(invocation) or last.get(invocation.cause or invocation.delivery)
    about: Any = {"cause": before, "delivery": invocation.delivery, "invocation": invocation}
    if progress.ended is not None:
        return Finished(**about, time=progress.ended, progress=progress)
    return Invoked(**about, time=progress.attempts[-1].time, attempt=progress.attempts[-1])


def _arrival(event: ReceivedEvent, last: dict[Delivery | LambdaInvocation, Fact]) -> Iterator[Fact]:
    """Yield the facts of an arrival, and of the rules of its bus."""
    cause = None if event.arrived_by is None else last.get(event.arrived_by)
    received = Received(time=event.time, event=event, cause=cause)
    yield received
    if event.dropped is not None:
        yield Dropped(time=event.time, event=event, cause=received, reason=event.dropped)
    last.update(dict.fromkeys(event.deliveries, received))
    there = {rule.arn for rule in event.rules}
    for rule in event.matching:
        if rule.arn not in there and event.noun == "subscriber":
            continue  # it came later, and had the event replayed
        deliveries = [delivery for delivery in event.deliveries if delivery.sender_arn == rule.arn]
        matched = Matched(
            time=event.time,
            event=event,
            cause=received,
            rule_name=rule.name,
            targets=len(deliveries),
            archive=rule.feeds,
            under_way=None if deliveries else rule.under_way,
        )
        last.update(dict.fromkeys(deliveries, matched))
        yield matched
    if event.envelope is not None or event.was_routed:
        arns, judge = {rule.arn for rule in event.matching}, event.judge()
        for rule in event.rules:
            if rule.arn not in arns:
                yield Skipped(time=event.time, event=event, cause=received, rule=rule, _judge=judge)


def _end(delivery: Delivery, progress: Progress, cause: Fact | None) -> Fact:
    """Return the fact of the end of a delivery."""
    about: Any = {"time": progress.ended, "cause": cause, "delivery": delivery}
    reason = progress.reason or ""
    if progress.status == "delivered":
        return Delivered(**about, progress=progress)
    if progress.dead_letter is not None:
        return DeadLettered(**about, dead_letter=progress.dead_letter, reason=reason)
    return Dropped(**about, event=delivery.cause, reason=reason)


def _story(facts: Trace) -> Iterator[str]:
    """Yield the lines of a trace. Events are numbered, as several may have the same type and source; so are firings.

    The lines about an exception are shown once; after that, its place.
    """
    time_format = wording.time_format(fact.time for fact in facts)
    replaced = _without_repeats(facts)
    numbers: dict[ReceivedEvent | Delivery, int] = {}
    shown: set[tuple[str, ...]] = set()
    for fact in facts:
        text = replaced.get(fact, fact.text)
        if text is None or (isinstance(fact, Attempted) and fact.attempt.error is None):
            continue
        origin = fact._origin  # noqa: SLF001 - of this file
        if origin is not None:
            indent = "" if isinstance(fact, (Received, Fired)) else "    "
            subject = f"{fact.event} " if isinstance(fact, Received) else ""
            text = f"{indent}#{numbers.setdefault(origin, len(numbers) + 1)} {subject}{text}"
        raised, details = _raised(fact)
        if raised is not None and fact not in replaced:
            if details in shown and raised.place is not None:
                details = (f"  at {raised.place}",)
            shown.add(details)
        else:
            details = ()
        time = f"{fact.time:{time_format}}"
        yield f"{time}  {wording.one_line(text)}"
        yield from (f"{' ' * len(time)}        {line}" for line in details)


def _without_repeats(facts: Trace) -> dict[Fact, str | None]:
    """Return the texts in place of those of attempts that failed the same way as the attempt before them.

    The last of such attempts has a text about all of them. The others have None, and get no line.
    """
    runs: dict[Delivery, list[list[Attempted]]] = {}
    for fact in facts:
        if isinstance(fact, Attempted) and fact.attempt.error is not None:
            of_delivery = runs.setdefault(fact.delivery, [[]])
            if of_delivery[-1] and not _failed_alike(of_delivery[-1][-1].attempt, fact.attempt):
                of_delivery.append([])
            of_delivery[-1].append(fact)
    replaced: dict[Fact, str | None] = {}
    for run in (run for of_delivery in runs.values() for run in of_delivery if len(run) > 2):
        replaced |= dict.fromkeys(run[1:], None)
        repeats = wording.which_attempts(run[1].attempt.number, run[-1].attempt.number)
        replaced[run[-1]] = f"{_route(run[-1].delivery)}: {repeats} failed the same way, the last one now"
    return replaced


def _raised(fact: Fact) -> tuple[Raised | None, tuple[str, ...]]:
    """Return the exception of a function of the test that a fact is about, and lines that the fact does not have."""
    if isinstance(fact, Attempted):
        return fact.attempt.raised, fact.attempt.details
    raised = fact.delivery.progress.queue_raised if isinstance(fact, Dropped) and fact.delivery else None
    return raised, () if raised is None else tuple(raised.lines()[1:])


def _failed_alike(one: Attempt, other: Attempt) -> bool:
    """Return whether two attempts failed with the same error, by the same exception at the same place if by any."""
    return one.error == other.error and one.details == other.details


def _route(delivery: Delivery) -> str:
    return wording.route(delivery.sender, delivery.target_arn) + delivery.remark
