"""The calls to moto by which resources of a stack are made, changed and deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.moto import NoSuchResource, NotThere
from eventmock.deployment.moto_resources.shapes import fit
from eventmock.target_kinds import ApiCall
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource
    from eventmock.state import State

_GONE: Final = r"NoSuch(Entity|Bucket)|404|\w*NotFound|ResourceNotFound"
"""The codes of errors for what does not exist, beside those that `eventmock.delivery.moto` knows."""


class Calls:
    """The calls to moto for one stack.

    Args:
        state: The state of the mock.
        account: The account of the stack.
        region: The region of the stack.

    Attributes:
        account: The account of the stack.
        region: The region of the stack.
        notes: What was not done in moto and why, one line each.
        state: The state of the mock.
    """

    def __init__(self, state: State, account: str, region: str) -> None:
        self.state: Final = state
        self.account: Final = account
        self.region: Final = region
        self.notes: Final[list[str]] = []

    def do(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> Mapping[str, Any]:
        """Make a call, and return the answer.

        Args:
            service: boto3's name of the service.
            operation: AWS's name of the operation.
            parameters: The parameters. Those that are None are left out.
            region: The region of the call; None for that of the stack.

        Raises:
            NotThere: moto has no such operation, or lacks what it needs for it. It is `NoSuchResource` if only the
                resource is missing.
            AwsError: moto refuses the call.
        """
        try:
            return self.state.moto.make(self._call(service, operation, parameters, region))
        except AwsError as error:
            if re.match(_GONE, error.code):
                raise NoSuchResource(str(error)) from None
            raise

    def ask(self, service: str, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Make a call that changes nothing, and return the answer; None if moto answers with any error."""
        return self.state.moto.ask(self._call(service, operation, parameters))

    def remove(
        self, service: str, operation: str, parameters: Mapping[str, Any], *, region: str | None = None
    ) -> None:
        """Make a call that removes something. What does not exist any more is no error.

        Raises:
            AwsError: moto refuses the call.
        """
        try:
            self.do(service, operation, parameters, region=region)
        except NotThere:
            return

    def set(
        self, resource: StackResource, service: str, operation: str, parameters: Mapping[str, Any]
    ) -> None:
        """Make a call that adds something to a resource; a note is taken if moto cannot carry it out.

        Raises:
            AwsError: moto refuses the call.
        """
        try:
            self.do(service, operation, parameters)
        except NotThere as error:
            self.note(resource, f"{operation} was not carried out by moto: {error}")

    def fit(
        self, resource: StackResource, service: str, operation: str, given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return properties as the parameters of a call; a note is taken of each that the call does not have."""
        fitted, unknown = fit(self.state.moto.shape_of(self._call(service, operation, {})), given)
        for path in unknown:
            self.leave_out(resource, path)
        return dict(fitted)

    def names_in(self, service: str, operation: str, parameter: str) -> frozenset[str]:
        """Return the keys that a parameter of a call, which is a map, may have."""
        shape = self.state.moto.shape_of(self._call(service, operation, {}))
        return frozenset(shape.members[parameter].key.enum)

    def leave_out(self, resource: StackResource, path: str) -> None:
        """Take a note of a property that was not given to moto."""
        self.note(resource, f"property {path} was not given to moto")

    def note(self, resource: StackResource, text: str) -> None:
        """Take a note about a resource, unless there is the same note already."""
        line = f"{noun(resource.type)} {resource.logical_id}: {text}"
        if line not in self.notes:
            self.notes.append(line)

    def _call(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str | None = None
    ) -> ApiCall:
        return ApiCall(
            service=service,
            operation=operation,
            parameters={name: value for name, value in parameters.items() if value is not None},
            region=region or self.region,
            account=self.account,
        )


def noun(type_name: str) -> str:
    """Return the type of a resource in words, such as ``log group`` for ``AWS::Logs::LogGroup``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_name.rpartition(":")[2]).lower()
