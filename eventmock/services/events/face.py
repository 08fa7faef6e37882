"""The face of EventBridge: its operations, and the other code that the rest of eventmock calls."""

from typing import Final

from eventmock.services.events import (
    api_destinations,
    archives,
    connections,
    endpoints,
    errors,
    event_buses,
    event_patterns,
    event_sources,
    partner_event_sources,
    partner_events,
    permissions,
    put_events,
    replays,
    rules,
    tags,
    targets,
)
from eventmock.services.events.api_destination_calls import ApiDestinationCalls
from eventmock.services.events.bus_hops import BusHops
from eventmock.services.events.endpoint_routing import find_route
from eventmock.services.events.model_corrections import CORRECTIONS
from eventmock.services.service import Face

FACE: Final = Face(
    modules=(
        event_buses,
        rules,
        targets,
        put_events,
        event_patterns,
        permissions,
        tags,
        archives,
        replays,
        connections,
        api_destinations,
        endpoints,
        partner_event_sources,
        event_sources,
        partner_events,
    ),
    corrections=CORRECTIONS,
    invalid_token=errors.invalid_token,
    find_route=find_route,
    receivers={
        "event bus": BusHops,
        "API destination": lambda state: state.part(ApiDestinationCalls),
    },
)
