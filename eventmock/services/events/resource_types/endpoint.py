"""``AWS::Events::Endpoint``: CreateEndpoint, UpdateEndpoint.

Source: templates sections 6 and 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping


class EndpointType(ResourceType):
    """Global endpoints."""

    name = "AWS::Events::Endpoint"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return members_of(caller.input_of("CreateEndpoint"), properties)

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        caller.call("CreateEndpoint", {**properties, "Name": name})
        with self.removed_if_incomplete(caller, Made(name, name), properties):
            return _made(caller, name)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        left_out = {"Description": "", "ReplicationConfig": {"State": "ENABLED"}}
        reset = {name: value for name, value in left_out.items() if name in old and name not in new}
        caller.call("UpdateEndpoint", {**new, **reset, "Name": made.name})
        return _made(caller, made.name)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteEndpoint", {"Name": made.name})


def _made(caller: Caller, name: str) -> Made:
    shown = caller.call("DescribeEndpoint", {"Name": name})
    names = ("Arn", "EndpointId", "EndpointUrl", "State", "StateReason")
    attributes = {attribute: shown.get(attribute, "") for attribute in names}
    return Made(name, name, shown["Arn"], attributes)


TYPE: Final = EndpointType()
