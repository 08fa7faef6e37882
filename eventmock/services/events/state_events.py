"""The events that EventBridge itself sends about connections and API destinations, on the default bus.

Such an event is put only if a rule of that bus matches it. So a test without a rule on these events does not see them,
and no identifier is used for them.

Source: "Amazon EventBridge events detail reference" of the user guide: detail-types, members, resources and the
form of the time (documented). Inferred: which state has which event; an API destination is activated when it is made;
the change of a connection does not deactivate its API destinations if the connection is authorised again at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eventmock.event.entry import ID_OF_NO_EVENT
from eventmock.event.event import Event
from eventmock.services.events.api_destination import ApiDestination
from eventmock.services.events.connection import ACTIVE_STATES, PENDING_STATES
from eventmock.services.events.event_bus import DEFAULT_BUS, buses_of
from eventmock.services.events.service_events import detail_text, put_service_event

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account
    from eventmock.services.events.connection import Connection

SOURCE: Final = "aws.events"
_EVENTS: Final = {
    "CREATING": "Connection Creation Started",
    "UPDATING": "Connection Update Started",
    "DELETING": "Connection Deletion Started",
    "ACTIVE": "Connection Activated",
    "AUTHORIZED": "Connection Authorized",
    "AUTHORIZING": "Connection Authorization Started",
    "DEAUTHORIZING": "Connection Deauthorization Started",
    "DEAUTHORIZED": "Connection Deauthorized",
    "FAILED_CONNECTIVITY": "Connection Failed Connectivity",
}


def connection_changed(account: Account, connection: Connection) -> None:
    """Put the event of a connection that has come to a new state, and those of its API destinations.

    The caller holds the lock of the state.
    """
    detail = {"ConnectionName": connection.name}
    if connection.state_reason is not None:
        detail["StateReason"] = connection.state_reason
    _put(account, _EVENTS[connection.connection_state], detail, connection.connection_arn)
    if connection.connection_state not in PENDING_STATES:
        for destination in list(account.table(ApiDestination).values()):
            if destination.connection_arn == connection.connection_arn:
                destination_changed(account, destination, connection.connection_state)


def destination_changed(account: Account, destination: ApiDestination, connection_state: str | None) -> None:
    """Put the event of an API destination if it has become active or inactive since its last event.

    Args:
        account: The account of the API destination.
        destination: The API destination.
        connection_state: The state of its connection; None if the connection does not exist.
    """
    is_active = connection_state in ACTIVE_STATES
    if is_active is destination.was_active:
        return
    account.table(ApiDestination)[destination.name] = replace(destination, was_active=is_active)
    detail_type = f"API Destination {'Activated' if is_active else 'Deactivated'}"
    _put(account, detail_type, {"ApiDestinationName": destination.name}, destination.api_destination_arn)


def _put(account: Account, detail_type: str, detail: dict[str, str], arn: str) -> None:
    bus = buses_of(account)[DEFAULT_BUS]
    if not bus.rules_now:
        return
    state = account.state
    now = state.clock.now()
    members = {**detail, "Timestamp": f"{now:%Y-%m-%d %H:%M:%S} +0000 UTC"}
    text = detail_text(members)
    event = Event(
        id=ID_OF_NO_EVENT,
        detail_type=detail_type,
        source=SOURCE,
        account=account.id,
        time=now.replace(microsecond=0),
        region=account.region,
        resources=(arn,),
        detail=text,
        detail_size=len(text),
        _detail_value=members,
    )
    if bus.rules_matching(event):
        put_service_event(state, event.copied(id=state.identifiers.uuid()))
