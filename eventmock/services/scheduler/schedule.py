"""The record of a schedule. The operations are in `schedules`, and when it fires is in `firing`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventmock.history.wording import in_zone
from eventmock.schedule import At, Rate
from eventmock.values.arn import arn_without_id

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.schedule import Occurrences
    from eventmock.services.scheduler.target import ScheduleTarget

DEFAULT_GROUP: Final = "default"
ENABLED: Final = "ENABLED"
DELETE: Final = "DELETE"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schedule:
    """A schedule.

    A record is immutable. A change of the schedule replaces its record by a new one.

    Attributes:
        arn: The ARN of the schedule.
        name: The name of the schedule, unique in its group.
        group: The name of the schedule group.
        account: The id of the account, 12 digits.
        region: The region.
        expression: The text of the schedule expression, as it was given.
        timezone: The name of the time zone.
        state: ``ENABLED`` or ``DISABLED``.
        start_date: The moment before which the schedule does not fire, an aware datetime; None if there is none.
        end_date: The moment after which the schedule does not fire, an aware datetime; None if there is none.
        window: The length of the flexible time window in minutes; None without such a window.
        action_after_completion: ``NONE`` or ``DELETE``.
        description: The description; None if there is none.
        kms_key_arn: The ARN of the key; None if there is none.
        target: The target.
        creation_date: The moment of the creation, an aware datetime in UTC.
        last_modification_date: The moment of the last change, an aware datetime in UTC.
        occurrences: The moments at which the schedule has to fire.
        has_fired: Whether the schedule is an ``at(...)`` that has fired since its moment was set.
        key: An object that all records of one schedule have in common. A schedule that is deleted and made again has
            another one.
    """

    arn: str
    name: str
    group: str
    account: str
    region: str
    expression: str
    timezone: str
    state: str
    start_date: datetime | None
    end_date: datetime | None
    window: int | None
    action_after_completion: str
    description: str | None
    kms_key_arn: str | None
    target: ScheduleTarget
    creation_date: datetime
    last_modification_date: datetime
    occurrences: Occurrences
    has_fired: bool = False
    key: object = field(default_factory=object, repr=False)

    @property
    def table_name(self) -> str:
        """The name of the schedule in the table of its account."""
        return table_name(self.group, self.name)

    @property
    def names(self) -> tuple[str, str, str]:
        """What a test may call the schedule: its name, ``GROUP/NAME`` and its ARN."""
        return self.name, self.table_name, self.arn

    @property
    def group_name(self) -> str:
        """The name of the schedule group, by its name in answers."""
        return self.group

    @property
    def place(self) -> str:
        """A text by which schedules are ordered by group, then by name. It is unique in an account."""
        return f"{self.group} {self.name}"

    def in_words(self, moment: datetime) -> str:
        """Return a moment, an aware datetime, as the tester reads it: in the time zone of the schedule, and in UTC."""
        local = self.occurrences.local(moment)
        return in_zone(local, self.timezone if local.tzinfo is self.occurrences.zone else "UTC")

    @property
    def identity(self) -> str:
        """What coverage and mutants know a schedule by: its expression, time zone and target. Code makes names up."""
        return f"{self.identity_in_template} {arn_without_id(self.target.arn)}"

    @property
    def identity_in_template(self) -> str:
        """What coverage and mutants know the schedule of a resource of a template by: its expression and time zone.

        The target has another ARN in each stack. Code computes the moment of an ``at(...)``, so moment and zone do not
        count. The zone of a rate has no effect.
        """
        timing = self.occurrences.timing
        if isinstance(timing, At):
            return "at(...)"
        return self.expression if isinstance(timing, Rate) else f"{self.expression} {self.timezone}"


def table_name(group: str, name: str) -> str:
    """Return the name of a schedule in the table of its account."""
    return f"{group}/{name}"


def schedules_of(account: Account) -> dict[str, Schedule]:
    """Return the schedules of an account, by `table_name`, for the caller to read and change."""
    return account.table(Schedule)
