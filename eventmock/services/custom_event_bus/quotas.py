"""Quotas of the Custom Event Bus: how many resources of each kind an account may have.

Source: custom-event-bus section 3.10 (documented). Inferred, because AWS does not publish them: the number of tags
of a resource, which is the most tags of a request in the service model; the number of rotations of a credential.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventmock.parts.part import Quotas
from eventmock.services.custom_event_bus import errors

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account


@dataclass(slots=True, kw_only=True)
class CustomBusQuotas(Quotas):
    """The quotas of the Custom Event Bus: AWS's defaults. Set an attribute to change a quota.

    Attributes:
        event_buses: The number of event buses of an account in a region. Event buses of other accounts do not count.
        event_sources: The number of event sources of an account in a region.
        subscribers_per_bus: The number of subscribers of an event bus, of all accounts.
        webhook_rotations: The number of times that the credential of a webhook may be rotated in 24 hours.
        tags_per_resource: The number of tags of a resource.
        retained_events: The number of events that an event bus keeps; None for any number. AWS has no such quota: it is
            for tests that publish without end. A request that would exceed it fails with an `OptionError`.
        policy_bytes: The size of the policy ``default`` of an event bus, in bytes of UTF-8.
    """

    said_as: ClassVar[str] = "custom_buses.quotas"

    event_buses: int = 5
    event_sources: int = 200
    subscribers_per_bus: int = 10_000
    webhook_rotations: int = 10
    tags_per_resource: int = 200
    retained_events: int | None = None
    policy_bytes: int = 20_480


def check_quota(account: Account, quota: str, wanted: int) -> None:
    """Check that a request stays within a quota.

    Args:
        account: The account of the request.
        quota: The name of the quota, an attribute of `CustomBusQuotas`.
        wanted: The number of resources that there would be after the request.

    Raises:
        AwsError: The number is greater than the quota allows (``LimitExceededException``).
    """
    most = getattr(account.state.settings(CustomBusQuotas), quota)
    if wanted > most:
        raise errors.limit_exceeded(
            "The request would exceed a service quota.",
            f"the quota {quota} is {most:,}, and account {account.id} in {account.region} would have {wanted:,}; "
            f"a test that wants more says backend.custom_buses.quotas.{quota} = {wanted}",
        )
