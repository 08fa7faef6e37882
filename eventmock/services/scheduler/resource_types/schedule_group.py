"""``AWS::Scheduler::ScheduleGroup``: CreateScheduleGroup, DeleteScheduleGroup, TagResource.

Source: templates section 7. Inferred: CloudFormation waits until a group that it deletes is gone. So the deletion takes
no time of the mock's clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of
from eventmock.services.resource_type import Caller, Made, ResourceType
from eventmock.services.scheduler.schedule_group import find_group
from eventmock.services.scheduler.schedule_groups import finish_deletion
from eventmock.values.moments import with_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping


class ScheduleGroupType(ResourceType):
    """Schedule groups."""

    name = "AWS::Scheduler::ScheduleGroup"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ConflictException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        return members_of(caller.input_of("CreateScheduleGroup"), properties)

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        caller.call("CreateScheduleGroup", {**properties, "Name": name})
        with caller.account.state.lock:
            group = find_group(caller.account, name)
        attributes = {
            "Arn": group.arn,
            "CreationDate": with_milliseconds(group.creation_date),
            "LastModificationDate": with_milliseconds(group.last_modification_date),
            "State": group.state,
        }
        return Made(name, name, group.arn, attributes)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        assert made.arn is not None
        caller.change_tags(made.arn, old, new, arn_member="ResourceArn")
        return made

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: ARG002, D102 - inherited
        caller.remove("DeleteScheduleGroup", {"Name": made.name})
        with caller.account.state.lock:
            finish_deletion(caller.account, made.name)


TYPE: Final = ScheduleGroupType()
