"""The base of the types of resources that are made in moto."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.moto_resources.calls import Calls
    from eventmock.deployment.stack import StackResource


class ResourceType:
    """A type of resources: one call makes a resource, another deletes it.

    What takes more calls is done by `settle`, after a resource was made or changed.

    Args:
        calls: The calls to moto.

    Attributes:
        service: boto3's name of the service.
        maker: The operation that makes a resource.
        changer: The operation that changes a resource in place; None if a changed resource is deleted and made again.
        remover: The operation that deletes a resource; None if nothing is to be done.
        name: The parameter of all three that has the resource's name.
        renamed: The parameters that are not called as the property, by the property.
        apart: The properties that are not parameters, of which other calls take care.
        fixed: The parameters with which the maker is called for each resource.
    """

    service: ClassVar[str]
    maker: ClassVar[str]
    changer: ClassVar[str | None] = None
    remover: ClassVar[str | None] = None
    name: ClassVar[str]
    renamed: ClassVar[Mapping[str, str]] = {}
    apart: ClassVar[frozenset[str]] = frozenset()
    fixed: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def exists(self, _resource: StackResource) -> bool:
        """Return whether moto has a resource of the name, for types whose maker does not refuse it."""
        return False

    def make(self, resource: StackResource) -> StackResource:
        """Make a resource, and return it with the values that moto gave.

        Raises:
            NotThere: moto cannot make it.
            AwsError: moto refuses it.
        """
        parameters = {**self.fixed, **self.fit(resource, self.maker), self.name: resource.name}
        return self.made(resource, self.calls.do(self.service, self.maker, parameters))

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:  # noqa: ARG002 - for others
        """Return a resource with the values of the answer of moto that made it."""
        return resource

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change a resource, and return it with the values that moto gave.

        Raises:
            NotThere: moto has no such resource, or cannot change it.
            AwsError: moto refuses the change.
        """
        if self.changer is None:
            self.remove(old)
            made = self.make(new)
            self.settle(made, None)
            return made
        self.calls.do(self.service, self.changer, self.fit(new, self.changer) | self.key(old))
        same = with_values_of(new, old)
        self.settle(same, old)
        return same

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Do what else a resource needs, after it was made or changed.

        Args:
            resource: The resource.
            old: The resource before it was changed; None if it was made.

        Raises:
            AwsError: moto refuses something.
        """

    def remove(self, resource: StackResource) -> None:
        """Delete a resource. One that does not exist any more is no error.

        Raises:
            AwsError: moto refuses it.
        """
        if self.remover is not None:
            self.calls.remove(self.service, self.remover, self.key(resource))

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the parameters that name a resource."""
        return {self.name: resource.name}

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the properties of a resource as the parameters of an operation."""
        given = {
            self.renamed.get(name, name): value
            for name, value in resource.properties.items()
            if name not in self.apart
        }
        return self.calls.fit(resource, self.service, operation, given)


def with_values_of(new: StackResource, old: StackResource) -> StackResource:
    """Return a changed resource with the values that moto gave when it was made."""
    return new._replace(ref=old.ref, arn=old.arn, attributes={**new.attributes, **old.attributes})
