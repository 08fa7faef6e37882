"""The patches of aiobotocore, whose clients are treated like those of botocore.

aiobotocore's classes inherit from botocore's. They replace exactly the methods that are wrapped there by coroutines. So
the same wrappers are here again, as coroutines, with the same decisions. Methods that are inherited unchanged (regions,
configuration files, SigV4a) need no further wrapper. aiobotocore is never imported here, but a test may import it at
any time, also while a mock is active. It is found before its first client, because the client needs a session, and a
session of aiobotocore begins as a session of botocore.
"""

from __future__ import annotations

import asyncio
import sys
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import NoCredentialsError
from botocore.session import Session

from eventmock.mock.patch.credentials import StandInToken, looking, wrap_module
from eventmock.mock.patch.retries import is_unlimited
from eventmock.mock.patch.sending import answer, check_may_leave
from eventmock.mock.patch.signing import (
    Frozen,
    authorize,
    emit_before_sign,
    may_look,
    what_is_signed,
    without_real_keys,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.mock.patch.credentials import ShownKeys
    from eventmock.wire.http import HttpResponse


class AiobotocoreWrapper:
    """Wraps aiobotocore once it has been imported.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
        keys: Decides which keys a reader of credentials gets.
        before_every_request: Called while a mock is active, before a request of any service is sent.
    """

    def __init__(
        self,
        attributes: WrappedAttributes,
        current: CurrentGate,
        keys: ShownKeys,
        before_every_request: Callable[[], None],
    ) -> None:
        self._attributes = attributes
        self._current = current
        self._keys = keys
        self._before_every_request = before_every_request
        self._wrapped = False

    def wrap_if_imported(self) -> None:
        """Wrap aiobotocore if it has been imported and is not wrapped yet."""
        session: Any = sys.modules.get("aiobotocore.session")
        if self._wrapped or not hasattr(session, "AioSession"):
            return
        self._wrapped = True
        self._wrap_sending()
        self._wrap_credentials(session.AioSession)

    def _wrap_credentials(self, session_class: type) -> None:
        signer_class = sys.modules["aiobotocore.signers"].AioRequestSigner
        credentials = sys.modules["aiobotocore.credentials"]
        stand_in = stand_in_class(credentials.AioCredentials)

        async def get_credentials(
            wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> Any:
            if not self._keys.hides or session._credentials is not None:
                return await wrapped(*args, **kwargs)
            return stand_in(self._keys, wrapped)

        def get_auth_token(session: Any, **kwargs: Any) -> Any:
            token: Any = Session.get_auth_token(session, **kwargs)
            return _StandInToken(token) if isinstance(token, StandInToken) else token

        self._attributes.wrap(signer_class, "sign", self._sign)
        self._attributes.wrap(signer_class, "get_auth_instance", self._get_auth_instance)
        self._attributes.wrap(session_class, "get_credentials", get_credentials)
        self._attributes.add(session_class, "get_auth_token", get_auth_token)
        wrap_module(self._attributes, self._keys, credentials, stand_in)
        if "aiobotocore.tokens" in sys.modules:
            wrap_module(self._attributes, self._keys, sys.modules["aiobotocore.tokens"], stand_in)

    def _wrap_sending(self) -> None:
        endpoint_class = sys.modules["aiobotocore.endpoint"].AioEndpoint
        response_class = sys.modules["aiobotocore.awsrequest"].AioAWSResponse
        http_sessions = tuple(
            getattr(sys.modules[module], name)
            for module, name in (
                ("aiobotocore.httpsession", "AIOHTTPSession"),
                ("aiobotocore.httpxsession", "HttpxSession"),
            )
            if module in sys.modules
        )

        async def send(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            request = args[0] if args else kwargs["request"]
            await _let_others_run(endpoint)
            answered = answer(self._current(), endpoint, request, http_sessions)
            if answered is None:
                return await wrapped(*args, **kwargs)
            return response_class(request.url, answered.status, answered.headers, _Raw(answered))

        async def send_to_socket(
            wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> Any:
            check_may_leave(self._current(), session, args[0] if args else kwargs["request"])
            return await wrapped(*args, **kwargs)

        self._attributes.wrap(endpoint_class, "_send", send)
        self._attributes.wrap(endpoint_class, "_needs_retry", self._needs_retry)
        adaptive = sys.modules.get("aiobotocore.retries.adaptive")
        if adaptive is not None:
            self._attributes.wrap(adaptive.AsyncClientRateLimiter, "on_sending_request", self._limit_rate)
        for http_session in http_sessions:
            self._attributes.wrap(http_session, "send", send_to_socket)

    async def _sign(self, wrapped: Any, signer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = self._current()
        if gate is None:
            return await wrapped(*args, **kwargs)
        self._before_every_request()
        ours = what_is_signed(gate, signer, *args, **kwargs)
        if ours is None:
            with looking(may_look(gate, *args, **kwargs)):
                return await wrapped(*args, **kwargs)
        version = await signer._choose_signer(ours[0], "standard", ours[1].context)
        await emit_before_sign(signer, *ours, version)
        return authorize(gate, self._keys, signer, ours[1], version)

    async def _get_auth_instance(
        self, wrapped: Any, signer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if not self._keys.hides:
            return await wrapped(*args, **kwargs)
        view, given = without_real_keys(self._keys, signer, _Frozen, args, kwargs)
        return await wrapped.__func__(view, **given)

    async def _limit_rate(
        self, wrapped: Any, _limiter: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if not is_unlimited(self._current, **kwargs):
            await wrapped(*args, **kwargs)

    async def _needs_retry(
        self, wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        gate = self._current()
        if gate is None or not gate.serves(endpoint._endpoint_prefix):
            return await wrapped(*args, **kwargs)
        return await wrapped.__func__(_WithoutBackOff(endpoint), *args, **kwargs)


def stand_in_class(base: Any) -> Callable[..., Any]:
    """Return the class of stand-ins for credentials of aiobotocore, whose keys are read by coroutines."""

    class AioStandIn(base):  # type: ignore[misc]  # a class of a library that is not imported here
        method = "eventmock"

        def __init__(self, keys: ShownKeys, find: Callable[[], Any]) -> None:
            self._keys = keys
            self._find = find

        async def get_frozen_credentials(self) -> Any:
            shown = self._keys.instead_of(self)
            if shown is not None:
                return shown
            found = await self._find()
            if found is None:
                raise NoCredentialsError
            return await found.get_frozen_credentials()

    return AioStandIn


class _StandInToken:
    """A stand-in for a token that is awaited."""

    def __init__(self, token: StandInToken) -> None:
        self._token = token

    async def get_frozen_token(self) -> Any:
        """Return the token that a reader gets."""
        frozen = self._token.get_frozen_token()
        return await frozen if isawaitable(frozen) else frozen


class _Frozen(Frozen):
    async def get_frozen_credentials(self) -> Any:
        frozen = super().get_frozen_credentials()
        return await frozen if isawaitable(frozen) else frozen


async def _let_others_run(endpoint: Any) -> None:
    """Let other tasks run, as they do while a client waits for a real answer."""
    await getattr(endpoint, "_sleep", asyncio.sleep)(0)


class _WithoutBackOff:
    """An endpoint for ``_needs_retry``. The handlers decide whether there is another attempt; it comes at once."""

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint

    def __getattr__(self, name: str) -> Any:
        return getattr(self._endpoint, name)

    @property
    def _event_emitter(self) -> Any:
        return self

    async def emit(self, event_name: str, **kwargs: Any) -> list[tuple[Any, Any]]:
        """Return the answers of the handlers, with 0 for the seconds to wait."""
        kwargs["endpoint"] = self._endpoint
        said = await self._endpoint._event_emitter.emit(event_name, **kwargs)
        return [(handler, seconds and 0) for handler, seconds in said]


class _Raw:
    """An answer in the form that aiobotocore gets from its HTTP session."""

    def __init__(self, answered: HttpResponse) -> None:
        self._body = answered.body
        self.raw_headers = [(name.encode(), value.encode()) for name, value in answered.headers.items()]

    async def read(self) -> bytes:
        """Return the whole body."""
        return self._body
