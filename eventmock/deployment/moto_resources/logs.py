"""Log groups of CloudWatch Logs, and the resource policies of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.deployment.moto_resources.resource_type import ResourceType
from eventmock.deployment.moto_resources.shapes import as_text

if TYPE_CHECKING:
    from eventmock.deployment.stack import StackResource


class LogGroup(ResourceType):
    """A log group."""

    service, maker, remover, name = "logs", "CreateLogGroup", "DeleteLogGroup", "logGroupName"
    apart = frozenset({"LogGroupName", "RetentionInDays"})

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the retention and the key of the log group."""
        key, had = new.properties.get("KmsKeyId"), old.properties.get("KmsKeyId")
        if key and key != had:
            self.calls.do("logs", "AssociateKmsKey", self.key(old) | {"kmsKeyId": key})
        elif had and not key:
            self.calls.do("logs", "DisassociateKmsKey", self.key(old))
        self.settle(new, old)
        return new

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Set the retention."""
        days, had = resource.properties.get("RetentionInDays"), old and old.properties.get("RetentionInDays")
        if days and days != had:
            parameters = self.calls.fit(resource, "logs", "PutRetentionPolicy", {"retentionInDays": days})
            self.calls.set(resource, "logs", "PutRetentionPolicy", parameters | self.key(resource))
        elif had and not days:
            self.calls.remove("logs", "DeleteRetentionPolicy", self.key(resource))


class LogPolicy(ResourceType):
    """A resource policy of CloudWatch Logs. It is for all log groups of the account and region that it names."""

    service, name, remover = "logs", "policyName", "DeleteResourcePolicy"

    def make(self, resource: StackResource) -> StackResource:
        """Put the policy."""
        document = as_text(resource.properties.get("PolicyDocument", ""))
        self.calls.do("logs", "PutResourcePolicy", {**self.key(resource), "policyDocument": document})
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:  # noqa: ARG002 - it is put whole
        """Put the policy again."""
        return self.make(new)
