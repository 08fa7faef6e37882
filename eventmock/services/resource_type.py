"""Types of resources of CloudFormation templates: how a service makes, changes and removes a resource of a type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Made(NamedTuple):
    """A resource that exists.

    Attributes:
        name: The physical name, or another physical id.
        ref: The value of ``Ref``.
        arn: The ARN; None if it has none.
        attributes: The values of ``Fn::GetAtt``, by name.
    """

    name: str
    ref: str
    arn: str | None
    attributes: Mapping[str, Any]


class Caller(Protocol):
    """Calls operations of a service, as a client would, for an account in a region."""

    account: str
    region: str

    def call(self, operation: str, members: Mapping[str, Any]) -> Any:
        """Call an operation of the service of the type.

        Returns:
            The answer, by the names of AWS.

        Raises:
            AwsError: AWS would refuse the call.
        """


class ResourceType(ABC):
    """A type of resources, such as ``AWS::Events::Rule``.

    Attributes:
        name: The name of the type.
        name_property: The property that names the resource; None if no property does.
        name_limit: The most characters of a name that CloudFormation makes.
        replaced_by: The properties whose change replaces the resource.
    """

    name: ClassVar[str]
    name_property: ClassVar[str | None] = "Name"
    name_limit: ClassVar[int] = 64
    replaced_by: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:
        """Make a resource.

        Args:
            caller: Calls the operations.
            name: The name that the template gives, or that CloudFormation has made.
            properties: The evaluated properties.
        """

    @abstractmethod
    def update(self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]) -> Made:
        """Change a resource in place."""

    @abstractmethod
    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:
        """Remove a resource. If it does not exist any more, do nothing."""
