"""Rules about functions as targets: whether a permission lets EventBridge invoke them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from eventmock.checks.deliveries import NOT_RETRIED
from eventmock.checks.table import rule
from eventmock.delivery.permissions.given import base_of
from eventmock.delivery.permissions.senders import EVENTS
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import EventRule, Subject, Target
    from eventmock.deployment.stack import StackResource

_PERMISSION: Final = "AWS::Lambda::Permission"


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
                production=NOT_RETRIED,
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
