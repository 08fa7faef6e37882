"""Deliveries of events: each is an event on its way to one target of one rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventmock.history.delivery import Delivery
from eventmock.target_kinds import Invocation
from eventmock.values.arn import resource_arn, resource_name

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.traced_target import TracedRuleTarget
    from eventmock.target_kinds import ApiCall
    from eventmock.target_kinds.http_call import HttpCall


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EventDelivery(Delivery):
    """An event on its way to one target of one rule.

    Attributes:
        cause: The received event that caused the delivery.
        rule: The rule that matched, an object of the library.
        body: The exact string that the target receives.
        input_error: Why input shaping made no text that AWS delivers; None if it did.
    """

    target: TracedRuleTarget
    cause: ReceivedEvent = field()  # without field(), the property of the base class would be the default
    rule: TracedRule
    body: str = field()
    input_error: str | None = None

    @property
    def what(self) -> str:
        """The event in words, such as ``Order Paid from shop``."""
        return str(self.envelope)

    @property
    def sender(self) -> str:
        """The rule that matched, in words, such as ``rule ship``."""
        return f"rule {self.rule.name}"

    @property
    def sender_name(self) -> str:
        """The name of the rule that matched."""
        return self.rule.name

    @property
    def sender_arn(self) -> str:
        """The ARN of the rule that matched."""
        return self.rule.arn

    @property
    def envelope(self) -> Event:
        """The event, an object of the library; ``event`` is a copy as a dictionary."""
        event = self.cause.envelope
        assert event is not None
        return event

    @property
    def event(self) -> dict[str, Any]:
        """The event as a dictionary: a copy."""
        return self.envelope.content

    @property
    def bus(self) -> str:
        """The name of the event bus."""
        return self.cause.bus

    @property
    def bus_arn(self) -> str:
        """The ARN of the event bus."""
        return resource_arn("events", self.region, self.account, f"event-bus/{resource_name(self.bus)}")

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
    def trace_header(self) -> str | None:
        """The X-Ray trace header of the event; None if there is none."""
        return self.envelope.trace_header

    @property
    def retry_seed(self) -> str:
        """A text that decides the jitter of the delivery's retries."""
        return f"{self.envelope.id} {self.rule_arn} {self.target_id}"

    @property
    def _way(self) -> str:
        return f"{self.what}: rule {self.rule_name!r} on {self.bus!r} -> {self.target_arn}"

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

    def request_of(self, attempt: int) -> ApiCall | HttpCall | None:  # noqa: ARG002 - all attempts make the same call
        """Return the call by which AWS reaches the target; None for an event bus, and if AWS does not document it.

        The call is made of the event and the target, which never change.

        Raises:
            InvalidRequest: AWS cannot make the call.
        """
        kind = self.target.kind
        return None if kind is None or kind.request is None else kind.request(self.invocation)

    def dead_ends(self) -> list[str]:
        """Return a line for each path of the target to which the event has no value. AWS reports no error for these."""
        paths = self.target.input_shape.dead_ends(self.envelope.text)
        paths += [] if self.target.parsed is None else self.invocation.dead_ends()
        return [f"{path} leads nowhere in the event" for path in paths]

    def dead_letter_of(self, failure: DeliveryFailed, exhausted: str | None) -> tuple[str, dict[str, str]]:
        """Return the body and the attributes of the message for the dead-letter queue.

        The body is the event as it came to the bus; if input shaping made text that is not JSON, it is that text
        (captured by another emulator). An open question: one recording, of an ECS task with an ``Input``, has the
        shaped input (permissions-of-targets section 6).
        """
        attributes = {
            "RULE_ARN": self.rule_arn,
            "TARGET_ARN": self.target_arn,
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message or failure.code,
        }
        if exhausted is not None:
            attributes |= {
                "EXHAUSTED_RETRY_CONDITION": exhausted,
                "RETRY_ATTEMPTS": str(max(len(self.progress.attempts) - 1, 0)),
            }
        body = (failure.code == "INVALID_JSON" and self.body.strip()) or self.envelope.text
        return body, attributes
