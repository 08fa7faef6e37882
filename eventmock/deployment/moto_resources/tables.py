"""Tables of DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.deployment.moto_resources.resource_type import ResourceType, with_values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource


class Table(ResourceType):
    """A table."""

    service, maker, remover, name = "dynamodb", "CreateTable", "DeleteTable", "TableName"
    apart = frozenset(
        {
            "PointInTimeRecoverySpecification",
            "ResourcePolicy",
            "SSESpecification",
            "StreamSpecification",
            "TimeToLiveSpecification",
        }
    )

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters: a template switches a stream on by saying what it shows."""
        properties: Mapping[str, Any] = resource.properties
        stream, encryption = properties.get("StreamSpecification"), properties.get("SSESpecification")
        given = {
            "ResourcePolicy": (properties.get("ResourcePolicy") or {}).get("PolicyDocument"),
            "StreamSpecification": stream and {**stream, "StreamEnabled": True},
            "SSESpecification": encryption
            and {("Enabled" if name == "SSEEnabled" else name): one for name, one in encryption.items()},
        }
        return super().fit(resource, operation) | self.calls.fit(resource, "dynamodb", operation, given)

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:
        """Return a table with the ARN of its stream."""
        arn = answer["TableDescription"].get("LatestStreamArn")
        return (
            resource
            if arn is None
            else resource._replace(attributes={**resource.attributes, "StreamArn": arn})
        )

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Set the time to live, and the recovery to a point in time."""
        for name, operation in (
            ("TimeToLiveSpecification", "UpdateTimeToLive"),
            ("PointInTimeRecoverySpecification", "UpdateContinuousBackups"),
        ):
            value = resource.properties.get(name)
            if value and value != (old and old.properties.get(name)):
                parameters = self.calls.fit(resource, "dynamodb", operation, {name: value})
                self.calls.set(resource, "dynamodb", operation, parameters | self.key(resource))

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the billing, the throughput, the encryption and the stream of the table, which keeps its items."""
        names = "BillingMode", "ProvisionedThroughput", "SSESpecification", "StreamSpecification"
        before, after = self.fit(old, "CreateTable"), self.fit(new, "CreateTable")
        changed = {name: after[name] for name in names if name in after and after[name] != before.get(name)}
        if "StreamSpecification" in before and "StreamSpecification" not in after:
            changed["StreamSpecification"] = {"StreamEnabled": False}
        for name in sorted({*before, *after} - {*names, "TableName"}):
            if before.get(name) != after.get(name):
                self.calls.note(new, f"property {name} was not changed in moto")
        same = with_values_of(new, old)
        if changed:
            same = self.made(same, self.calls.do("dynamodb", "UpdateTable", self.key(old) | changed))
        self.settle(same, old)
        return same
