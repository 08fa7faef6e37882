"""``AWS::Events::Connection``: CreateConnection, UpdateConnection.

Source: templates sections 6 and 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of, without_later
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping


_OF_CALLS: Final = ("InvocationHttpParameters", "OAuthHttpParameters")
"""The structures that have lists only."""
_LATER: Final = (
    "KmsKeyIdentifier",
    "InvocationConnectivityParameters",
    "AuthParameters.ConnectivityParameters",
)
"""The properties that botocore 1.34 does not know."""


class ConnectionType(ResourceType):
    """Connections."""

    name = "AWS::Events::Connection"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        optional = {"Name", "AuthorizationType", "AuthParameters"}
        shape = caller.input_of("CreateConnection")
        given = without_later(caller, self.name, shape, properties, _LATER)
        return members_of(shape, given, optional=optional)

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        caller.call("CreateConnection", {**properties, "Name": name})
        with self.removed_if_incomplete(caller, Made(name, name), properties):
            return _made(caller, name)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        left_out = {"Description": "", "KmsKeyIdentifier": ""}
        reset = {name: value for name, value in left_out.items() if name in old and name not in new}
        caller.call("UpdateConnection", {**_with_emptied_lists(old, new), **reset, "Name": made.name})
        return _made(caller, made.name)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteConnection", {"Name": made.name})


def _with_emptied_lists(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return new properties, with an empty list for each list that they lack: UpdateConnection merges structures."""
    result = dict(new)
    for name, value in old.items():
        if isinstance(value, dict) and (name in new or name in _OF_CALLS):
            result[name] = _with_emptied_lists(value, new.get(name, {}))
        elif isinstance(value, list) and name not in new:
            result[name] = []
    return result


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
