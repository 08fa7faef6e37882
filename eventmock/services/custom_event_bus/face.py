"""The face of the Custom Event Bus: its operations, and the other code that the rest of eventmock calls.

The modules are imported when a test first uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.services.custom_event_bus.errors import invalid_token
from eventmock.services.custom_event_bus.model_corrections import CORRECTIONS
from eventmock.services.service import Face
from eventmock.wire import Operations

if TYPE_CHECKING:
    from eventmock.delivery.receivers import Receiver
    from eventmock.state import State


def _bus_deliveries(state: State) -> Receiver:
    from eventmock.services.custom_event_bus.bus_deliveries import CustomBusDeliveries

    return CustomBusDeliveries(state)


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
            "event_sources": (
                "create_event_source",
                "describe_event_source",
                "list_event_sources",
                "update_event_source",
                "delete_event_source",
            ),
            "webhook_credentials": ("rotate_webhook_credentials",),
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
            "resource_policies": (
                "put_resource_policy",
                "get_resource_policy",
                "delete_resource_policy",
                "list_resource_policies",
            ),
            "tags": (
                "tag_resource",
                "untag_resource",
                "list_tags_for_resource",
            ),
        },
    ),
    corrections=CORRECTIONS,
    invalid_token=invalid_token,
    receivers={"Custom Event Bus": _bus_deliveries},
    coverage="eventmock.services.custom_event_bus.coverage",
    mutants="eventmock.services.custom_event_bus.mutants",
    resource_types={
        "AWS::EventsV2::EventBus": "eventmock.services.custom_event_bus.resource_types.event_bus",
        "AWS::EventsV2::EventSource": "eventmock.services.custom_event_bus.resource_types.event_source",
        "AWS::EventsV2::ResourcePolicy": "eventmock.services.custom_event_bus.resource_types.resource_policy",
        "AWS::EventsV2::Subscriber": "eventmock.services.custom_event_bus.resource_types.subscriber",
    },
)
