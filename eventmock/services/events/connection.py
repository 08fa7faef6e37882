"""The record of a connection. The operations are in `connections`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

SECRETS: Final = frozenset({"Password", "ApiKeyValue", "ClientSecret"})
CONNECTIVITY: Final = "ConnectivityParameters"

ACTIVE_STATES: Final = ("AUTHORIZED", "ACTIVE")
"""The states of a connection in which its API destinations are active."""

PENDING_STATES: Final = ("CREATING", "UPDATING", "AUTHORIZING")
"""The states from which a connection may become active without another request."""

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Connection:
    """A connection.

    A record is immutable. A change of the connection replaces its record by a new one.

    Attributes:
        name: The name of the connection, unique in its account and region.
        connection_arn: The ARN, which ends in an id that a later connection of the same name does not have.
        own_secret_arn: The ARN of the secret in Secrets Manager. After DeauthorizeConnection there is no secret, but
            the record keeps the ARN for the next authorization.
        authorization_type: ``BASIC``, ``API_KEY`` or ``OAUTH_CLIENT_CREDENTIALS``.
        connection_state: The state, such as ``AUTHORIZED``.
        creation_time: The moment of CreateConnection, an aware datetime in UTC.
        last_modified_time: The moment of the last change, an aware datetime in UTC.
        last_authorized_time: The moment of the last authorization, an aware datetime in UTC.
        secret_parameters: The ``AuthParameters`` with their secrets; empty after DeauthorizeConnection.
        state_reason: The reason of the state; None if the state has no reason.
        description: The description; None if there is none.
        kms_key_identifier: The identifier of the customer's KMS key; None if there is none. Nothing is encrypted.
        invocation_connectivity_parameters: The parameters of the private network of invocations; None if invocations
            use the public network.
        key: An object that is equal only to itself. A request that changes the state sets a new key, so that earlier
            work on the clock does nothing.
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
        """The ``AuthParameters`` without secrets; None after DeauthorizeConnection."""
        shown: Members = _without_secrets(self.secret_parameters)
        return shown or None

    @property
    def secret_arn(self) -> str | None:
        """The ARN of the secret; None after DeauthorizeConnection."""
        return self.own_secret_arn if self.secret_parameters else None

    @property
    def is_private(self) -> bool:
        """Whether its API destinations or its authorization endpoint are reached through a private network."""
        return self.invocation_connectivity_parameters is not None or CONNECTIVITY in self.secret_parameters


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        hidden = SECRETS | {"Value"} if value.get("IsValueSecret") else SECRETS
        return {name: _without_secrets(member) for name, member in value.items() if name not in hidden}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
