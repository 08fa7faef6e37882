"""Keys of KMS and their aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from eventmock.deployment.moto_resources.resource_type import ResourceType, with_values_of
from eventmock.deployment.moto_resources.shapes import as_text, is_true

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource


class Key(ResourceType):
    """A key. moto gives it an id, which is the ``Ref``."""

    service, maker, remover, name = "kms", "CreateKey", "ScheduleKeyDeletion", "KeyId"
    renamed: ClassVar = {"KeyPolicy": "Policy"}
    apart = frozenset({"Enabled", "EnableKeyRotation", "PendingWindowInDays", "RotationPeriodInDays"})

    def make(self, resource: StackResource) -> StackResource:
        """Make the key."""
        answer = self.calls.do("kms", "CreateKey", self.fit(resource, "CreateKey"))["KeyMetadata"]
        key_id, arn = answer["KeyId"], answer["Arn"]
        attributes = {**resource.attributes, "KeyId": key_id, "Arn": arn}
        return resource._replace(ref=key_id, arn=arn, attributes=attributes)

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the policy and the description of the key, and whether it is enabled and rotates."""
        same = with_values_of(new, old)
        policy = new.properties.get("KeyPolicy")
        if policy != old.properties.get("KeyPolicy"):
            parameters = {"PolicyName": "default", "Policy": as_text(policy or default_policy(same))}
            self.calls.do("kms", "PutKeyPolicy", self.key(old) | parameters)
        description = new.properties.get("Description") or ""
        if description != (old.properties.get("Description") or ""):
            parameters = self.key(old) | {"Description": as_text(description)}
            self.calls.set(same, "kms", "UpdateKeyDescription", parameters)
        self.settle(same, old)
        return same

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Enable or disable the key and its rotation."""
        now, had = _state(resource.properties), _state({} if old is None else old.properties)
        key = self.key(resource)
        if now[0] != had[0]:
            self.calls.set(resource, "kms", "EnableKey" if now[0] else "DisableKey", key)
        if now[1] != had[1]:
            operation = "EnableKeyRotation" if now[1] else "DisableKeyRotation"
            self.calls.set(resource, "kms", operation, key)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the id of a key."""
        return {"KeyId": resource.ref}


class Alias(ResourceType):
    """An alias of a key."""

    service, maker, changer, remover = "kms", "CreateAlias", "UpdateAlias", "DeleteAlias"
    name = "AliasName"


def default_policy(key: StackResource) -> dict[str, Any]:
    """Return the policy of a key that nobody gave one: its account may give rights to the key (documented)."""
    partition, _, rest = str(key.arn).partition(":")[2].partition(":")
    account = rest.split(":")[2]
    return {
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [
            {
                "Sid": "Enable IAM User Permissions",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }


def _state(properties: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return whether a key is enabled, and whether it rotates."""
    return is_true(properties.get("Enabled", True)), is_true(properties.get("EnableKeyRotation", False))
