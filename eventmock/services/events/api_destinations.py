"""API destinations: HTTPS endpoints as targets, and the five operations on them.

Source: aws-recorded-behaviour section 15 (recorded), schedules-archives-permissions section 6 (an endpoint that is not
HTTPS and a connection of another region, measured). Users of AWS reported the text for an endpoint, with and without
the words before "Parameter"; the other texts follow DescribeApiDestination's (inferred).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eventmock.services.events import errors
from eventmock.services.events.api_destination import DEFAULT_RATE, ApiDestination
from eventmock.services.events.connection import ACTIVE_STATES, PENDING_STATES, Connection
from eventmock.services.events.https_endpoints import check_https
from eventmock.services.events.quotas import check_room
from eventmock.values.arn import Arn
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CreateApiDestinationRequestTypeDef,
        DeleteApiDestinationRequestTypeDef,
        DescribeApiDestinationRequestTypeDef,
        ListApiDestinationsRequestTypeDef,
        UpdateApiDestinationRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


@operation
def create_api_destination(call: Call, request: CreateApiDestinationRequestTypeDef) -> dict[str, Any]:
    """Make an API destination."""
    account, name = call.account, request["Name"]
    _check(account, request["ConnectionArn"], request["InvocationEndpoint"], "create")
    if name in account.table(ApiDestination):
        text = f"Failed to create the api-destination(s). An api-destination '{name}' already exists."
        raise AwsError("ResourceAlreadyExistsException", text)
    check_room(account, account.table(ApiDestination), "api_destinations")
    now = account.state.clock.now()
    destination = account.table(ApiDestination)[name] = ApiDestination(
        name=name,
        api_destination_arn=account.arn(
            "events", f"api-destination/{name}/{account.state.identifiers.uuid()}"
        ),
        connection_arn=request["ConnectionArn"],
        invocation_endpoint=request["InvocationEndpoint"],
        http_method=request["HttpMethod"],
        creation_time=now,
        last_modified_time=now,
        invocation_rate_limit_per_second=request.get("InvocationRateLimitPerSecond", DEFAULT_RATE),
        description=request.get("Description"),
    )
    _tell(account, destination)
    return _shown(account, destination)


@operation
def update_api_destination(call: Call, request: UpdateApiDestinationRequestTypeDef) -> dict[str, Any]:
    """Change the members of an API destination that the request names; the others stay (inferred)."""
    account = call.account
    old = find_api_destination(account, request["Name"], "update")
    changed = replace(
        old,
        connection_arn=request.get("ConnectionArn", old.connection_arn),
        invocation_endpoint=request.get("InvocationEndpoint", old.invocation_endpoint),
        http_method=request.get("HttpMethod", old.http_method),
        invocation_rate_limit_per_second=request.get(
            "InvocationRateLimitPerSecond", old.invocation_rate_limit_per_second
        ),
        description=request.get("Description", old.description),
        last_modified_time=account.state.clock.now(),
    )
    if "ConnectionArn" in request or "InvocationEndpoint" in request:
        _check(account, changed.connection_arn, changed.invocation_endpoint, "update")
    account.table(ApiDestination)[old.name] = changed
    _tell(account, changed)
    return _shown(account, changed)


@operation
def describe_api_destination(call: Call, request: DescribeApiDestinationRequestTypeDef) -> dict[str, Any]:
    """Return one API destination."""
    return _shown(call.account, find_api_destination(call.account, request["Name"], "describe"))


@operation(ordered_by="Name")
def list_api_destinations(call: Call, request: ListApiDestinationsRequestTypeDef) -> list[dict[str, Any]]:
    """List the API destinations, filtered by the prefix of the name and by the connection."""
    prefix, connection = request.get("NamePrefix", ""), request.get("ConnectionArn")
    return [
        _shown(call.account, destination)
        for name, destination in call.account.table(ApiDestination).items()
        if name.startswith(prefix) and connection in (None, destination.connection_arn)
    ]


@operation
def delete_api_destination(call: Call, request: DeleteApiDestinationRequestTypeDef) -> None:
    """Remove an API destination."""
    destination = find_api_destination(call.account, request["Name"], "delete")
    del call.account.table(ApiDestination)[destination.name]


def find_api_destination(account: Account, name: str, action: str) -> ApiDestination:
    """Return the API destination of that name.

    Args:
        account: The account of the API destination.
        name: The name of the API destination.
        action: The verb in AWS's error text, such as ``update``.

    Raises:
        AwsError: The account has no API destination of that name.
    """
    destination = account.table(ApiDestination).get(name)
    if destination is None:
        raise errors.not_found(f"Failed to {action} the api-destination(s). An api-destination '{name}'")
    return destination


def _shown(account: Account, destination: ApiDestination) -> dict[str, Any]:
    """Return all members of an API destination in answers. The output shape of each operation selects its own."""
    connection = _connection_state(account, destination.connection_arn)
    return {
        "ApiDestinationArn": destination.api_destination_arn,
        "Name": destination.name,
        "Description": destination.description,
        "ApiDestinationState": "ACTIVE" if connection in ACTIVE_STATES else "INACTIVE",
        "ConnectionArn": destination.connection_arn,
        "InvocationEndpoint": destination.invocation_endpoint,
        "HttpMethod": destination.http_method,
        "InvocationRateLimitPerSecond": destination.invocation_rate_limit_per_second,
        "CreationTime": destination.creation_time,
        "LastModifiedTime": destination.last_modified_time,
    }


def _tell(account: Account, destination: ApiDestination) -> None:
    """Put an event on the default bus if an API destination has become active or inactive."""
    from eventmock.services.events.state_events import destination_changed

    state = _connection_state(account, destination.connection_arn)
    if state not in PENDING_STATES:
        destination_changed(account, destination, state)


def _connection_state(account: Account, arn: str) -> str | None:
    found = account.table(Connection).get(_name_in(arn))
    return found.connection_state if found is not None and found.connection_arn == arn else None


def _name_in(connection_arn: str) -> str:
    return connection_arn.split("/")[1]


def _check(account: Account, connection_arn: str, endpoint: str, action: str) -> None:
    arn = Arn.parse(connection_arn)
    if arn is None or (arn.region, arn.account) != (account.region, account.id):
        raise errors.invalid(f"Invalid ARN: '{connection_arn}'")
    check_https(f"Failed to {action} the api-destination(s).", "InvocationEndpoint", endpoint)
    if _connection_state(account, connection_arn) is None:
        name = _name_in(connection_arn)
        raise errors.not_found(f"Failed to {action} the api-destination(s). Connection '{name}'")
