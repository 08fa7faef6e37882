"""Buckets of S3 and their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.deployment.moto_resources.resource_type import ResourceType
from eventmock.deployment.moto_resources.shapes import as_text, is_true

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource

_GLOBAL: Final = "us-east-1"
"""The region of buckets that are made without saying where."""


class Bucket(ResourceType):
    """A bucket."""

    service, remover, name = "s3", "DeleteBucket", "Bucket"

    def exists(self, resource: StackResource) -> bool:
        """Return whether moto has a bucket of the name: in one region, CreateBucket takes one that exists."""
        return self.calls.ask("s3", "HeadBucket", self.key(resource)) is not None

    def make(self, resource: StackResource) -> StackResource:
        """Make the bucket."""
        where = {"LocationConstraint": self.calls.region} if self.calls.region != _GLOBAL else None
        self.calls.do("s3", "CreateBucket", {**self.key(resource), "CreateBucketConfiguration": where})
        known = {"BucketName", "NotificationConfiguration", "Tags", "VersioningConfiguration"}
        for name in resource.properties:
            if name not in known:
                self.calls.leave_out(resource, name)
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the bucket, which keeps its objects."""
        self.settle(new, old)
        return new

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Set whom the bucket notifies, its tags, and whether it keeps versions."""
        for name, operation, read in (
            ("NotificationConfiguration", "PutBucketNotificationConfiguration", self._notifications),
            ("Tags", "PutBucketTagging", _tags),
            ("VersioningConfiguration", "PutBucketVersioning", _versioning),
        ):
            value = resource.properties.get(name)
            if value != (old and old.properties.get(name)):
                parameters = self.calls.fit(resource, "s3", operation, read(resource, value))
                self.calls.set(resource, "s3", operation, parameters | self.key(resource))

    def _notifications(self, resource: StackResource, value: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the parameters of PutBucketNotificationConfiguration. Functions are made without code."""
        given = value or {}
        configuration: dict[str, Any] = {}
        bridge = given.get("EventBridgeConfiguration")
        if bridge is not None and is_true(bridge.get("EventBridgeEnabled", True)):
            configuration["EventBridgeConfiguration"] = {}
        if given.get("LambdaConfigurations"):
            self.calls.leave_out(resource, "NotificationConfiguration.LambdaConfigurations")
        for kind in ("Queue", "Topic"):
            found = [_notification(one, kind) for one in given.get(f"{kind}Configurations") or []]
            if found:
                configuration[f"{kind}Configurations"] = found
        return {"NotificationConfiguration": configuration}


class Notifications(ResourceType):
    """The custom resource by which the CDK says whom a bucket notifies. It spells the members as the API does."""

    service = "s3"

    def make(self, resource: StackResource) -> StackResource:
        """Set whom the bucket notifies. Functions are made without code."""
        given = dict(resource.properties.get("NotificationConfiguration") or {})
        if given.pop("LambdaFunctionConfigurations", None):
            self.calls.leave_out(resource, "NotificationConfiguration.LambdaFunctionConfigurations")
        parameters = self.calls.fit(
            resource, "s3", "PutBucketNotificationConfiguration", {"NotificationConfiguration": given}
        )
        self.calls.do("s3", "PutBucketNotificationConfiguration", parameters | self.key(resource))
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:  # noqa: ARG002 - it is put whole
        """Set whom the bucket notifies."""
        return self.make(new)

    def remove(self, resource: StackResource) -> None:
        """Have the bucket notify nobody."""
        parameters = {**self.key(resource), "NotificationConfiguration": {}}
        self.calls.remove("s3", "PutBucketNotificationConfiguration", parameters)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the name of the bucket."""
        return {"Bucket": resource.properties.get("BucketName")}


class BucketPolicy(ResourceType):
    """The policy of a bucket."""

    service, remover = "s3", "DeleteBucketPolicy"

    def make(self, resource: StackResource) -> StackResource:
        """Put the policy."""
        policy = as_text(resource.properties.get("PolicyDocument", ""))
        self.calls.do("s3", "PutBucketPolicy", {**self.key(resource), "Policy": policy})
        return resource

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the name of the bucket."""
        return {"Bucket": resource.properties.get("Bucket")}


def _notification(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return a notification of a queue or topic as the API spells it."""
    found: dict[str, Any] = {f"{kind}Arn": given.get(kind), "Events": [given.get("Event")]}
    rules = ((given.get("Filter") or {}).get("S3Key") or {}).get("Rules")
    if rules:
        found["Filter"] = {"Key": {"FilterRules": rules}}
    return found


def _tags(_resource: StackResource, value: Any) -> dict[str, Any]:
    return {"Tagging": {"TagSet": value or []}}


def _versioning(_resource: StackResource, value: Any) -> dict[str, Any]:
    return {"VersioningConfiguration": value or {"Status": "Suspended"}}
