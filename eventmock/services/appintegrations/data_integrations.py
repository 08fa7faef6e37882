"""Data integrations: which data a client of AppIntegrations pulls, from where and how often.

Source: partner-events sections 2.1 to 2.4. Documented: a data integration with associations cannot be deleted.
Inferred: its identifier may be its id, its ARN or its name; the order of checks; an update keeps the members that it
does not name; an update with the name of another data integration is refused as invalid.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.appintegrations import errors
from eventmock.services.appintegrations.client_tokens import idempotent
from eventmock.services.appintegrations.quotas import check_room
from eventmock.services.appintegrations.records import Members, Record, arn_of, of_kind, put, remove
from eventmock.services.appintegrations.tags import with_tags
from eventmock.wire import operation

if TYPE_CHECKING:
    from mypy_boto3_appintegrations.type_defs import (
        CreateDataIntegrationRequestTypeDef,
        DeleteDataIntegrationRequestTypeDef,
        GetDataIntegrationRequestTypeDef,
        ListDataIntegrationsRequestTypeDef,
        UpdateDataIntegrationRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


KIND: Final = "data-integration"
IDENTIFIERS: Final = ("Id", "Arn", "Name")


@operation
@idempotent
def create_data_integration(call: Call, request: CreateDataIntegrationRequestTypeDef) -> Members:
    """Make a data integration. The answer has all its members."""
    account, name = call.account, request["Name"]
    tags = with_tags(account, {}, request.get("Tags", {}))
    if _is_taken(account, name):
        raise errors.duplicate(f"Data integration {name}")
    check_room(account, of_kind(account, KIND), "data_integrations")
    new_id = account.state.identifiers.uuid()
    arn = arn_of(account, KIND, new_id)
    members: Members = {
        **request,
        "Arn": arn,
        "Id": new_id,
        "ScheduleConfiguration": request.get("ScheduleConfig"),
    }
    return put(account, Record(kind=KIND, arn=arn, members=members, tags=tags)).shown


@operation
def get_data_integration(call: Call, request: GetDataIntegrationRequestTypeDef) -> Members:
    """Return one data integration."""
    return find_data_integration(call.account, request["Identifier"]).shown


@operation
def update_data_integration(call: Call, request: UpdateDataIntegrationRequestTypeDef) -> None:
    """Change the name or the description of a data integration, or both."""
    account = call.account
    record = find_data_integration(account, request["Identifier"])
    members: dict[str, Any] = {**record.members, **request}
    if members["Name"] != record.members["Name"] and _is_taken(account, members["Name"]):
        raise errors.invalid(f"Data integration {members['Name']} already exists.")
    put(account, replace(record, members=members))


@operation
def delete_data_integration(call: Call, request: DeleteDataIntegrationRequestTypeDef) -> None:
    """Remove a data integration that has no associations."""
    remove(call.account, find_data_integration(call.account, request["DataIntegrationIdentifier"]))


@operation(ordered_by="Name")
def list_data_integrations(call: Call, _request: ListDataIntegrationsRequestTypeDef) -> list[Members]:
    """List the data integrations, in the order of their names."""
    return [record.members for record in of_kind(call.account, KIND)]


def find_data_integration(account: Account, identifier: str) -> Record:
    """Return the data integration of that id, ARN or name.

    Raises:
        AwsError: The account has no such data integration.
    """
    for member in IDENTIFIERS:
        for record in of_kind(account, KIND):
            if record.members[member] == identifier:
                return record
    raise errors.not_found(f"Data integration {identifier}")


def _is_taken(account: Account, name: str) -> bool:
    return any(record.members["Name"] == name for record in of_kind(account, KIND))
