"""Queues of SQS and their policies.

Inferred: a property that left the template has its default again. A queue has one policy, so of several
the last one counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.deployment.moto_resources.resource_type import ResourceType, with_values_of
from eventmock.deployment.moto_resources.shapes import as_text, is_true

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource

_DEFAULTS: Final = {
    "ContentBasedDeduplication": "false",
    "DelaySeconds": "0",
    "KmsDataKeyReusePeriodSeconds": "300",
    "MaximumMessageSize": "262144",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "VisibilityTimeout": "30",
}
"""The default values of attributes, for those that left the template. All others are empty by default."""


class Queue(ResourceType):
    """A queue."""

    service, maker, remover, name = "sqs", "CreateQueue", "DeleteQueue", "QueueUrl"

    def exists(self, resource: StackResource) -> bool:
        """Return whether moto has a queue of the name: CreateQueue takes one of the same attributes."""
        return self.calls.ask("sqs", "GetQueueUrl", {"QueueName": resource.name}) is not None

    def make(self, resource: StackResource) -> StackResource:
        """Make the queue. Its ``Ref`` is the URL."""
        parameters = self.calls.fit(resource, "sqs", "CreateQueue", {"tags": resource.properties.get("Tags")})
        attributes = self._attributes(resource)
        parameters |= {"QueueName": resource.name, "Attributes": attributes or None}
        url = self.calls.do("sqs", "CreateQueue", parameters)["QueueUrl"]
        return resource._replace(ref=url, attributes={**resource.attributes, "QueueUrl": url})

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the attributes of the queue that differ."""
        before, after = self._attributes(old), self._attributes(new)
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        changed |= {name: _DEFAULTS.get(name, "") for name in before if name not in after}
        if changed:
            self.calls.do("sqs", "SetQueueAttributes", self.key(old) | {"Attributes": changed})
        return with_values_of(new, old)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the URL of a queue."""
        return {"QueueUrl": resource.ref}

    def _attributes(self, resource: StackResource) -> dict[str, str]:
        """Return the properties as attributes. AWS refuses ``FifoQueue`` if it is false."""
        attributes = {
            name: as_text(value)
            for name, value in resource.properties.items()
            if name not in ("QueueName", "Tags") and (name != "FifoQueue" or is_true(value))
        }
        known = self.calls.names_in(self.service, "SetQueueAttributes", "Attributes")
        for name in attributes.keys() - known:
            self.calls.leave_out(resource, name)
            del attributes[name]
        return attributes


class QueuePolicy(ResourceType):
    """The policy of one or several queues. The inline form has one queue."""

    service = "sqs"

    def make(self, resource: StackResource) -> StackResource:
        """Set the policy of each queue."""
        self._set(resource, as_text(resource.properties.get("PolicyDocument", "")))
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Set the policy of each queue, and remove that of queues that it is not for any more."""
        self._set(old, "", but=queues_of(new))
        return self.make(new)

    def remove(self, resource: StackResource) -> None:
        """Remove the policy of each queue."""
        self._set(resource, "")

    def _set(self, resource: StackResource, policy: str, but: list[str] | None = None) -> None:
        for url in queues_of(resource):
            if url in (but or []):
                continue
            parameters = {"QueueUrl": url, "Attributes": {"Policy": policy}}
            if policy:
                self.calls.set(resource, "sqs", "SetQueueAttributes", parameters)
            else:
                self.calls.remove("sqs", "SetQueueAttributes", parameters)


def queues_of(resource: StackResource) -> list[str]:
    """Return the URLs of the queues of a policy."""
    properties: Mapping[str, Any] = resource.properties
    urls = properties.get("Queues") or properties.get("Queue") or []
    return [urls] if isinstance(urls, str) else list(urls)
