"""The record of a schedule group, and the search for one. The operations are in `schedule_groups`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventmock.history.wording import in_words
from eventmock.services.scheduler import errors
from eventmock.services.scheduler.schedule import DEFAULT_GROUP
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.parts.accounts import Account

ACTIVE: Final = "ACTIVE"
DELETING: Final = "DELETING"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScheduleGroup:
    """A schedule group. The attributes have the names of the members of GetScheduleGroup.

    A record is immutable. A change of the group replaces its record by a new one.

    Attributes:
        arn: The ARN of the group.
        name: The name of the group, unique in its account and region.
        state: ``ACTIVE`` or ``DELETING``.
        creation_date: The moment of the creation, an aware datetime in UTC.
        last_modification_date: The moment of the creation, or of the deletion if that has begun.
        tags: The values of the tags, by key.
        gone: The moment at which the group is gone with its schedules, if it is ``DELETING``; else None.
        key: An object that all records of one group have in common. A group that is deleted and made again has another
            one.
    """

    arn: str
    name: str
    creation_date: datetime
    last_modification_date: datetime
    state: str = ACTIVE
    tags: dict[str, str] = field(default_factory=dict)
    gone: datetime | None = None
    key: object = field(default_factory=object, repr=False)


def groups_of(account: Account) -> dict[str, ScheduleGroup]:
    """Return the schedule groups of an account by name, for the caller to read and change.

    The group ``default`` is there from the beginning. Its dates are those of the first use of the groups (inferred).
    """
    return account.table(ScheduleGroup, _first_groups)


def _first_groups(account: Account) -> dict[str, ScheduleGroup]:
    return {DEFAULT_GROUP: new_group(account, DEFAULT_GROUP)}


def new_group(account: Account, name: str) -> ScheduleGroup:
    """Return the record of a group that is made now; it is not kept yet."""
    now = account.state.clock.now()
    arn = account.arn("scheduler", f"schedule-group/{name}")
    return ScheduleGroup(arn=arn, name=name, creation_date=now, last_modification_date=now)


def find_group(account: Account, name: str) -> ScheduleGroup:
    """Return the schedule group of that name.

    Raises:
        AwsError: The account has no such group.
    """
    groups = groups_of(account)
    found = groups.get(name)
    if found is None:
        near = nearest_name(name, groups)
        hint = f"groups there: {in_words(sorted(groups))}" if near is None else f"did you mean {near}?"
        raise errors.group_not_found(name, hint)
    return found
