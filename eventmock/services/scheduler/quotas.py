"""Quotas of EventBridge Scheduler: how many resources of each kind an account may have.

Source: "Quotas for Amazon EventBridge Scheduler" of the user guide (documented). A request that exceeds a quota gets a
``ServiceQuotaExceededException``, also TagResource, for which the service model does not have it (inferred). The quotas
of requests and invocations in a second are not enforced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventmock.parts.part import Quotas
from eventmock.services.scheduler import errors

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account


@dataclass(slots=True, kw_only=True)
class SchedulerQuotas(Quotas):
    """The quotas of EventBridge Scheduler: AWS's defaults. Set an attribute to change a quota.

    Attributes:
        schedules: The number of schedules of an account in a region. One-time schedules that have completed count.
        schedule_groups: The number of schedule groups of an account in a region, including the group ``default``.
        tags_per_schedule_group: The number of tags of a schedule group.
    """

    said_as: ClassVar[str] = "scheduler.quotas"

    schedules: int = 10_000_000
    schedule_groups: int = 500
    tags_per_schedule_group: int = 50


def check_quota(account: Account, quota: str, wanted: int) -> None:
    """Check that a request stays within a quota.

    Args:
        account: The account of the request.
        quota: The name of the quota, an attribute of `SchedulerQuotas`.
        wanted: The number of resources that there would be after the request.

    Raises:
        AwsError: The number is greater than the quota allows (``ServiceQuotaExceededException``).
    """
    most = getattr(account.state.settings(SchedulerQuotas), quota)
    if wanted > most:
        raise errors.quota_exceeded(
            f"the quota {quota} is {most:,}, and account {account.id} in {account.region} would have {wanted:,}; "
            f"a test that wants more says backend.scheduler.quotas.{quota} = {wanted}"
        )
