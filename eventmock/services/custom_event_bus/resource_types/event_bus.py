"""``AWS::EventsV2::EventBus``: CreateEventBus, UpdateEventBus, DeleteEventBus, TagResource, UntagResource.

The package says what is documented of the types and what is inferred. What takes an event bus to its next state takes
no time of the mock's clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.custom_event_bus.event_bus import ACTIVE, bus_of_arn
from eventmock.services.custom_event_bus.event_buses import settle
from eventmock.services.custom_event_bus.resource_types.properties import changes, read
from eventmock.services.custom_event_bus.resource_types.tags import change_tags
from eventmock.services.resource_type import Caller, Made, ResourceType
from eventmock.values.moments import with_milliseconds
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.custom_event_bus.event_bus import CustomEventBus

_DEFAULTS: Final[Mapping[str, Any]] = {
    "Description": "",
    "EncryptionConfiguration": {},
    "StorageConfiguration": {},
}
"""What UpdateEventBus gets for a property that a template does not have."""


class EventBusType(ResourceType):
    """Custom event buses. A bus has to be named."""

    name = "AWS::EventsV2::EventBus"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ResourceAlreadyExistsException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return read(caller, "CreateEventBus", properties, {})

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = caller.call("CreateEventBus", properties)["EventBusArn"]
        made = Made(name, arn, arn)
        with self.removed_if_incomplete(caller, made, properties):
            return self._settled(caller, made)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        if changed := changes(old, new, _DEFAULTS):
            caller.call("UpdateEventBus", {"EventBusArn": made.ref, **changed})
        change_tags(caller, made.ref, old, new)
        return self._settled(caller, made)

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteEventBus", {"EventBusArn": made.ref})
        bus = _bus_of(caller, made)
        if bus is not None:
            raise self._not_stabilized(made, bus)

    def _settled(self, caller: Caller, made: Made) -> Made:
        """Return an event bus whose creation or update has ended.

        Raises:
            AwsError: The event bus came to a failed state.
        """
        bus = _bus_of(caller, made)
        if bus is None or bus.state != ACTIVE:
            raise self._not_stabilized(made, bus)
        times = {"CreationTime": bus.creation_time, "LastModifiedTime": bus.last_modified_time}
        moments = {name: with_milliseconds(moment) for name, moment in times.items()}
        return made._replace(attributes={"EventBusArn": bus.arn, "State": bus.state, **moments})

    def _not_stabilized(self, made: Made, bus: CustomEventBus | None) -> AwsError:
        text = f"Resource of type '{self.name}' with identifier '{made.ref}' did not stabilize."
        return AwsError(
            "NotStabilized",
            text,
            hint="it is gone" if bus is None else f"the event bus is {bus.state}: {bus.state_reason}",
        )


def _bus_of(caller: Caller, made: Made) -> CustomEventBus | None:
    """Return an event bus when what takes time has ended; None if it is gone."""
    state = caller.account.state
    state.clock.run_due()
    with state.lock:
        settle(caller.account, made.name)
        return bus_of_arn(state, made.ref)


TYPE: Final = EventBusType()
