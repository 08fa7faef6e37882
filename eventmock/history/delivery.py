"""Deliveries: events on their way to targets.

A delivery knows the received event that caused it, and a received event knows its deliveries. So this file names the
class of `eventmock.history.received_event` in its types; it does not import the module when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, get_args

from eventmock.exceptions import NoSuchRequest
from eventmock.history import wording
from eventmock.history.progress import Progress, Status
from eventmock.history.records import Records
from eventmock.options import check_known
from eventmock.target_kinds import ApiCall, InvalidRequest, Invocation
from eventmock.values.arn import arn_name
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from eventmock.event.event import Event
    from eventmock.history.attempt import Attempt
    from eventmock.history.dead_letter import DeadLetter
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.records import NameCheck
    from eventmock.history.taken_by import TakenBy
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.traced_target import TracedTarget
    from eventmock.target_kinds.http_call import HttpCall


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delivery:
    """An event on its way to one target of one rule.

    Attributes:
        cause: The received event that caused the delivery.
        rule: The rule that matched, an object of the library.
        target: The target as it was when the rule matched.
        body: The exact string that the target receives.
        input_error: Why input shaping made no text that AWS delivers; None if it did.
        progress: The present progress of the delivery. The object never changes: keep it to keep what you saw.
            ``status``, ``attempts`` and others are read from it.
    """

    cause: ReceivedEvent
    rule: TracedRule
    target: TracedTarget
    body: str
    input_error: str | None = None
    progress: Progress = field(default=Progress())

    def become(self, progress: Progress) -> None:
        """Replace the progress. Only the courier and `eventmock.history.ledger.Ledger.restore` do."""
        object.__setattr__(self, "progress", progress)

    @property
    def envelope(self) -> Event:
        """The event, an object of the library; ``event`` is a copy as a dictionary."""
        event = self.cause.envelope
        assert event is not None
        return event

    @property
    def bus(self) -> str:
        """The name of the event bus."""
        return self.cause.bus

    @property
    def rule_name(self) -> str:
        """The name of the rule that matched."""
        return self.rule.name

    @property
    def rule_arn(self) -> str:
        """The ARN of the rule that matched."""
        return self.rule.arn

    @property
    def time(self) -> datetime:
        """The moment at which the event came to the bus, an aware datetime. The age of the event counts from it."""
        return self.cause.time

    @property
    def account(self) -> str:
        """The account of the bus, 12 digits."""
        return self.cause.account

    @property
    def region(self) -> str:
        """The region of the bus."""
        return self.cause.region

    @property
    def replicates(self) -> str | None:
        """The global endpoint for which the delivery copies the event to the other region; None if it is not a copy."""
        return self.rule.replicates

    @property
    def status(self) -> Status:
        """``pending``, ``delivered``, ``dead-lettered`` or ``dropped``; see `Progress`."""
        return self.progress.status

    @property
    def attempts(self) -> list[Attempt]:
        """All attempts so far, the first one first."""
        return list(self.progress.attempts)

    @property
    def taken_by(self) -> TakenBy | None:
        """Who took the delivery; None while it is not delivered. See `Progress`."""
        return self.progress.taken_by

    @property
    def dead_letter(self) -> DeadLetter | None:
        """The message that the dead-letter queue got; None if it got none."""
        return self.progress.dead_letter

    @property
    def reason(self) -> str | None:
        """Why the delivery is dead-lettered or dropped, in one line; None if it is neither."""
        return self.progress.reason

    @property
    def next_attempt(self) -> datetime | None:
        """The moment of the next attempt, an aware datetime; None if none is planned."""
        return self.progress.next_attempt

    @property
    def ended(self) -> datetime | None:
        """The moment of the end of the delivery, an aware datetime; None while it is pending."""
        return self.progress.ended

    @property
    def waits_for(self) -> str | None:
        """The region, out of service, that the delivery waits for; None if it waits for none."""
        return self.progress.waits_for

    @property
    def request(self) -> ApiCall | HttpCall | None:
        """The call that AWS makes to deliver the event; the caller may change it.

        None before the first attempt, for an event bus, if the call cannot be made, and if AWS does not document the
        call. The call is made anew of the event and the target, which never change, each time this property is read.
        Only the request of an API destination is kept when it is sent, because its token may change later.
        """
        kept, kind = self.progress.request, self.target.kind
        if kept is not None or not self.progress.attempts or kind is None or kind.request is None:
            return kept
        try:
            return kind.request(self.invocation)
        except InvalidRequest:
            return None

    @property
    def call(self) -> ApiCall:
        """The `request` to a target that AWS reaches by calling one of its services, such as an SQS queue.

        Raises:
            NoSuchRequest: The target is reached by HTTP, or there is no request; the error's text has the kind of the
                target.
        """
        request = self.request
        if isinstance(request, ApiCall):
            return request
        raise NoSuchRequest(f"delivery.call: {self._how_it_is_reached(request)}")

    @property
    def http(self) -> HttpCall:
        """The `request` to a target that is reached by HTTP, such as an API destination.

        Raises:
            NoSuchRequest: AWS calls one of its services to reach the target, or there is no request; the error's text
                has the kind of the target.
        """
        from eventmock.target_kinds.http_call import HttpCall

        request = self.request
        if isinstance(request, HttpCall):
            return request
        raise NoSuchRequest(f"delivery.http: {self._how_it_is_reached(request)}")

    def _how_it_is_reached(self, request: ApiCall | HttpCall | None) -> str:
        """Return words for the request to the target; if there is none, why not."""
        kind, error = self.target.kind, self.error
        target = f"{self.target_arn}" + ("" if kind is None else f", of the kind {kind.name!r},")
        if request is not None:
            form = "call" if isinstance(request, ApiCall) else "http"
            return f"{target} is reached by {request.service} {request.operation}: ask for delivery.{form}"
        if not self.progress.attempts:
            return f"{target} was not tried: {self.outcome}"
        return f"{target} " + (
            "gets no request that eventmock knows" if error is None else f"got none: {error}"
        )

    @property
    def invocation(self) -> Invocation:
        """The event and the target as the call is made of them. The target must have an ARN that can be parsed."""
        event, arn = self.envelope, self.target.parsed
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

    def dead_ends(self) -> list[str]:
        """Return a line for each path of the target to which the event has no value. AWS reports no error for these."""
        paths = self.target.input_shape.dead_ends(self.envelope.text)
        paths += [] if self.target.parsed is None else self.invocation.dead_ends()
        return [f"{path} leads nowhere in the event" for path in paths]

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
        """The event as a dictionary: a copy."""
        return self.envelope.content

    @property
    def trace_header(self) -> str | None:
        """The X-Ray trace header of the event; None if there is none."""
        return self.envelope.trace_header

    @property
    def error(self) -> str | None:
        """The error of the last attempt, in one line; None if it succeeded, or if there was no attempt."""
        attempts = self.progress.attempts
        return attempts[-1].error if attempts else None

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is not JSON.
        """
        return loads(self.body)

    @property
    def outcome(self) -> str:
        """The present progress of the delivery, in one line."""
        now, error = self.progress, self.error
        tried = len(now.attempts)
        if now.waits_for is not None:
            return f"pending: {now.waits_for} is out"
        if now.status == "pending" and error is not None:
            when = "" if now.next_attempt is None else f", next {now.next_attempt:{wording.DATE_AND_TIME}}"
            return f"pending after {wording.counted(tried, 'attempt')}: {error}{when}"
        if now.status == "pending" and now.next_attempt is not None:
            return f"pending: waits for its turn, {now.next_attempt:{wording.DATE_AND_TIME}}"
        if now.status == "delivered":
            return wording.delivered(tried) + (wording.RECORDED if now.taken_by == "nobody" else "")
        queue = "" if now.dead_letter is None else f" to {arn_name(now.dead_letter.queue_arn)}"
        return f"{now.status}{queue}" + ("" if now.reason is None else f": {now.reason}")

    def __repr__(self) -> str:
        return wording.one_line(
            f"<{self.envelope}: rule {self.rule_name!r} on {self.bus!r} -> {self.target_arn}, {self.outcome}>"
        )


class Deliveries(Records[Delivery]):
    """Deliveries in the order in which rules matched.

    Args:
        deliveries: The deliveries.
        check: Refuses a misspelt name in `where`; None to check no names.
    """

    def __init__(self, deliveries: Iterable[Delivery], check: NameCheck | None = None) -> None:
        super().__init__(deliveries)
        self._check = check

    def _like(self, records: Iterable[Delivery]) -> Self:
        return type(self)(records, self._check)

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
        """Return the deliveries that agree with all given arguments.

        Args:
            target: The target's id or ARN.
            rule: The rule's name or ARN.
            bus: The name of the event bus.
            source: The event's source.
            detail_type: The event's ``detail-type``.
            status: ``pending``, ``delivered``, ``dead-lettered`` or ``dropped``.

        Raises:
            OptionError: ``status`` is not one of these words; or the backend has never known a target, rule or bus of
                that name, but one of nearly the same name.
        """
        __tracebackhide__ = True
        if self._check is not None:
            named = {"target": target, "rule": rule, "bus": bus}
            self._check("deliveries.where", {word: name for word, name in named.items() if name is not None})
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
            wanted.append(lambda delivery: delivery.envelope.source == source)
        if detail_type is not None:
            wanted.append(lambda delivery: delivery.envelope.detail_type == detail_type)
        if status is not None:
            wanted.append(lambda delivery: delivery.status == status)
        return self._like(delivery for delivery in self if all(is_true(delivery) for is_true in wanted))

    @property
    def bodies(self) -> list[str]:
        """The exact strings that the targets received."""
        return [delivery.body for delivery in self]

    @property
    def details(self) -> list[Any]:
        """The ``detail`` of each event."""
        return [delivery.event["detail"] for delivery in self]
