"""``AWS::EventsV2::EventBus``: CreateEventBus, UpdateEventBus, DeleteEventBus.

The package says what is documented of the types and what is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.custom_event_bus.resource_types.properties import changes, read, times
from eventmock.services.custom_event_bus.resource_types.tags import change_tags
from eventmock.services.resource_type import Caller, Made, ResourceType
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULTS: Final[Mapping[str, Any]] = {
    "Description": "",
    "EncryptionConfiguration": {},
    "StorageConfiguration": {},
}
"""What an update can change, with its defaults."""
_STABLE: Final = "ACTIVE"


class EventBusType(ResourceType):
    """Custom event buses."""

    name = "AWS::EventsV2::EventBus"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return read(caller, "CreateEventBus", properties, {})

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = caller.call("CreateEventBus", properties)["EventBusArn"]
        with self.removed_if_incomplete(caller, Made(name, arn, arn), properties):
            return self._made(caller, name, arn)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        if changed := changes(old, new, _DEFAULTS):
            caller.call("UpdateEventBus", {"EventBusArn": made.ref, **changed})
        change_tags(caller, made.ref, old, new)
        return self._made(caller, made.name, made.ref)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteEventBus", {"EventBusArn": made.ref})
        try:
            shown = caller.call("DescribeEventBus", {"EventBusArn": made.ref})
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
        else:
            raise self._not_stable(shown)

    def _made(self, caller: Caller, name: str, arn: str) -> Made:
        shown = caller.call("DescribeEventBus", {"EventBusArn": arn})
        if shown["State"] != _STABLE:
            raise self._not_stable(shown)
        return Made(name, arn, arn, {"EventBusArn": arn, "State": shown["State"], **times(shown)})

    def _not_stable(self, shown: Mapping[str, Any]) -> AwsError:
        """Return CloudFormation's error for an event bus that came to another state than the wanted one."""
        reason = shown.get("StateReason")
        why = f"the event bus is {shown['State']}" + (f": {reason}" if reason else "")
        return AwsError(
            "NotStabilized",
            f"Resource of type '{self.name}' with identifier '{shown['EventBusArn']}' did not stabilize.",
            hint=why,
        )


TYPE: Final = EventBusType()
