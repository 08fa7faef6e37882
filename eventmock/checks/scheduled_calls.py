"""The calls by which EventBridge Scheduler invokes the targets of a template's schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from eventmock.history.schedule_delivery import Execution
from eventmock.services.scheduler.target import target_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.checks.subject import Schedule
    from eventmock.target_kinds import ApiCall

_MOMENT: Final = datetime(2030, 1, 1, tzinfo=UTC)


def call_of(one: Schedule) -> ApiCall | None:
    """Return the call by which Scheduler invokes the target of a schedule; None if AWS refuses the schedule.

    Raises:
        InvalidRequest: The Input of a universal target does not fit its operation.
    """
    arn = Arn.parse(one.resource.arn)
    if arn is None or not one.is_made:
        return None
    execution = Execution(
        id=str(UUID(int=0)),
        attempt=1,
        scheduled_time=_MOMENT,
        schedule_arn=str(arn),
        schedule_name=one.resource.name,
        account=arn.account,
        region=arn.region,
    )
    return target_of(dict(one.resource.members["Target"])).request_of(execution)
