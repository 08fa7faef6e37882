"""The roles and policies of stacks that are not made in moto, by which permissions to deliver are judged.

What the test gives by ``backend.policies`` counts before what a template has, and that before what moto has. Nothing is
read of a template until something asks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from eventmock.delivery.permissions.of_templates import OfTemplates
from eventmock.exceptions import PolicyNotUnderstood
from eventmock.parts.part import KeptDict
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.delivery.permissions.of_templates import Permissions
    from eventmock.deployment.stack import StackResource
    from eventmock.state import State


class _Deployed(KeptDict[tuple[str, str, str, str], "StackResource"]):
    """The resources of stacks that are not made in moto, by account, region, type and name, the last deployed last."""


class GivenPermissions:
    """Has deliveries judged by the roles and policies of a stack. It is called as `MotoResources` is.

    Args:
        state: The state of the mock.
        account: The account of the stack.
        region: The region of the stack.

    Attributes:
        notes: What was left out: nothing.
    """

    notes: Final[Sequence[str]] = ()

    def __init__(self, state: State, account: str, region: str) -> None:
        self._state = state
        self._place: Final = account, region

    def has_forgotten(self, stack: str) -> bool:  # noqa: ARG002 - as `MotoResources` has it
        """Return False: what a mock has, it has as long as the stack."""
        return False

    def remember(self, stack: str) -> None:
        """Do nothing: the mock keeps it."""

    def create(self, resource: StackResource) -> StackResource:
        """Have deliveries judged by a resource, and return the resource.

        Raises:
            AwsError: Permissions are judged, and a policy is neither an object nor the JSON text of one.
        """
        self._check(resource)
        with self._state.lock:
            deployed = self._state.settings(_Deployed)
            deployed.pop(self._key(resource), None)
            deployed[self._key(resource)] = resource
            self._state.settings(OfTemplates).become(partial(_read, self._state))
        return resource

    def update(self, old: StackResource, new: StackResource) -> StackResource:
        """Have deliveries judged by a resource as it is now, and return the resource.

        Raises:
            AwsError: As for `create`.
        """
        self._check(new)
        self.delete(old)
        return self.create(new)

    def delete(self, resource: StackResource) -> None:
        """Have deliveries not judged any more by a resource."""
        with self._state.lock:
            self._state.settings(_Deployed).pop(self._key(resource), None)
            self._state.settings(OfTemplates).become(partial(_read, self._state))

    def _key(self, resource: StackResource) -> tuple[str, str, str, str]:
        return *self._place, resource.type, resource.name

    def _check(self, resource: StackResource) -> None:
        """Check the policies of a resource (the code is that of IAM)."""
        if self._state.options.judgement == "off":
            return
        from eventmock.deployment.permissions_of_stacks import read

        try:
            read([(self._place, resource)])
        except PolicyNotUnderstood as error:
            raise AwsError("MalformedPolicyDocument", str(error)) from None


def _read(state: State) -> Permissions:
    """Return what all stacks say about permissions."""
    from eventmock.deployment.permissions_of_stacks import read

    with state.lock:
        deployed = list(state.settings(_Deployed).items())
    return read([((account, region), resource) for (account, region, _, _), resource in deployed])
