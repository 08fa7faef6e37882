"""Deliveries: what is on its way to targets, and what became of it.

`Delivery` is what all deliveries have in common. `eventmock.history.event_delivery` has the deliveries of rules, and
`eventmock.history.schedule_delivery` those of EventBridge Scheduler. A delivery knows the received event that caused
it, and a received event knows its deliveries. So this file names the class of `eventmock.history.received_event` in its
types; it does not import the module when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Never, Self, get_args

from eventmock.exceptions import NoSuchEvent, NoSuchRequest
from eventmock.history import wording
from eventmock.history.progress import Progress, Status
from eventmock.history.records import Records
from eventmock.options import check_known, refuse_misspelt
from eventmock.target_kinds import ApiCall, InvalidRequest
from eventmock.values.arn import arn_name
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.event.event import Event
    from eventmock.history.attempt import Attempt
    from eventmock.history.dead_letter import DeadLetter
    from eventmock.history.missing_permission import MissingPermission
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.records import NameCheck
    from eventmock.history.taken_by import TakenBy
    from eventmock.history.traced_target import TracedTarget
    from eventmock.target_kinds.http_call import HttpCall


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delivery:
    """What is on its way to one target: an event of a rule, or the input of a schedule.

    Attributes:
        target: The target as it was when the delivery began.
        progress: The present progress of the delivery. The object never changes: keep it to keep what you saw.
            ``status``, ``attempts`` and others are read from it.
    """

    target: TracedTarget
    progress: Progress = field(default=Progress())

    def become(self, progress: Progress) -> None:
        """Replace the progress. Only the courier and `eventmock.history.ledger.Ledger.restore` do."""
        object.__setattr__(self, "progress", progress)

    @property
    def what(self) -> str:
        """What is delivered, in words, such as ``Order Paid from shop`` or ``schedule nightly``."""
        raise NotImplementedError

    @property
    def sender(self) -> str:
        """The rule or schedule that sends the delivery, in words, such as ``rule ship``."""
        raise NotImplementedError

    @property
    def sender_name(self) -> str:
        """The name of the rule or of the schedule that sends the delivery."""
        raise NotImplementedError

    @property
    def sender_arn(self) -> str:
        """The ARN of the rule or of the schedule that sends the delivery."""
        raise NotImplementedError

    @property
    def body(self) -> str:
        """The exact string that the target receives."""
        raise NotImplementedError

    @property
    def input_error(self) -> str | None:
        """Why input shaping made no text that AWS delivers; None if it did."""
        return None

    @property
    def time(self) -> datetime:
        """The moment from which the age of the delivery counts, an aware datetime."""
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The account of the rule or schedule, 12 digits."""
        raise NotImplementedError

    @property
    def region(self) -> str:
        """The region of the rule or schedule."""
        raise NotImplementedError

    @property
    def cause(self) -> ReceivedEvent | None:
        """The received event that caused the delivery; None if a schedule did."""
        return None

    @property
    def bus(self) -> str | None:
        """The name of the event bus; None if the delivery comes from no bus."""
        return None

    @property
    def rule_name(self) -> str | None:
        """The name of the rule that matched; None if no rule sends the delivery."""
        return None

    @property
    def rule_arn(self) -> str | None:
        """The ARN of the rule that matched; None if no rule sends the delivery."""
        return None

    @property
    def schedule_name(self) -> str | None:
        """The name of the schedule of EventBridge Scheduler; None if no schedule sends the delivery."""
        return None

    @property
    def schedule_arn(self) -> str | None:
        """The ARN of the schedule of EventBridge Scheduler; None if no schedule sends the delivery."""
        return None

    @property
    def schedule_names(self) -> tuple[str, ...]:
        """What a filter may call the schedule: its name, ``GROUP/NAME`` and its ARN; empty if there is none."""
        return ()

    @property
    def subscriber_name(self) -> str | None:
        """The name of the subscriber of a custom event bus; None if no subscriber sends the delivery."""
        return None

    @property
    def subscriber_arn(self) -> str | None:
        """The ARN of the subscriber of a custom event bus; None if no subscriber sends the delivery."""
        return None

    @property
    def remark(self) -> str:
        """Words behind the way of the delivery: `` (REPLAY)`` for an event that a bus had kept; else empty."""
        return ""

    @property
    def company(self) -> str:
        """Words for the other events that the last call carried; empty if it carried none, as those of rules."""
        return ""

    @property
    def replicates(self) -> str | None:
        """The global endpoint for which the delivery copies the event to the other region; None if it is not a copy."""
        return None

    @property
    def withdrawn(self) -> str | None:
        """Why the target is not tried any more, in words; None if it is. The schedule may have been deleted."""
        return None

    @property
    def trace_header(self) -> str | None:
        """The X-Ray trace header of the event; None if there is none."""
        return None

    @property
    def envelope(self) -> Event | None:
        """The event, an object of the library; None if a schedule sends the delivery. ``event`` is a dictionary."""
        return None

    @property
    def event(self) -> dict[str, Any]:
        """The event as a dictionary: a copy.

        Raises:
            NoSuchEvent: A schedule sends the delivery, so there is no event.
        """
        raise NoSuchEvent(
            f"delivery.event: {self.what} sends no event, so delivery.cause is None; what its target gets is "
            "delivery.body"
        )

    @property
    def detail(self) -> Any:
        """The ``detail`` of the event: a copy.

        Raises:
            NoSuchEvent: A schedule sends the delivery; or the event was published by PutRawEvents.
        """
        return self.event["detail"]

    @property
    def _way(self) -> str:
        """The way of the delivery in words: what is delivered, by whom, and to which target."""
        return f"{self.what} -> {self.target_arn}"

    @property
    def retry_seed(self) -> str:
        """A text that decides the jitter of the delivery's retries."""
        raise NotImplementedError

    def error_of(self, failure: DeliveryFailed) -> tuple[str, str]:
        """Return the code and the message by which AWS knows a failure of the delivery."""
        return failure.code, failure.message

    def dead_letter_of(self, failure: DeliveryFailed, exhausted: str | None) -> tuple[str, dict[str, str]]:
        """Return the body and the attributes of the message for the dead-letter queue.

        Args:
            failure: The failure for which the delivery is given up.
            exhausted: The limit of the retry policy that is reached; None if the target is not tried again at all.
        """
        raise NotImplementedError

    @property
    def attempt_number(self) -> int:
        """The number of the attempt that is being made; while none is, that of the last one. From 1."""
        progress = self.progress
        tried = len(progress.attempts)
        is_made_now = progress.ended is None and progress.next_attempt is None and progress.waits_for is None
        return tried + 1 if is_made_now else max(tried, 1)

    def request_of(self, attempt: int) -> ApiCall | HttpCall | None:
        """Return the call of an attempt; None if it is not known.

        Args:
            attempt: The number of the attempt, from 1.

        Raises:
            InvalidRequest: AWS cannot make the call.
        """
        raise NotImplementedError

    def check_answer(self, answer: Mapping[str, Any]) -> None:
        """Check the answer to the call of an attempt. The deliveries of rules do not look at it.

        Raises:
            DeliveryFailed: The answer says that what was asked for has failed.
        """

    def dead_ends(self) -> list[str]:
        """Return a line for each path of the target to which the event has no value. AWS reports no error for these."""
        return []

    @property
    def status(self) -> Status:
        """``pending``, ``delivered``, ``dead-lettered`` or ``dropped``; see `Progress`."""
        return self.progress.status

    @property
    def attempts(self) -> list[Attempt]:
        """All attempts so far, the first one first. Each has its own `request <Attempt.request>`."""
        return [
            replace(attempt, _make_request=partial(self._known_request_of, attempt.number))
            for attempt in self.progress.attempts
        ]

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
    def missing_permissions(self) -> list[MissingPermission]:
        """The permissions without which AWS would not deliver the event, or its dead letter, as far as it is judged.

        Empty if nothing is missing, and with ``target_permissions="off"``, the default.
        """
        return list(self.progress.missing_permissions)

    @property
    def request(self) -> ApiCall | HttpCall | None:
        """The call that AWS makes to deliver, as in the last attempt; the caller may change it.

        None before the first attempt, for an event bus that is the target of a rule, if the call cannot be made, and if
        AWS does not document the call. The call is made anew each time this property is read. Only the request of an
        API destination is kept when it is sent, because its token may change later.
        """
        return self._known_request_of(len(self.progress.attempts))

    def _known_request_of(self, attempt: int) -> ApiCall | HttpCall | None:
        """Return the call of an attempt; None if there was none, or if the call is not known or cannot be made."""
        kept = self.progress.request
        if kept is not None or attempt == 0:
            return kept
        try:
            return self.request_of(attempt)
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
    def target_id(self) -> str:
        """The target's id on the rule; empty for the target of a schedule, which has none."""
        return self.target.id

    @property
    def target_arn(self) -> str:
        """The target's ARN."""
        return self.target.arn

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
        return wording.one_line(f"<{self._way}, {self.outcome}>")


class Deliveries(Records[Delivery]):
    """Deliveries in the order in which rules matched and schedules fired.

    Args:
        deliveries: The deliveries.
        check: Refuses a misspelt name in `where`; None to check no names.
    """

    def __init__(self, deliveries: Iterable[Delivery], check: NameCheck | None = None) -> None:
        super().__init__(deliveries)
        self._check = check

    def _like(self, records: Iterable[Delivery]) -> Self:
        return type(self)(records, self._check)

    def where(  # noqa: C901, PLR0913 - each is one word of a sentence
        self,
        *,
        target: str | None = None,
        rule: str | None = None,
        schedule: str | None = None,
        subscriber: str | None = None,
        bus: str | None = None,
        source: str | None = None,
        detail_type: str | None = None,
        status: Status | None = None,
        **misspelt: Never,
    ) -> Deliveries:
        """Return the deliveries that agree with all given arguments.

        Args:
            target: The target's id or ARN.
            rule: The rule's name or ARN.
            schedule: A schedule of EventBridge Scheduler: its name, ``GROUP/NAME``, or its ARN.
            subscriber: A subscriber of a custom event bus: its name or ARN.
            bus: The name of the event bus.
            source: The event's source.
            detail_type: The event's ``detail-type``.
            status: ``pending``, ``delivered``, ``dead-lettered`` or ``dropped``.
            **misspelt: Not used: a keyword that does not exist is refused.

        Raises:
            OptionError: A keyword does not exist; ``status`` is not one of these words; or the backend has never known
                a target, rule, schedule, subscriber or bus of that name, but one of nearly the same name.
        """
        __tracebackhide__ = True
        refuse_misspelt("deliveries.where", misspelt, Deliveries.where)
        if self._check is not None:
            named = {
                "target": target,
                "rule": rule,
                "schedule": schedule,
                "subscriber": subscriber,
                "bus": bus,
            }
            self._check("deliveries.where", {word: name for word, name in named.items() if name is not None})
        if status is not None:
            check_known(f"deliveries.where(status={status!r})", status, get_args(Status))
        wanted: list[Callable[[Delivery], bool]] = []
        if target is not None:
            wanted.append(lambda delivery: target in (delivery.target_id, delivery.target_arn))
        if rule is not None:
            wanted.append(lambda delivery: rule in (delivery.rule_name, delivery.rule_arn))
        if schedule is not None:
            wanted.append(lambda delivery: schedule in delivery.schedule_names)
        if subscriber is not None:
            wanted.append(lambda delivery: subscriber in (delivery.subscriber_name, delivery.subscriber_arn))
        if bus is not None:
            wanted.append(lambda delivery: delivery.bus == bus)
        if source is not None:
            wanted.append(lambda delivery: delivery.cause is not None and delivery.cause.source == source)
        if detail_type is not None:
            wanted.append(
                lambda delivery: delivery.cause is not None and delivery.cause.detail_type == detail_type
            )
        if status is not None:
            wanted.append(lambda delivery: delivery.status == status)
        return self._like(delivery for delivery in self if all(is_true(delivery) for is_true in wanted))

    @property
    def bodies(self) -> list[str]:
        """The exact strings that the targets received."""
        return [delivery.body for delivery in self]

    @property
    def details(self) -> list[Any]:
        """The ``detail`` of each event.

        Raises:
            NoSuchEvent: A schedule sends one of the deliveries, so it has no event; or the event was published by
                PutRawEvents, so it has data and no detail.
        """
        return [delivery.detail for delivery in self]
