"""``AWS::Events::EventBus``: CreateEventBus, UpdateEventBus, and PutPermission for its policy.

Source: templates sections 6 and 7. A policy that an update does not mention stays (documented).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import json_text, members_of, without_later
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CREATION_ONLY: Final = frozenset({"EventSourceName", "Policy", "Tags"})
_LATER: Final = ("Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")
"""The properties that botocore 1.34 does not know."""


class EventBusType(ResourceType):
    """Event buses. A bus has to be named."""

    name = "AWS::Events::EventBus"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        given = {name: value for name, value in properties.items() if name != "Policy"}
        shape = caller.input_of("CreateEventBus")
        members = members_of(shape, without_later(caller, self.name, shape, given, _LATER), optional=())
        if "Policy" in properties:
            members["Policy"] = json_text(properties["Policy"], ("Policy",))
        return members

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        given = {key: value for key, value in properties.items() if key != "Policy"}
        arn = caller.call("CreateEventBus", given)["EventBusArn"]
        made = Made(name, name, arn, _attributes(name, arn, properties))
        with self.removed_if_incomplete(caller, made, properties):
            _put_policy(caller, name, properties)
        return made

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        before, after = (
            {key: value for key, value in properties.items() if key not in _CREATION_ONLY}
            for properties in (old, new)
        )
        if before != after:
            caller.call("UpdateEventBus", after)
        assert made.arn is not None
        caller.change_tags(made.arn, old, new)
        if old.get("Policy") != new.get("Policy"):
            _put_policy(caller, made.name, new)
        return made._replace(attributes=_attributes(made.name, made.arn, new))

    def restorer(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Callable[[], object]:
        policy = caller.call("DescribeEventBus", {"Name": made.name}).get("Policy")

        def restore() -> None:
            self.update(caller, made, new, {name: value for name, value in old.items() if name != "Policy"})
            if policy is None:
                caller.remove("RemovePermission", {"EventBusName": made.name, "RemoveAllPermissions": True})
            else:
                _put_policy(caller, made.name, {"Policy": policy})

        return restore

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.call("DeleteEventBus", {"Name": made.name})


def _put_policy(caller: Caller, name: str, properties: Mapping[str, Any]) -> None:
    if "Policy" in properties:
        caller.call("PutPermission", {"EventBusName": name, "Policy": properties["Policy"]})


def _attributes(name: str, arn: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Arn": arn, "Name": name, "Policy": properties.get("Policy", "")}


TYPE: Final = EventBusType()
