"""Calls of API destinations: whose turn it is, and the request.

Source: "API destinations" and "Connections" of the user guide (documented): the rate limit; waiting for it does not
count as an attempt; after 401 and 407 a new token is got. Inferred: no second has more invocations than the limit; a
delivery fails and is tried again while its connection is being authorized, and fails for good if the connection is
deauthorized or cannot be reached (lambda-and-handlers section 5).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventmock.delivery.failures import DeliveryFailed
from eventmock.delivery.hand_over import Postponed, who_took
from eventmock.services.events.api_destinations import ApiDestination
from eventmock.services.events.connection import Connection
from eventmock.services.events.connections import ACTIVE_STATES, PENDING_STATES
from eventmock.services.events.masked_failures import send
from eventmock.services.events.oauth_tokens import OAuthTokens
from eventmock.target_kinds.api_destination import UNAUTHORIZED, invocation_call
from eventmock.values.moments import later

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.history.delivery import Delivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.parts.part import Restore
    from eventmock.state import State
    from eventmock.target_kinds import HttpCall, Invocation
    from eventmock.target_kinds.api_destination import Token
    from eventmock.values.arn import Arn

SECOND: Final = timedelta(seconds=1)


class ApiDestinationCalls:
    """Takes what is delivered to API destinations. A part of the state.

    Args:
        state: All that the mock holds.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._turns: dict[str, deque[datetime]] = {}
        self._waiting: dict[Delivery, datetime] = {}

    def prepare(self, delivery: Delivery) -> ReadyCall:
        """Make a call ready.

        Raises:
            DeliveryFailed: There is no such API destination, or its connection is not authorized.
            InvalidRequest: The parameters do not fit the endpoint or the event.
            Postponed: It is not its turn yet.
        """
        invocation = delivery.invocation
        with self._state.lock:
            is_its_turn = self._waiting.pop(delivery, None) == self._state.clock.now()
            destination, connection = self._find(invocation.arn)
            if not is_its_turn:
                self._take_turn(delivery, destination)
            return ReadyCall(self._state, delivery, invocation, destination, connection)

    def clear(self) -> None:
        """Forget turns."""
        self._turns, self._waiting = {}, {}

    def save(self) -> Restore:
        """Keep the turns, to be brought back later."""
        turns = {arn: tuple(moments) for arn, moments in self._turns.items()}
        waiting = dict(self._waiting)

        def restore() -> None:
            self._turns = {arn: deque(moments) for arn, moments in turns.items()}
            self._waiting = dict(waiting)

        return restore

    def _find(self, arn: Arn) -> tuple[ApiDestination, Connection]:
        account = self._state.accounts.get(arn.account, arn.region)
        name = arn.resource.split("/")[1]
        destination = account.table(ApiDestination).get(name)
        if destination is None or destination.api_destination_arn != str(arn):
            raise DeliveryFailed("NO_RESOURCE", f"there is no API destination {arn}")
        held = account.table(Connection).values()
        connection = next((one for one in held if one.connection_arn == destination.connection_arn), None)
        if connection is None:
            raise DeliveryFailed("NO_RESOURCE", f"there is no connection {destination.connection_arn}")
        if connection.connection_state not in ACTIVE_STATES:
            reason = "" if connection.state_reason is None else f": {connection.state_reason}"
            state = f"connection {connection.name} is {connection.connection_state}{reason}"
            is_permanent = connection.connection_state not in PENDING_STATES
            raise DeliveryFailed("ERROR_FROM_TARGET", state, is_permanent=is_permanent)
        return destination, connection

    def _take_turn(self, delivery: Delivery, destination: ApiDestination) -> None:
        """Give a delivery its turn.

        Turns are given in the order in which deliveries ask, and kept, also when the rate changes. A delivery whose
        event is too old by then gets none: others have it.

        Raises:
            Postponed: Its turn is not now.
        """
        now, rate = self._state.clock.now(), destination.invocation_rate_limit_per_second
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
        state: All that the mock holds.
        delivery: Gets the request on record.
        invocation: What goes to the target.
        destination: The API destination.
        connection: Its connection.
    """

    state: State
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
        return self._request(self._tokens.held(self.connection) if self._has_token else None)

    def send(self) -> TakenBy:
        """Get a token if one is needed and none is held, make the call, and say who took it.

        Raises:
            DeliveryFailed: No token can be had, or the answer is no success.
        """
        tokens, connection = self._tokens, self.connection
        token = (tokens.held(connection) or tokens.new(connection)) if self._has_token else None
        request = self._request(token)
        self.delivery.keep_request(request)  # also if it is never answered
        answer = send(self.state.http, request, connection)
        if answer is not None and answer.status in UNAUTHORIZED:
            tokens.forget(connection)
        return who_took(answer, self.state.clock.now(), kind="API destination")

    @property
    def _tokens(self) -> OAuthTokens:
        return self.state.part(OAuthTokens)

    @property
    def _has_token(self) -> bool:
        return "OAuthParameters" in self.connection.secret_parameters

    def _request(self, token: Token | None) -> HttpCall:
        return invocation_call(
            self.invocation,
            endpoint=self.destination.invocation_endpoint,
            http_method=self.destination.http_method,
            connection=self.connection.secret_parameters,
            token=token,
        )
