"""The face of AppIntegrations: its operations, and the other code that the rest of eventmock calls."""

from typing import Final

from eventmock.services.appintegrations import (
    application_associations,
    applications,
    data_integration_associations,
    data_integrations,
    errors,
    event_integration_associations,
    event_integrations,
    tags,
)
from eventmock.services.appintegrations.model_corrections import CORRECTIONS
from eventmock.services.service import Face

FACE: Final = Face(
    modules=(
        event_integrations,
        event_integration_associations,
        data_integrations,
        data_integration_associations,
        applications,
        application_associations,
        tags,
    ),
    corrections=CORRECTIONS,
    invalid_token=errors.invalid_token,
)
