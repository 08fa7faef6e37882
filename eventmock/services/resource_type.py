"""Types of resources of CloudFormation templates: how a service makes, changes and removes a resource of a type.

A service names the modules of its types in `eventmock.services.service.Face`. Each module has a ``TYPE``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventmock.parts.accounts import Account
    from eventmock.services.requests import Requests
    from eventmock.services.service import Service
    from eventmock.wire.service_model import Shape

ALREADY_EXISTS: Final = "AlreadyExists"


class InvalidProperty(Exception):  # noqa: N818 - it says what happened
    """A property is not of its type, there is no property of that name, or a required one is missing.

    Attributes:
        path: The keys and indices that lead from the properties to the value.
        message: What is wrong, in CloudFormation's words.
    """

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


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
    arn: str | None = None
    attributes: Mapping[str, Any] = {}


class Caller:
    """Calls the operations of a service as CloudFormation does, for an account in a region.

    Args:
        requests: Carries the calls out.
        service: The service.
        account: The account and region of the calls.
    """

    def __init__(self, requests: Requests, service: Service, account: Account) -> None:
        self._requests = requests
        self._service = service
        self.account = account

    def call(self, operation: str, members: Mapping[str, Any]) -> Any:
        """Call an operation.

        Returns:
            The members of the answer, by AWS name. A List operation answers with its first page.

        Raises:
            AwsError: AWS would refuse the call, or the installed botocore does not know the operation.
        """
        self.input_of(operation)
        return self._requests.perform(self.account, self._service, operation, members)

    def remove(self, operation: str, members: Mapping[str, Any]) -> None:
        """Call an operation that removes a resource. If there is no such resource, do nothing."""
        try:
            self.call(operation, members)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise

    def input_of(self, operation: str) -> Shape:
        """Return the shape of the members of an operation.

        Raises:
            AwsError: The installed botocore does not know the operation. The code and the text are ours.
        """
        try:
            shape = self._service.model.operation(operation).input
        except KeyError:
            text = f"the installed botocore does not know {operation} of {self._service.title}: install a newer one"
            raise AwsError("NotInBotocore", text) from None
        assert shape is not None
        return shape

    def elsewhere(self, account_id: str) -> Caller:
        """Return a caller of the same service for another account in the same region."""
        account = self.account.state.accounts.get(account_id, self.account.region)
        return Caller(self._requests, self._service, account)

    def change_tags(
        self, arn: str, old: Mapping[str, Any], new: Mapping[str, Any], *, arn_member: str = "ResourceARN"
    ) -> None:
        """Change the tags of a resource, from those of its old to those of its new properties.

        Args:
            arn: The ARN of the resource.
            old: The properties that it had.
            new: The properties that it gets.
            arn_member: The member of the request that has the ARN, as the service spells it.
        """
        before, after = (
            {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())} for properties in (old, new)
        )
        if gone := [key for key in before if key not in after]:
            self.call("UntagResource", {arn_member: arn, "TagKeys": gone})
        if added := [
            {"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value
        ]:
            self.call("TagResource", {arn_member: arn, "Tags": added})


class ResourceType(ABC):
    """A type of resources, such as ``AWS::Events::Rule``.

    Attributes:
        name: The name of the type.
        name_property: The property that names the resource; None if no property does.
        name_limit: The most characters of a name that CloudFormation makes.
        replaced_by: The members of the API whose change replaces the resource.
        deletes_first: Whether a resource is deleted before its replacement is made, and not afterwards. The replacement
            may then have the name of what it replaces.
        blamed: The property that an error of AWS is about, by the error's code. It gives the line of the error.
    """

    name: ClassVar[str]
    name_property: ClassVar[str | None] = "Name"
    name_limit: ClassVar[int] = 64
    replaced_by: ClassVar[frozenset[str]] = frozenset()
    deletes_first: ClassVar[bool] = False
    blamed: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return properties with the types and in the spelling of the API.

        Raises:
            InvalidProperty: A property is not of its type, there is no property of that name, or a required one is
                missing.
        """

    @abstractmethod
    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:
        """Make a resource.

        Args:
            caller: Calls the operations.
            name: The name that the template gives, or that CloudFormation has made.
            properties: The properties that `read` returned.

        Raises:
            AwsError: AWS would refuse a call. Nothing is left of the resource.
        """

    @abstractmethod
    def update(self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]) -> Made:
        """Change a resource in place.

        Args:
            caller: Calls the operations.
            made: The resource.
            old: The properties that it had, as `read` returned them.
            new: The properties that it gets, as `read` returned them.

        Raises:
            AwsError: AWS would refuse a call.
        """

    def replaces(self, caller: Caller, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:  # noqa: ARG002 - for types that need it
        """Return whether a change needs a new resource.

        Args:
            caller: Calls the operations.
            old: The properties of the resource, as `read` returned them.
            new: The properties that it gets, as `read` returned them.
        """
        return any(old.get(name) != new.get(name) for name in self.replaced_by)

    def restorer(
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Callable[[], object]:
        """Return a function that restores the resource as it is now, after `update` with the same arguments."""
        return partial(self.update, caller, made, new, old)

    @contextmanager
    def removed_if_incomplete(
        self, caller: Caller, made: Made, properties: Mapping[str, Any]
    ) -> Iterator[None]:
        """Remove a new resource if a later step of its creation fails."""
        try:
            yield
        except BaseException:
            try:
                self.delete(caller, made, properties)
            except AwsError as error:
                text = f"{made.name} was made halfway, could not be removed, and stays: {error}"
                caller.account.state.note("stack", text, caller.account.region)
            raise

    @abstractmethod
    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:
        """Remove a resource. If it does not exist, do nothing.

        Args:
            caller: Calls the operations.
            made: The resource.
            properties: The properties that it has, as `read` returned them.

        Raises:
            AwsError: AWS would refuse a call.
        """

    def already_exists(self, identifier: str) -> AwsError:
        """Return CloudFormation's error for a resource that exists already."""
        return AwsError(
            ALREADY_EXISTS, f"Resource of type '{self.name}' with identifier '{identifier}' already exists."
        )
