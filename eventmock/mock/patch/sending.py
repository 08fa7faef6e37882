"""The send layer of botocore: requests to the mocked services are answered, and no other request leaves the process.

``Endpoint._send`` has the service's endpoint prefix, whatever the URL is, and retries happen above it.
``URLLib3Session.send`` is the last function before the socket. Requests that reach it in another way (botocore's own
look-ups of instance metadata) are refused there. Another library may have replaced or wrapped it, so the function below
it, which opens connections, checks again. Client-side monitoring (CSM) sends UDP datagrams without any of these; while
a mock is active, it sends none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import EndpointConnectionError, HTTPClientError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.monitoring import SocketPublisher

from eventmock.delivery import moto
from eventmock.exceptions import NetworkBlocked
from eventmock.mock.gate import Refused
from eventmock.wire.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.mock.gate import AnyGate, CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.wire.http import HttpResponse

_METADATA: Final = r"https?://[^/?#]*/latest/(?:api/token|meta-data/|dynamic/)"


def wrap(attributes: WrappedAttributes, current: CurrentGate) -> None:
    """Wrap all functions by which a request or datagram can leave the process."""

    def send(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        request = args[0] if args else kwargs["request"]
        response = answer(current(endpoint), endpoint, request, URLLib3Session)
        if response is not None:
            return _botocore_response(request.url, response)
        try:
            return wrapped(*args, **kwargs)
        except HTTPClientError as error:
            refusal = error.kwargs.get("error")  # botocore has wrapped it as a failure of the connection
            if isinstance(refusal, NetworkBlocked):
                raise refusal from None
            raise

    def send_to_socket(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        check_may_leave(current(session), session, args[0] if args else kwargs["request"], wrapped)
        return wrapped(*args, **kwargs)

    def connect(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate, url = current(session), args[0] if args else kwargs["url"]
        if gate is not None:
            blocked = _blocked(gate, session, url)
            if blocked is not None:
                raise gate.refuse(blocked._replace(method="A request to"))
        return wrapped(*args, **kwargs)

    def publish(wrapped: Any, _publisher: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return wrapped(*args, **kwargs) if current() is None else None

    attributes.wrap(Endpoint, "_send", send)
    attributes.wrap(URLLib3Session, "send", send_to_socket)
    attributes.wrap(URLLib3Session, "_get_connection_manager", connect)
    attributes.wrap(SocketPublisher, "publish", publish)


def answer(
    gate: AnyGate | None, endpoint: Any, request: Any, real: type | tuple[type, ...]
) -> HttpResponse | None:
    """Return the answer to a request of a client; None if the request is to be sent.

    If the mock injects a failed connection, the error is the one that botocore raises for it.

    Args:
        gate: The gate of the active mock; None if no mock is active.
        endpoint: The endpoint of the client.
        request: The request that botocore would send.
        real: The classes of HTTP sessions that open sockets. A session of another class belongs to the code under test.

    Raises:
        NetworkBlocked: The request may not leave the process.
    """
    if gate is None:
        return None
    prefix, session = endpoint._endpoint_prefix, endpoint.http_session
    if not gate.serves(prefix):
        if isinstance(session, real):
            passes_moto = moto.answers(request.url) and not moto.has_stubbed(endpoint._event_emitter)
            about = Refused(
                request.method, request.url, prefix, patched_by=_patch_of(session), passes_moto=passes_moto
            )
            _check(gate, session, about)
        return None
    try:
        return gate.answer(prefix, _read(request, endpoint.host))
    except TimeoutError as error:
        raise ReadTimeoutError(endpoint_url=request.url, error=error) from None
    except ConnectionError as error:
        raise EndpointConnectionError(endpoint_url=request.url, error=error) from None


def check_may_leave(gate: AnyGate | None, session: Any, request: Any, wrapped: Any = None) -> None:
    """Check a request that an HTTP session is about to send.

    Args:
        gate: The gate of the active mock; None if no mock is active.
        session: The HTTP session.
        request: The request that would be sent.
        wrapped: The function that would send the request, if it may be a patch by another library. If the patch then
            opens a connection, the request is checked again.

    Raises:
        NetworkBlocked: The request may not leave the process.
        EndpointConnectionError: The request may not leave the process, and is a look-up of instance metadata.
    """
    if gate is None:
        return
    if re.match(_METADATA, request.url) and _blocked(gate, session, request.url):
        raise EndpointConnectionError(endpoint_url=request.url, error="eventmock: no metadata service here")
    patched_by = None if wrapped is None else _patch_by(wrapped, type(session))
    _check(gate, session, Refused(request.method, request.url, patched_by=patched_by))


def _check(gate: AnyGate, session: Any, about: Refused) -> None:
    """Check that passthrough allows the host of a request, or that a patched ``send`` is allowed and gets the request.

    Args:
        gate: The gate of the active mock.
        session: The HTTP session.
        about: The request, as it is refused.

    Raises:
        NetworkBlocked: Neither is so.
    """
    blocked = _blocked(gate, session, about.url)
    if blocked is None or (about.patched_by is not None and gate.takes_patched_send):
        return
    raise gate.refuse(about._replace(proxy=blocked.proxy))


def _blocked(gate: AnyGate, session: Any, url: str) -> Refused | None:
    """Return the refusal of a request whose host or proxy passthrough does not allow; None if it may be sent."""
    if not gate.lets_out(url):
        return Refused(method="", url=url)
    proxies = getattr(session, "_proxy_config", None)
    proxy = None if proxies is None else proxies.proxy_url_for(url)
    return None if proxy is None or gate.lets_out(proxy) else Refused(method="", url=url, proxy=proxy)


def _patch_of(session: Any) -> str | None:
    """Return the full name of the function that replaces the ``send`` of an HTTP session; None if none does."""
    if "send" in vars(session):
        return _name(vars(session)["send"])
    for owner in type(session).__mro__:
        if "send" in vars(owner):
            return _patch_by(vars(owner)["send"], owner)
    return None


def _patch_by(sends: Any, owner: type) -> str | None:
    """Return the full name of a ``send`` that is not the library's own; None if it is the library's own."""
    from wrapt import FunctionWrapper

    while isinstance(sends, FunctionWrapper):
        sends = sends.__wrapped__
    plain = getattr(sends, "__func__", sends)
    library = owner.__module__.partition(".")[0]
    if isinstance(plain, FunctionType) and plain.__globals__.get("__name__", "").partition(".")[0] == library:
        return None
    return _name(plain)


def _name(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return f"{getattr(function, '__module__', None) or type(function).__module__}.{name}"


class _RawBody(BytesIO):
    """A body with the methods of urllib3's responses that botocore uses."""

    def stream(self, **_kwargs: Any) -> Iterator[bytes]:
        """Yield the whole body at once."""
        yield self.read()


class Headers(Mapping[str, str]):
    """The headers of a botocore request as text, by name in any letter case."""

    def __init__(self, headers: Any) -> None:
        self._headers = headers

    def get(self, name: str, default: Any = None) -> Any:
        """Return the header of a name. It is faster than `Mapping.get` for a header that is missing, as most are."""
        value = self._headers.get(name)
        return default if value is None else _as_text(value)

    def __getitem__(self, name: str) -> str:
        return _as_text(self._headers[name])

    def __iter__(self) -> Iterator[str]:
        return (name.lower() for name in self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def _as_text(value: Any) -> str:
    """Return the value of a header as text; empty if HTTP headers cannot have the value."""
    try:
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)
    except UnicodeError:
        return ""


def _read(request: Any, host: str) -> HttpRequest:
    """Return a request as it would be sent over HTTP.

    Raises:
        HTTPClientError: The body cannot be read or is of a type that cannot be sent. botocore raises the same error.
    """
    try:
        body = _bytes_of(request.body)
    except Exception as error:
        raise HTTPClientError(error=error) from error
    return HttpRequest(
        method=request.method,
        url=request.url,
        headers=Headers(request.headers),
        body=body,
        endpoint_url=host,
    )


def _bytes_of(body: Any) -> bytes:
    """Return the bytes of a body, which may be text, bytes, a file, or an iterable of text or bytes."""
    if hasattr(body, "read"):
        body = body.read()
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    return b"".join(map(_bytes_of, body))


def _botocore_response(url: str, response: HttpResponse) -> AWSResponse:
    return AWSResponse(url, response.status, response.headers, _RawBody(response.body))  # type: ignore[arg-type]  # botocore makes a HeadersDict of any mapping
