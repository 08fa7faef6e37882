"""What is known of roles, of the policies of resources, and of keys.

What the test gives counts first, then what the templates have that were deployed, then what moto has.

moto enforces nothing of it, but keeps it. Observed in moto 5.2: a log group's own policies are not shown; policies
that AWS manages exist only if moto is set up to load them; a key is found by its alias, its policy by its ARN only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery import moto
from eventmock.delivery.moto import NoSuchResource, NotThere
from eventmock.delivery.permissions.given import Key, NotAttached, Policies, Resource, Role, base_of
from eventmock.delivery.permissions.of_templates import OfTemplates
from eventmock.delivery.permissions.template_lines import TemplateLines
from eventmock.policies import Policy
from eventmock.target_kinds import ApiCall
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventmock.delivery.permissions.senders import Sender
    from eventmock.state import State

_AWS_MANAGED: Final = "alias/aws/"


class Unknown(Exception):  # noqa: N818 - it says what happened
    """Nothing is known of a role, resource or key; the text says of which."""


class Missing(Exception):  # noqa: N818 - it says what happened
    """A role, resource or key does not exist."""


class Facts:
    """What is known in a mock.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def _given(self) -> Policies:
        return self._state.settings(Policies)

    @property
    def _of_templates(self) -> OfTemplates:
        return self._state.settings(OfTemplates)

    def resource(self, arn: Arn) -> Resource:
        """Return a resource of a kind that may have a policy of its own.

        Raises:
            Unknown: Nothing is known of the resource.
            Missing: The resource does not exist.
        """
        given = self._given.find_resource(arn) or self._of_templates.find_resource(arn)
        found = given
        if given is None or arn.service == "logs":
            found = self._of_services(arn, given)
        if found is None:
            raise Unknown(f"the policy of {base_of(arn)}")
        if arn.service == "logs":
            found = found._replace(policies=found.policies + self._of_templates.log_policies(arn))
        return _spelled_out(found, arn) if arn.service == "execute-api" else found

    def role(self, text: str) -> Role:
        """Return a role.

        Raises:
            Unknown: Nothing is known of the role.
            Missing: The role does not exist.
        """
        given, arn = self._given.find_role(text), Arn.parse(text)
        if given is not None:
            return given
        of_template = self._of_templates.roles.get(text)
        if of_template is not None and arn is not None:
            return self._read_further(of_template, arn)
        if arn is None or not moto.is_active():
            raise Unknown(f"role {text}")
        name = arn.resource.rpartition("/")[2]
        try:
            found = self._state.moto.role(name, arn.account, self._state.default_region)
        except NotThere:
            raise Unknown(f"role {text}") from None
        if found is None or found["Arn"] != text:
            raise Missing(text)
        unreadable = list(self._state.settings(NotAttached).get(text, ()))
        policies = [*self._inline(name, arn), *self._attached(name, arn, unreadable)]
        boundary_arn = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        boundary = None if boundary_arn is None else self._managed(boundary_arn, arn, unreadable)
        return Role(
            Policy(f"the trust policy of {text}", found["AssumeRolePolicyDocument"], "trust"),
            tuple(policies),
            boundary,
            boundary_arn,
            tuple(unreadable),
        )

    def key(self, text: str, arn: Arn) -> Key:
        """Return a key of KMS.

        Args:
            text: The ARN, alias or id of the key.
            arn: The ARN of the resource that is encrypted by the key.

        Raises:
            Unknown: Nothing is known of the key.
            Missing: The key does not exist.
        """
        given = self._given.find_key(text)
        if given is not None:
            return given
        if text.rpartition(":")[2].startswith(_AWS_MANAGED):
            return Key(text, None)
        of_template = self._of_templates.find_key(text, arn)
        if of_template is not None:
            return self._given.find_key(of_template.arn) or of_template
        answer = self.find(arn, "kms", "DescribeKey", KeyId=text)
        if answer is None:
            raise Unknown(f"key {text}")
        found = answer["KeyMetadata"]
        known = self._given.find_key(found["Arn"])
        if known is not None:
            return known
        if found.get("KeyManager") == "AWS":
            return Key(found["Arn"], None, found["KeyState"])
        policy = self.ask(arn, "kms", "GetKeyPolicy", KeyId=found["Arn"], PolicyName="default") or {}
        name = f"the policy of {found['Arn']}"
        return Key(found["Arn"], Policy(name, policy.get("Policy") or {}), found["KeyState"])

    def task(self, definition: str, arn: Arn) -> tuple[str, list[str]]:
        """Return the ARN of a task definition of ECS, with its revision, and the ARNs of the roles that it names.

        Args:
            definition: The ARN, which may lack the revision.
            arn: The ARN of the cluster.

        Raises:
            Unknown: Nothing is known of the task definition.
        """
        task = self._of_templates.find_task(definition)
        if task is not None:
            return task.arn, list(task.roles)
        answer = self.ask(arn, "ecs", "DescribeTaskDefinition", taskDefinition=definition)
        if answer is None:
            raise Unknown(f"the roles of {definition}")
        found = answer["taskDefinition"]
        roles = [found.get(name) for name in ("executionRoleArn", "taskRoleArn")]
        return found["taskDefinitionArn"], [role for role in roles if role]

    def lines(self, sender: Sender, arn: str, *, is_trust: bool = False) -> TemplateLines:
        """Return the lines by which a template gets a permission.

        Args:
            sender: The rule or the schedule.
            arn: The ARN of the resource, role or key whose policy lacks the permission.
            is_trust: Whether it is the trust policy of a role.
        """
        template = self._of_templates.find_template(str(sender.arn), arn, is_trust=is_trust)
        return TemplateLines(sender, arn, template)

    def _of_services(self, arn: Arn, given: Resource | None) -> Resource | None:
        """Return a resource as moto, or this mock itself, has it; None if nothing is known of it."""
        if arn.service == "events":
            return self._state.receivers.resource_of("event bus", arn)
        look_up = _LOOK_UPS.get(arn.service)
        found = None if look_up is None else look_up(self, arn)
        if found is None or given is None:
            return found or given
        return given._replace(policies=given.policies + found.policies)

    def _read_further(self, role: Role, arn: Arn) -> Role:
        """Return a role of a template, with those managed policies that moto has and the template has not."""
        unreadable: list[str] = []
        found = {one: self._managed(one, arn, unreadable) for one in role.unreadable}
        boundary = role.boundary
        if boundary is None and role.boundary_arn is not None:
            boundary = found.pop(role.boundary_arn, None)
        policies = (*role.policies, *(one for one in found.values() if one is not None))
        return role._replace(policies=policies, boundary=boundary, unreadable=tuple(unreadable))

    def _inline(self, name: str, arn: Arn) -> Iterator[Policy]:
        for policy in self._iam(arn, "ListRolePolicies", RoleName=name)["PolicyNames"]:
            found = self._iam(arn, "GetRolePolicy", RoleName=name, PolicyName=policy)
            yield Policy(f"policy {policy!r} of {arn}", found["PolicyDocument"], "identity")

    def _attached(self, name: str, arn: Arn, unreadable: list[str]) -> Iterator[Policy]:
        for attached in self._iam(arn, "ListAttachedRolePolicies", RoleName=name)["AttachedPolicies"]:
            policy = self._managed(attached["PolicyArn"], arn, unreadable)
            if policy is not None:
                yield policy

    def _managed(self, policy_arn: str, role: Arn, unreadable: list[str]) -> Policy | None:
        """Return a policy with an ARN of its own; None, and the ARN is added to a list, if it cannot be read."""
        version = self._iam(role, "GetPolicy", PolicyArn=policy_arn).get("Policy", {}).get("DefaultVersionId")
        if version is None:
            unreadable.append(policy_arn)
            return None
        found = self._iam(role, "GetPolicyVersion", PolicyArn=policy_arn, VersionId=version)
        return Policy(policy_arn, found["PolicyVersion"]["Document"], "identity")

    def _iam(self, arn: Arn, operation: str, **parameters: str) -> Mapping[str, Any]:
        """Return moto's answer to a call of IAM; empty if it answers with an error."""
        place = arn._replace(region=self._state.default_region)
        return self.ask(place, "iam", operation, **parameters) or {}

    def ask(self, arn: Arn, service: str, operation: str, **parameters: Any) -> Mapping[str, Any] | None:
        """Return moto's answer to a call in the region and account of an ARN; None if it answers with any error."""
        return self._state.moto.ask(_call(arn, service, operation, parameters))

    def find(self, arn: Arn, service: str, operation: str, **parameters: Any) -> Mapping[str, Any] | None:
        """Return moto's answer to a call in the region and account of an ARN; None if moto does not answer it.

        Raises:
            Missing: moto has no such resource.
        """
        try:
            return self._state.moto.find(_call(arn, service, operation, parameters))
        except NoSuchResource as error:
            raise Missing(str(error)) from None


def _call(arn: Arn, service: str, operation: str, parameters: Mapping[str, Any]) -> ApiCall:
    """Return a call in the region and account of an ARN."""
    return ApiCall(
        service=service, operation=operation, parameters=parameters, region=arn.region, account=arn.account
    )


def _spelled_out(resource: Resource, arn: Arn) -> Resource:
    """Return an API whose policies have whole ARNs in place of such as ``execute-api:/stage/GET/path`` (documented)."""
    short, whole = '"execute-api:/', f'"{base_of(arn)}/'
    return resource._replace(
        policies=tuple(
            Policy(
                policy.name,
                json.dumps({"Version": policy.version, "Statement": policy.statements}, default=repr).replace(
                    short, whole
                ),
            )
            for policy in resource.policies
        )
    )


def _policies(arn: Arn, *documents: object) -> tuple[Policy, ...]:
    """Return the policies of a resource, without those that are empty."""
    return tuple(Policy(f"the policy of {base_of(arn)}", one) for one in documents if one and one != "{}")


def _queue(facts: Facts, arn: Arn) -> Resource | None:
    from eventmock.target_kinds.sqs_queue import queue_url

    answer = facts.find(arn, "sqs", "GetQueueAttributes", QueueUrl=queue_url(arn), AttributeNames=["All"])
    if answer is None:
        return None
    found = answer.get("Attributes", {})
    return Resource(_policies(arn, found.get("Policy")), found.get("KmsMasterKeyId") or None)


def _topic(facts: Facts, arn: Arn) -> Resource | None:
    answer = facts.find(arn, "sns", "GetTopicAttributes", TopicArn=str(arn))
    if answer is None:
        return None
    found = answer["Attributes"]
    return Resource(_policies(arn, found.get("Policy")), found.get("KmsMasterKeyId") or None)


def _function(facts: Facts, arn: Arn) -> Resource | None:
    """Return a function. moto keeps the statements for versions and aliases in the function's one policy.

    It keeps a principal that is a role or the id of an account as it was given; AWS makes an object of it (documented).
    """
    name = base_of(arn)
    if facts.find(arn, "lambda", "GetFunctionConfiguration", FunctionName=name) is None:
        return None
    answer = facts.ask(arn, "lambda", "GetPolicy", FunctionName=name)
    if answer is None:
        return Resource()
    document = json.loads(answer["Policy"])
    for statement in document["Statement"]:
        if isinstance(statement["Principal"], str) and statement["Principal"] != "*":
            statement["Principal"] = {"AWS": statement["Principal"]}
    return Resource(_policies(arn, document))


def _log_group(facts: Facts, arn: Arn) -> Resource | None:
    answer = facts.ask(arn, "logs", "DescribeResourcePolicies")
    if answer is None:
        return None
    return Resource(
        tuple(
            Policy(f"resource policy {one['policyName']!r} of CloudWatch Logs", one["policyDocument"])
            for one in answer["resourcePolicies"]
        )
    )


def _stream(facts: Facts, arn: Arn) -> Resource | None:
    name = arn.resource.rpartition("/")[2]
    answer = facts.find(arn, "kinesis", "DescribeStreamSummary", StreamName=name)
    if answer is None:
        return None
    policy = facts.ask(arn, "kinesis", "GetResourcePolicy", ResourceARN=str(arn)) or {}
    found = answer["StreamDescriptionSummary"]
    key = found.get("KeyId") if found.get("EncryptionType") == "KMS" else None
    return Resource(_policies(arn, policy.get("Policy")), key or None)


def _api(facts: Facts, arn: Arn) -> Resource | None:
    """Return an API. Without a policy everybody may call it, unless it wants a signature, which is not looked at."""
    answer = facts.find(arn, "apigateway", "GetRestApi", restApiId=arn.resource.partition("/")[0])
    if answer is None:
        return None
    return Resource(_policies(arn, answer.get("policy")), is_open=True)


_LOOK_UPS: Final[dict[str, Callable[[Facts, Arn], Resource | None]]] = {
    "sqs": _queue,
    "sns": _topic,
    "lambda": _function,
    "logs": _log_group,
    "kinesis": _stream,
    "execute-api": _api,
}
"""How moto is asked for a resource, by the service in its ARN."""
