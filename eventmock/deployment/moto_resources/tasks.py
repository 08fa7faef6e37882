"""Clusters and task definitions of ECS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from eventmock.deployment.moto_resources.resource_type import ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource


class Cluster(ResourceType):
    """A cluster."""

    service, maker, remover, name = "ecs", "CreateCluster", "DeleteCluster", "clusterName"
    renamed: ClassVar = {"ClusterSettings": "settings"}
    apart = frozenset({"ClusterName"})

    def exists(self, resource: StackResource) -> bool:
        """Return whether moto has a cluster of the name: CreateCluster takes one that exists."""
        found = self.calls.ask("ecs", "DescribeClusters", {"clusters": [resource.name]}) or {}
        return any(one.get("status") == "ACTIVE" for one in found.get("clusters", ()))

    def change(self, _old: StackResource, new: StackResource) -> StackResource:
        """Return the cluster: nothing of it matters to deliveries."""
        return new

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the name of a cluster."""
        return {"cluster": resource.name}


class TaskDefinition(ResourceType):
    """A revision of a task definition. Its ``Ref`` is the ARN with the revision."""

    service, maker, remover = "ecs", "RegisterTaskDefinition", "DeregisterTaskDefinition"
    name = "family"
    apart = frozenset({"Family"})

    def make(self, resource: StackResource) -> StackResource:
        """Register the revision."""
        family = resource.properties.get("Family") or resource.name
        parameters = self.fit(resource, self.maker) | {"family": family}
        return self.made(resource, self.calls.do("ecs", self.maker, parameters))

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:
        """Return a task definition with its ARN."""
        arn = answer["taskDefinition"]["taskDefinitionArn"]
        attributes = {**resource.attributes, "TaskDefinitionArn": arn}
        return resource._replace(ref=arn, arn=arn, attributes=attributes)

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Register the next revision, and deregister the one before."""
        made = self.make(new)
        self.remove(old)
        return made

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the ARN of a revision."""
        return {"taskDefinition": resource.ref}
