"""Rules about the roles of targets: whether EventBridge may assume them, and whether they may do what delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.deliveries import EVENTS, NOT_RETRIED, context_of
from eventmock.checks.table import rule
from eventmock.exceptions import PolicyNotUnderstood
from eventmock.policies import Policy, Request, RoleSession, Service, decide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource

ROLE: Final = "AWS::IAM::Role"
_POLICIES: Final = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy")


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
        request = Request(Service(EVENTS), "sts:AssumeRole", role.arn, context_of(subject, target.rule))
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
                production=NOT_RETRIED,
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
        request = Request(
            session, kind.permission.action, str(arn), context_of(subject, target.rule, role.arn)
        )
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
                production=NOT_RETRIED,
                instead=f"in Policies of {role.logical_id}: Effect: Allow, Action: {kind.permission.action}, "
                f"Resource: {subject.readable(arn)}",
            )


def _policies_of(subject: Subject, role: StackResource) -> list[Policy] | None:
    """Return the policies of a role; None if some of them are not in the template, or are not understood."""
    managed = {one.ref: one for one in subject.of_type(*_POLICIES)}
    arns = list(map(str, _listed(role.properties.get("ManagedPolicyArns"))))
    if subject.leaves_out(*_POLICIES) or not managed.keys() >= set(arns):
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
    inline = _listed(role.properties.get("Policies"))
    documents = [one.get("PolicyDocument") if isinstance(one, dict) else one for one in inline]
    documents += [one.properties.get("PolicyDocument") for one in attached]
    try:
        return [Policy(role.logical_id, document, "identity") for document in documents]
    except PolicyNotUnderstood:
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
