"""The template to which a permission has to be added that a delivery lacks, among those that are deployed.

It is the template that has the policy, if a second one would replace it; else the template of the rule or schedule; for
a resource of another account or region, the template of the resource. Nothing is looked for until a permission is
missing.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from eventmock.delivery.permissions.given import base_of
from eventmock.delivery.permissions.template_to_change import (
    PolicyInTemplate,
    Reference,
    TemplateToChange,
)
from eventmock.deployment.moto_resources.queues import queues_of
from eventmock.deployment.moto_resources.roles import roles_of
from eventmock.deployment.moto_resources.topics import topics_of
from eventmock.deployment.permissions_of_stacks import queue_arn
from eventmock.deployment.stack import StackKey, Stacks
from eventmock.parts.part import KeptDict
from eventmock.templates.references import References
from eventmock.values.arn import Arn, resource_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventmock.deployment.stack import DeployedStack, StackResource
    from eventmock.state import State
    from eventmock.templates.source import Path

_API: Final = "AWS::ApiGateway::RestApi"
_API_ARN: Final = "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{}}}"


def find_template(state: State, sender: str, arn: str, *, is_trust: bool) -> TemplateToChange | None:
    """Return the template to which a permission has to be added; None if none that is deployed can have it.

    Args:
        state: The state of the mock.
        sender: The ARN of the rule or of the schedule.
        arn: The ARN of the resource, role or key whose policy lacks the permission.
        is_trust: Whether it is the trust policy of a role.
    """
    stacks = _views(state)
    of_sender = next((one for one in stacks if sender in one.logical_ids), None)
    owner = next((one for one in stacks if arn in one.logical_ids), None)
    for view in filter(None, [of_sender, owner, *stacks]):
        policy = view.policy(arn, is_trust=is_trust)
        if policy is not None:
            return view.template(sender, policy)
    home = of_sender if of_sender is not None and of_sender.can_have_policy_of(Arn.of(arn)) else owner
    return None if home is None else home.template(sender, None)


def _views(state: State) -> list[_View]:
    """Return the views of all stacks. A view is kept as long as its stack stays as it is."""
    with state.lock:
        views, stacks = state.settings(_Views), state.settings(Stacks)
        for key, deployed in stacks.items():
            if key not in views or views[key].deployed is not deployed:
                views[key] = _View(deployed, stacks)
        return [views[key] for key in stacks]


class _View:
    """A stack, seen by whoever adds to its template.

    Args:
        deployed: The stack.
        stacks: All stacks, by whose exports the template may name something.
    """

    def __init__(self, deployed: DeployedStack, stacks: Stacks) -> None:
        self.deployed: Final = deployed
        self._stacks: Final = stacks

    def template(self, sender: str, policy: PolicyInTemplate | None) -> TemplateToChange:
        """Return the template, with what has to be known for a policy to be added.

        Args:
            sender: The ARN of the rule or of the schedule.
            policy: The policy that the template has already; None if it has none.
        """
        stack = self.deployed.stack
        return TemplateToChange(
            stack=stack.name,
            account=stack.account,
            region=stack.region,
            is_of_sender=sender in self.logical_ids,
            references=self._references,
            logical_ids=self.logical_ids,
            taken=self._taken,
            origins=self._origins,
            policy=policy,
        )

    def can_have_policy_of(self, arn: Arn) -> bool:
        """Return whether the stack is of the account and region of a resource, which may be of no region."""
        stack = self.deployed.stack
        return stack.account == arn.account and arn.region in ("", stack.region)

    @cached_property
    def logical_ids(self) -> Mapping[str, str]:
        """The logical IDs of resources by ARN, as targets have it. The resource that was made first counts."""
        found: dict[str, str] = {}
        for resource in self.deployed.resources.values():
            found.setdefault(self._arn(resource), resource.logical_id)
        return found

    def _arn(self, resource: StackResource) -> str:
        """Return the ARN of a resource, as a target has it; empty if it has none."""
        if resource.type == _API:
            stack = self.deployed.stack
            return resource_arn("execute-api", stack.region, stack.account, resource.ref)
        arn = Arn.parse(resource.arn)
        if arn is None:
            return ""
        return base_of(arn) if arn.service == "logs" else str(arn)

    @cached_property
    def _references(self) -> Mapping[str, Reference]:
        """How the template writes ARNs and URLs, by the text."""
        found: dict[str, Reference] = {}
        for resource in self.deployed.resources.values():
            for reference, value in self._of_resource(resource):
                found.setdefault(value, reference)
        given = self.deployed.given
        for name, parameter in (self.deployed.template.document.get("Parameters") or {}).items():
            value = given.parameters.get(name, parameter.get("Default"))
            if _is_made(value):
                found.setdefault(value, Reference("Ref", name, name))
        stack = self.deployed.stack
        exports = self._stacks.exports(stack.account, stack.region)
        imported = {name: exports[name][1] for name in self.deployed.imports if name in exports}
        for name, value in {**given.imports, **imported}.items():
            if _is_made(value):
                found.setdefault(value, Reference("ImportValue", name, name))
        return found

    def _of_resource(self, resource: StackResource) -> Iterator[tuple[Reference, str]]:
        """Yield the references to a resource that are ARNs or URLs, each with its value."""
        logical_id, made = resource.logical_id, f"{self.deployed.stack.name}-{resource.logical_id}-"
        values = [("Ref", logical_id, resource.ref)]
        values += [("GetAtt", f"{logical_id}.{name}", one) for name, one in resource.attributes.items()]
        for function, argument, value in values:
            if _is_made(value):
                pattern = value.replace(resource.name, f"${{AWS::StackName}}-{logical_id}-*")
                otherwise = pattern if resource.name.startswith(made) else None
                yield Reference(function, argument, logical_id, otherwise), value
        if resource.type == _API:
            yield (
                Reference("Sub", _API_ARN.format(logical_id), logical_id, "execute-api:"),
                self._arn(resource),
            )

    @cached_property
    def _taken(self) -> frozenset[str]:
        """All logical IDs, also those that the template had before it was expanded, and the names of parameters."""
        template = self.deployed.template
        sections = [
            document.get(section) or {}
            for document in (template.document, template.source.document)
            for section in ("Resources", "Parameters")
        ]
        return frozenset(name for section in sections for name in section)

    @cached_property
    def _origins(self) -> Mapping[str, str]:
        """Where generated resources come from, by logical ID. A resource that has the name of its origin is not one."""
        return {
            name: self._place(("Resources", name))
            for name, path in self.deployed.template.origins.items()
            if path != ("Resources", name)
        }

    def _place(self, path: Path) -> str:
        """Return the file and line of a part; the name of the stack if the template is not of a file."""
        place = self.deployed.template.place(path)
        return f"stack {self.deployed.stack.name}" if place.file is None else str(place)

    def policy(self, arn: str, *, is_trust: bool) -> PolicyInTemplate | None:
        """Return the policy that the template has for a resource, role or key; None if it has none."""
        resource = self._with_policy.get(arn)
        if resource is not None:
            return self._found(resource, (_POLICIES[resource.type][0],))
        role = self.deployed.resources.get(self.logical_ids.get(arn, ""))
        if role is None or role.type != "AWS::IAM::Role":
            return None
        if is_trust:
            return self._found(role, ("AssumeRolePolicyDocument",))
        return self._policy_of_role(role)

    @cached_property
    def _with_policy(self) -> Mapping[str, StackResource]:
        """The resources of the template that have the policy, by the ARN of the resource or key whose it is.

        The one that was deployed last counts.
        """
        found: dict[str, StackResource] = {}
        for resource in self.deployed.resources.values():
            if resource.type in _POLICIES:
                found |= dict.fromkeys(_POLICIES[resource.type][1](self, resource), resource)
        return found

    def _policy_of_role(self, role: StackResource) -> PolicyInTemplate | None:
        """Return an inline policy of a role and no other, unless the transform generated it."""
        for resource in self.deployed.resources.values():
            is_inline = resource.type in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
            if is_inline and roles_of(resource) == [role.name] and resource.logical_id not in self._origins:
                return self._found(resource, ("PolicyDocument",), is_only=False)
        if role.logical_id in self._origins or not role.properties.get("Policies"):
            return None
        return self._found(role, ("Policies", 0, "PolicyDocument"), is_only=False)

    def _found(self, resource: StackResource, path: Path, *, is_only: bool = True) -> PolicyInTemplate:
        """Return a policy that stands at a path in the properties of a resource."""
        has_document = path[0] in resource.properties
        path = (*path, "Statement") if has_document else ()
        part = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
        return PolicyInTemplate(
            logical_id=resource.logical_id,
            part=part.removeprefix(".") or "Properties",
            place=self._place(("Resources", resource.logical_id, "Properties", *path)),
            is_only=is_only,
            has_document=has_document,
            dependents=self._dependents(resource.logical_id),
        )

    def _dependents(self, logical_id: str) -> frozenset[str]:
        """Return a resource and all that depend on it, directly or not."""
        found, added = {logical_id}, {logical_id}
        while added:
            added = {user for one in added for user in self._users[one]} - found
            found |= added
        return frozenset(found)

    @cached_property
    def _users(self) -> Mapping[str, set[str]]:
        """The logical IDs of the resources that refer to a resource, in any branch of ``Fn::If``."""
        references = References(lambda _condition, _path: True)
        users: defaultdict[str, set[str]] = defaultdict(set)
        for name, declared in self.deployed.template.resources.items():
            named = {one.name for one in references.of(declared.properties, (), taken=True)}
            for needed in named.union(declared.depends_on):
                users[needed].add(name)
        return users

    def own(self, resource: StackResource) -> list[str]:
        """Return the ARN of a resource that has its policy as a property."""
        return [self._arn(resource)]

    def of_queues(self, resource: StackResource) -> list[str]:
        """Return the ARNs of the queues of a policy."""
        place = self.deployed.stack.account, self.deployed.stack.region
        return [queue_arn(url, place) for url in queues_of(resource)]

    def of_topics(self, resource: StackResource) -> list[str]:
        """Return the ARNs of the topics of a policy."""
        return topics_of(resource)

    def of_stream(self, resource: StackResource) -> list[str]:
        """Return the ARN of the stream of a policy."""
        return [str(resource.properties.get("ResourceArn"))]


class _Views(KeptDict[StackKey, _View]):
    """The views of stacks, by account, region and name."""


def _is_made(value: object) -> bool:
    """Return whether a value is one that a template should not have as a text: an ARN or a URL."""
    return isinstance(value, str) and value.startswith(("arn:", "https:"))


_POLICIES: Final[Mapping[str, tuple[str, Callable[[_View, StackResource], list[str]]]]] = {
    _API: ("Policy", _View.own),
    "AWS::KMS::Key": ("KeyPolicy", _View.own),
    "AWS::Kinesis::ResourcePolicy": ("ResourcePolicy", _View.of_stream),
    "AWS::SNS::TopicInlinePolicy": ("PolicyDocument", _View.of_topics),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", _View.of_topics),
    "AWS::SQS::QueueInlinePolicy": ("PolicyDocument", _View.of_queues),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", _View.of_queues),
}
"""The property that has the policy, and the ARNs of the resources whose policy it is, by the type.

Each of these resources has one policy only.
"""
