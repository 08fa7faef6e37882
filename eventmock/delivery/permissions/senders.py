"""Who sends a delivery, as policies see it: EventBridge for a rule or a subscriber, or EventBridge Scheduler.

Recorded: EventBridge names the rule when it assumes a role; the name of the session of a role has 32 hexadecimal digits
for both. Seen on AWS by others: Scheduler names the schedule group, not the schedule. Documented: for a subscriber of a
custom event bus, EventBridge names the subscriber. Inferred: a schedule has always the same session name, as the target
of a rule has (recorded), and so has a subscriber.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.history.event_delivery import EventDelivery
from eventmock.history.subscriber_delivery import SubscriberDelivery
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery

EVENTS: Final = "events.amazonaws.com"
SCHEDULER: Final = "scheduler.amazonaws.com"


class Sender(NamedTuple):
    """A rule, a subscriber or a schedule that sends deliveries.

    Attributes:
        service: The service that makes its requests, as policies name it.
        arn: The ARN of the rule, the subscriber or the schedule.
        source: The ARN that requests of the service have as ``aws:SourceArn``.
        session: The name of the session of a role that the service assumes.
        policy_name: The name of the policies and statements that are proposed.
        policy_id: The end of the logical ID of a policy of a role that is proposed.
    """

    service: str
    arn: Arn
    source: str
    session: str
    policy_name: str
    policy_id: str

    @property
    def account(self) -> str:
        """The account of the rule, the subscriber or the schedule, 12 digits."""
        return self.arn.account

    @property
    def region(self) -> str:
        """The region of the rule, the subscriber or the schedule."""
        return self.arn.region


def sender_of(delivery: Delivery) -> Sender:
    """Return the sender of a delivery."""
    if isinstance(delivery, EventDelivery):
        return rule(delivery.rule_arn, delivery.target_id)
    if isinstance(delivery, SubscriberDelivery):
        return subscriber(delivery.subscriber_arn)
    return schedule(delivery.sender_arn)


def rule(arn: str, target_id: str) -> Sender:
    """Return the sender for the ARN of a rule and the id of one of its targets."""
    return Sender(EVENTS, Arn.of(arn), arn, _hexadecimal(f"{arn} {target_id}"), "deliver-events", "Policy")


def subscriber(arn: str) -> Sender:
    """Return the sender for the ARN of a subscriber of a custom event bus."""
    return Sender(EVENTS, Arn.of(arn), arn, _hexadecimal(arn), "deliver-events", "Policy")


def schedule(arn: str) -> Sender:
    """Return the sender for the ARN of a schedule, such as ``arn:...:schedule/group/name``."""
    parsed = Arn.of(arn)
    group = parsed._replace(resource=f"schedule-group/{parsed.resource.split('/')[1]}")
    return Sender(SCHEDULER, parsed, str(group), _hexadecimal(arn), "invoke-target", "InvokeTarget")


def _hexadecimal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
