"""Event integrations: metadata that name an event bus and a source of events.

Source: partner-events sections 2.1 to 2.4. Documented: no resource of EventBridge is made; an integration with
associations cannot be deleted. Inferred: the order of checks; an update keeps the members that it does not name; the
check that the event bus and the event source exist, which AWS is not known to do and which only
`AppIntegrations.checks_event_buses` turns on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.client_tokens import idempotent
from eventmock.services.appintegrations.quotas import check_room
from eventmock.services.appintegrations.records import (
    Members,
    Record,
    arn_of,
    of_kind,
    put,
    records_of,
    remove,
)
from eventmock.services.appintegrations.settings import AppIntegrationsSettings
from eventmock.services.appintegrations.tags import with_tags
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.event_sources import EventSource
from eventmock.wire import operation

if TYPE_CHECKING:
    from mypy_boto3_appintegrations.type_defs import (
        CreateEventIntegrationRequestTypeDef,
        DeleteEventIntegrationRequestTypeDef,
        GetEventIntegrationRequestTypeDef,
        ListEventIntegrationsRequestTypeDef,
        UpdateEventIntegrationRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


KIND: Final = "event-integration"


@operation
@idempotent
def create_event_integration(call: Call, request: CreateEventIntegrationRequestTypeDef) -> Members:
    """Make an event integration."""
    account, name = call.account, request["Name"]
    tags = with_tags(account, {}, request.get("Tags", {}))
    arn = arn_of(account, KIND, name)
    if arn in records_of(account):
        raise errors.duplicate(f"Event integration {name}")
    check_room(account, of_kind(account, KIND), "event_integrations")
    if account.state.settings(AppIntegrationsSettings).checks_event_buses:
        _check_bus(account, request["EventBridgeBus"], request["EventFilter"]["Source"])
    members: Members = {**request, "EventIntegrationArn": arn}
    return put(account, Record(kind=KIND, arn=arn, members=members, tags=tags)).shown


@operation
def get_event_integration(call: Call, request: GetEventIntegrationRequestTypeDef) -> Members:
    """Return one event integration."""
    return find_event_integration(call.account, request["Name"]).shown


@operation
def update_event_integration(call: Call, request: UpdateEventIntegrationRequestTypeDef) -> None:
    """Change the description of an event integration."""
    record = find_event_integration(call.account, request["Name"])
    put(call.account, replace(record, members={**record.members, **request}))


@operation
def delete_event_integration(call: Call, request: DeleteEventIntegrationRequestTypeDef) -> None:
    """Remove an event integration that has no associations."""
    remove(call.account, find_event_integration(call.account, request["Name"]))


@operation(ordered_by="Name")
def list_event_integrations(call: Call, _request: ListEventIntegrationsRequestTypeDef) -> list[Members]:
    """List the event integrations, in the order of their names."""
    return [record.shown for record in of_kind(call.account, KIND)]


def find_event_integration(account: Account, name: str) -> Record:
    """Return the event integration of that name.

    Raises:
        AwsError: The account has no such event integration.
    """
    record = records_of(account).get(arn_of(account, KIND, name))
    if record is None:
        raise errors.not_found(f"Event integration {name}")
    return record


def _check_bus(account: Account, bus: str, source: str) -> None:
    """Check that the event bus exists, and the event source if it is a partner's.

    Args:
        account: The account of the event integration.
        bus: The name of the event bus.
        source: The source of the integration's filter. A partner's event source fits if its name is this text, or
            begins with this text and a slash.

    Raises:
        AwsError: The event bus or the partner's event source does not exist.
    """
    if bus not in buses_of(account):
        raise errors.invalid(f"Event bus {bus} does not exist.")
    if source.startswith("aws.partner/") and not any(
        f"{one.name}/".startswith(f"{source}/") and one.state != "DELETED"
        for one in account.table(EventSource).values()
    ):
        raise errors.invalid(f"Event source {source} does not exist.")
