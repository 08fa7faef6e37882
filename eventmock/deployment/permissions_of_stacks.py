"""What the resources of stacks say about the permissions to deliver.

What templates say of a queue, topic, function, log group, stream or API is believed to be all that is known of it: if
no template has a policy for it, it has none.

Inferred: a queue or topic has one policy, so the one that was deployed last counts. A policy or permission for a
resource that no template has counts as all of its policy.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from eventmock.delivery.permissions.given import Key, Resource, Role, base_of
from eventmock.delivery.permissions.of_templates import Permissions, Task
from eventmock.deployment.moto_resources.functions import FunctionName
from eventmock.deployment.moto_resources.keys import default_policy as policy_of_key
from eventmock.deployment.moto_resources.queues import queues_of
from eventmock.deployment.moto_resources.roles import inline_name, roles_of
from eventmock.deployment.moto_resources.shapes import is_true
from eventmock.deployment.moto_resources.topics import default_policy as policy_of_topic, topics_of
from eventmock.policies import Policy
from eventmock.values.arn import Arn, is_account_id, resource_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from eventmock.deployment.stack import StackResource

    Place = tuple[str, str]


def read(resources: Iterable[tuple[Place, StackResource]]) -> Permissions:
    """Return what resources say about permissions.

    Args:
        resources: The resources in the order in which they were deployed, each with the account and region of its
            stack. Those of other types say nothing.

    Raises:
        PolicyNotUnderstood: A policy is neither an object nor the JSON text of one.
    """
    reading = _Reading()
    for place, resource in sorted(resources, key=lambda item: item[1].type not in _FIRST):
        reader = _READERS.get(resource.type)
        if reader is not None:
            reader(reading, resource, place)
    return reading.permissions()


class _Reading:
    """The permissions that the resources say which were read so far."""

    def __init__(self) -> None:
        self._resources: dict[str, Resource] = {}
        self._statements: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._roles: dict[str, Role] = {}
        self._keys: dict[str, Key] = {}
        self._aliases: dict[str, str] = {}
        self._of_logs: defaultdict[Place, list[Policy]] = defaultdict(list)
        self._tasks: list[Task] = []
        self._managed: dict[str, Policy] = {}

    def permissions(self) -> Permissions:
        """Return what was read."""
        resources = dict(self._resources)
        for arn, statements in self._statements.items():
            document = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
            resources[arn] = Resource((_policy(arn, document),))
        return Permissions(
            resources,
            {arn: self._read_managed(role) for arn, role in self._roles.items()},
            self._keys,
            self._aliases,
            {place: tuple(policies) for place, policies in self._of_logs.items()},
            tuple(self._tasks),
        )

    def _read_managed(self, role: Role) -> Role:
        """Return a role with those managed policies that templates have."""
        boundary = self._managed.get(role.boundary_arn or "")
        unreadable = [arn for arn in dict.fromkeys(role.unreadable) if arn not in self._managed]
        if role.boundary_arn is not None and boundary is None:
            unreadable.append(role.boundary_arn)
        found = [self._managed[arn] for arn in dict.fromkeys(role.unreadable) if arn in self._managed]
        return role._replace(
            policies=(*role.policies, *found), boundary=boundary, unreadable=tuple(unreadable)
        )

    def queue(self, resource: StackResource, _place: Place) -> None:
        """Read a queue."""
        self._resources[str(resource.arn)] = Resource((), resource.properties.get("KmsMasterKeyId") or None)

    def topic(self, resource: StackResource, _place: Place) -> None:
        """Read a topic."""
        arn = resource.arn or resource.ref
        policy = _policy(arn, policy_of_topic(arn))
        self._resources[arn] = Resource((policy,), resource.properties.get("KmsMasterKeyId") or None)

    def function(self, resource: StackResource, _place: Place) -> None:
        """Read a function."""
        self._resources[str(resource.arn)] = Resource()

    def log_group(self, resource: StackResource, _place: Place) -> None:
        """Read a log group, which may have a policy of its own."""
        arn = base_of(Arn.of(str(resource.arn)))
        document = resource.properties.get("ResourcePolicyDocument")
        self._resources[arn] = Resource(() if document is None else (_policy(arn, document),))

    def stream(self, resource: StackResource, _place: Place) -> None:
        """Read a stream."""
        encryption = resource.properties.get("StreamEncryption") or {}
        self._resources[str(resource.arn)] = Resource((), encryption.get("KeyId"))

    def api(self, resource: StackResource, place: Place) -> None:
        """Read a REST API. Without a policy everybody may call it."""
        account, region = place
        arn = resource_arn("execute-api", region, account, resource.ref)
        document = resource.properties.get("Policy")
        policies = () if document is None else (_policy(arn, document),)
        self._resources[arn] = Resource(policies, is_open=True)

    def role(self, resource: StackResource, _place: Place) -> None:
        """Read a role. Its managed policies count as unreadable until all templates were read."""
        properties, arn = resource.properties, str(resource.arn)
        boundary = properties.get("PermissionsBoundary")
        self._roles[arn] = Role(
            Policy(f"the trust policy of {arn}", properties.get("AssumeRolePolicyDocument"), "trust"),
            tuple(
                _inline(one.get("PolicyName"), arn, one.get("PolicyDocument"))
                for one in properties.get("Policies") or []
            ),
            boundary_arn=boundary,
            unreadable=tuple(properties.get("ManagedPolicyArns") or []),
        )

    def inline_policy(self, resource: StackResource, place: Place) -> None:
        """Read an inline policy of roles."""
        for arn in self._roles_named(roles_of(resource), place):
            policy = _inline(inline_name(resource), arn, resource.properties.get("PolicyDocument"))
            role = self._roles[arn]
            self._roles[arn] = role._replace(policies=(*role.policies, policy))

    def managed_policy(self, resource: StackResource, place: Place) -> None:
        """Read a managed policy, and the roles to which it is attached."""
        policy_arn = resource.arn or resource.ref
        document = resource.properties.get("PolicyDocument")
        self._managed[policy_arn] = Policy(policy_arn, document, "identity")
        for arn in self._roles_named(roles_of(resource), place):
            role = self._roles[arn]
            self._roles[arn] = role._replace(unreadable=(*role.unreadable, policy_arn))

    def _roles_named(self, names: list[str], place: Place) -> Iterator[str]:
        """Yield the ARNs of the roles of an account that have certain names."""
        for text in list(self._roles):
            arn = Arn.of(text)
            if arn.account == place[0] and arn.resource.rpartition("/")[2] in names:
                yield text

    def key(self, resource: StackResource, _place: Place) -> None:
        """Read a key of KMS."""
        arn, properties = str(resource.arn), resource.properties
        policy = Policy(f"the policy of {arn}", properties.get("KeyPolicy") or policy_of_key(resource))
        is_enabled = is_true(properties.get("Enabled", True))
        self._keys[arn] = Key(arn, policy, "Enabled" if is_enabled else "Disabled")

    def alias(self, resource: StackResource, place: Place) -> None:
        """Read an alias of a key."""
        account, region = place
        key = str(resource.properties.get("TargetKeyId"))
        arn = key if key.startswith("arn:") else resource_arn("kms", region, account, f"key/{key}")
        name = resource.properties.get("AliasName") or resource.name
        self._aliases[resource_arn("kms", region, account, name)] = arn

    def policy_of_queues(self, resource: StackResource, place: Place) -> None:
        """Read the policy of queues."""
        for url in queues_of(resource):
            self._replace_policy(queue_arn(url, place), resource.properties.get("PolicyDocument"))

    def policy_of_topics(self, resource: StackResource, _place: Place) -> None:
        """Read the policy of topics."""
        for arn in topics_of(resource):
            self._replace_policy(arn, resource.properties.get("PolicyDocument"))

    def policy_of_stream(self, resource: StackResource, _place: Place) -> None:
        """Read the policy of a stream."""
        arn = str(resource.properties.get("ResourceArn"))
        self._replace_policy(arn, resource.properties.get("ResourcePolicy"))

    def _replace_policy(self, arn: str, document: object) -> None:
        known = self._resources.get(arn, Resource())
        self._resources[arn] = known._replace(policies=(_policy(arn, document),))

    def policy_of_logs(self, resource: StackResource, place: Place) -> None:
        """Read a resource policy of CloudWatch Logs."""
        name = f"resource policy {inline_name(resource)!r} of CloudWatch Logs"
        self._of_logs[place].append(Policy(name, resource.properties.get("PolicyDocument")))

    def permission(self, resource: StackResource, place: Place) -> None:
        """Read a permission of a function. A token of the event's source is for Alexa only."""
        properties: Mapping[str, Any] = resource.properties
        if properties.get("EventSourceToken"):
            return
        given = properties.get("FunctionName")
        function = FunctionName.of(given)
        arn = Arn.parse(given)
        account, region = place if arn is None else (arn.account, arn.region)
        base = resource_arn("lambda", region, account, f"function:{function.name}")
        condition: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for name, operator, key in _CONDITIONS:
            if properties.get(name) is not None:
                condition[operator][key] = properties[name]
        self._statements[base].append(
            {
                "Sid": resource.name,
                "Effect": "Allow",
                "Principal": _principal(str(properties.get("Principal"))),
                "Action": properties.get("Action"),
                "Resource": base if function.qualifier is None else f"{base}:{function.qualifier}",
                **({"Condition": condition} if condition else {}),
            }
        )

    def task(self, resource: StackResource, _place: Place) -> None:
        """Read a task definition of ECS."""
        roles = [resource.properties.get(name) for name in ("ExecutionRoleArn", "TaskRoleArn")]
        self._tasks.append(Task(resource.arn or resource.ref, tuple(role for role in roles if role)))


_CONDITIONS: Final = (
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
)
"""The conditions of a permission, by property."""

_READERS: Final[dict[str, Callable[[_Reading, StackResource, Place], None]]] = {
    "AWS::ApiGateway::RestApi": _Reading.api,
    "AWS::ECS::TaskDefinition": _Reading.task,
    "AWS::IAM::ManagedPolicy": _Reading.managed_policy,
    "AWS::IAM::Policy": _Reading.inline_policy,
    "AWS::IAM::Role": _Reading.role,
    "AWS::IAM::RolePolicy": _Reading.inline_policy,
    "AWS::KMS::Alias": _Reading.alias,
    "AWS::KMS::Key": _Reading.key,
    "AWS::Kinesis::ResourcePolicy": _Reading.policy_of_stream,
    "AWS::Kinesis::Stream": _Reading.stream,
    "AWS::Lambda::Function": _Reading.function,
    "AWS::Lambda::Permission": _Reading.permission,
    "AWS::Logs::LogGroup": _Reading.log_group,
    "AWS::Logs::ResourcePolicy": _Reading.policy_of_logs,
    "AWS::SNS::Topic": _Reading.topic,
    "AWS::SNS::TopicInlinePolicy": _Reading.policy_of_topics,
    "AWS::SNS::TopicPolicy": _Reading.policy_of_topics,
    "AWS::SQS::Queue": _Reading.queue,
    "AWS::SQS::QueueInlinePolicy": _Reading.policy_of_queues,
    "AWS::SQS::QueuePolicy": _Reading.policy_of_queues,
}
_FIRST: Final = {"AWS::IAM::Role", "AWS::Kinesis::Stream", "AWS::SNS::Topic", "AWS::SQS::Queue"}
"""The types that are read first, because others add to them."""


def _policy(arn: str, document: object) -> Policy:
    return Policy(f"the policy of {arn}", document)


def _inline(name: object, arn: str, document: object) -> Policy:
    return Policy(f"policy {name!r} of {arn}", document, "identity")


def queue_arn(url: str, place: Place) -> str:
    """Return the ARN of a queue for its URL."""
    account, region = place
    parts = urlsplit(url)
    owner, _, name = parts.path.strip("/").partition("/")
    host = (parts.hostname or "").split(".")
    return resource_arn(
        "sqs", host[1] if host[0] == "sqs" and len(host) > 3 else region, owner or account, name
    )


def _principal(text: str) -> str | dict[str, str]:
    """Return the principal of a statement for that of a permission."""
    if text == "*":
        return text
    if is_account_id(text):
        return {"AWS": f"arn:aws:iam::{text}:root"}
    return {"AWS": text} if text.startswith("arn:") else {"Service": text}
