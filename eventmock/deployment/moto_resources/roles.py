"""Roles of IAM and their policies: inline, managed, attached; and the boundaries of roles.

A managed policy that moto does not have, such as most of those that AWS manages, is not attached. That it belongs to
the role is kept beside moto, so that nothing is refused that it may allow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.moto import NotThere
from eventmock.delivery.permissions.given import NotAttached
from eventmock.deployment.moto_resources.resource_type import ResourceType
from eventmock.deployment.moto_resources.shapes import as_text

if TYPE_CHECKING:
    from eventmock.deployment.stack import StackResource

_MOST_VERSIONS: Final = 5
_VERSION: Final = "2012-10-17"
"""The version of policies that moto takes. AWS takes those of the older one too, which is the default."""


class Role(ResourceType):
    """A role."""

    service, maker, remover, name = "iam", "CreateRole", "DeleteRole", "RoleName"
    changer = "UpdateRole"
    apart = frozenset({"ManagedPolicyArns", "Policies"})

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:
        """Return a role with its ARN and id."""
        role = answer["Role"]
        attributes = {**resource.attributes, "Arn": role["Arn"], "RoleId": role["RoleId"]}
        return resource._replace(arn=role["Arn"], attributes=attributes)

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters. UpdateRole has only some of them; `settle` changes the others."""
        parameters = super().fit(resource, self.maker)
        if operation == self.maker:
            return parameters
        return {
            name: one for name, one in parameters.items() if name in ("Description", "MaxSessionDuration")
        }

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Set the policies of the role; of a changed role also the trust policy and the boundary."""
        had: Mapping[str, Any] = {} if old is None else old.properties
        if old is not None:
            self._change_trust_and_boundary(resource, had)
        self._set_inline(resource, had)
        self._attach(resource, had)

    def _change_trust_and_boundary(self, resource: StackResource, had: Mapping[str, Any]) -> None:
        properties, key = resource.properties, self.key(resource)
        trust = properties.get("AssumeRolePolicyDocument")
        if trust != had.get("AssumeRolePolicyDocument"):
            document = {"PolicyDocument": _text(trust)}
            self.calls.set(resource, "iam", "UpdateAssumeRolePolicy", key | document)
        boundary = properties.get("PermissionsBoundary")
        if boundary == had.get("PermissionsBoundary"):
            return
        if boundary:
            operation, parameters = "PutRolePermissionsBoundary", key | {"PermissionsBoundary": boundary}
            self.calls.set(resource, "iam", operation, parameters)
        else:
            self.calls.remove("iam", "DeleteRolePermissionsBoundary", key)

    def _set_inline(self, resource: StackResource, had: Mapping[str, Any]) -> None:
        inline, before = _by_name(resource.properties), _by_name(had)
        for name in before.keys() - inline.keys():
            self.calls.remove("iam", "DeleteRolePolicy", self.key(resource) | {"PolicyName": name})
        for name, document in inline.items():
            if document != before.get(name):
                parameters = {"PolicyName": name, "PolicyDocument": _text(document)}
                self.calls.set(resource, "iam", "PutRolePolicy", self.key(resource) | parameters)

    def _attach(self, resource: StackResource, had: Mapping[str, Any]) -> None:
        wanted = resource.properties.get("ManagedPolicyArns") or []
        before = had.get("ManagedPolicyArns") or []
        for arn in before:
            if arn not in wanted:
                self.calls.remove("iam", "DetachRolePolicy", self.key(resource) | {"PolicyArn": arn})
        missing = []
        for arn in dict.fromkeys(wanted):
            if arn in before and arn not in self._not_attached.get(str(resource.arn), ()):
                continue
            try:
                self.calls.do("iam", "AttachRolePolicy", self.key(resource) | {"PolicyArn": arn})
            except NotThere:
                missing.append(arn)
                self.calls.note(resource, f"{arn} was not attached: moto does not have it")
        self._keep(resource, missing)

    def _keep(self, resource: StackResource, missing: list[str]) -> None:
        """Keep beside moto which managed policies of a role it does not have."""
        with self.calls.state.lock:
            self._not_attached.pop(str(resource.arn), None)
            if missing:
                self._not_attached[str(resource.arn)] = tuple(missing)

    @property
    def _not_attached(self) -> NotAttached:
        return self.calls.state.settings(NotAttached)

    def remove(self, resource: StackResource) -> None:
        """Delete the role, with all its policies."""
        key = self.key(resource)
        for name in (self.calls.ask("iam", "ListRolePolicies", key) or {}).get("PolicyNames", ()):
            self.calls.remove("iam", "DeleteRolePolicy", key | {"PolicyName": name})
        attached = self.calls.ask("iam", "ListAttachedRolePolicies", key) or {}
        for one in attached.get("AttachedPolicies", ()):
            self.calls.remove("iam", "DetachRolePolicy", key | {"PolicyArn": one["PolicyArn"]})
        super().remove(resource)
        self._keep(resource, [])


class InlinePolicy(ResourceType):
    """An inline policy of one or several roles: AWS::IAM::Policy and AWS::IAM::RolePolicy."""

    service = "iam"

    def make(self, resource: StackResource) -> StackResource:
        """Put the policy into each role."""
        document = {"PolicyDocument": _text(resource.properties.get("PolicyDocument", ""))}
        for role in roles_of(resource):
            parameters = {"RoleName": role, "PolicyName": inline_name(resource), **document}
            self.calls.set(resource, "iam", "PutRolePolicy", parameters)
        for name in ("Groups", "Users"):
            if resource.properties.get(name):
                self.calls.leave_out(resource, name)
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Put the policy into each role, and delete it from roles that it is not for any more."""
        if inline_name(old) != inline_name(new):
            self.remove(old)
        else:
            self._remove(old, [role for role in roles_of(old) if role not in roles_of(new)])
        return self.make(new)

    def remove(self, resource: StackResource) -> None:
        """Delete the policy from each role."""
        self._remove(resource, roles_of(resource))

    def _remove(self, resource: StackResource, roles: list[str]) -> None:
        for role in roles:
            parameters = {"RoleName": role, "PolicyName": inline_name(resource)}
            self.calls.remove("iam", "DeleteRolePolicy", parameters)


class ManagedPolicy(ResourceType):
    """A managed policy of the account. Its ``Ref`` is the ARN."""

    service, maker, remover, name = "iam", "CreatePolicy", "DeletePolicy", "PolicyName"
    apart = frozenset({"Groups", "ManagedPolicyName", "Roles", "Users"})

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters."""
        parameters = super().fit(resource, operation)
        return {**parameters, "PolicyDocument": _text(resource.properties.get("PolicyDocument", ""))}

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:
        """Return a policy with its ARN."""
        arn = answer["Policy"]["Arn"]
        attributes = {**resource.attributes, "PolicyArn": arn}
        return resource._replace(ref=arn, arn=arn, attributes=attributes)

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Make the document the default version of the policy; the oldest version goes if there are five."""
        same = new._replace(ref=old.ref, arn=old.arn, attributes={**new.attributes, **old.attributes})
        document = new.properties.get("PolicyDocument")
        if document != old.properties.get("PolicyDocument"):
            versions = (self.calls.ask("iam", "ListPolicyVersions", self.key(old)) or {}).get("Versions", [])
            others = [one["VersionId"] for one in versions if not one["IsDefaultVersion"]]
            if len(versions) >= _MOST_VERSIONS:
                oldest = min(others, key=lambda version: int(version[1:]))
                self.calls.remove("iam", "DeletePolicyVersion", self.key(old) | {"VersionId": oldest})
            parameters = {"PolicyDocument": _text(document), "SetAsDefault": True}
            self.calls.do("iam", "CreatePolicyVersion", self.key(old) | parameters)
        self.settle(same, old)
        return same

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Attach the policy to each role, and detach it from roles that it is not for any more."""
        roles, had = roles_of(resource), [] if old is None else roles_of(old)
        for role in had:
            if role not in roles:
                self.calls.remove("iam", "DetachRolePolicy", {"RoleName": role, **self.key(resource)})
        for role in roles:
            if role not in had:
                parameters = {"RoleName": role, **self.key(resource)}
                self.calls.set(resource, "iam", "AttachRolePolicy", parameters)
        for name in ("Groups", "Users"):
            if resource.properties.get(name):
                self.calls.leave_out(resource, name)

    def remove(self, resource: StackResource) -> None:
        """Detach the policy from all roles, and delete it with all its versions."""
        key = self.key(resource)
        attached = self.calls.ask("iam", "ListEntitiesForPolicy", key) or {}
        for role in attached.get("PolicyRoles", ()):
            self.calls.remove("iam", "DetachRolePolicy", key | {"RoleName": role["RoleName"]})
        for version in (self.calls.ask("iam", "ListPolicyVersions", key) or {}).get("Versions", ()):
            if not version["IsDefaultVersion"]:
                parameters = key | {"VersionId": version["VersionId"]}
                self.calls.remove("iam", "DeletePolicyVersion", parameters)
        super().remove(resource)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the ARN of a policy."""
        return {"PolicyArn": resource.arn or resource.ref}


def roles_of(resource: StackResource) -> list[str]:
    """Return the names of the roles of a policy."""
    roles = resource.properties.get("Roles") or resource.properties.get("RoleName") or []
    return [roles] if isinstance(roles, str) else list(roles)


def inline_name(resource: StackResource) -> str:
    """Return the name of an inline policy."""
    return str(resource.properties.get("PolicyName") or resource.name)


def _text(document: Any) -> str:
    """Return the JSON text of a policy, in the version that moto takes."""
    try:
        read = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return as_text(document)
    is_old = isinstance(read, Mapping) and read.get("Version", "2008-10-17") != _VERSION
    return as_text({**read, "Version": _VERSION} if is_old else document)


def _by_name(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the documents of the inline policies of a role by name."""
    return {one.get("PolicyName"): one.get("PolicyDocument") for one in properties.get("Policies") or []}
