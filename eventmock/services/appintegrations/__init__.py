"""Amazon AppIntegrations, one concept a file: its record, its operations, its life cycle together.

What it is: the service's state and behaviour. What it is not: it knows no wire format and no botocore, and nothing of
EventBridge but which buses and event sources there are.
"""

from typing import Final

from eventmock.services.appintegrations import (
    application_associations,
    applications,
    data_integration_associations,
    data_integrations,
    event_integration_associations,
    event_integrations,
    tags,
)
from eventmock.services.appintegrations.app_integrations import AppIntegrations
from eventmock.services.appintegrations.model_corrections import CORRECTIONS
from eventmock.services.appintegrations.quotas import AppIntegrationsQuotas
from eventmock.wire import operations_of

__all__ = ["ABSENT", "CORRECTIONS", "MODULES", "OPERATIONS", "AppIntegrations", "AppIntegrationsQuotas"]

MODULES: Final = (
    event_integrations,
    event_integration_associations,
    data_integrations,
    data_integration_associations,
    applications,
    application_associations,
    tags,
)
OPERATIONS: Final = operations_of(*MODULES)
ABSENT: Final[frozenset[str]] = frozenset()
"""Operations of the service without a function; every one of the installed model has one."""
