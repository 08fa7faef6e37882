"""Rules about permissions: whether AWS would be permitted to deliver to a target or to a dead-letter queue.

Judged is only what the template has as a whole: a queue, topic, function or role that it makes. A policy of AWS, one of
another template, and one that eventmock does not understand are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.table import rule
from eventmock.delivery.permissions.given import base_of
from eventmock.exceptions import PolicyNotUnderstood
from eventmock.policies import Policy, Request, RoleSession, Service, decide
from eventmock.target_kinds.sqs_queue import PERMISSION as TO_QUEUE
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import EventRule, Subject, Target
    from eventmock.deployment.stack import StackResource

EVENTS: Final = "events.amazonaws.com"
QUEUE: Final = "AWS::SQS::Queue"
TOPIC: Final = "AWS::SNS::Topic"
ROLE: Final = "AWS::IAM::Role"
_PERMISSION: Final = "AWS::Lambda::Permission"
_NOT_RETRIED: Final = "the event is not delivered, and AWS does not try again"
_POLICIES: Final = {
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SQS::QueueInlinePolicy": "Queue",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SNS::TopicInlinePolicy": "TopicArn",
}
"""The property that names the resources of a policy, by type."""
_POLICIES_OF_ROLES: Final = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy")
_KEYS_OF_AWS: Final = ("alias/aws/sqs", "alias/aws/sns")


# Functions


@rule(
    "function-without-permission",
    "warning",
    "A Lambda function as a target, without an `AWS::Lambda::Permission` for events.amazonaws.com.",
)
def function_without_permission(subject: Subject) -> Iterator[Found]:
    """Yield the targets that are functions which let no rule in."""
    for target, function in _functions(subject):
        if not list(_permissions(subject, function)) and not subject.leaves_out(_PERMISSION):
            yield subject.found_at(
                target,
                "Arn",
                what=f"{target.id} is the function {function.logical_id}, and no AWS::Lambda::Permission lets "
                f"{EVENTS} invoke it",
                production=_NOT_RETRIED,
                instead=_permission_for(function, target.rule),
            )


@rule(
    "permission-of-another-rule",
    "warning",
    "An `AWS::Lambda::Permission` whose `SourceArn` is not that of the rule that has the function as its target.",
)
def permission_of_another_rule(subject: Subject) -> Iterator[Found]:
    """Yield the targets that are functions which let other rules in only."""
    for target, function in _functions(subject):
        permissions = list(_permissions(subject, function)) if target.rule.is_made else []
        rule_arn = target.rule.resource.arn or ""
        if (
            not permissions
            or subject.leaves_out(_PERMISSION)
            or any(_covers(one, rule_arn, str(target.arn)) for one in permissions)
        ):
            continue
        one = permissions[0]
        if any(subject.is_given(each, "SourceArn") for each in permissions):
            continue
        source = one.properties.get("SourceArn")
        if source is None or _covers(one, rule_arn, None):
            wrong = (
                f"lets {EVENTS} invoke {one.properties.get('FunctionName')}, and {target.id} is {target.arn}"
            )
        else:
            wrong = f"lets in {source}, and the rule is {rule_arn}"
        yield subject.found(
            one,
            "SourceArn",
            what=f"it {subject.readable(wrong)}",
            production=f"no event of {target.rule.resource.logical_id} is delivered, and AWS does not try again",
            instead=_permission_for(function, target.rule),
        )


def _functions(subject: Subject) -> Iterator[tuple[Target, StackResource]]:
    """Yield the targets that are functions of the template, without those that are reached by a role."""
    for target in subject.targets:
        function = subject.owner_of(target.members.get("Arn"))
        if (
            function is not None
            and function.type == "AWS::Lambda::Function"
            and not target.members.get("RoleArn")
        ):
            yield target, function


def _permissions(subject: Subject, function: StackResource) -> Iterator[StackResource]:
    """Yield the permissions of a function that let EventBridge in, for some rule and some version or alias."""
    for resource in subject.of_type(_PERMISSION):
        named = str(resource.properties.get("FunctionName"))
        arn = Arn.parse(named)
        is_it = (
            named.split(":", maxsplit=1)[0] == function.name if arn is None else base_of(arn) == function.arn
        )
        action = str(resource.properties.get("Action", ""))
        if (
            is_it
            and (
                resource.properties.get("Principal") in (EVENTS, "*")
                or subject.is_made_up(resource, "Principal")
            )
            and fnmatchcase("lambda:InvokeFunction", action)
        ):
            yield resource


def _covers(permission: StackResource, rule_arn: str, target_arn: str | None) -> bool:
    """Return whether a permission lets a rule in, to a version or alias; None if the version does not matter."""
    source = permission.properties.get("SourceArn")
    if source is not None and not fnmatchcase(rule_arn, str(source)):
        return False
    if target_arn is None:
        return True
    named = str(permission.properties.get("FunctionName"))
    qualifier = named.split(":")[7:] if named.startswith("arn:") else named.split(":")[1:]
    return qualifier == target_arn.split(":")[7:]


def _permission_for(function: StackResource, one: EventRule) -> str:
    return (
        f"an AWS::Lambda::Permission: FunctionName: !Ref {function.logical_id}, Action: lambda:InvokeFunction, "
        f"Principal: {EVENTS}, SourceArn: !GetAtt {one.resource.logical_id}.Arn"
    )


# Queues and topics


@rule(
    "queue-without-policy",
    "warning",
    "A queue as a target or dead-letter queue, without a policy that lets events.amazonaws.com send.",
)
def queue_without_policy(subject: Subject) -> Iterator[Found]:
    """Yield the queues that do not let a rule in."""
    for target in subject.targets:
        yield from _about_policy(subject, target, QUEUE, target.members.get("Arn"), "Arn")
        given = target.members.get("DeadLetterConfig")
        if isinstance(given, Mapping):
            yield from _about_policy(subject, target, QUEUE, given.get("Arn"), "DeadLetterConfig", "Arn")


@rule(
    "topic-without-policy",
    "warning",
    "A topic as a target, without a policy that lets events.amazonaws.com publish.",
)
def topic_without_policy(subject: Subject) -> Iterator[Found]:
    """Yield the topics that do not let a rule in."""
    for target in subject.targets:
        yield from _about_policy(subject, target, TOPIC, target.members.get("Arn"), "Arn")


def _about_policy(subject: Subject, target: Target, kind: str, arn: object, *keys: str) -> Iterator[Found]:
    owner = subject.owner_of(arn)
    is_dead_letter_queue = len(keys) > 1
    if owner is None or owner.type != kind or owner.arn is None:
        return
    if target.members.get("RoleArn") and not is_dead_letter_queue:
        return
    is_queue = kind == QUEUE
    action = TO_QUEUE.action if is_queue else "sns:Publish"
    given = [one for one in subject.of_type(*_POLICIES) if _is_of(one, owner)]
    if subject.leaves_out(*_POLICIES) or any(subject.is_made_up(one, "PolicyDocument") for one in given):
        return
    if given and not target.rule.is_made:
        return
    documents = [one.properties.get("PolicyDocument") for one in given]
    request = Request(Service(EVENTS), action, owner.arn, _context(subject, target.rule))
    try:
        policies = [Policy(one.logical_id, document) for one, document in zip(given, documents, strict=True)]
        decision = decide(request, resource=policies)
    except PolicyNotUnderstood:
        return
    if decision.is_allowed:
        return
    has = f"its policy {given[0].logical_id} does not let {EVENTS} in" if given else "it has no policy"
    lacks = (
        f" ({decision.denied_by or '; '.join(decision.lacks)})"
        if decision.denied_by or decision.lacks
        else ""
    )
    what = f"the dead-letter queue of {target.id}" if is_dead_letter_queue else target.id
    name = owner.logical_id
    yield subject.found_at(
        target,
        *keys,
        what=f"{what} is {name}, and {has}{lacks}",
        production="the dead letters are lost" if is_dead_letter_queue else _NOT_RETRIED,
        instead=f"an AWS::{'SQS::Queue' if is_queue else 'SNS::Topic'}Policy of {name}: Effect: Allow, "
        f"Principal: {{Service: {EVENTS}}}, Action: {action}, Resource: "
        f"{f'!GetAtt {name}.Arn' if is_queue else f'!Ref {name}'}, "
        f"Condition: {{ArnEquals: {{aws:SourceArn: !GetAtt {target.rule.resource.logical_id}.Arn}}}}",
    )


def _is_of(policy: StackResource, owner: StackResource) -> bool:
    named = policy.properties.get(_POLICIES[policy.type])
    return any(
        one in (owner.ref, owner.arn, owner.name) for one in (named if isinstance(named, list) else [named])
    )


@rule(
    "encrypted-by-key-of-aws",
    "warning",
    "A queue or topic that is encrypted by the key of AWS, `alias/aws/sqs` or `alias/aws/sns`.",
)
def encrypted_by_key_of_aws(subject: Subject) -> Iterator[Found]:
    """Yield the targets that are encrypted by a key whose policy cannot be changed."""
    for target in subject.targets:
        given = target.members.get("DeadLetterConfig")
        dead_letters = given.get("Arn") if isinstance(given, Mapping) else None
        for keys, arn in ((("Arn",), target.members.get("Arn")), (("DeadLetterConfig", "Arn"), dead_letters)):
            owner = subject.owner_of(arn)
            if owner is None or owner.type not in (QUEUE, TOPIC):
                continue
            key = str(owner.properties.get("KmsMasterKeyId"))
            if key.endswith(_KEYS_OF_AWS):
                yield subject.found_at(
                    target,
                    *keys,
                    what=f"{target.id if len(keys) == 1 else f'the dead-letter queue of {target.id}'} is "
                    f"{owner.logical_id}, which is encrypted by {key}",
                    production=f"{EVENTS} may not use this key, and its policy cannot be changed: {_NOT_RETRIED}",
                    instead="SqsManagedSseEnabled: true for a queue, or a key of your own whose policy lets "
                    f"{EVENTS} use kms:GenerateDataKey and kms:Decrypt",
                )


# Roles


class _Role(NamedTuple):
    """A role of the template, as far as it is known.

    Attributes:
        resource: The role.
        policies: Its policies; None if some are not in the template.
    """

    resource: StackResource
    policies: Sequence[Policy] | None


@rule(
    "role-not-for-events",
    "warning",
    "The role of a target does not let events.amazonaws.com assume it.",
)
def role_not_for_events(subject: Subject) -> Iterator[Found]:
    """Yield the targets whose role EventBridge cannot assume."""
    for target in subject.targets:
        role = subject.owner_of(target.members.get("RoleArn"))
        if (
            role is None
            or role.type != ROLE
            or role.arn is None
            or subject.is_made_up(role, "AssumeRolePolicyDocument")
        ):
            continue
        request = Request(Service(EVENTS), "sts:AssumeRole", role.arn, _context(subject, target.rule))
        try:
            trust = Policy(role.logical_id, role.properties.get("AssumeRolePolicyDocument"), "trust")
            decision = decide(request, resource=[trust])
        except PolicyNotUnderstood:
            continue
        if not decision.is_allowed:
            lacks = f" ({'; '.join(decision.lacks)})" if decision.lacks else ""
            yield subject.found_at(
                target,
                "RoleArn",
                what=f"the role of {target.id} is {role.logical_id}, and it does not trust {EVENTS}{lacks}",
                production=_NOT_RETRIED,
                instead=f"in AssumeRolePolicyDocument: Effect: Allow, Principal: {{Service: {EVENTS}}}, "
                "Action: sts:AssumeRole",
            )


@rule(
    "role-without-permission",
    "warning",
    "The role of a target may not do what delivers the event, such as `states:StartExecution`.",
)
def role_without_permission(subject: Subject) -> Iterator[Found]:
    """Yield the targets whose role may not call them."""
    for target in subject.targets:
        kind, arn = target.kind, target.arn
        role = subject.owner_of(target.members.get("RoleArn"))
        if role is None or role.type != ROLE or role.arn is None or kind is None or kind.permission is None:
            continue
        if kind.permission.needs is not None or arn is None or arn.account != subject.account:
            continue
        known = _policies_of(subject, role)
        if known is None:
            continue
        session = RoleSession(role.arn, "events")
        request = Request(session, kind.permission.action, str(arn), _context(subject, target.rule, role.arn))
        try:
            decision = decide(request, identity=known)
        except PolicyNotUnderstood:
            continue
        if not decision.is_allowed:
            yield subject.found_at(
                target,
                "RoleArn",
                what=f"the role of {target.id} is {role.logical_id}, and it may not "
                f"{kind.permission.action} on {subject.readable(arn)}",
                production=_NOT_RETRIED,
                instead=f"in Policies of {role.logical_id}: Effect: Allow, Action: {kind.permission.action}, "
                f"Resource: {subject.readable(arn)}",
            )


def _policies_of(subject: Subject, role: StackResource) -> list[Policy] | None:
    """Return the policies of a role; None if some of them are not in the template, or are not understood."""
    managed = {one.ref: one for one in subject.of_type(*_POLICIES_OF_ROLES)}
    arns = _listed(role.properties.get("ManagedPolicyArns"))
    if subject.leaves_out(*_POLICIES_OF_ROLES) or not managed.keys() >= set(arns):
        return None
    attached = [
        *(managed[arn] for arn in arns),
        *(
            one
            for one in managed.values()
            if role.name in (*_listed(one.properties.get("Roles")), one.properties.get("RoleName"))
        ),
    ]
    if subject.is_made_up(role, "Policies"):
        return None
    if any(subject.is_made_up(one, "PolicyDocument") for one in attached):
        return None
    documents = [one.get("PolicyDocument") for one in _listed(role.properties.get("Policies"))]
    documents += [one.properties.get("PolicyDocument") for one in attached]
    try:
        return [Policy(role.logical_id, document, "identity") for document in documents]
    except PolicyNotUnderstood:
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# The requests


def _context(subject: Subject, one: EventRule, role_arn: str | None = None) -> dict[str, str | None]:
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
