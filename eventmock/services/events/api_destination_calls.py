"""Calls of API destinations: the rate limit, and the request.

Source: "API destinations" and "Connections" of the user guide (documented): the rate limit; waiting because of the rate
limit does not count as an attempt; after the status 401 or 407, a new token is requested. Inferred: no second has more
invocations than the limit; a delivery fails and is retried while its connection is being authorized, and is not retried
if the connection is deauthorized or cannot be reached (lambda-and-handlers section 5).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from eventmock.delivery.failures import DeliveryFailed
from eventmock.delivery.hand_over import Postponed, who_took
from eventmock.history.event_delivery import EventDelivery
from eventmock.services.events.api_destination import ApiDestination
from eventmock.services.events.connection import ACTIVE_STATES, PENDING_STATES, Connection
from eventmock.services.events.masked_failures import send
from eventmock.services.events.oauth_tokens import OAuthTokens
from eventmock.target_kinds.api_destination import UNAUTHORIZED, invocation_call
from eventmock.values.moments import later

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from eventmock.history.delivery import Delivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.parts.part import Restore
    from eventmock.state import State
    from eventmock.target_kinds.api_destination import HttpInvocation, Token
    from eventmock.target_kinds.http_call import HttpCall
    from eventmock.values.arn import Arn

SECOND: Final = timedelta(seconds=1)


class ApiDestinationCalls:
    """The receiver of deliveries to API destinations, which enforces their rate limits. A part of the state.

    Args:
        state: The state of the mock.
    """

    comes_before_kinds: ClassVar = False

    def __init__(self, state: State) -> None:
        self._state = state
        self._turns: dict[str, deque[datetime]] = {}
        self._waiting: dict[EventDelivery, datetime] = {}

    def prepare(self, delivery: Delivery) -> ReadyCall | None:
        """Return the call that makes a delivery, if the rate limit allows the call now, and write its request down.

        Only rules have API destinations as targets; for another delivery None is returned.

        Raises:
            DeliveryFailed: The API destination or its connection does not exist, or the connection is not authorized.
            InvalidRequest: The target's parameters do not fit the endpoint or the event.
            Postponed: The rate limit of the API destination allows the call only at a later moment.
        """
        if not isinstance(delivery, EventDelivery):
            return None
        invocation = delivery.invocation
        with self._state.lock:
            is_its_turn = self._waiting.pop(delivery, None) == self._state.clock.now()
            destination, connection = self._find(invocation.arn)
            if not is_its_turn:
                self._take_turn(delivery, destination)
        keep = partial(self._state.courier.keep_request, delivery)
        ready = ReadyCall(self._state, keep, invocation, destination, connection)
        keep(ready.request)
        return ready

    def prepare_http(
        self, arn: Arn, invocation: HttpInvocation, keep: Callable[[HttpCall], None]
    ) -> ReadyCall:
        """Return the call that delivers a batch of a subscriber, if the rate limit allows the call now.

        Inferred: a batch for which it does not is an attempt that is throttled.

        Raises:
            DeliveryFailed: The API destination or its connection does not exist, the connection is not authorized, or
                the rate limit is reached.
            InvalidRequest: The parameters do not fit the endpoint.
        """
        with self._state.lock:
            destination, connection = self._find(arn)
            turns, turn = self._next_turn(destination)
            now = self._state.clock.now()
            if turn > now:
                rate = destination.invocation_rate_limit_per_second
                hint = f"{destination.name} takes {rate} invocations a second"
                raise DeliveryFailed("THROTTLING", retry_after=turn - now, hint=hint)
            turns.append(turn)
        ready = ReadyCall(self._state, keep, invocation, destination, connection)
        keep(ready.request)
        return ready

    def clear(self) -> None:
        """Forget all turns."""
        self._turns, self._waiting = {}, {}

    def save(self) -> Restore:
        """Return a function that restores the present turns."""
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
        connections = account.table(Connection).values()
        connection = next(
            (one for one in connections if one.connection_arn == destination.connection_arn), None
        )
        if connection is None:
            raise DeliveryFailed("NO_RESOURCE", f"there is no connection {destination.connection_arn}")
        if connection.connection_state not in ACTIVE_STATES:
            reason = "" if connection.state_reason is None else f": {connection.state_reason}"
            state = f"connection {connection.name} is {connection.connection_state}{reason}"
            is_permanent = connection.connection_state not in PENDING_STATES
            raise DeliveryFailed("ERROR_FROM_TARGET", state, is_permanent=is_permanent)
        return destination, connection

    def _take_turn(self, delivery: EventDelivery, destination: ApiDestination) -> None:
        """Assign a turn, the moment of its call, to a delivery.

        Turns are assigned in the order in which deliveries ask for them. They stay as they are if the rate limit
        changes. A delivery gets no turn if its event would be too old at that moment; another delivery can have it.

        Raises:
            Postponed: The turn of the delivery is later than the present.
        """
        turns, turn = self._next_turn(destination)
        if turn <= self._state.clock.now():
            turns.append(turn)
            return
        if turn <= later(delivery.time, delivery.target.retry_policy.maximum_event_age):
            turns.append(turn)
            self._waiting[delivery] = turn
        rate = destination.invocation_rate_limit_per_second
        raise Postponed(turn, f"{destination.name} takes {rate} invocations a second")

    def _next_turn(self, destination: ApiDestination) -> tuple[deque[datetime], datetime]:
        """Return the turns of an API destination that count, and the moment of its next one."""
        now, rate = self._state.clock.now(), destination.invocation_rate_limit_per_second
        turns = self._turns.setdefault(destination.api_destination_arn, deque())
        while turns and later(turns[0], SECOND) <= now:
            turns.popleft()
        turn = max(now, turns[-1]) if turns else now
        if len(turns) >= rate:
            turn = max(turn, later(turns[-rate], SECOND))
        return turns, turn


@dataclass(frozen=True, slots=True)
class ReadyCall:
    """A call of an API destination that may be made now.

    Attributes:
        state: The state of the mock.
        keep: Writes the request down.
        invocation: The target's parameters, and the payload.
        destination: The API destination.
        connection: The connection of the API destination.
    """

    state: State
    keep: Callable[[HttpCall], None]
    invocation: HttpInvocation
    destination: ApiDestination
    connection: Connection = field(repr=False)

    @property
    def request(self) -> HttpCall:
        """The HTTP request, with the connection's present OAuth token if there is one.

        Raises:
            InvalidRequest: The target's parameters do not fit the endpoint or the event.
        """
        return self._request(self._tokens.held(self.connection) if self._has_token else None)

    def send(self) -> TakenBy:
        """Request a token if the connection needs a token and has none, send the request, and return who received it.

        Raises:
            DeliveryFailed: The request for a token failed, the answer's status is not one of success, or the request
                failed with an exception.
            InvalidRequest: The target's parameters do not fit the endpoint or the event.
            AssertionError: An assertion in a function of the test has failed.
        """
        tokens, connection = self._tokens, self.connection
        token = (tokens.held(connection) or tokens.new(connection)) if self._has_token else None
        request = self._request(token)
        self.keep(request)  # before it is sent, because sending may raise an exception
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
