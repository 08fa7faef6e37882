"""Calls of API destinations: whose turn it is, the OAuth token, and the request.

Source: "API destinations" and "Connections" of the user guide (documented): the rate limit, that waiting for it is no
attempt, that 401 and 407 renew the token. Inferred: that no second has more invocations than the limit, that a
connection which is not authorized is a failure that is tried again, that a token is renewed a minute before it
expires, and the token that is made up where nobody answers for the authorization endpoint.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.ends import Postponed
from eventmock.delivery.failures import DeliveryFailed
from eventmock.events.connections import ACTIVE_STATES
from eventmock.moments import later
from eventmock.target_kinds.api_destination import (
    UNAUTHORIZED,
    Token,
    TokenRefused,
    invocation_call,
    read_token,
    token_call,
)
from eventmock.urls import shown_url

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from eventmock.arn import Arn
    from eventmock.delivery.http_end import HttpEnd
    from eventmock.events.account import Accounts
    from eventmock.events.api_destinations import ApiDestination
    from eventmock.events.connections import Connection
    from eventmock.records import Delivery
    from eventmock.target_kinds import HttpAnswer, HttpCall, Invocation

SECOND: Final = timedelta(seconds=1)
RENEWED_BEFORE: Final = timedelta(minutes=1)
MADE_UP: Final = "eventmock-access-token"


@dataclass(frozen=True, slots=True)
class _HeldToken:
    """A token, the secrets it was had for, and when it is renewed; None where its answer said nothing about that."""

    token: Token
    secrets: Any = field(repr=False)
    until: datetime | None


class ApiDestinationCalls:
    """Makes calls of API destinations ready.

    Args:
        shared: What all accounts share.
        lock: Held while state is read or changed, not while anything is sent.
    """

    def __init__(self, shared: Accounts, lock: AbstractContextManager[Any]) -> None:
        self.shared = shared
        self.lock = lock
        self._turns: dict[str, deque[datetime]] = {}
        self._waiting: dict[Delivery, datetime] = {}
        self._tokens: dict[str, _HeldToken] = {}

    def prepare(self, delivery: Delivery, invocation: Invocation) -> ReadyCall:
        """Make a call ready.

        Raises:
            DeliveryFailed: There is no such API destination, or its connection is not authorized.
            Postponed: It is not its turn yet.
        """
        with self.lock:
            is_its_turn = self._waiting.pop(delivery, None) == self.shared.clock.now()
            destination, connection = self._find(invocation.arn)
            if not is_its_turn:
                self._take_turn(delivery, destination)
            return ReadyCall(self, delivery, invocation, destination, connection)

    def token_of(self, connection: Connection) -> Token | None:
        """The token that is held for a connection, unless it is to be renewed."""
        held = self._tokens.get(connection.connection_arn)
        if held is None or held.secrets is not connection.secret_parameters:
            return None
        is_over = held.until is not None and held.until <= self.shared.clock.now()
        return None if is_over else held.token

    def keep_token(self, connection: Connection, token: Token | None) -> None:
        """Hold a token; None to forget the one that is held."""
        with self.lock:
            if token is None:
                self._tokens.pop(connection.connection_arn, None)
                return
            until = None
            if token.expires_in is not None:
                until = self.shared.clock.later(timedelta(seconds=token.expires_in) - RENEWED_BEFORE)
            self._tokens[connection.connection_arn] = _HeldToken(token, connection.secret_parameters, until)

    def clear(self) -> None:
        """Forget turns and tokens."""
        self.restore(({}, {}, {}))

    def snapshot(self) -> Any:
        """Turns and tokens, to come back to."""
        turns = {arn: deque(moments) for arn, moments in self._turns.items()}
        return turns, dict(self._waiting), dict(self._tokens)

    def restore(self, snapshot: Any) -> None:
        """Come back to them."""
        turns, waiting, tokens = snapshot
        self._turns = {arn: deque(moments) for arn, moments in turns.items()}
        self._waiting, self._tokens = dict(waiting), dict(tokens)

    def _find(self, arn: Arn) -> tuple[ApiDestination, Connection]:
        account = self.shared.get(arn.account, arn.region)
        name = arn.resource.split("/")[1]
        destination = account.api_destinations.get(name)
        if destination is None or destination.api_destination_arn != str(arn):
            raise DeliveryFailed("NO_RESOURCE", f"there is no API destination {arn}")
        held = account.connections.values()
        connection = next((one for one in held if one.connection_arn == destination.connection_arn), None)
        if connection is None:
            raise DeliveryFailed("NO_RESOURCE", f"there is no connection {destination.connection_arn}")
        if connection.connection_state not in ACTIVE_STATES:
            state = f"connection {connection.name} is {connection.connection_state}"
            raise DeliveryFailed("ERROR_FROM_TARGET", state)
        return destination, connection

    def _take_turn(self, delivery: Delivery, destination: ApiDestination) -> None:
        """Give a delivery its turn.

        Turns are given in the order in which deliveries ask, and kept, also when the rate changes. A delivery whose
        event is too old by then gets none: others have it.

        Raises:
            Postponed: Its turn is not now.
        """
        now, rate = self.shared.clock.now(), destination.invocation_rate_limit_per_second
        turns = self._turns.setdefault(destination.api_destination_arn, deque())
        while turns and later(turns[0], SECOND) <= now:
            turns.popleft()
        turn = max(now, turns[-1]) if turns else now
        if len(turns) >= rate:
            turn = max(turn, later(turns[-rate], SECOND))
        if turn <= now:
            turns.append(turn)
            return
        if turn <= later(delivery.time, delivery.target.retry_policy.maximum_event_age):
            turns.append(turn)
            self._waiting[delivery] = turn
        raise Postponed(turn, f"{destination.name} takes {rate} invocations a second")


@dataclass(frozen=True, slots=True)
class ReadyCall:
    """A call of an API destination whose turn it is.

    Attributes:
        calls: Holds the tokens.
        delivery: Gets the request on record.
        invocation: What goes to the target.
        destination: The API destination.
        connection: Its connection.
    """

    calls: ApiDestinationCalls
    delivery: Delivery
    invocation: Invocation
    destination: ApiDestination
    connection: Connection = field(repr=False)

    @property
    def request(self) -> HttpCall:
        """The request, with the token that is held at the moment.

        Raises:
            InvalidRequest: The parameters do not fit the endpoint or the event.
        """
        return self._request(self.calls.token_of(self.connection) if self._oauth is not None else None)

    def send(self, http: HttpEnd) -> HttpAnswer | None:
        """Get a token if one is needed and none is held, and make the call.

        Returns:
            The answer; None if nobody answers.

        Raises:
            DeliveryFailed: No token can be had.
        """
        token = None if self._oauth is None else self.calls.token_of(self.connection) or self._new_token(http)
        request = self._request(token)
        self.delivery.keep_request(request)  # also if it is never answered
        answer = http.send(request)
        if answer is not None and answer.status in UNAUTHORIZED:
            self.calls.keep_token(self.connection, None)
        return answer

    @property
    def _oauth(self) -> Any:
        return self.connection.secret_parameters.get("OAuthParameters")

    def _request(self, token: Token | None) -> HttpCall:
        return invocation_call(
            self.invocation,
            endpoint=self.destination.invocation_endpoint,
            http_method=self.destination.http_method,
            connection=self.connection.secret_parameters,
            token=token,
        )

    def _new_token(self, http: HttpEnd) -> Token:
        arn = self.invocation.arn
        answer = http.send(token_call(self._oauth, region=arn.region, account=arn.account))
        if answer is None and self.calls.shared.is_strict:
            endpoint = shown_url(self._oauth["AuthorizationEndpoint"])
            raise DeliveryFailed(
                "ERROR_FROM_TARGET", f"nobody answers for the authorization endpoint {endpoint}"
            )
        try:
            token = Token(value=MADE_UP) if answer is None else read_token(answer)
        except TokenRefused as error:
            raise DeliveryFailed("ERROR_FROM_TARGET", str(error)) from None
        self.calls.keep_token(self.connection, token)
        return token
