"""A connection: the record. The operations are in `connections`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

SECRETS: Final = frozenset({"Password", "ApiKeyValue", "ClientSecret"})
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


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        hidden = SECRETS | {"Value"} if value.get("IsValueSecret") else SECRETS
        return {name: _without_secrets(member) for name, member in value.items() if name not in hidden}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
