"""``AWS::Events::Connection``: CreateConnection, UpdateConnection.

Source: templates sections 6 and 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping


class ConnectionType(ResourceType):
    """Connections."""

    name = "AWS::Events::Connection"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return members_of(caller.input_of("CreateConnection"), properties)

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        caller.call("CreateConnection", {**properties, "Name": name})
        return _made(caller, name)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        reset = {"Description": ""} if "Description" in old and "Description" not in new else {}
        caller.call("UpdateConnection", {**new, **reset, "Name": made.name})
        return _made(caller, made.name)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteConnection", {"Name": made.name})


def _made(caller: Caller, name: str) -> Made:
    shown = caller.call("DescribeConnection", {"Name": name})
    arn = shown["ConnectionArn"]
    attributes = {"Arn": arn, "ArnForPolicy": arn.rpartition("/")[0], "SecretArn": shown.get("SecretArn", "")}
    associations = {
        "InvocationConnectivityParameters.ResourceParameters": shown.get("InvocationConnectivityParameters"),
        "AuthParameters.ConnectivityParameters.ResourceParameters": shown.get("AuthParameters", {}).get(
            "ConnectivityParameters"
        ),
    }
    for attribute, parameters in associations.items():
        association = (parameters or {}).get("ResourceParameters", {}).get("ResourceAssociationArn")
        if association is not None:
            attributes[f"{attribute}.ResourceAssociationArn"] = association
    return Made(name, name, arn, attributes)


TYPE: Final = ConnectionType()
