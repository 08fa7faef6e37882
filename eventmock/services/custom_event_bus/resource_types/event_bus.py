"""``AWS::EventsV2::EventBus``: CreateEventBus, UpdateEventBus, DeleteEventBus, TagResource, UntagResource.

Source: the page of the type in CloudFormation's template reference: the properties, of which only the name replaces the
event bus; ``Ref`` is the ARN; the attributes.
Inferred: CloudFormation waits until the event bus is ACTIVE, or is gone. So that takes no time of the mock's clock. An
update that leaves a property out sets it to what it would be in a new event bus. The error for an event bus that comes
to a failed state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.custom_event_bus.event_bus import ACTIVE, bus_of_arn
from eventmock.services.custom_event_bus.event_buses import settle
from eventmock.services.resource_properties import member_of, members_of, missing, wrong_type
from eventmock.services.resource_type import Caller, InvalidProperty, Made, ResourceType
from eventmock.values.moments import with_milliseconds
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.wire.service_model import Shape

_UNSET: Final[Mapping[str, Any]] = {
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
        shape = caller.input_of("CreateEventBus")
        if "ClientToken" in properties:
            text = "#: extraneous key [ClientToken] is not permitted; only the API has it"
            raise InvalidProperty(("ClientToken",), text)
        given = {name: value for name, value in properties.items() if name != "Tags"}
        members = members_of(shape, given, optional=())
        return members | ({"Tags": _tags(shape, properties["Tags"])} if "Tags" in properties else {})

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = caller.call("CreateEventBus", properties)["EventBusArn"]
        made = Made(name, arn, arn)
        with self.removed_if_incomplete(caller, made, properties):
            return self._settled(caller, made)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        before, after = (
            {name: given.get(name, unset) for name, unset in _UNSET.items()} for given in (old, new)
        )
        if changed := {name: value for name, value in after.items() if value != before[name]}:
            caller.call("UpdateEventBus", {"EventBusArn": made.ref, **changed})
        had, wanted = old.get("Tags", {}), new.get("Tags", {})
        if gone := [key for key in had if key not in wanted]:
            caller.call("UntagResource", {"ResourceArn": made.ref, "TagKeys": gone})
        if added := {key: value for key, value in wanted.items() if had.get(key) != value}:
            caller.call("TagResource", {"ResourceArn": made.ref, "Tags": added})
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
            hint="it is gone" if bus is None else f"it is {bus.state}: {bus.state_reason}",
        )


def _bus_of(caller: Caller, made: Made) -> CustomEventBus | None:
    """Return an event bus when what takes time has ended; None if it is gone."""
    state = caller.account.state
    state.clock.run_due()
    with state.lock:
        settle(caller.account, made.name)
        return bus_of_arn(state, made.ref)


def _tags(shape: Shape, given: Any) -> dict[str, str]:
    """Return the tags of a template, a list of keys and values, as those of the API.

    Raises:
        InvalidProperty: A tag is not of its type.
    """
    (of_tags,) = (member.shape for member in shape.members if member.name == "Tags")
    if not isinstance(given, list):
        raise wrong_type(("Tags",), "JSONArray", given)
    tags = {}
    for index, tag in enumerate(given):
        path = ("Tags", index)
        if not isinstance(tag, dict):
            raise wrong_type(path, "JSONObject", tag)
        for name in ("Key", "Value"):
            if name not in tag:
                raise missing(name, path)
        tags[tag["Key"]] = tag["Value"]
    read: dict[str, str] = member_of(of_tags, tags, ("Tags",))
    return read


TYPE: Final = EventBusType()
