"""Quotas of AppIntegrations: how many resources of each kind an account may have.

Source: "Amazon Connect service quotas" of the administrator guide, its part on AppIntegrations (documented); the number
of tags of a resource is the service model's. A request that exceeds a quota gets a ``ResourceQuotaExceededException``.
TagResource does not have that error; it answers ``InvalidRequestException`` (inferred).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventmock.parts.part import Quotas
from eventmock.services.appintegrations import errors

if TYPE_CHECKING:
    from collections.abc import Sized

    from eventmock.parts.accounts import Account


@dataclass(slots=True, kw_only=True)
class AppIntegrationsQuotas(Quotas):
    """The quotas of AppIntegrations: AWS's defaults. Set an attribute to change a quota.

    Attributes:
        applications: The number of applications of an account in a region.
        data_integrations: The number of data integrations of an account in a region.
        data_integration_associations: The number of associations of a data integration. The associations that a test
            adds by `AppIntegrations.add_data_integration_association` may exceed it.
        event_integrations: The number of event integrations of an account in a region.
        tags_per_resource: The number of tags of a resource.
    """

    said_as: ClassVar[str] = "appintegrations.quotas"

    applications: int = 50
    data_integrations: int = 20
    data_integration_associations: int = 10
    event_integrations: int = 10
    tags_per_resource: int = 200


def check_room(account: Account, existing: Sized, quota: str) -> None:
    """Check that a resource may be added to the existing ones.

    Args:
        account: The account of the request.
        existing: The existing resources.
        quota: The name of the quota, an attribute of `AppIntegrationsQuotas`.

    Raises:
        AwsError: There are as many resources as the quota allows (``ResourceQuotaExceededException``).
    """
    most = getattr(account.state.settings(AppIntegrationsQuotas), quota)
    if len(existing) >= most:
        raise errors.quota_exceeded(
            f"the quota {quota} is {most}, and account {account.id} in {account.region} would have {len(existing) + 1} "
            f"of them; a test that wants more says backend.appintegrations.quotas.{quota} = {len(existing) + 1}"
        )
