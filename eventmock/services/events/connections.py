"""Connections: how API destinations authorise themselves, and the six operations on them.

Source: aws-recorded-behaviour section 14 (recorded) and schedules-archives-permissions section 6 and its end: an
authorization endpoint without a scheme is accepted (recorded); DeauthorizeConnection removes all parameters
(documented); if a request for a token fails, the connection is deauthorized; a private connection is ``CREATING`` and
then ``ACTIVE``. Inferred, as nothing was recorded: how long OAuth (`Delays.connection`) and the other changes
(`Delays.connection_change`) take; the texts of errors, except DescribeConnection's, and of all state reasons; an update
keeps the members that it does not name; a connection may be deleted while API destinations use it; a connection that is
changing cannot be changed; and what DeauthorizeConnection answers.
No answer and no text shows a secret, not even the representation of a connection. `connection_secrets` writes the
secrets to moto's Secrets Manager, where a test may read them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import failure_of
from eventmock.exceptions import TESTS_OWN
from eventmock.faults import LONGEST_REASON
from eventmock.services.events import errors
from eventmock.services.events.connection import CONNECTIVITY, Connection
from eventmock.services.events.connection_secrets import create_secret, delete_secret, update_secret
from eventmock.services.events.https_endpoints import check_https, has_scheme
from eventmock.services.events.oauth_tokens import OAuthTokens
from eventmock.services.events.quotas import check_room
from eventmock.services.failed_states import DEAUTHORIZED, FAILED_CONNECTIVITY, failed_state
from eventmock.values.arn import Arn, partition_of
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_events.type_defs import (
        CreateConnectionRequestTypeDef,
        DeauthorizeConnectionRequestTypeDef,
        DeleteConnectionRequestTypeDef,
        DescribeConnectionRequestTypeDef,
        ListConnectionsRequestTypeDef,
        UpdateConnectionRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.parts.part import Restore
    from eventmock.services.call import Call
    from eventmock.services.failed_states import StateFailed
    from eventmock.state import State

CHANGING_STATES: Final = ("CREATING", "UPDATING", "DELETING", "DEAUTHORIZING")
"""The states in which a connection can be neither changed nor deleted."""

OAUTH: Final = "OAUTH_CLIENT_CREDENTIALS"
BLOCKS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "BASIC": ("BasicAuthParameters", ("Username", "Password")),
    "API_KEY": ("ApiKeyAuthParameters", ("ApiKeyName", "ApiKeyValue")),
    OAUTH: ("OAuthParameters", ("ClientParameters", "AuthorizationEndpoint", "HttpMethod")),
}
CLIENT_PARAMETERS: Final = ("ClientID", "ClientSecret")
HTTP_PARAMETERS: Final = "InvocationHttpParameters"

Members = dict[str, Any]


@operation
def create_connection(call: Call, request: CreateConnectionRequestTypeDef) -> Members:
    """Make a connection. A connection with OAuth is authorised later, any other connection at once (recorded)."""
    account, name = call.account, request["Name"]
    parameters = _checked(request["AuthorizationType"], dict(request["AuthParameters"]), "create")
    if name in account.table(Connection):
        text = f"Failed to create the connection(s). Connection '{name}' already exists."
        raise AwsError("ResourceAlreadyExistsException", text)
    check_room(account, account.table(Connection), "connections")
    new_id, now = account.state.identifiers, account.state.clock.now()
    connection_arn = account.arn("events", f"connection/{name}/{new_id.uuid()}")
    secret_arn = _secret_arn(account, f"{name}/{new_id.uuid()}-{new_id.text(6)}")
    connection = Connection(
        name=name,
        connection_arn=connection_arn,
        own_secret_arn=secret_arn,
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
    _have_moto(account, connection, None, partial(create_secret, account, secret_arn, parameters))
    return _answer(_authorized_anew(call, connection))


@operation
def update_connection(call: Call, request: UpdateConnectionRequestTypeDef) -> Members:
    """Change the members of a connection that the request names. A new type of authorisation needs all parameters."""
    account = call.account
    old = _settled(account, request["Name"], "update")
    now = account.state.clock.now()
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
            secret_parameters=parameters,
            last_authorized_time=now,
        )
    if is_authorized_anew or connectivity is not None:
        changing = replace(changed, connection_state="UPDATING", key=object())
        if is_authorized_anew:
            write = partial(update_secret, account, old.own_secret_arn, changing.secret_parameters)
            _have_moto(account, changing, old, write)
        return _answer(_authorized_anew(call, changing))
    account.table(Connection)[old.name] = changed
    return _answer(changed)


@operation
def describe_connection(call: Call, request: DescribeConnectionRequestTypeDef) -> Connection:
    """Return one connection, without its secrets."""
    return find_connection(call.account, request["Name"], "describe")


@operation(ordered_by="name")
def list_connections(call: Call, request: ListConnectionsRequestTypeDef) -> list[Connection]:
    """List the connections, filtered by the prefix of the name and by the state."""
    prefix, state = request.get("NamePrefix", ""), request.get("ConnectionState")
    return [
        connection
        for name, connection in call.account.table(Connection).items()
        if name.startswith(prefix) and state in (None, connection.connection_state)
    ]


@operation
def delete_connection(call: Call, request: DeleteConnectionRequestTypeDef) -> Members:
    """Remove a connection. The state in the answer is ``DELETING``, and the connection is gone (recorded)."""
    account = call.account
    old = _settled(account, request["Name"], "delete")
    _have_moto(account, old, old, partial(delete_secret, account, old.own_secret_arn))
    deleted = replace(old, connection_state="DELETING", state_reason=None, key=object())
    _store(account, deleted)
    account.soon(Connection, old.name, "is gone", account.state.delays.connection_change, _remove)
    return _answer(deleted)


@operation
def deauthorize_connection(call: Call, request: DeauthorizeConnectionRequestTypeDef) -> Members:
    """Remove the parameters of a connection. Its state is ``DEAUTHORIZING`` in the answer, then ``DEAUTHORIZED``."""
    account = call.account
    old = _settled(account, request["Name"], "deauthorize")
    _have_moto(account, old, old, partial(delete_secret, account, old.own_secret_arn))
    changed = replace(
        old,
        connection_state="DEAUTHORIZING",
        state_reason=None,
        key=object(),
        last_modified_time=account.state.clock.now(),
        secret_parameters={},
    )
    _store(account, changed)
    delay = account.state.delays.connection_change
    account.soon(Connection, old.name, "is deauthorized", delay, _come_to_deauthorized)
    return _answer(changed)


def find_connection(account: Account, name: str, action: str) -> Connection:
    """Return the connection of that name.

    Args:
        account: The account of the connection.
        name: The name of the connection.
        action: The verb in AWS's error text, such as ``update``.

    Raises:
        AwsError: The account has no connection of that name.
    """
    connection = account.table(Connection).get(name)
    if connection is None:
        raise errors.not_found(f"Failed to {action} the connection(s). Connection '{name}'")
    return connection


def _answer(connection: Connection) -> Members:
    """Return the answer of an operation that changes a connection. The output shape of each selects its own members."""
    return {
        "ConnectionArn": connection.connection_arn,
        "ConnectionState": connection.connection_state,
        "CreationTime": connection.creation_time,
        "LastModifiedTime": connection.last_modified_time,
        "LastAuthorizedTime": connection.last_authorized_time,
    }


def _settled(account: Account, name: str, action: str) -> Connection:
    """Return the connection of that name.

    Raises:
        AwsError: The account has no connection of that name, or its state is one of `CHANGING_STATES`.
    """
    connection = find_connection(account, name, action)
    if connection.connection_state in CHANGING_STATES:
        text = f"Connection {name} is in state {connection.connection_state}."
        raise AwsError("ConcurrentModificationException", text)
    return connection


class Authorizations:
    """The connections for which an OAuth token is being requested at the moment. A part of the state.

    Args:
        state: The state of the mock.

    Attributes:
        under_way: The account id, the region and the name of each such connection, by its ``key``.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.under_way: dict[object, tuple[str, str, str]] = {}

    def clear(self) -> None:
        """Do nothing: the thread that requests a token removes the connection when it has the answer."""

    def save(self) -> Restore:
        """Return a function that restores pending authorizations.

        The function requests a token again for each of these connections whose request has ended by then.
        """
        kept = dict(self.under_way)

        def restore() -> None:
            for key, (account_id, region, name) in kept.items():
                account = self._state.accounts.get(account_id, region)
                connection = account.table(Connection).get(name)
                if key not in self.under_way and connection is not None and connection.key is key:
                    again = partial(_authorize, failed=None)
                    account.later(Connection, name, "is authorized", timedelta(0), again)

        return restore


def _have_moto(
    account: Account, connection: Connection, before: Connection | None, work: Callable[[], str | None]
) -> None:
    """Write or remove the secret of a connection in moto, before the request is answered and without the lock.

    Where moto refuses, the request fails with moto's error, and the connection is as it was before the request, unless
    the state was cleared or restored meanwhile.

    Args:
        account: The account of the connection.
        connection: The connection that the request makes, changes or removes.
        before: The connection before the request; None if there was none.
        work: Calls moto. Returns the ARN that the secret has; None if the secret is removed.
    """
    state, name, epoch = account.state, connection.name, account.state.epoch

    def do() -> None:
        try:
            arn = work()
        except Exception:
            with state.lock:
                if state.epoch == epoch:
                    table = account.table(Connection)
                    table.pop(name, None)
                    if before is not None:
                        table[name] = before
            raise
        with state.lock:
            table = account.table(Connection)
            present = table.get(name)
            if arn and present is not None and present.connection_arn == connection.connection_arn:
                table[name] = replace(present, own_secret_arn=arn)

    state.outbox.follow_up(do)


def _authorized_anew(call: Call, changing: Connection) -> Connection:
    """Give a connection that is being made or changed its final state, at once or on the clock.

    Args:
        call: The call that makes or changes the connection.
        changing: The connection, ``CREATING`` or ``UPDATING``.

    Returns:
        The connection for the answer. If it is public and `Delays.connection_change` is zero, it has its next state
        already (recorded): its final state, or ``AUTHORIZING`` if it uses OAuth.
    """
    account = call.account
    possible = [FAILED_CONNECTIVITY] if changing.is_private else []
    possible += [DEAUTHORIZED] if changing.authorization_type == OAUTH else []
    failed = failed_state(call, *possible)
    _store(account, replace(changing, state_reason=None))
    connect, delay = partial(_connect, failed=failed), account.state.delays.connection_change
    account.soon(Connection, changing.name, "is connected", delay, connect)
    return changing if changing.is_private else account.table(Connection)[changing.name]


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
        account.later(Connection, connection.name, what, account.state.delays.connection, authorize)


def _authorize(account: Account, connection: Connection, *, failed: StateFailed | None) -> None:
    if failed is not None:
        _put(account, connection, failed.state, failed.reason)
        return
    account.state.part(Authorizations).under_way[connection.key] = account.id, account.region, connection.name
    account.state.outbox.run(partial(_ask_for_token, account.state, connection))


def _ask_for_token(state: State, connection: Connection) -> None:
    """Authorise a connection with OAuth. Called without the state's lock, because a function of the test may answer.

    If the test has no answer for the authorization endpoint, the connection is authorised without a token.
    """
    problem: str | None = "it broke off"
    errors_of_test: list[BaseException] = []
    try:
        state.part(OAuthTokens).ask(connection)
        problem = None
    except Exception as raised:  # noqa: BLE001 - any exception of the test's function is a failed request
        problem = failure_of(raised).message
        if issubclass(type(raised), TESTS_OWN):
            errors_of_test.append(raised)
    finally:
        with state.lock:
            account_id, region, name = state.part(Authorizations).under_way.pop(connection.key)
            account = state.accounts.get(account_id, region)
            present = account.table(Connection).get(name)
            if present is not None and present.key is connection.key:
                state.outbox.errors_of_test += errors_of_test
                _end_authorization(account, present, problem)


def _end_authorization(account: Account, connection: Connection, problem: str | None) -> None:
    if problem is not None:
        _put(account, connection, DEAUTHORIZED, f"Authorization failed: {problem}"[:LONGEST_REASON])
        return
    authorized = replace(connection, last_authorized_time=account.state.clock.now())
    _put(account, authorized, _active_state(connection))


def _active_state(connection: Connection) -> str:
    return "ACTIVE" if connection.invocation_connectivity_parameters is not None else "AUTHORIZED"


def _come_to_deauthorized(account: Account, connection: Connection) -> None:
    _put(account, connection, DEAUTHORIZED)


def _remove(account: Account, connection: Connection) -> None:
    del account.table(Connection)[connection.name]


def _put(account: Account, connection: Connection, state: str, reason: str | None = None) -> None:
    """Store a connection with a new state and the reason of that state."""
    _store(account, replace(connection, connection_state=state, state_reason=reason))


def _store(account: Account, connection: Connection) -> None:
    """Store a connection that has come to a new state, of which EventBridge sends an event."""
    from eventmock.services.events.state_events import connection_changed

    account.table(Connection)[connection.name] = connection
    connection_changed(account, connection)


def _secret_arn(account: Account, rest: str) -> str:
    partition = partition_of(account.region)
    return str(
        Arn(partition, "secretsmanager", account.region, account.id, f"secret:events!connection/{rest}")
    )


def _associated(account: Account, given: Any) -> Members | None:
    """Return the parameters of a private connection with the ARN of the association that EventBridge makes.

    The form of that ARN is inferred. Return None if the parameters name no resource configuration.
    """
    if given is None or not given["ResourceParameters"]["ResourceConfigurationArn"]:
        return None
    association = f"servicenetworkresourceassociation/snra-{account.state.identifiers.text(17).lower()}"
    arn = Arn(partition_of(account.region), "vpc-lattice", account.region, account.id, association)
    return {"ResourceParameters": {**given["ResourceParameters"], "ResourceAssociationArn": str(arn)}}


def _checked(kind: str, parameters: Members, action: str) -> Members:
    """Return the parameters that belong to a type of authorisation, after a check that they are complete.

    The texts were measured, except the end of the second text and the beginning of each.

    Raises:
        AwsError: A required parameter is missing, or the authorization endpoint has another scheme than HTTPS.
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
    """Return the old and the new members. A new structure is merged with the old one; other values are replaced."""
    merged = dict(old)
    for name, value in new.items():
        prior = merged.get(name)
        merged[name] = _merged(prior, value) if isinstance(prior, dict) and isinstance(value, dict) else value
    return merged
