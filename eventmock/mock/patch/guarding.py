"""The patches of the guard (`eventmock/mock/guard.py`). Mocks patch other functions, so all may end in any order.

``Endpoint.make_request`` is called for every request that is not answered by a stub of botocore, before the request is
signed, and above the retries. aiobotocore's endpoints inherit it. A request is refused there, unless a mock answers it:
ours, or an active one of moto.

A client looks for credentials when it is made. Code that makes one outside any mock, as at import, may go on to use it
in a mock only. So clients of the mocked services get a stand-in, which looks for credentials when they are first
needed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from eventmock.delivery import moto
from eventmock.mock.mock_events import current_gate
from eventmock.mock.patch.attributes import WrappedAttributes
from eventmock.mock.patch.credentials import ShownKeys, StandIn
from eventmock.services.table import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.exceptions import NetworkBlocked
    from eventmock.services.service import Service


class GuardPatches:
    """The patches of the guard, until `release`.

    Args:
        refusal: Returns the exception for a request. Its arguments are the service and the name of the operation.
    """

    def __init__(self, refusal: Callable[[Service, str], NetworkBlocked]) -> None:
        self._refusal = refusal
        self._attributes = WrappedAttributes()
        self._keys = ShownKeys(current_gate)
        self._owners: set[type] = set()

    def take(self) -> None:
        """Patch the classes of botocore and aiobotocore that have been imported and are not patched yet."""
        aiobotocore: Any = sys.modules.get("aiobotocore.session")
        botocore: Any = sys.modules["botocore.session"]
        endpoint: Any = sys.modules["botocore.endpoint"]
        self._wrap(endpoint.Endpoint, "make_request", self._make_request)
        self._wrap(botocore.Session, "create_client", self._create_client)
        if hasattr(aiobotocore, "AioSession"):
            self._wrap(aiobotocore.AioSession, "_create_client", self._create_aio_client)

    def release(self) -> None:
        """Restore all that was patched."""
        self._attributes.restore()

    def _wrap(self, owner: type, name: str, wrapper: Any) -> None:
        if owner not in self._owners:
            self._owners.add(owner)
            self._attributes.wrap(owner, name, wrapper)

    def _make_request(
        self, wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        given = dict(zip(("operation_model", "request_dict"), args, strict=False)) | kwargs
        service = next((one for one in services() if one.endpoint_prefix == endpoint._endpoint_prefix), None)
        if service is None or current_gate(endpoint) is not None:
            return wrapped(*args, **kwargs)
        if moto.answers_client(endpoint._event_emitter, given["request_dict"]["url"]):
            return wrapped(*args, **kwargs)
        raise self._refusal(service, given["operation_model"].name)

    def _create_client(
        self, wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        stand_in = self._stand_in(StandIn, session, *args, **kwargs)
        try:
            return wrapped(*args, **kwargs)
        finally:
            _take_away(session, stand_in)

    async def _create_aio_client(
        self, wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        from eventmock.mock.patch.aiobotocore import stand_in_class

        kind = stand_in_class(sys.modules["aiobotocore.credentials"].AioCredentials)
        stand_in = self._stand_in(kind, session, *args, **kwargs)
        try:
            return await wrapped(*args, **kwargs)
        finally:
            _take_away(session, stand_in)

    def _stand_in(
        self, kind: Callable[..., Any], session: Any, service_name: str, *_args: Any, **_kwargs: Any
    ) -> Any:
        """Give a session a stand-in for the credentials that it has not looked for, and return it; None if it has.

        Only while a client of a mocked service is made outside any mock.
        """
        is_ours = any(service.name == service_name for service in services())
        if not is_ours or session._credentials is not None or current_gate() is not None:
            return None
        session._credentials = kind(self._keys, session.get_credentials)
        return session._credentials


def _take_away(session: Any, stand_in: Any) -> None:
    """Let a session look for its credentials as before."""
    if stand_in is not None and session._credentials is stand_in:
        session._credentials = None
