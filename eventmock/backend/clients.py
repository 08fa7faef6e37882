"""Clients of a single mock. No other mock answers them, whichever mock is the innermost."""

from __future__ import annotations

import threading
from base64 import b32encode
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import MockStateError, OptionError
from eventmock.values.arn import is_account_id

if TYPE_CHECKING:
    from eventmock.state import State

STOPPED: Final = (
    "this client was made by backend.client(), and the mock of that backend has stopped: no other mock answers it, and "
    "the call would reach AWS. Make a client of the mock that is active, by its backend.client() or by boto3.client()"
)
_ATTRIBUTE: Final = "_eventmock_state"


class _Calling(threading.local):
    """The client of this thread that makes a request.

    Attributes:
        endpoint: The endpoint of the client; None if no client of `make_client` makes one.
    """

    endpoint: Any = None


calling: Final = _Calling()
"""moto answers a request without naming the client, so the client is found here."""


def make_client(state: State, service: str, *, region: str | None, account: str | None) -> Any:
    """Return a boto3 client that belongs to one mock; see `EventsBackend.client`."""
    __tracebackhide__ = True
    import boto3

    if not state.lifetime.is_active:
        raise MockStateError("this backend's mock has stopped: a client made now would call AWS")
    caller = checked_account(account or state.default_account)
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]  # the stubs know each service by name
        region_name=region or state.default_region,
        aws_access_key_id=caller,
        aws_secret_access_key="eventmock",  # noqa: S106 - no secret
    )
    _bind(client, state)
    if service not in {served.name for served in state.services}:
        from eventmock.delivery.moto import name_account

        client.meta.events.register("request-created", partial(name_account, caller))
    return client


def make_access_key(state: State, account: str) -> str:
    """Return an access key id that stands for an account; see `EventsBackend.access_key_for`."""
    __tracebackhide__ = True
    number = (int(checked_account(account)) << 7).to_bytes(6) + state.identifiers.random_bytes(4)
    key_id = f"AKIA{b32encode(number).decode()}"
    state.account_for_key[key_id] = account
    return key_id


def checked_account(account: Any) -> str:
    """Return an account id that a test gives.

    Raises:
        OptionError: The value is not a text of 12 digits.
    """
    __tracebackhide__ = True
    if not isinstance(account, str) or not is_account_id(account):
        raise OptionError(f"account={account!r}: wanted an account id, text of 12 digits")
    return account


def state_of(owner: object) -> State | None:
    """Return the state that a client belongs to, by its endpoint or HTTP session; None if it belongs to none."""
    state: State | None = getattr(owner, "__dict__", {}).get(_ATTRIBUTE)
    return state


def _bind(client: Any, state: State) -> None:
    """Bind a new client of boto3 to a mock. When that mock has stopped, the client raises MockStateError."""
    endpoint = client._endpoint  # noqa: SLF001 - it and its session are what the patches see of a client

    def make_request(*args: Any, **kwargs: Any) -> Any:
        if not state.lifetime.is_active:
            raise MockStateError(STOPPED)
        outer, calling.endpoint = calling.endpoint, endpoint
        try:
            return type(endpoint).make_request(endpoint, *args, **kwargs)
        finally:
            calling.endpoint = outer

    for owner in (endpoint, endpoint.http_session):
        setattr(owner, _ATTRIBUTE, state)
    endpoint.make_request = make_request
