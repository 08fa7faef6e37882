"""The requests by which EventBridge and EventBridge Scheduler deliver to the targets of a template.

Judged is only what a template has as a whole: a queue, topic, function, key or role that it makes. A policy of AWS, one
of another template, and one that eventmock does not understand are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.checks.subject import Schedule, Subscriber

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.subject import Sender, Subject, Target

NOT_RETRIED: Final = "no event is delivered, and AWS does not try again"
NOT_INVOKED: Final = "the target is not invoked, and AWS does not try again"
NOT_RECEIVED: Final = (
    "no event is delivered, and each ends in the dead-letter queue if the role may send there"
)
LETTERS_LOST: Final = "the dead letters are lost"


class Destination(NamedTuple):
    """What AWS sends an event or a dead letter to.

    Attributes:
        target: The target.
        keys: The keys of the ARN in the members of the target.
        arn: The ARN.
    """

    target: Target
    keys: tuple[str, ...]
    arn: object

    @property
    def is_dead_letter_queue(self) -> bool:
        """Whether it is the dead-letter queue of the target."""
        return len(self.keys) > 1

    @property
    def name(self) -> str:
        """The target or its dead-letter queue, for texts."""
        return f"the dead-letter queue of {self.target.id}" if self.is_dead_letter_queue else self.target.id

    @property
    def production(self) -> str:
        """What happens in production if AWS is not permitted to send anything there."""
        if self.is_dead_letter_queue:
            return LETTERS_LOST
        if isinstance(self.target.sender, Subscriber):
            return NOT_RECEIVED
        return NOT_INVOKED if isinstance(self.target.sender, Schedule) else NOT_RETRIED


def by_service(subject: Subject) -> Iterator[Destination]:
    """Yield what EventBridge itself sends to: targets of rules without a role, and dead-letter queues of rules."""
    for target in subject.targets:
        if not target.members.get("RoleArn"):
            yield Destination(target, ("Arn",), target.members.get("Arn"))
        yield from _dead_letter_queue(target)


def by_role(subject: Subject) -> Iterator[Destination]:
    """Yield what is sent by a role: targets that have one, and dead-letter queues of schedules and subscribers."""
    for target in subject.all_targets:
        if target.members.get("RoleArn"):
            yield Destination(target, ("Arn",), target.members.get("Arn"))
            yield from _dead_letter_queue(target) if isinstance(target.sender, Schedule) else ()
    for one in subject.subscribers:
        for target in one.targets:
            yield Destination(target, ("TargetArn",), target.members.get("TargetArn"))
            given = one.resource.properties.get("OnFailureConfiguration")
            if isinstance(given, Mapping) and given.get("Arn"):
                yield Destination(target, ("OnFailureConfiguration", "Arn"), given["Arn"])


def _dead_letter_queue(target: Target) -> Iterator[Destination]:
    given = target.members.get("DeadLetterConfig")
    if isinstance(given, Mapping):
        yield Destination(target, ("DeadLetterConfig", "Arn"), given.get("Arn"))


def context_of(subject: Subject, one: Sender, role_arn: str | None = None) -> dict[str, str | None]:
    """Return the condition keys of a request to deliver. A key that is not here makes a policy not understood.

    Source: permissions-of-targets section 3. A request by the session of a role has no ``aws:SourceArn`` (recorded).
    """
    by_service = role_arn is None
    return {
        "aws:PrincipalAccount": None if by_service else subject.account,
        "aws:PrincipalArn": role_arn,
        "aws:PrincipalIsAWSService": "true" if by_service else "false",
        "aws:PrincipalServiceName": one.service if by_service else None,
        "aws:PrincipalType": "User" if by_service else "AssumedRole",
        "aws:RequestedRegion": subject.region,
        "aws:SecureTransport": "true",
        "aws:SourceAccount": subject.account if by_service else None,
        "aws:SourceArn": one.source if by_service else None,
        "aws:SourceOwner": None,
        "aws:SourceVpc": None,
        "aws:SourceVpce": None,
        "sts:ExternalId": None,
    }
