"""``AWS::AppIntegrations::EventIntegration``: CreateEventIntegration, UpdateEventIntegration.

Source: templates sections 6 and 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of, missing, wrong_type
from eventmock.services.resource_type import Caller, Made, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventIntegrationType(ResourceType):
    """Event integrations. An event integration has to be named. The tags of a template are a list, here a map."""

    name = "AWS::AppIntegrations::EventIntegration"
    replaced_by = frozenset({"Name", "EventBridgeBus", "EventFilter"})
    blamed: ClassVar = {"DuplicateResourceException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        given = dict(properties)
        if "Tags" in given:
            given["Tags"] = _tag_map(given["Tags"])
        return members_of(caller.input_of("CreateEventIntegration"), given, optional=())

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = caller.call("CreateEventIntegration", properties)["EventIntegrationArn"]
        return Made(name, name, arn, {"EventIntegrationArn": arn})

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        if old.get("Description") != new.get("Description"):
            members = {"Name": made.name, "Description": new.get("Description", "")}
            caller.call("UpdateEventIntegration", members)
        before, after = old.get("Tags", {}), new.get("Tags", {})
        if gone := [key for key in before if key not in after]:
            caller.call("UntagResource", {"resourceArn": made.arn, "tagKeys": gone})
        if added := {key: value for key, value in after.items() if before.get(key) != value}:
            caller.call("TagResource", {"resourceArn": made.arn, "tags": added})
        return made

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteEventIntegration", {"Name": made.name})


def _tag_map(tags: Any) -> dict[str, Any]:
    if not isinstance(tags, list):
        raise wrong_type(("Tags",), "JSONArray", tags)
    for index, tag in enumerate(tags):
        path = ("Tags", index)
        if not isinstance(tag, dict):
            raise wrong_type(path, "JSONObject", tag)
        for name in ("Key", "Value"):
            if name not in tag:
                raise missing(name, path)
    return {str(tag["Key"]): tag["Value"] for tag in tags}


TYPE: Final = EventIntegrationType()
