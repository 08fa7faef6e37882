"""Clients that belong to one backend, whichever mock is the innermost where they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import MockStateError

if TYPE_CHECKING:
    from eventmock.backend.events_backend import EventsBackend

STOPPED: Final = (
    "this client was made by backend.client(), and the mock of that backend has stopped: no other mock answers it, and "
    "the call would reach AWS. Make a client of the mock that is active, by its backend.client() or by boto3.client()"
)
_ATTRIBUTE: Final = "_eventmock_backend"


def bind(client: Any, backend: EventsBackend) -> None:
    """Have a new client of boto3 answered by one backend alone; it raises MockStateError when its mock has stopped."""
    endpoint = client._endpoint  # noqa: SLF001 - it and its session are what the patches see of a client

    def make_request(*args: Any, **kwargs: Any) -> Any:
        if not backend.active_mocks:
            raise MockStateError(STOPPED)
        return type(endpoint).make_request(endpoint, *args, **kwargs)

    for owner in (endpoint, endpoint.http_session):
        setattr(owner, _ATTRIBUTE, backend)
    endpoint.make_request = make_request


def backend_of(owner: object) -> EventsBackend | None:
    """The backend that a client belongs to, by its endpoint or HTTP session; None where it belongs to none."""
    held: EventsBackend | None = getattr(owner, "__dict__", {}).get(_ATTRIBUTE)
    return held
