"""What adds a missing permission: the statement, the call of boto3, and the lines of a CloudFormation template.

A call that replaces a policy has the statements that the policy has. The lines are written by `TemplateLines`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.delivery.permissions.given import base_of
from eventmock.delivery.permissions.senders import EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.delivery.permissions.given import Role
    from eventmock.delivery.permissions.template_lines import TemplateLines
    from eventmock.policies import Policy
    from eventmock.values.arn import Arn

    Statement = Mapping[str, Any]

VERSION: Final = "2012-10-17"


class Repair(NamedTuple):
    """What adds a missing permission.

    Attributes:
        statement: The statement that is missing, as JSON text; empty if a statement is not what is missing.
        call: The call of boto3; empty if there is no single one.
        template: The lines of a template; empty if there are none.
    """

    statement: str
    call: str = ""
    template: str = ""


def statement_for_service(rule_arn: str, actions: Sequence[str], resource: str) -> dict[str, Any]:
    """Return the statement that lets EventBridge take actions on a resource for a rule."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": _one_or_all(actions),
        "Resource": resource,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }


def statement_for_role(role_arn: str, actions: Sequence[str], resource: str) -> dict[str, Any]:
    """Return the statement of a resource's policy that lets a role take actions on it."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": role_arn},
        "Action": _one_or_all(actions),
        "Resource": resource,
    }


def resource_for_policy(arn: Arn, resource: str) -> str:
    """Return the resource of a statement that is missing: for a log group, all its streams.

    Args:
        arn: The ARN of the target or of the dead-letter queue.
        resource: The resource that was refused.
    """
    return f"{base_of(arn)}:*" if arn.service == "logs" else resource


def of_resource(arn: Arn, statement: Statement, policies: Sequence[Policy], lines: TemplateLines) -> Repair:
    """Return what adds a statement to the policy of a resource.

    Args:
        arn: The ARN of the target or of the dead-letter queue.
        statement: The statement.
        policies: The policies that the resource has.
        lines: The lines for a template.
    """
    name = f"{_camel(arn.resource)}Policy"
    writing = _Writing(arn, _with(statement, policies), statement, lines.sender.policy_name)
    call, (kind, properties) = _WRITERS[arn.service](writing)
    return Repair(json.dumps(statement), call, lines.policy(name, kind, properties, statement))


def of_role(role_arn: str, statement: Statement, lines: TemplateLines) -> Repair:
    """Return what adds a statement to the policies of a role."""
    document = {"Version": VERSION, "Statement": [statement]}
    name, policy = role_arn.rpartition("/")[2], lines.sender.policy_name
    call = f"iam.put_role_policy(RoleName={name!r}, PolicyName={policy!r}, PolicyDocument={_text(document)})"
    properties = {"RoleName": name, "PolicyName": policy, "PolicyDocument": document}
    new = f"{_camel(name)}{lines.sender.policy_id}"
    template = lines.policy(new, "AWS::IAM::RolePolicy", properties, statement)
    return Repair(json.dumps(statement), call, template)


def of_boundary(role: Role, statement: Statement) -> Repair:
    """Return what adds a statement to the boundary of a role. No template can be named: the boundary is in another."""
    if role.boundary is None or role.boundary_arn is None:
        return Repair(json.dumps(statement))
    document = _with(statement, [role.boundary])
    call = (
        f"iam.create_policy_version(PolicyArn={role.boundary_arn!r}, SetAsDefault=True, "
        f"PolicyDocument={_text(document)})"
    )
    return Repair(json.dumps(statement), call)


def of_trust(role_arn: str, trust: Policy | None, lines: TemplateLines) -> Repair:
    """Return what lets the service of a sender assume a role.

    Args:
        role_arn: The ARN of the role.
        trust: The trust policy of the role; None if there is no such role.
        lines: The lines for a template.
    """
    principal = {"Service": lines.sender.service}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = _with(statement, [] if trust is None else [trust])
    path, _, name = role_arn.partition(":role/")[2].rpartition("/")
    members = {"RoleName": name, **({"Path": f"/{path}/"} if path else {})}
    if trust is None:
        given = ", ".join(f"{member}={value!r}" for member, value in members.items())
        call = f"iam.create_role({given}, AssumeRolePolicyDocument={_text(document)})"
    else:
        call = f"iam.update_assume_role_policy(RoleName={name!r}, PolicyDocument={_text(document)})"
    properties = {**members, "AssumeRolePolicyDocument": document}
    template = lines.policy(f"{_camel(name)}Role", "AWS::IAM::Role", properties, statement)
    return Repair(json.dumps(statement), call, template)


def of_key(key_arn: str, statement: Statement, policy: Policy, lines: TemplateLines) -> Repair:
    """Return what adds a statement to the policy of a key."""
    document = _with(statement, [policy])
    call = f"kms.put_key_policy(KeyId={key_arn!r}, PolicyName='default', Policy={_text(document)})"
    properties = {"KeyPolicy": document}
    return Repair(json.dumps(statement), call, lines.policy("Key", "AWS::KMS::Key", properties, statement))


def _with(statement: Statement, policies: Sequence[Policy]) -> dict[str, Any]:
    """Return the document of a policy with one more statement."""
    policy = policies[0] if policies else None
    version = VERSION if policy is None or policy.version is None else policy.version
    return {"Version": version, "Statement": [*(() if policy is None else policy.statements), statement]}


class _Writing(NamedTuple):
    """What is written into the policy of a resource.

    Attributes:
        arn: The ARN of the target or of the dead-letter queue.
        document: The document of the policy, with the statement that is missing.
        statement: The statement that is missing.
        name: The name of a new policy or statement.
    """

    arn: Arn
    document: Statement
    statement: Statement
    name: str


def _queue(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    from eventmock.target_kinds.sqs_queue import queue_url

    url, document = queue_url(writing.arn), writing.document
    call = f"sqs.set_queue_attributes(QueueUrl={url!r}, Attributes={{'Policy': {_text(document)}}})"
    return call, ("AWS::SQS::QueuePolicy", {"Queues": [url], "PolicyDocument": document})


def _topic(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    arn, document = writing.arn, writing.document
    call = f"sns.set_topic_attributes(TopicArn='{arn}', AttributeName='Policy', AttributeValue={_text(document)})"
    return call, ("AWS::SNS::TopicPolicy", {"Topics": [str(arn)], "PolicyDocument": document})


def _function(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    arn, statement = writing.arn, writing.statement
    principal = statement["Principal"]
    source = statement.get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn")
    base, qualifier = base_of(arn), arn.resource.split(":")[2:]
    properties = {
        "FunctionName": str(arn),
        "Action": statement["Action"],
        "Principal": principal.get("Service") or principal["AWS"],
        **({} if source is None else {"SourceArn": source}),
    }
    members = {"StatementId": writing.name, **properties, "FunctionName": base.rpartition(":")[2]}
    if qualifier:
        members["Qualifier"] = qualifier[0]
    call = f"lambda_.add_permission({', '.join(f'{name}={value!r}' for name, value in members.items())})"
    return call, ("AWS::Lambda::Permission", properties)


def _log_group(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    document = {"Version": VERSION, "Statement": [writing.statement]}
    call = f"logs.put_resource_policy(policyName={writing.name!r}, policyDocument={_text(document)})"
    properties = {"PolicyName": writing.name, "PolicyDocument": json.dumps(document)}
    return call, ("AWS::Logs::ResourcePolicy", properties)


def _stream(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    arn, document = writing.arn, writing.document
    call = f"kinesis.put_resource_policy(ResourceARN='{arn}', Policy={_text(document)})"
    return call, ("AWS::Kinesis::ResourcePolicy", {"ResourceArn": str(arn), "ResourcePolicy": document})


def _api(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    operation = f"{{'op': 'replace', 'path': '/policy', 'value': {_text(writing.document)}}}"
    api = writing.arn.resource.partition("/")[0]
    call = f"apigateway.update_rest_api(restApiId={api!r}, patchOperations=[{operation}])"
    return call, ("AWS::ApiGateway::RestApi", {"Policy": writing.document})


def _bus(writing: _Writing) -> tuple[str, tuple[str, Statement]]:
    name = writing.arn.resource.partition("/")[2]
    call = f"events.put_permission(EventBusName={name!r}, Policy={_text(writing.document)})"
    properties = {"EventBusName": name, "StatementId": writing.name, "Statement": writing.statement}
    return call, ("AWS::Events::EventBusPolicy", properties)


_WRITERS: Final = {
    "events": _bus,
    "execute-api": _api,
    "kinesis": _stream,
    "lambda": _function,
    "logs": _log_group,
    "sns": _topic,
    "sqs": _queue,
}
"""How the policy of a resource is written by a call, and in a template, by the service in the ARN."""


def _text(document: Statement) -> str:
    """Return the expression of Python by which a call gets a document as JSON text."""
    return f"json.dumps({document!r})"


def _one_or_all(actions: Sequence[str]) -> str | list[str]:
    return actions[0] if len(actions) == 1 else list(actions)


def _camel(name: str) -> str:
    return re.sub(r"\W+", " ", name).title().replace(" ", "")
