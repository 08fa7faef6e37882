"""``AWS::Events::ApiDestination``: CreateApiDestination, UpdateApiDestination.

Source: templates sections 6 and 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping


class ApiDestinationType(ResourceType):
    """API destinations."""

    name = "AWS::Events::ApiDestination"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return members_of(caller.input_of("CreateApiDestination"), properties)

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = caller.call("CreateApiDestination", {**properties, "Name": name})["ApiDestinationArn"]
        return Made(name, name, arn, {"Arn": arn, "ArnForPolicy": arn.rpartition("/")[0]})

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        left_out = {"Description": "", "InvocationRateLimitPerSecond": 300}
        reset = {name: value for name, value in left_out.items() if name in old and name not in new}
        caller.call("UpdateApiDestination", {**new, **reset, "Name": made.name})
        return made

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteApiDestination", {"Name": made.name})


TYPE: Final = ApiDestinationType()
