"""The face of AppIntegrations: its operations, and the other code that the rest of eventmock calls.

The modules are imported when a test first uses them.
"""

from typing import Final

from eventmock.services.appintegrations.errors import invalid_token
from eventmock.services.appintegrations.model_corrections import CORRECTIONS
from eventmock.services.service import Face
from eventmock.wire import Operations

FACE: Final = Face(
    operations=Operations(
        "eventmock.services.appintegrations",
        {
            "event_integrations": (
                "create_event_integration",
                "get_event_integration",
                "update_event_integration",
                "delete_event_integration",
                "list_event_integrations",
            ),
            "event_integration_associations": ("list_event_integration_associations",),
            "data_integrations": (
                "create_data_integration",
                "get_data_integration",
                "update_data_integration",
                "delete_data_integration",
                "list_data_integrations",
            ),
            "data_integration_associations": (
                "create_data_integration_association",
                "update_data_integration_association",
                "list_data_integration_associations",
            ),
            "applications": (
                "create_application",
                "get_application",
                "update_application",
                "delete_application",
                "list_applications",
            ),
            "application_associations": ("list_application_associations",),
            "tags": (
                "tag_resource",
                "untag_resource",
                "list_tags_for_resource",
            ),
        },
    ),
    corrections=CORRECTIONS,
    invalid_token=invalid_token,
    resource_types={
        "AWS::AppIntegrations::EventIntegration": (
            "eventmock.services.appintegrations.resource_types.event_integration"
        ),
    },
)
