"""Connections: how API destinations authorise themselves, and the six operations on them.

Source: aws-recorded-behaviour section 14 (recorded) and schedules-archives-permissions section 6 and its end: an
authorization endpoint without a scheme is accepted (recorded); DeauthorizeConnection removes all parameters
(documented); if no token can be had, the connection is deauthorized; a private connection is ``CREATING`` and then
``ACTIVE``. Inferred, as nothing was recorded: how long OAuth (`Delays.connection`) and the other changes
(`Delays.connection_change`) take; the texts of errors, except DescribeConnection's, and of all state reasons; an update
keeps what it does not name; a connection may be deleted while API destinations use it; a connection that is changing
cannot be changed; and what DeauthorizeConnection answers.
Secrets stay inside: nothing shows them, not even the representation of a connection. Where they may be asked for, in
moto's Secrets Manager, `connection_secrets` puts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import failure_of
from eventmock.exceptions import EventmockError
from eventmock.faults import LONGEST_REASON
from eventmock.services.events import errors
from eventmock.services.events.connection_secrets import create_secret, delete_secret, update_secret
from eventmock.services.events.failed_states import DEAUTHORIZED, FAILED_CONNECTIVITY, failed_state
from eventmock.services.events.https_endpoints import check_https, has_scheme
from eventmock.services.events.quotas import check_room
from eventmock.values.arn import Arn, partition_of
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

    from eventmock.services.events.account import Account, Accounts
    from eventmock.services.events.failed_states import StateFailed

ACTIVE_STATES: Final = ("AUTHORIZED", "ACTIVE")
"""The states of a connection in which its API destinations are active."""

PENDING_STATES: Final = ("CREATING", "UPDATING", "AUTHORIZING")
"""The states from which a connection may come to an active one without another request."""

CHANGING_STATES: Final = ("CREATING", "UPDATING", "DELETING", "DEAUTHORIZING")
"""The states in which a connection can be neither changed nor deleted."""

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
        own_secret_arn: The ARN of its secret in Secrets Manager; kept while it is deauthorized, for the next time.
        authorization_type: ``BASIC``, ``API_KEY`` or ``OAUTH_CLIENT_CREDENTIALS``.
        secret_parameters: The ``AuthParameters`` as they were given, secrets and all; none once it is deauthorized.
        key: New after each request that changes it, so that earlier work on the clock does nothing.
    """

    name: str
    connection_arn: str
    own_secret_arn: str
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
    key: object = field(default_factory=object, repr=False)

    @property
    def auth_parameters(self) -> Members | None:
        """The ``AuthParameters`` without secrets; None once they were taken out."""
        shown: Members = _without_secrets(self.secret_parameters)
        return shown or None

    @property
    def secret_arn(self) -> str | None:
        """The ARN of its secret; None while it has none."""
        return self.own_secret_arn if self.secret_parameters else None

    @property
    def is_private(self) -> bool:
        """Whether its API destinations or its authorization endpoint are reached through a private network."""
        return self.invocation_connectivity_parameters is not None or CONNECTIVITY in self.secret_parameters


@operation
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
    connection = Connection(
        name=name,
        connection_arn=connection_arn,
        own_secret_arn=create_secret(account, secret_arn, parameters),
        authorization_type=request["AuthorizationType"],
        connection_state="CREATING",
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
    return _answer(_authorized_anew(account, connection))


@operation
def update_connection(call: Call[Account], request: UpdateConnectionRequestTypeDef) -> Members:
    """Change what the request names; a new kind of authorisation needs all of its parameters."""
    account = call.account
    old = _settled(account, request["Name"], "update")
    now = account.shared.clock.now()
    changed = replace(
        old,
        last_modified_time=now,
        description=request.get("Description", old.description),
        kms_key_identifier=request.get("KmsKeyIdentifier", old.kms_key_identifier),
    )
    connectivity = request.get("InvocationConnectivityParameters")
    is_authorized_anew = "AuthorizationType" in request or "AuthParameters" in request
    if connectivity is not None:
        changed = replace(changed, invocation_connectivity_parameters=_associated(account, connectivity))
    if is_authorized_anew:
        kind = request.get("AuthorizationType", old.authorization_type)
        given = _with_associations(account, dict(request.get("AuthParameters", {})))
        parameters = _checked(kind, _merged(old.secret_parameters, given), "update")
        changed = replace(
            changed,
            authorization_type=kind,
            own_secret_arn=update_secret(account, old.own_secret_arn, parameters),
            secret_parameters=parameters,
            last_authorized_time=now,
        )
    if is_authorized_anew or connectivity is not None:
        changing = replace(changed, connection_state="UPDATING", key=object())
        return _answer(_authorized_anew(account, changing))
    account.connections[old.name] = changed
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
    account = call.account
    old = _settled(account, request["Name"], "delete")
    delete_secret(account, old.own_secret_arn)
    deleted = replace(old, connection_state="DELETING", state_reason=None, key=object())
    account.connections[old.name] = deleted
    account.soon("connection", old.name, "is gone", account.shared.delays.connection_change, _remove)
    return _answer(deleted)


@operation
def deauthorize_connection(call: Call[Account], request: DeauthorizeConnectionRequestTypeDef) -> Members:
    """Remove a connection's parameters; the answer says ``DEAUTHORIZING``, after which it is ``DEAUTHORIZED``."""
    account = call.account
    old = _settled(account, request["Name"], "deauthorize")
    delete_secret(account, old.own_secret_arn)
    changed = account.connections[old.name] = replace(
        old,
        connection_state="DEAUTHORIZING",
        state_reason=None,
        key=object(),
        last_modified_time=account.shared.clock.now(),
        secret_parameters={},
    )
    delay = account.shared.delays.connection_change
    account.soon("connection", old.name, "is deauthorized", delay, _come_to_deauthorized)
    return _answer(changed)


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


def _settled(account: Account, name: str, action: str) -> Connection:
    """The connection of that name, if it is not changing at the moment."""
    connection = find_connection(account, name, action)
    if connection.connection_state in CHANGING_STATES:
        text = f"Connection {name} is in state {connection.connection_state}."
        raise AwsError("ConcurrentModificationException", text)
    return connection


def _authorized_anew(account: Account, changing: Connection) -> Connection:
    """Give a connection that is being made or changed its final state, at once or on the clock.

    Args:
        account: Whose it is.
        changing: The connection, ``CREATING`` or ``UPDATING``.

    Returns:
        The connection as the answer shows it: a public one without a delay has its final state already (recorded).
    """
    possible = [FAILED_CONNECTIVITY] if changing.is_private else []
    possible += [DEAUTHORIZED] if changing.authorization_type == OAUTH else []
    failed = failed_state(account, *possible)
    account.connections[changing.name] = replace(changing, state_reason=None)
    connect, delay = partial(_connect, failed=failed), account.shared.delays.connection_change
    account.soon("connection", changing.name, "is connected", delay, connect)
    return changing if changing.is_private else account.connections[changing.name]


def _connect(account: Account, connection: Connection, *, failed: StateFailed | None) -> None:
    """Give a connection its final state, or authorise it first if it uses OAuth."""
    if failed is not None and failed.state == FAILED_CONNECTIVITY:
        _put(account, connection, failed.state, failed.reason)
    elif not connection.secret_parameters:
        _put(account, connection, DEAUTHORIZED)
    elif connection.authorization_type != OAUTH:
        _put(account, connection, _active_state(connection))
    else:
        _put(account, connection, "AUTHORIZING")
        what = "is authorized" if failed is None else "is not authorized"
        authorize = partial(_authorize, failed=failed)
        account.later("connection", connection.name, what, account.shared.delays.connection, authorize)


def _authorize(account: Account, connection: Connection, *, failed: StateFailed | None) -> None:
    if failed is not None:
        _put(account, connection, failed.state, failed.reason)
        return
    again = partial(_authorize, failed=None)
    account.shared.authorizing[connection.key] = (account.id, account.region, connection.name, again)
    account.shared.courier.run(partial(_ask_for_token, account.shared, connection))


def _ask_for_token(shared: Accounts, connection: Connection) -> None:
    """Authorise a connection with OAuth, without the lock: a function of the test may answer.

    Where nobody answers for the authorization endpoint, it is authorised.
    """
    problem: str | None = "it broke off"
    try:
        shared.tokens.ask(connection)
        problem = None
    except Exception as raised:  # noqa: BLE001 - whatever a function of the test raises is no token
        problem = failure_of(raised).message
        if issubclass(type(raised), (AssertionError, EventmockError)):
            shared.courier.for_the_tester.append(raised)
    finally:
        with shared.lock:
            account_id, region, name, _ = shared.authorizing.pop(connection.key)
            account = shared.get(account_id, region)
            held = account.connections.get(name)
            if held is not None and held.key is connection.key:
                _end_authorization(account, held, problem)


def _end_authorization(account: Account, connection: Connection, problem: str | None) -> None:
    if problem is not None:
        _put(account, connection, DEAUTHORIZED, f"Authorization failed: {problem}"[:LONGEST_REASON])
        return
    authorized = replace(connection, last_authorized_time=account.shared.clock.now())
    _put(account, authorized, _active_state(connection))


def _active_state(connection: Connection) -> str:
    return "ACTIVE" if connection.invocation_connectivity_parameters is not None else "AUTHORIZED"


def _come_to_deauthorized(account: Account, connection: Connection) -> None:
    _put(account, connection, DEAUTHORIZED)


def _remove(account: Account, connection: Connection) -> None:
    del account.connections[connection.name]


def _put(account: Account, connection: Connection, state: str, reason: str | None = None) -> None:
    """Give a connection a state."""
    changed = replace(connection, connection_state=state, state_reason=reason)
    account.connections[connection.name] = changed


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
    if kind == OAUTH and has_scheme(endpoint := block["AuthorizationEndpoint"]):
        check_https(f"Failed to {action} the connection(s).", "AuthorizationEndpoint", endpoint)
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
