"""The requests by which EventBridge delivers to the targets of a template, and what it says when one is refused.

Judged is only what a template has as a whole: a queue, topic, function, key or role that it makes. A policy of AWS, one
of another template, and one that eventmock does not understand are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.subject import EventRule, Subject, Target

EVENTS: Final = "events.amazonaws.com"
NOT_RETRIED: Final = "no event is delivered, and AWS does not try again"
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
        return LETTERS_LOST if self.is_dead_letter_queue else NOT_RETRIED


def by_service(subject: Subject) -> Iterator[Destination]:
    """Yield what the service itself sends to: targets without a role, and all dead-letter queues."""
    for target in subject.targets:
        if not target.members.get("RoleArn"):
            yield Destination(target, ("Arn",), target.members.get("Arn"))
        given = target.members.get("DeadLetterConfig")
        if isinstance(given, Mapping):
            yield Destination(target, ("DeadLetterConfig", "Arn"), given.get("Arn"))


def context_of(subject: Subject, one: EventRule, role_arn: str | None = None) -> dict[str, str | None]:
    """Return the condition keys of a request to deliver. A key that is not here makes a policy not understood.

    Source: permissions-of-targets section 3. A request by the session of a role has no ``aws:SourceArn`` (recorded).
    """
    by_service = role_arn is None
    return {
        "aws:PrincipalAccount": None if by_service else subject.account,
        "aws:PrincipalArn": role_arn,
        "aws:PrincipalIsAWSService": "true" if by_service else "false",
        "aws:PrincipalServiceName": EVENTS if by_service else None,
        "aws:PrincipalType": "User" if by_service else "AssumedRole",
        "aws:RequestedRegion": subject.region,
        "aws:SecureTransport": "true",
        "aws:SourceAccount": subject.account if by_service else None,
        "aws:SourceArn": one.resource.arn if by_service else None,
        "aws:SourceOwner": None,
        "aws:SourceVpc": None,
        "aws:SourceVpce": None,
        "sts:ExternalId": None,
    }
