"""Schedules: CreateSchedule, UpdateSchedule, GetSchedule, ListSchedules, DeleteSchedule.

Source: scheduler sections 3, 5, 15 and 16. Recorded: UpdateSchedule replaces all members; what the request leaves out
has its default again. Inferred: the order of lists; whatever is done in a group that does not exist, but for a
creation, answers as if only the schedule did not exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.scheduler import errors
from eventmock.services.scheduler.client_tokens import idempotent
from eventmock.services.scheduler.firing import forget, keep, occurrences_of
from eventmock.services.scheduler.former import how_it_went
from eventmock.services.scheduler.quotas import check_quota
from eventmock.services.scheduler.roles import not_assumable, why_not_assumed
from eventmock.services.scheduler.schedule import (
    DEFAULT_GROUP,
    ENABLED,
    Schedule,
    schedules_of,
    table_name,
)
from eventmock.services.scheduler.schedule_checks import UTC_NAME, check_schedule
from eventmock.services.scheduler.schedule_group import DELETING, find_group, groups_of
from eventmock.services.scheduler.target import target_of
from eventmock.values.near_names import nearest_name
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_scheduler.type_defs import (
        CreateScheduleInputTypeDef,
        DeleteScheduleInputTypeDef,
        GetScheduleInputTypeDef,
        ListSchedulesInputTypeDef,
        UpdateScheduleInputTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call

Members = dict[str, Any]
NO_ACTION: Final = "NONE"
_MOST_COMPARED: Final = 500
"""The most schedules among which one of a similar name, or one that was deleted, is looked for.

Code may ask for each schedule before it makes it.
"""


@operation(look_up=why_not_assumed)
@idempotent
def create_schedule(call: Call, request: CreateScheduleInputTypeDef) -> dict[str, str]:
    """Make a schedule."""
    account, name, group = call.account, request["Name"], _group(request)
    now = account.state.clock.now()
    settings = _settings(call, request, None, now)
    if find_group(account, group).state == DELETING:
        raise errors.group_is_deleting(group)
    schedules = schedules_of(account)
    if table_name(group, name) in schedules:
        raise errors.already_exists(f"Schedule {name}")
    check_quota(account, "schedules", len(schedules) + 1)
    schedule = Schedule(
        arn=account.arn("scheduler", f"schedule/{group}/{name}"),
        name=name,
        group=group,
        account=account.id,
        region=account.region,
        creation_date=now,
        last_modification_date=now,
        **settings,
    )
    keep(account, schedule)
    return {"ScheduleArn": schedule.arn}


@operation(look_up=why_not_assumed)
@idempotent
def update_schedule(call: Call, request: UpdateScheduleInputTypeDef) -> dict[str, str]:
    """Replace all members of a schedule but its name and group."""
    account, name, group = call.account, request["Name"], _group(request)
    before = schedules_of(account).get(table_name(group, name))
    now = account.state.clock.now()
    settings = _settings(call, request, before, now)
    if before is None:
        raise _not_found(account, group, name)
    after = replace(before, **settings, last_modification_date=now, has_fired=False)
    keep(account, after, before)
    return {"ScheduleArn": after.arn}


@operation
def get_schedule(call: Call, request: GetScheduleInputTypeDef) -> Members:
    """Return one schedule."""
    return _shown(find_schedule(call.account, _group(request), request["Name"]))


@operation
@idempotent
def delete_schedule(call: Call, request: DeleteScheduleInputTypeDef) -> None:
    """Remove a schedule. Its invocations are not tried again."""
    forget(call.account, find_schedule(call.account, _group(request), request["Name"]))


@operation(ordered_by="place")
def list_schedules(call: Call, request: ListSchedulesInputTypeDef) -> list[Schedule]:
    """List the schedules of a group or of all groups, by the prefix of the name or by the state.

    An answer has no more of a target than its ARN.
    """
    account, group = call.account, request.get("GroupName")
    prefix, state = request.get("NamePrefix"), request.get("State")
    found = list(schedules_of(account).values())
    if group is not None:
        find_group(account, group)
        found = [schedule for schedule in found if schedule.group == group]
    if prefix is not None:
        found = [schedule for schedule in found if schedule.name.startswith(prefix)]
    if state is not None:
        found = [schedule for schedule in found if schedule.state == state]
    return found


def find_schedule(account: Account, group: str, name: str, *, argument: str = "GroupName") -> Schedule:
    """Return the schedule of a name in a group.

    Args:
        account: The account of the schedule.
        group: The name of the group.
        name: The name of the schedule.
        argument: What the caller names the group by, for the hint of the error.

    Raises:
        AwsError: There is no such schedule.
    """
    found = schedules_of(account).get(table_name(group, name))
    if found is None:
        raise _not_found(account, group, name, argument)
    return found


def _not_found(account: Account, group: str, name: str, argument: str = "GroupName") -> AwsError:
    return errors.schedule_not_found(name, _advice(account, group, name, argument))


def _advice(account: Account, group: str, name: str, argument: str) -> str:
    """Return advice for the tester about a schedule that does not exist; empty if there is none."""
    schedules, state = schedules_of(account), account.state
    elsewhere = [other for other in groups_of(account) if table_name(other, name) in schedules]
    if elsewhere:
        others = ", ".join(elsewhere)
        return (
            f"group {group} has none of that name, but group {others} has: give {argument}={elsewhere[0]!r}"
        )
    former = how_it_went(state, account.arn("scheduler", f"schedule/{group}/{name}"), _MOST_COMPARED)
    if former:
        return f"it {former}"
    for other in state.accounts.all:
        if table_name(group, name) in schedules_of(other):
            return f"there is one of that name in {other.id}, {other.region}"
    if len(schedules) > _MOST_COMPARED:
        return ""
    near = nearest_name(name, [one.name for one in schedules.values() if one.group == group])
    return "" if near is None else f"did you mean {near}?"


def _group(request: Mapping[str, Any]) -> str:
    name: str = request.get("GroupName", DEFAULT_GROUP)
    return name


def _settings(
    call: Call, request: Mapping[str, Any], before: Schedule | None, now: datetime
) -> dict[str, Any]:
    """Return what a request sets of a schedule, by the attributes of the record.

    Args:
        call: The call.
        request: The members of the request.
        before: The schedule before the change; None for a new one, or if it does not exist.
        now: The present, an aware datetime in UTC.

    Raises:
        AwsError: AWS would refuse the request.
    """
    account = call.account
    timing, zone = check_schedule(account, request, before)
    if call.found is not None:
        raise not_assumable(call.found)
    start, end = request.get("StartDate"), request.get("EndDate")
    return {
        "expression": request["ScheduleExpression"],
        "timezone": request.get("ScheduleExpressionTimezone", UTC_NAME),
        "state": request.get("State", ENABLED),
        "start_date": start,
        "end_date": end,
        "window": request["FlexibleTimeWindow"].get("MaximumWindowInMinutes"),
        "action_after_completion": request.get("ActionAfterCompletion", NO_ACTION),
        "description": request.get("Description"),
        "kms_key_arn": request.get("KmsKeyArn"),
        "target": target_of(dict(request["Target"])),
        "occurrences": occurrences_of(now, timing, zone, start=start, end=end, before=before),
    }


def _shown(schedule: Schedule) -> Members:
    """Return the members of GetSchedule. Those that are None are left out of the answer."""
    return {
        "Arn": schedule.arn,
        "Name": schedule.name,
        "GroupName": schedule.group,
        "State": schedule.state,
        "CreationDate": schedule.creation_date,
        "LastModificationDate": schedule.last_modification_date,
        "ScheduleExpression": schedule.expression,
        "ScheduleExpressionTimezone": schedule.timezone,
        "StartDate": schedule.start_date,
        "EndDate": schedule.end_date,
        "Description": schedule.description,
        "KmsKeyArn": schedule.kms_key_arn,
        "FlexibleTimeWindow": {
            "Mode": "OFF" if schedule.window is None else "FLEXIBLE",
            "MaximumWindowInMinutes": schedule.window,
        },
        "ActionAfterCompletion": schedule.action_after_completion,
        "Target": schedule.target.members,
    }
