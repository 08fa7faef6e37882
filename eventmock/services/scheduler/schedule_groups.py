"""Schedule groups: CreateScheduleGroup, GetScheduleGroup, ListScheduleGroups, DeleteScheduleGroup.

Source: scheduler sections 5, 15 and 16. Recorded: the group is ``DELETING`` for some ten seconds, also if it is empty;
its date of modification is that of the deletion. Documented: its schedules may fire until they are deleted with it.
Inferred: group and schedules go at the same moment; a deletion that is under way may be asked for again; what a group
``DELETING`` still takes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventmock.services.scheduler import errors
from eventmock.services.scheduler.client_tokens import idempotent
from eventmock.services.scheduler.firing import forget
from eventmock.services.scheduler.quotas import check_quota
from eventmock.services.scheduler.schedule import DEFAULT_GROUP, schedules_of
from eventmock.services.scheduler.schedule_group import (
    DELETING,
    ScheduleGroup,
    find_group,
    groups_of,
    new_group,
)
from eventmock.services.scheduler.tags import with_tags
from eventmock.values.moments import later
from eventmock.wire import operation

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import (
        CreateScheduleGroupInputTypeDef,
        DeleteScheduleGroupInputTypeDef,
        GetScheduleGroupInputTypeDef,
        ListScheduleGroupsInputTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


@operation
@idempotent
def create_schedule_group(call: Call, request: CreateScheduleGroupInputTypeDef) -> dict[str, str]:
    """Make a schedule group. It is ACTIVE at once."""
    account, name = call.account, request["Name"]
    _check_not_default(name)
    groups = groups_of(account)
    if name in groups:
        raise errors.already_exists(f"Schedule group {name}")
    check_quota(account, "schedule_groups", len(groups) + 1)
    tags = with_tags(account, {}, request.get("Tags", ()))
    group = groups[name] = replace(new_group(account, name), tags=tags)
    return {"ScheduleGroupArn": group.arn}


@operation
def get_schedule_group(call: Call, request: GetScheduleGroupInputTypeDef) -> ScheduleGroup:
    """Return one schedule group, without its tags."""
    return find_group(call.account, request["Name"])


@operation(ordered_by="name")
def list_schedule_groups(call: Call, request: ListScheduleGroupsInputTypeDef) -> list[ScheduleGroup]:
    """List the schedule groups, also those that are DELETING, in the order of their names."""
    prefix = request.get("NamePrefix", "")
    return [group for name, group in groups_of(call.account).items() if name.startswith(prefix)]


@operation
@idempotent
def delete_schedule_group(call: Call, request: DeleteScheduleGroupInputTypeDef) -> None:
    """Begin to delete a schedule group and its schedules."""
    account, name = call.account, request["Name"]
    _check_not_default(name)
    group = find_group(account, name)
    if group.state == DELETING:
        return
    state = account.state
    now, wait = state.clock.now(), state.delays.schedule_group_deletion
    groups_of(account)[name] = replace(
        group, state=DELETING, last_modification_date=now, gone=later(now, wait)
    )
    account.soon(ScheduleGroup, name, "is deleted", wait, _delete)


def finish_deletion(account: Account, name: str) -> None:
    """Remove a group that is DELETING, and its schedules, at once. If there is none, do nothing."""
    group = groups_of(account).get(name)
    if group is not None and group.state == DELETING:
        _delete(account, group)


def _delete(account: Account, group: ScheduleGroup) -> None:
    """Remove a group and its schedules."""
    for schedule in [one for one in schedules_of(account).values() if one.group == group.name]:
        forget(account, schedule)
    del groups_of(account)[group.name]


def _check_not_default(name: str) -> None:
    """Check that a group is not ``default`` (the text was seen on AWS for the creation; inferred for the deletion).

    Raises:
        AwsError: The group is ``default``.
    """
    if name == DEFAULT_GROUP:
        raise errors.invalid(f"This operation cannot be performed on schedule group {name}.")
