"""The calls by which EventBridge Scheduler invokes the targets of a template's schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from eventmock.history.schedule_delivery import Execution
from eventmock.services.scheduler.target import target_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.checks.subject import Subject, Target
    from eventmock.target_kinds import ApiCall

_MOMENT: Final = datetime(2030, 1, 1, tzinfo=UTC)


def call_of(subject: Subject, target: Target) -> ApiCall | None:
    """Return the call by which Scheduler invokes the target of a schedule; None if AWS refuses the schedule.

    Args:
        subject: The template.
        target: The target.

    Raises:
        InvalidRequest: The Input of a universal target does not fit its operation.
    """
    arn = Arn.parse(target.sender.resource.arn)
    if arn is None or subject.is_refused(target.sender.resource):
        return None
    members = {name: value for name, value in target.members.items() if name != "RetryPolicy"}
    execution = Execution(
        id=str(UUID(int=0)),
        attempt=1,
        scheduled_time=_MOMENT,
        schedule_arn=str(arn),
        schedule_name=target.sender.resource.name,
        account=arn.account,
        region=arn.region,
    )
    return target_of(members).request_of(execution)
