"""Tags of schedule groups: TagResource, UntagResource, ListTagsForResource. Schedules have no tags.

Source: scheduler sections 3, 4.7 and 5. Inferred: a key that begins with ``aws:`` is refused, as the other services do
it; a group that is DELETING can still be tagged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventmock.services.scheduler import errors
from eventmock.services.scheduler.quotas import check_quota
from eventmock.services.scheduler.schedule_group import find_group, groups_of
from eventmock.values.arn import resource_name
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_scheduler.type_defs import (
        ListTagsForResourceInputTypeDef,
        TagResourceInputTypeDef,
        TagTypeDef,
        UntagResourceInputTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.scheduler.schedule_group import ScheduleGroup


@operation
def tag_resource(call: Call, request: TagResourceInputTypeDef) -> None:
    """Add tags to a schedule group, or change the values of existing tags."""
    group = _find(call.account, request["ResourceArn"])
    _set_tags(call.account, group, with_tags(call.account, group.tags, request["Tags"]))


@operation
def untag_resource(call: Call, request: UntagResourceInputTypeDef) -> None:
    """Remove tags from a schedule group. A key that the group does not have is ignored."""
    group, gone = _find(call.account, request["ResourceArn"]), set(request["TagKeys"])
    kept = {key: value for key, value in group.tags.items() if key not in gone}
    _set_tags(call.account, group, kept)


@operation
def list_tags_for_resource(
    call: Call, request: ListTagsForResourceInputTypeDef
) -> dict[str, list[dict[str, str]]]:
    """List the tags of a schedule group, in the order in which they were added."""
    tags = _find(call.account, request["ResourceArn"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def with_tags(account: Account, existing: Mapping[str, str], given: Iterable[TagTypeDef]) -> dict[str, str]:
    """Return the existing tags and the given tags. If both have a key, its value is the given one.

    Raises:
        AwsError: A given key begins with ``aws:``, or the group would have more tags than the quota allows.
    """
    tags = {**existing, **{tag["Key"]: tag["Value"] for tag in given}}
    if any(tag["Key"].lower().startswith("aws:") for tag in given):
        raise errors.invalid("Tag keys that begin with aws: are reserved for system use.")
    check_quota(account, "tags_per_schedule_group", len(tags))
    return tags


def _find(account: Account, arn: str) -> ScheduleGroup:
    """Return the schedule group of an ARN.

    Raises:
        AwsError: There is no such group in the account and region of the caller.
    """
    name = resource_name(arn)
    group = find_group(account, name)
    if group.arn != arn:
        raise errors.group_not_found(name)
    return group


def _set_tags(account: Account, group: ScheduleGroup, tags: dict[str, str]) -> None:
    groups_of(account)[group.name] = replace(group, tags=tags)
