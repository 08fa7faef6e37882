"""Connections: how API destinations authorise themselves, and the six operations on them.

Source: aws-recorded-behaviour section 14 (recorded) and schedules-archives-permissions section 6. What is not
recorded and so inferred: how long OAuth takes (`Delays.connection`), the texts of errors but for
DescribeConnection's, that an update keeps what it doesn't name, that a
deauthorized connection needs all secrets anew, that a connection may be deleted while API
destinations use it, and what DeauthorizeConnection answers.
Secrets stay inside: nothing shows them, not even the representation of a connection. Where they may be asked for, in
moto's Secrets Manager, `connection_secrets` puts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.arn import Arn, partition_of
from eventmock.events import errors
from eventmock.events.connection_secrets import create_secret, delete_secret, update_secret
from eventmock.events.https_endpoints import check_https
from eventmock.events.quotas import check_room
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import (
        CreateConnectionRequestTypeDef,
        DeauthorizeConnectionRequestTypeDef,
        DeleteConnectionRequestTypeDef,
        DescribeConnectionRequestTypeDef,
        ListConnectionsRequestTypeDef,
        UpdateConnectionRequestTypeDef,
    )

    from eventmock.events.account import Account

ACTIVE_STATES: Final = ("AUTHORIZED", "ACTIVE")
"""In which a connection's API destinations are active."""

OAUTH: Final = "OAUTH_CLIENT_CREDENTIALS"
BLOCKS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "BASIC": ("BasicAuthParameters", ("Username", "Password")),
    "API_KEY": ("ApiKeyAuthParameters", ("ApiKeyName", "ApiKeyValue")),
    OAUTH: ("OAuthParameters", ("ClientParameters", "AuthorizationEndpoint", "HttpMethod")),
}
CLIENT_PARAMETERS: Final = ("ClientID", "ClientSecret")
SECRETS: Final = frozenset({"Password", "ApiKeyValue", "ClientSecret"})
HTTP_PARAMETERS: Final = "InvocationHttpParameters"
CONNECTIVITY: Final = "ConnectivityParameters"

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Connection:
    """A connection as it stands; a change makes a new one.

    Attributes:
        connection_arn: Its ARN, which ends in an id of its own.
        secret_arn: The ARN of its secret in Secrets Manager.
        authorization_type: ``BASIC``, ``API_KEY`` or ``OAUTH_CLIENT_CREDENTIALS``.
        secret_parameters: The ``AuthParameters`` as they were given, secrets and all.
    """

    name: str
    connection_arn: str
    secret_arn: str
    authorization_type: str
    connection_state: str
    creation_time: datetime
    last_modified_time: datetime
    last_authorized_time: datetime
    secret_parameters: Members = field(repr=False)
    state_reason: str | None = None
    description: str | None = None
    kms_key_identifier: str | None = None
    invocation_connectivity_parameters: Members | None = None

    @property
    def auth_parameters(self) -> Members:
        """The ``AuthParameters`` without secrets."""
        shown: Members = _without_secrets(self.secret_parameters)
        return shown


@operation(lacks="authorisation that fails")
def create_connection(call: Call[Account], request: CreateConnectionRequestTypeDef) -> Members:
    """Make a connection; AWS authorises one with OAuth later, the others at once (recorded)."""
    account, name = call.account, request["Name"]
    parameters = _checked(request["AuthorizationType"], dict(request["AuthParameters"]), "create")
    if name in account.connections:
        text = f"Failed to create the connection(s). Connection '{name}' already exists."
        raise AwsError("ResourceAlreadyExistsException", text)
    check_room(account.connections, account.shared.quotas.connections)
    new_id, now = account.shared.identifiers, account.shared.clock.now()
    connection_arn = account.arn(f"connection/{name}/{new_id.uuid()}")
    secret_arn = _secret_arn(account, f"{name}/{new_id.uuid()}-{new_id.text(6)}")
    connection = account.connections[name] = Connection(
        name=name,
        connection_arn=connection_arn,
        secret_arn=create_secret(account, secret_arn, parameters),
        authorization_type=request["AuthorizationType"],
        connection_state=_state_after_change(request["AuthorizationType"]),
        creation_time=now,
        last_modified_time=now,
        last_authorized_time=now,
        secret_parameters=_with_associations(account, parameters),
        description=request.get("Description"),
        kms_key_identifier=request.get("KmsKeyIdentifier"),
        invocation_connectivity_parameters=_associated(
            account, request.get("InvocationConnectivityParameters")
        ),
    )
    _authorize_later(account, connection)
    return _answer(connection)


@operation(lacks="authorisation that fails")
def update_connection(call: Call[Account], request: UpdateConnectionRequestTypeDef) -> Members:
    """Change what is named; a new kind of authorisation needs all of its parameters."""
    account = call.account
    old = find_connection(account, request["Name"], "update")
    now = account.shared.clock.now()
    changed = replace(
        old,
        last_modified_time=now,
        description=request.get("Description", old.description),
        kms_key_identifier=request.get("KmsKeyIdentifier", old.kms_key_identifier),
    )
    connectivity = request.get("InvocationConnectivityParameters")
    if connectivity is not None:
        changed = replace(changed, invocation_connectivity_parameters=_associated(account, connectivity))
    if "AuthorizationType" in request or "AuthParameters" in request:
        kind = request.get("AuthorizationType", old.authorization_type)
        given = _with_associations(account, dict(request.get("AuthParameters", {})))
        parameters = _checked(kind, _merged(old.secret_parameters, given), "update")
        changed = replace(
            changed,
            authorization_type=kind,
            secret_arn=update_secret(account, old.secret_arn, parameters),
            secret_parameters=parameters,
            connection_state=_state_after_change(kind),
            last_authorized_time=now,
        )
    account.connections[old.name] = changed
    _authorize_later(account, changed)
    return _answer(changed)


@operation
def describe_connection(call: Call[Account], request: DescribeConnectionRequestTypeDef) -> Connection:
    """Show one connection, without its secrets."""
    return find_connection(call.account, request["Name"], "describe")


@operation(ordered_by="name")
def list_connections(call: Call[Account], request: ListConnectionsRequestTypeDef) -> list[Connection]:
    """Show the connections whose name begins as asked and which are in the state asked for."""
    prefix, state = request.get("NamePrefix", ""), request.get("ConnectionState")
    return [
        connection
        for name, connection in call.account.connections.items()
        if name.startswith(prefix) and state in (None, connection.connection_state)
    ]


@operation
def delete_connection(call: Call[Account], request: DeleteConnectionRequestTypeDef) -> Members:
    """Remove a connection: the answer says ``DELETING``, and it is gone (recorded)."""
    connection = find_connection(call.account, request["Name"], "delete")
    delete_secret(call.account, connection.secret_arn)
    del call.account.connections[connection.name]
    return _answer(connection) | {"ConnectionState": "DELETING"}


@operation
def deauthorize_connection(call: Call[Account], request: DeauthorizeConnectionRequestTypeDef) -> Members:
    """Take the secrets out of a connection: the answer says ``DEAUTHORIZING``, and it is ``DEAUTHORIZED``."""
    account = call.account
    old = find_connection(account, request["Name"], "deauthorize")
    delete_secret(account, old.secret_arn)
    changed = account.connections[old.name] = replace(
        old,
        connection_state="DEAUTHORIZED",
        last_modified_time=account.shared.clock.now(),
        secret_parameters=old.auth_parameters,
    )
    return _answer(changed) | {"ConnectionState": "DEAUTHORIZING"}


def find_connection(account: Account, name: str, action: str) -> Connection:
    """The connection of that name.

    Args:
        account: Whose it is.
        name: Its name.
        action: What was to be done, for AWS's text.

    Raises:
        AwsError: There is none.
    """
    connection = account.connections.get(name)
    if connection is None:
        raise errors.not_found(f"Failed to {action} the connection(s). Connection '{name}'")
    return connection


def _answer(connection: Connection) -> Members:
    """What the operations that change a connection answer; the shape of each leaves out what is not its own."""
    return {
        "ConnectionArn": connection.connection_arn,
        "ConnectionState": connection.connection_state,
        "CreationTime": connection.creation_time,
        "LastModifiedTime": connection.last_modified_time,
        "LastAuthorizedTime": connection.last_authorized_time,
    }


def _authorize_later(account: Account, connection: Connection) -> None:
    """Let a connection that is being authorised be so after a while."""
    if connection.connection_state == "AUTHORIZING":
        delay = account.shared.delays.connection
        account.later("connection", connection.name, "is authorized", delay, _authorize)


def _authorize(account: Account, connection: Connection) -> None:
    account.connections[connection.name] = replace(
        connection, connection_state="AUTHORIZED", last_authorized_time=account.shared.clock.now()
    )


def _state_after_change(kind: str) -> str:
    return "AUTHORIZING" if kind == OAUTH else "AUTHORIZED"


def _secret_arn(account: Account, rest: str) -> str:
    partition = partition_of(account.region)
    return str(
        Arn(partition, "secretsmanager", account.region, account.id, f"secret:events!connection/{rest}")
    )


def _associated(account: Account, given: Any) -> Members | None:
    """Parameters of a private connection with the association that EventBridge makes (its ARN's form inferred)."""
    if given is None or not given["ResourceParameters"]["ResourceConfigurationArn"]:
        return None
    association = f"servicenetworkresourceassociation/snra-{account.shared.identifiers.text(17).lower()}"
    arn = Arn(partition_of(account.region), "vpc-lattice", account.region, account.id, association)
    return {"ResourceParameters": {**given["ResourceParameters"], "ResourceAssociationArn": str(arn)}}


def _checked(kind: str, parameters: Members, action: str) -> Members:
    """The parameters that belong to a kind of authorisation, of which none may be missing.

    Measured, but for the end of the second text and what stands before each.
    """
    name, wanted = BLOCKS[kind]
    block = parameters.get(name, {})
    client = block.get("ClientParameters", {})
    if any(member not in block for member in wanted) or (
        kind == OAUTH and any(member not in client for member in CLIENT_PARAMETERS)
    ):
        raise errors.invalid_parameter(name, "Missing required field(s).")
    if kind == OAUTH:
        check_https(
            f"Failed to {action} the connection(s).", "AuthorizationEndpoint", block["AuthorizationEndpoint"]
        )
    return {key: value for key, value in parameters.items() if key in (name, HTTP_PARAMETERS, CONNECTIVITY)}


def _with_associations(account: Account, parameters: Members) -> Members:
    connectivity = _associated(account, parameters.get(CONNECTIVITY))
    return parameters if connectivity is None else parameters | {CONNECTIVITY: connectivity}


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> Members:
    """The old members with the new ones; structures are merged, all else is replaced."""
    merged = dict(old)
    for name, value in new.items():
        held = merged.get(name)
        merged[name] = _merged(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return merged


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        hidden = SECRETS | {"Value"} if value.get("IsValueSecret") else SECRETS
        return {name: _without_secrets(member) for name, member in value.items() if name not in hidden}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
