"""The patches of the guard (`eventmock/mock/guard.py`). Mocks patch other functions, so all may end in any order.

``Endpoint.make_request`` is called for every request that is not answered by a stub of botocore, before the request is
signed, and above the retries. aiobotocore's endpoints inherit it. A request is refused there, unless a mock answers it:
ours, or an active one of moto.

Without awscrt, botocore refuses a call through a global endpoint before that, and asks for awscrt. It also makes no
client without a region, which clients in a mock have. Both errors hide that a mock is missing, so the first is replaced
and the second gets a note.

A client looks for credentials when it is made. Code that makes one outside any mock, as at import, may go on to use it
in a mock only. So clients of the mocked services get a stand-in, which looks for credentials when they are first
needed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from botocore.exceptions import MissingDependencyException, NoRegionError

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
        note: Returns the note to botocore's error about a client without a region.
    """

    def __init__(
        self, refusal: Callable[[Service, str], NetworkBlocked], note: Callable[[Service], str]
    ) -> None:
        self._refusal = refusal
        self._note = note
        self._attributes = WrappedAttributes()
        self._keys = ShownKeys(current_gate)
        self._owners: set[type] = set()

    def take(self) -> None:
        """Patch the classes of botocore and aiobotocore that have been imported and are not patched yet."""
        for module, owner, name, wrapper in (
            ("botocore.endpoint", "Endpoint", "make_request", self._make_request),
            ("botocore.client", "BaseClient", "_resolve_endpoint_ruleset", self._find_endpoint),
            ("botocore.session", "Session", "create_client", self._create_client),
            (
                "aiobotocore.regions",
                "AioEndpointRulesetResolver",
                "construct_endpoint",
                self._find_aio_endpoint,
            ),
            ("aiobotocore.session", "AioSession", "_create_client", self._create_aio_client),
        ):
            kind = getattr(sys.modules.get(module), owner, None)
            if kind is not None and kind not in self._owners:
                self._owners.add(kind)
                self._attributes.wrap(kind, name, wrapper)

    def release(self) -> None:
        """Restore all that was patched."""
        self._attributes.restore()

    def _make_request(
        self, wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        __tracebackhide__ = True
        given = dict(zip(("operation_model", "request_dict"), args, strict=False)) | kwargs
        service = _unmocked(endpoint, endpoint_prefix=endpoint._endpoint_prefix)
        if service is None or moto.answers_client(endpoint._event_emitter, given["request_dict"]["url"]):
            return wrapped(*args, **kwargs)
        raise self._refusal(service, given["operation_model"].name)

    def _find_endpoint(
        self, wrapped: Any, _client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        try:
            return wrapped(*args, **kwargs)
        except MissingDependencyException as error:
            raise self._instead_of(error, *args, **kwargs) from None

    async def _find_aio_endpoint(
        self, wrapped: Any, _client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        try:
            return await wrapped(*args, **kwargs)
        except MissingDependencyException as error:
            raise self._instead_of(error, *args, **kwargs) from None

    def _instead_of(self, error: Exception, operation_model: Any, *_args: Any, **_kwargs: Any) -> Exception:
        """Return the refusal of a call that botocore refuses by an error; the error itself if a mock is active."""
        service = _unmocked(endpoint_prefix=operation_model.service_model.endpoint_prefix)
        return error if service is None else self._refusal(service, operation_model.name)

    def _create_client(
        self, wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        stand_in = self._stand_in(StandIn, session, *args, **kwargs)
        try:
            return wrapped(*args, **kwargs)
        except NoRegionError as error:
            self._annotate(error, *args, **kwargs)
            raise
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
        except NoRegionError as error:
            self._annotate(error, *args, **kwargs)
            raise
        finally:
            _take_away(session, stand_in)

    def _annotate(self, error: Exception, service_name: str, *_args: Any, **_kwargs: Any) -> None:
        service = _unmocked(name=service_name)
        if service is not None:
            error.add_note(self._note(service))

    def _stand_in(
        self, kind: Callable[..., Any], session: Any, service_name: str, *_args: Any, **_kwargs: Any
    ) -> Any:
        """Give a session a stand-in for the credentials that it has not looked for, and return the stand-in.

        None if the session has its credentials, or the client that is made is not of a mocked service, or a mock is
        active.
        """
        if session._credentials is not None or _unmocked(name=service_name) is None:
            return None
        session._credentials = kind(self._keys, session.get_credentials)
        return session._credentials


def _unmocked(endpoint: object = None, **names: str) -> Service | None:
    """Return the service that has the given names, if no mock answers for it now; else None.

    Args:
        endpoint: The endpoint of the client; None if it is not known.
        **names: Attributes of a `Service`.
    """
    for service in services():
        if all(getattr(service, key) == name for key, name in names.items()):
            return service if current_gate(endpoint) is None else None
    return None


def _take_away(session: Any, stand_in: Any) -> None:
    """Let a session look for its credentials as before."""
    if stand_in is not None and session._credentials is stand_in:
        session._credentials = None
