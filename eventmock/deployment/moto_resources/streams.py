"""Streams of Kinesis and their policies, and delivery streams of Firehose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.deployment.moto_resources.resource_type import ResourceType
from eventmock.deployment.moto_resources.shapes import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource


class Stream(ResourceType):
    """A stream."""

    service, maker, remover, name = "kinesis", "CreateStream", "DeleteStream", "StreamName"
    apart = frozenset({"Name", "RetentionPeriodHours", "StreamEncryption"})

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters: a stream whose capacity is provisioned has one shard by default."""
        parameters = super().fit(resource, operation)
        is_on_demand = parameters.get("StreamModeDetails", {}).get("StreamMode") == "ON_DEMAND"
        return parameters if is_on_demand else {"ShardCount": 1, **parameters}

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Set the retention and the key."""
        properties: Mapping[str, Any] = resource.properties
        if properties.get("RetentionPeriodHours"):
            hours = int(properties["RetentionPeriodHours"])
            had = int((old and old.properties.get("RetentionPeriodHours")) or 24)
            if hours != had:
                operation = f"{'In' if hours > had else 'De'}creaseStreamRetentionPeriod"
                parameters = {**self.key(resource), "RetentionPeriodHours": hours}
                self.calls.set(resource, "kinesis", operation, parameters)
        encryption, had_encryption = (
            properties.get("StreamEncryption"),
            old and old.properties.get("StreamEncryption"),
        )
        if encryption != had_encryption:
            operation = "StartStreamEncryption" if encryption else "StopStreamEncryption"
            given = {**(encryption or had_encryption or {}), **self.key(resource)}
            self.calls.set(resource, "kinesis", operation, given)

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the number of shards, the retention and the key."""
        shards = self.fit(new, self.maker).get("ShardCount")
        if shards is not None and shards != self.fit(old, self.maker).get("ShardCount"):
            parameters = {"TargetShardCount": shards, "ScalingType": "UNIFORM_SCALING"}
            self.calls.set(new, "kinesis", "UpdateShardCount", self.key(old) | parameters)
        self.settle(new, old)
        return new


class StreamPolicy(ResourceType):
    """The policy of a stream."""

    service, remover = "kinesis", "DeleteResourcePolicy"

    def make(self, resource: StackResource) -> StackResource:
        """Put the policy."""
        policy = as_text(resource.properties.get("ResourcePolicy", ""))
        self.calls.do("kinesis", "PutResourcePolicy", {**self.key(resource), "Policy": policy})
        return resource

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the ARN of the stream."""
        return {"ResourceARN": resource.properties.get("ResourceArn")}


class DeliveryStream(ResourceType):
    """A delivery stream."""

    service, maker, remover = "firehose", "CreateDeliveryStream", "DeleteDeliveryStream"
    name = "DeliveryStreamName"
