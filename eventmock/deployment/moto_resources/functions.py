"""Functions of Lambda with their permissions, versions and aliases.

A function is made with a stub instead of its code, so that its permissions are judged. No delivery invokes the stub
(`eventmock.delivery.moto`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from eventmock.delivery.moto import STUB, NotThere
from eventmock.deployment.moto_resources.resource_type import ResourceType, with_values_of
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource

_OF_STUBS: Final[dict[str, Any]] = {
    "DeadLetterConfig": None,
    "Description": "",
    "Environment": {"Variables": {}},
    "Handler": None,
    "MemorySize": 128,
    "Role": None,
    "Runtime": None,
    "Timeout": 3,
}
"""The properties of a function that are given to moto, and their default values."""
_REFERENCE: Final = re.compile(r"(?:.*:function:)?([\w-]+)(?::([$\w-]+))?", re.ASCII)


class Function(ResourceType):
    """A function, with a stub instead of its code."""

    service, maker, remover, name = "lambda", "CreateFunction", "DeleteFunction", "FunctionName"
    changer = "UpdateFunctionConfiguration"
    fixed: ClassVar = {"Code": {"ZipFile": STUB}, "Handler": "stub.handler", "Runtime": "python3.12"}

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters. What is only about the code does not matter to a stub."""
        given = {name: resource.properties.get(name, default) for name, default in _OF_STUBS.items()}
        return self.calls.fit(resource, "lambda", operation, given)

    def make(self, resource: StackResource) -> StackResource:
        """Make the function, unless its role is one that moto does not have, which may be of another stack.

        Raises:
            NotThere: moto does not have the role.
            AwsError: moto refuses the function.
        """
        try:
            return super().make(resource)
        except AwsError as error:
            if "cannot be assumed by Lambda" in error.message:
                raise NotThere(str(error)) from None
            raise

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:
        """Return a function with its ARN."""
        arn = answer["FunctionArn"]
        return resource._replace(arn=arn, attributes={**resource.attributes, "Arn": arn})

    def settle(self, resource: StackResource, old: StackResource | None) -> None:
        """Reserve concurrency."""
        name = "ReservedConcurrentExecutions"
        value, had = resource.properties.get(name), old and old.properties.get(name)
        if value is None and had is not None:
            self.calls.remove("lambda", "DeleteFunctionConcurrency", self.key(resource))
        elif value != had:
            parameters = self.calls.fit(resource, "lambda", "PutFunctionConcurrency", {name: value})
            self.calls.set(resource, "lambda", "PutFunctionConcurrency", parameters | self.key(resource))


class FunctionName(NamedTuple):
    """The name of a function as templates write it.

    Attributes:
        name: The name of the function.
        qualifier: The version or alias; None if there is none.
    """

    name: str
    qualifier: str | None

    @classmethod
    def of(cls, text: object) -> FunctionName:
        """Return the parts of a name, of an ARN, or of a part of an ARN, with or without a version or alias."""
        found = _REFERENCE.fullmatch(str(text))
        return cls(str(text), None) if found is None else cls(found[1], found[2])

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of a call."""
        return {"FunctionName": self.name, "Qualifier": self.qualifier}


class Permission(ResourceType):
    """A statement in the policy of a function, or of one of its versions or aliases."""

    service, maker, remover, name = "lambda", "AddPermission", "RemovePermission", "StatementId"
    apart = frozenset({"FunctionName"})

    def make(self, resource: StackResource) -> StackResource:
        """Add the statement."""
        self.calls.do("lambda", "AddPermission", self.fit(resource, "AddPermission") | self.key(resource))
        return resource

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the function, and the id of the statement."""
        function = FunctionName.of(resource.properties.get("FunctionName"))
        return {**function.parameters(), "StatementId": resource.name}


class EventInvokeConfig(ResourceType):
    """What happens to asynchronous invocations of a function that fail."""

    service, maker, remover = "lambda", "PutFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig"
    name = "FunctionName"
    apart = frozenset({"FunctionName", "Qualifier"})

    def make(self, resource: StackResource) -> StackResource:
        """Put the configuration."""
        self.calls.do("lambda", self.maker, self.fit(resource, self.maker) | self.key(resource))
        return resource

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the function, and the version or alias. A template names ``$LATEST`` for the function itself."""
        name = FunctionName.of(resource.properties.get("FunctionName")).name
        qualifier = resource.properties.get("Qualifier")
        return {"FunctionName": name, "Qualifier": None if qualifier == "$LATEST" else qualifier}


class Version(ResourceType):
    """A version of a function. Its ``Ref`` is the ARN with the version."""

    service, maker, remover = "lambda", "PublishVersion", "DeleteFunction"
    apart = frozenset({"FunctionName", "ProvisionedConcurrencyConfig", "RuntimePolicy"})

    def make(self, resource: StackResource) -> StackResource:
        """Publish the version."""
        name = FunctionName.of(resource.properties.get("FunctionName")).name
        parameters = {"Description": resource.properties.get("Description"), "FunctionName": name}
        answer = self.calls.do("lambda", "PublishVersion", parameters)
        arn, version = answer["FunctionArn"], answer["Version"]
        attributes = {**resource.attributes, "FunctionArn": arn, "Version": version}
        return resource._replace(ref=arn, arn=arn, attributes=attributes)

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Return the version as it was: versions cannot be changed."""
        return with_values_of(new, old)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the function and the version."""
        return FunctionName.of(resource.ref).parameters()


class Alias(ResourceType):
    """An alias of a version of a function. Its ``Ref`` is the ARN with the alias."""

    service, maker, changer, remover = "lambda", "CreateAlias", "UpdateAlias", "DeleteAlias"
    name = "Name"
    apart = frozenset({"FunctionName", "Name", "ProvisionedConcurrencyConfig", "RoutingConfig"})

    def make(self, resource: StackResource) -> StackResource:
        """Make the alias."""
        answer = self.calls.do("lambda", self.maker, self.fit(resource, self.maker) | self.key(resource))
        arn = answer["AliasArn"]
        return resource._replace(ref=arn, arn=arn, attributes={**resource.attributes, "AliasArn": arn})

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the function and the name of the alias."""
        function = FunctionName.of(resource.properties.get("FunctionName"))
        return {"FunctionName": function.name, "Name": resource.properties.get("Name") or resource.name}
