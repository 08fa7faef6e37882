"""``AWS::EventsV2::EventSource``: CreateEventSource, UpdateEventSource, DeleteEventSource.

The package says what is documented of the types and what is inferred. Documented of this one: a template makes event
sources of AWS services and of partners; webhooks are the API's only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.custom_event_bus.resource_types.properties import changes, read, times
from eventmock.services.custom_event_bus.resource_types.tags import change_tags
from eventmock.services.resource_type import Caller, Made, ResourceType
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_STABLE: Final = "ACTIVE"


class EventSourceType(ResourceType):
    """Event sources of custom event buses."""

    name = "AWS::EventsV2::EventSource"
    replaced_by = frozenset({"Name", "EventBusArn"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name", "ResourceNotFoundException": "EventBusArn"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return read(
            caller, "CreateEventSource", properties, {("Configuration",): ("WebhookEventsConfiguration",)}
        )

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        token = caller.account.state.identifiers.uuid()
        arn = caller.call("CreateEventSource", {**properties, "ClientToken": token})["EventSourceArn"]
        with self.removed_if_incomplete(caller, Made(name, arn, arn), properties):
            return self._made(caller, name, arn)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        defaults = {"Description": "", "Configuration": new["Configuration"]}
        if changed := changes(old, new, defaults):
            caller.call("UpdateEventSource", {"EventSourceArn": made.ref, **changed})
        change_tags(caller, made.ref, old, new)
        return self._made(caller, made.name, made.ref)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteEventSource", {"EventSourceArn": made.ref})

    def _made(self, caller: Caller, name: str, arn: str) -> Made:
        shown = caller.call("DescribeEventSource", {"EventSourceArn": arn})
        if shown["State"] != _STABLE:
            raise AwsError(
                "NotStabilized",
                f"Resource of type '{self.name}' with identifier '{arn}' did not stabilize.",
                hint=f"the event source is {shown['State']}",
            )
        revoked = "true" if shown.get("Revoked") else "false"
        attributes = {"EventSourceArn": arn, "State": shown["State"], "Revoked": revoked, **times(shown)}
        return Made(name, arn, arn, attributes)


TYPE: Final = EventSourceType()
