"""The face of EventBridge: its operations, and the other code that the rest of eventmock calls.

The modules are imported when a test first uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events.errors import invalid_token
from eventmock.services.events.model_corrections import CORRECTIONS
from eventmock.services.service import Face
from eventmock.wire import Operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.delivery.receivers import Receiver
    from eventmock.parts.accounts import Account
    from eventmock.services.call import Route
    from eventmock.services.events.managed_resources import ManagedResources
    from eventmock.state import State


def _find_route(account: Account, members: Mapping[str, Any]) -> Route | None:
    endpoint_id = members.get("EndpointId")
    if endpoint_id is None:
        return None
    from eventmock.services.events.endpoint_routing import find_route

    return find_route(account, endpoint_id)


def _bus_hops(state: State) -> Receiver:
    from eventmock.services.events.bus_hops import BusHops

    return BusHops(state)


def _api_destination_calls(state: State) -> Receiver:
    from eventmock.services.events.api_destination_calls import ApiDestinationCalls

    return state.part(ApiDestinationCalls)


def _managed_resources(state: State) -> ManagedResources:
    from eventmock.services.events.managed_resources import ManagedResources

    return ManagedResources(state)


FACE: Final = Face(
    operations=Operations(
        "eventmock.services.events",
        {
            "event_buses": (
                "create_event_bus",
                "describe_event_bus",
                "list_event_buses",
                "update_event_bus",
                "delete_event_bus",
            ),
            "rules": (
                "put_rule",
                "describe_rule",
                "list_rules",
                "enable_rule",
                "disable_rule",
                "delete_rule",
                "list_rule_names_by_target",
            ),
            "targets": (
                "put_targets",
                "list_targets_by_rule",
                "remove_targets",
            ),
            "put_events": ("put_events",),
            "event_patterns": ("test_event_pattern",),
            "permissions": (
                "put_permission",
                "remove_permission",
            ),
            "tags": (
                "tag_resource",
                "untag_resource",
                "list_tags_for_resource",
            ),
            "archives": (
                "create_archive",
                "update_archive",
                "describe_archive",
                "list_archives",
                "delete_archive",
            ),
            "replays": (
                "start_replay",
                "describe_replay",
                "list_replays",
                "cancel_replay",
            ),
            "connections": (
                "create_connection",
                "update_connection",
                "describe_connection",
                "list_connections",
                "delete_connection",
                "deauthorize_connection",
            ),
            "api_destinations": (
                "create_api_destination",
                "update_api_destination",
                "describe_api_destination",
                "list_api_destinations",
                "delete_api_destination",
            ),
            "endpoints": (
                "create_endpoint",
                "update_endpoint",
                "describe_endpoint",
                "list_endpoints",
                "delete_endpoint",
            ),
            "partner_event_sources": (
                "create_partner_event_source",
                "describe_partner_event_source",
                "list_partner_event_sources",
                "list_partner_event_source_accounts",
                "delete_partner_event_source",
            ),
            "event_sources": (
                "describe_event_source",
                "list_event_sources",
                "activate_event_source",
                "deactivate_event_source",
            ),
            "partner_events": ("put_partner_events",),
        },
    ),
    corrections=CORRECTIONS,
    invalid_token=invalid_token,
    find_route=_find_route,
    receivers={"event bus": _bus_hops, "API destination": _api_destination_calls},
    managed_resources=_managed_resources,
    resource_types={
        "AWS::Events::EventBus": "eventmock.services.events.resource_types.event_bus",
        "AWS::Events::EventBusPolicy": "eventmock.services.events.resource_types.event_bus_policy",
        "AWS::Events::Rule": "eventmock.services.events.resource_types.rule",
        "AWS::Events::Archive": "eventmock.services.events.resource_types.archive",
        "AWS::Events::Connection": "eventmock.services.events.resource_types.connection",
        "AWS::Events::ApiDestination": "eventmock.services.events.resource_types.api_destination",
        "AWS::Events::Endpoint": "eventmock.services.events.resource_types.endpoint",
    },
    coverage="eventmock.services.events.coverage",
    mutants="eventmock.services.events.mutants",
)
