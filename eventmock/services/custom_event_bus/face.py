"""The face of the Custom Event Bus: its operations, and the other code that the rest of eventmock calls.

The modules are imported when a test first uses them.
"""

from typing import Final

from eventmock.services.custom_event_bus.errors import invalid_token
from eventmock.services.custom_event_bus.model_corrections import CORRECTIONS
from eventmock.services.service import Face
from eventmock.wire import Operations

FACE: Final = Face(
    operations=Operations(
        "eventmock.services.custom_event_bus",
        {
            "event_buses": (
                "create_event_bus",
                "describe_event_bus",
                "list_event_buses",
                "update_event_bus",
                "delete_event_bus",
            ),
            "revocation": ("revoke_resource",),
            "subscribers": (
                "create_subscriber",
                "describe_subscriber",
                "list_subscribers",
                "update_subscriber",
                "delete_subscriber",
            ),
            "put_events": ("put_events",),
            "put_raw_events": ("put_raw_events",),
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
        "AWS::EventsV2::EventBus": "eventmock.services.custom_event_bus.resource_types.event_bus",
        "AWS::EventsV2::Subscriber": "eventmock.services.custom_event_bus.resource_types.subscriber",
    },
    absent=frozenset(
        {
            "create_event_source",
            "delete_event_source",
            "delete_resource_policy",
            "describe_event_source",
            "get_resource_policy",
            "list_event_sources",
            "list_resource_policies",
            "put_resource_policy",
            "rotate_webhook_credentials",
            "update_event_source",
        }
    ),
)
