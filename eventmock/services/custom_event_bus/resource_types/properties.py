"""What the types of resources have in common: how properties become members of the API, and what an update changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus.resource_types.tags import tags_of
from eventmock.services.resource_properties import members_of, pointer
from eventmock.services.resource_type import InvalidProperty
from eventmock.values.moments import with_milliseconds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from eventmock.services.resource_type import Caller


def read(
    caller: Caller,
    operation: str,
    properties: Mapping[str, Any],
    api_only: Mapping[tuple[str, ...], Collection[str]],
) -> dict[str, Any]:
    """Return properties as the members of the operation that makes a resource.

    Args:
        caller: Calls the operations.
        operation: The operation, such as ``CreateEventBus``.
        properties: The properties, evaluated.
        api_only: The members of the API that the type does not have as properties, by the path of what they are a part
            of.

    Raises:
        InvalidProperty: A property is not of its type, there is no property of that name, or a required one is
            missing.
    """
    for path, names in {**api_only, (): (*api_only.get((), ()), "ClientToken")}.items():
        part: Any = properties
        for key in path:
            part = part.get(key) if isinstance(part, dict) else None
        for name in names:
            if isinstance(part, dict) and name in part:
                text = f"{pointer(path)}: extraneous key [{name}] is not permitted; only the API has it"
                raise InvalidProperty((*path, name), text)
    given = {name: value for name, value in properties.items() if name != "Tags"}
    members = members_of(caller.input_of(operation), given, optional=())
    if "Tags" in properties:
        members["Tags"] = tags_of(properties["Tags"])
    return members


def changes(old: Mapping[str, Any], new: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that an update names: what differs, and the default of what is left out.

    Args:
        old: The properties that the resource has, as `read` returned them.
        new: The properties that it gets, as `read` returned them.
        defaults: The members that an update can change, each with what it gets if a template leaves it out.
    """
    return {
        name: new.get(name, default) for name, default in defaults.items() if old.get(name) != new.get(name)
    }


def times(shown: Mapping[str, Any]) -> dict[str, str]:
    """Return the moments of a described resource as ``Fn::GetAtt`` gives them."""
    names = ("CreationTime", "LastModifiedTime")
    return {name: with_milliseconds(datetime.fromtimestamp(shown[name], UTC)) for name in names}
