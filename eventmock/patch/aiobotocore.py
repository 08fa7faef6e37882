"""aiobotocore: its clients are answered and held back as botocore's own are.

Its classes inherit from botocore's, and replace by coroutines just what is wrapped there; so here are the same wraps
again, as coroutines, with the same decisions. What it inherits (regions, configuration files, SigV4a) needs none. It
is never imported here, but may be at any time, also while a mock is active: none of its clients is made without a
session, which begins as a session of botocore.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from eventmock.patch.credentials import made_up
from eventmock.patch.sending import answer, check_may_leave
from eventmock.patch.signing import authorize, emit_before_sign, what_is_signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.patch.attributes import WrappedAttributes
    from eventmock.patch.interceptor import CurrentInterceptor
    from eventmock.wire.http import HttpResponse


class AiobotocoreWrapper:
    """Wraps aiobotocore once it is there.

    Args:
        attributes: Keeps what was there.
        current: Gives the active mock.
        before_every_request: Called while a mock is active, before a request of any service is sent.
    """

    def __init__(
        self,
        attributes: WrappedAttributes,
        current: CurrentInterceptor,
        before_every_request: Callable[[], None],
    ) -> None:
        self._attributes = attributes
        self._current = current
        self._before_every_request = before_every_request
        self._wrapped = False

    def wrap_if_imported(self) -> None:
        """Wrap aiobotocore if it has been imported and is not wrapped yet."""
        session: Any = sys.modules.get("aiobotocore.session")
        if self._wrapped or not hasattr(session, "AioSession"):
            return
        self._wrapped = True
        self._wrap_sending()
        self._attributes.wrap(sys.modules["aiobotocore.signers"].AioRequestSigner, "sign", self._sign)
        self._attributes.wrap(session.AioSession, "get_credentials", self._get_credentials)

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
            wrapped: Any, _session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> Any:
            check_may_leave(self._current(), args[0] if args else kwargs["request"])
            return await wrapped(*args, **kwargs)

        self._attributes.wrap(endpoint_class, "_send", send)
        self._attributes.wrap(endpoint_class, "_needs_retry", self._needs_retry)
        for http_session in http_sessions:
            self._attributes.wrap(http_session, "send", send_to_socket)

    async def _sign(self, wrapped: Any, signer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = self._current()
        if mock is None:
            return await wrapped(*args, **kwargs)
        self._before_every_request()
        ours = what_is_signed(mock, signer, *args, **kwargs)
        if ours is None:
            return await wrapped(*args, **kwargs)
        await emit_before_sign(signer, *ours)
        return authorize(signer, *ours)

    async def _get_credentials(
        self, wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        made = made_up(self._current(), session, sys.modules["aiobotocore.credentials"].AioCredentials)
        return made or await wrapped(*args, **kwargs)

    async def _needs_retry(
        self, wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        mock = self._current()
        if mock is None or not mock.serves(endpoint._endpoint_prefix):
            return await wrapped(*args, **kwargs)
        return await wrapped.__func__(_WithoutBackOff(endpoint), *args, **kwargs)


async def _let_others_run(endpoint: Any) -> None:
    """Let other tasks have their turn, as they have it while a real answer is awaited."""
    await getattr(endpoint, "_sleep", asyncio.sleep)(0)


class _WithoutBackOff:
    """An endpoint as ``_needs_retry`` sees it: handlers say whether there is another attempt, and it comes at once."""

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint

    def __getattr__(self, name: str) -> Any:
        return getattr(self._endpoint, name)

    @property
    def _event_emitter(self) -> Any:
        return self

    async def emit(self, event_name: str, **kwargs: Any) -> list[tuple[Any, Any]]:
        """What the handlers say, but for the seconds to wait."""
        kwargs["endpoint"] = self._endpoint
        said = await self._endpoint._event_emitter.emit(event_name, **kwargs)
        return [(handler, seconds and 0) for handler, seconds in said]


class _Raw:
    """An answer as aiobotocore gets it from its HTTP session."""

    def __init__(self, answered: HttpResponse) -> None:
        self._body = answered.body
        self.raw_headers = [(name.encode(), value.encode()) for name, value in answered.headers.items()]

    async def read(self) -> bytes:
        """The whole body."""
        return self._body
