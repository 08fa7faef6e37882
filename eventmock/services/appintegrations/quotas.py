"""Quotas of AppIntegrations: how many of each thing AWS lets an account have.

Source: "Amazon Connect service quotas" of the administrator guide, its part on AppIntegrations (documented); the tags
of a resource are the service model's. What goes beyond one is ``ResourceQuotaExceededException``, which TagResource
does not have: it answers ``InvalidRequestException`` (inferred).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventmock.exceptions import OptionError
from eventmock.parts.part import Settings
from eventmock.services.appintegrations import errors

if TYPE_CHECKING:
    from collections.abc import Sized


@dataclass(slots=True, kw_only=True)
class AppIntegrationsQuotas(Settings):
    """AWS's defaults; set an attribute to have another quota.

    Attributes:
        applications: Applications of an account in a region.
        data_integrations: Data integrations of an account in a region.
        data_integration_associations: Associations of a data integration that a caller adds to.
        event_integrations: Event integrations of an account in a region.
        tags_per_resource: Tags of anything that can be tagged.
    """

    applications: int = 50
    data_integrations: int = 20
    data_integration_associations: int = 10
    event_integrations: int = 10
    tags_per_resource: int = 200

    def __setattr__(self, name: str, value: Any) -> None:
        __tracebackhide__ = True
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise OptionError(
                f"appintegrations.quotas.{name} = {value!r}: wanted a whole number that is not negative"
            )
        object.__setattr__(self, name, value)


def check_room(held: Sized, quota: int) -> None:
    """See that one more may be made.

    Raises:
        AwsError: ``ResourceQuotaExceededException``: there are as many as may be.
    """
    if len(held) >= quota:
        raise errors.quota_exceeded()
