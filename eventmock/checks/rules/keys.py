"""Rules about the keys of KMS by which targets are encrypted: whether EventBridge may use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.checks.deliveries import by_service, context_of
from eventmock.checks.subject import QUEUE, TOPIC
from eventmock.checks.table import rule
from eventmock.delivery.permissions.senders import EVENTS
from eventmock.exceptions import PolicyNotUnderstood
from eventmock.policies import Policy, Request, Service, decide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.deliveries import Destination
    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Sender, Subject
    from eventmock.deployment.stack import StackResource

_KEY: Final = "AWS::KMS::Key"
_OF_AWS: Final = ("alias/aws/sqs", "alias/aws/sns")
ACTIONS: Final = ("kms:GenerateDataKey", "kms:Decrypt")
"""What a sender needs of a key that encrypts a queue or topic."""


def _encrypted(subject: Subject) -> Iterator[tuple[Destination, StackResource, str]]:
    """Yield the queues and topics that the service itself sends to, each with the key that encrypts it."""
    for to in by_service(subject):
        owner = subject.owner_of(to.arn)
        key = None if owner is None else _named_key(owner)
        if owner is not None and key is not None:
            yield to, owner, key


def _named_key(owner: StackResource) -> str | None:
    """Return the id, ARN or alias of the key by which a queue or topic is encrypted; None if it is not."""
    key = owner.properties.get("KmsMasterKeyId") if owner.type in (QUEUE, TOPIC) else None
    return key if isinstance(key, str) and key else None


def key_of(subject: Subject, owner: StackResource) -> StackResource | None:
    """Return the key of the template by which a queue or topic is encrypted; None if it is encrypted by none of it."""
    named = _named_key(owner)
    return None if named is None else _key_of(subject, named)


@rule(
    "encrypted-by-key-of-aws",
    "warning",
    "A queue or topic that is encrypted by the key of AWS, `alias/aws/sqs` or `alias/aws/sns`.",
)
def encrypted_by_key_of_aws(subject: Subject) -> Iterator[Found]:
    """Yield the targets that are encrypted by a key whose policy cannot be changed."""
    for to, owner, key in _encrypted(subject):
        if key.endswith(_OF_AWS):
            yield subject.found_at(
                to.target,
                *to.keys,
                what=f"{to.name} is {owner.logical_id}, which is encrypted by {key}",
                production=f"{EVENTS} may not use this key, and its policy cannot be changed: {to.production}",
                instead="SqsManagedSseEnabled: true for a queue, or a key of your own whose policy lets "
                f"{EVENTS} use it",
            )


@rule(
    "key-without-permission",
    "warning",
    "A queue or topic that is encrypted by a key whose policy does not let events.amazonaws.com use it.",
)
def key_without_permission(subject: Subject) -> Iterator[Found]:
    """Yield the targets that are encrypted by a key of the template which EventBridge may not use."""
    for to, owner, named in _encrypted(subject):
        key = _key_of(subject, named)
        if key is None or not to.target.rule.is_made or subject.is_made_up(key, "KeyPolicy"):
            continue
        lacking = _lacking(subject, to, owner, key)
        if lacking:
            yield subject.found_at(
                to.target,
                *to.keys,
                what=f"{to.name} is {owner.logical_id}, and the policy of its key {key.logical_id} does not let "
                f"{EVENTS} use {' and '.join(lacking)}",
                production=to.production,
                instead=f"in KeyPolicy of {key.logical_id}: Effect: Allow, Principal: {{Service: {EVENTS}}}, "
                f"Action: [{', '.join(ACTIONS)}], Resource: '*'",
            )


def _key_of(subject: Subject, named: str) -> StackResource | None:
    """Return the key of the template that is named by its id, ARN or alias; None if the template does not have it."""
    aliases = {one.name: one.properties.get("TargetKeyId") for one in subject.of_type("AWS::KMS::Alias")}
    alias = named[named.find("alias/") :] if "alias/" in named else ""
    wanted = aliases.get(alias, named)
    return next((one for one in subject.of_type(_KEY) if wanted in (one.ref, one.arn)), None)


def _lacking(subject: Subject, to: Destination, owner: StackResource, key: StackResource) -> list[str]:
    """Return the actions on a key that its policy does not allow; none if the policy is not understood."""
    context = context_of_key(subject, to.target.rule, owner)
    try:
        policy = Policy(key.logical_id, key.properties.get("KeyPolicy"))
        requests = [Request(Service(EVENTS), action, str(key.arn), context) for action in ACTIONS]
        return [one.action for one in requests if not decide(one, resource=[policy]).is_allowed]
    except PolicyNotUnderstood:
        return []


def context_of_key(
    subject: Subject, one: Sender, owner: StackResource, role_arn: str | None = None
) -> dict[str, str | None]:
    """Return the condition keys of a request for the key of a queue or topic.

    Recorded: the encryption context has the ARN of a queue. Documented: for a topic the key's policy cannot name the
    source.

    Args:
        subject: The template.
        one: The rule or the schedule that sends.
        owner: The queue or the topic.
        role_arn: The ARN of the role whose session sends; None for the service itself.
    """
    is_queue = owner.type == QUEUE
    context = context_of(subject, one, role_arn) | {
        "kms:CallerAccount": subject.account,
        "kms:EncryptionContext:aws:sns:topicArn": None if is_queue else owner.arn,
        "kms:EncryptionContext:aws:sqs:arn": owner.arn if is_queue else None,
        "kms:ViaService": f"{'sqs' if is_queue else 'sns'}.{subject.region}.amazonaws.com",
    }
    return context if is_queue else context | {"aws:SourceAccount": None, "aws:SourceArn": None}
