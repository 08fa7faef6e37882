"""OAuth tokens of connections: asked for when a connection is authorised and when one is needed, and kept.

Source: "Connections" of the user guide (documented): after 401 and 407 a new token is got. Inferred: the token with
which a connection was authorised is used for invocations; a token is renewed a minute before it expires; where nobody
answers for the authorization endpoint, a token is made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import DeliveryFailed
from eventmock.services.events.https_endpoints import is_https
from eventmock.services.events.masked_failures import send
from eventmock.target_kinds.api_destination import Token, TokenRefused, read_token, token_call
from eventmock.values.arn import Arn
from eventmock.values.urls import shown_url

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.parts.part import Restore
    from eventmock.services.events.connection import Connection
    from eventmock.state import State

RENEWED_BEFORE: Final = timedelta(minutes=1)
MADE_UP: Final = "eventmock-access-token"


@dataclass(frozen=True, slots=True)
class _HeldToken:
    """A token, the secrets that it was got with, and when it is renewed; None without an ``expires_in``."""

    token: Token
    secrets: Any = field(repr=False)
    until: datetime | None


class OAuthTokens:
    """The tokens that are held for connections. A part of the state.

    Args:
        state: All that the mock holds.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._held: dict[str, _HeldToken] = {}

    def held(self, connection: Connection) -> Token | None:
        """The token that is held for a connection, unless it is to be renewed."""
        held = self._held.get(connection.connection_arn)
        if held is None or held.secrets is not connection.secret_parameters:
            return None
        is_over = held.until is not None and held.until <= self._state.clock.now()
        return None if is_over else held.token

    def forget(self, connection: Connection) -> None:
        """Hold no token for a connection any more."""
        with self._state.lock:
            self._held.pop(connection.connection_arn, None)

    def new(self, connection: Connection) -> Token:
        """Ask for a token, without the lock, and hold it; where nobody answers one is made up.

        Raises:
            DeliveryFailed: None can be had; a strict mock makes none up.
            Exception: Whatever a function of the test raises.
        """
        token = self.ask(connection)
        if token is None:
            if self._state.is_strict:
                raise _failed(
                    f"nobody answers for the authorization endpoint {shown_url(_endpoint(connection))}"
                )
            token = Token(value=MADE_UP)
            self._keep(connection, token)
        return token

    def ask(self, connection: Connection) -> Token | None:
        """Ask for a token, without the lock, and hold it; None where nobody answers.

        Raises:
            DeliveryFailed: None can be had.
            Exception: Whatever a function of the test raises.
        """
        endpoint, arn = _endpoint(connection), Arn.parse(connection.connection_arn)
        assert arn is not None
        if not is_https(endpoint):
            raise _failed(f"the authorization endpoint {shown_url(endpoint)} is no HTTPS URL")
        oauth = connection.secret_parameters["OAuthParameters"]
        answer = send(self._state.http, token_call(oauth, region=arn.region, account=arn.account), connection)
        if answer is None:
            return None
        try:
            token = read_token(answer)
        except TokenRefused as error:
            raise _failed(str(error)) from None
        self._keep(connection, token)
        return token

    def _keep(self, connection: Connection, token: Token) -> None:
        with self._state.lock:
            until = None
            if token.expires_in is not None:
                until = self._state.clock.later(timedelta(seconds=token.expires_in) - RENEWED_BEFORE)
            self._held[connection.connection_arn] = _HeldToken(token, connection.secret_parameters, until)

    def clear(self) -> None:
        """Hold no token."""
        self._held = {}

    def save(self) -> Restore:
        """Keep the tokens that are held, to be brought back later."""
        kept = dict(self._held)

        def restore() -> None:
            self._held = dict(kept)

        return restore


def _endpoint(connection: Connection) -> str:
    return str(connection.secret_parameters["OAuthParameters"]["AuthorizationEndpoint"])


def _failed(why: str) -> DeliveryFailed:
    return DeliveryFailed("ERROR_FROM_TARGET", why)
