"""The send layer of botocore: our services are answered, everything else stays inside.

``Endpoint._send`` knows the service by its endpoint prefix, whatever the URL is, and retries happen above it.
``URLLib3Session.send`` is the last function before the socket: requests that reach it in another way (botocore's own
metadata look-ups) are refused there. Somebody's patch may be in its place or around it, so the function below it that
opens connections checks again. Client-side monitoring (CSM) sends UDP datagrams past all of these; it sends none while
a mock is active.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from types import FunctionType
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import EndpointConnectionError, HTTPClientError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.monitoring import SocketPublisher
from wrapt import FunctionWrapper

from eventmock.exceptions import NetworkBlocked
from eventmock.mock.patch.interceptor import Refused
from eventmock.wire.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.mock.patch.interceptor import CurrentInterceptor, Interceptor
    from eventmock.wire.http import HttpResponse

_METADATA = re.compile(r"https?://[^/?#]*/latest/(?:api/token|meta-data/|dynamic/)")


def wrap(attributes: WrappedAttributes, current: CurrentInterceptor) -> None:
    """Wrap the ways out."""

    def send(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        request = args[0] if args else kwargs["request"]
        response = answer(current(endpoint), endpoint, request, URLLib3Session)
        if response is not None:
            return _botocore_response(request.url, response)
        try:
            return wrapped(*args, **kwargs)
        except HTTPClientError as error:
            refusal = error.kwargs.get("error")  # botocore takes it for a failure of the connection
            if isinstance(refusal, NetworkBlocked):
                raise refusal from None
            raise

    def send_to_socket(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        check_may_leave(current(session), session, args[0] if args else kwargs["request"], wrapped)
        return wrapped(*args, **kwargs)

    def connect(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock, url = current(session), args[0] if args else kwargs["url"]
        if mock is not None:
            blocked = _blocked(mock, session, url)
            if blocked is not None:
                raise mock.refuse(replace(blocked, method="A request to"))
        return wrapped(*args, **kwargs)

    def publish(wrapped: Any, _publisher: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return wrapped(*args, **kwargs) if current() is None else None

    attributes.wrap(Endpoint, "_send", send)
    attributes.wrap(URLLib3Session, "send", send_to_socket)
    attributes.wrap(URLLib3Session, "_get_connection_manager", connect)
    attributes.wrap(SocketPublisher, "publish", publish)


def answer(
    mock: Interceptor | None, endpoint: Any, request: Any, real: type | tuple[type, ...]
) -> HttpResponse | None:
    """Return the answer to a request of a client, or None if it shall be sent.

    A connection that fails in the mock does so as botocore's connections do.

    Args:
        mock: The active one.
        endpoint: The client's.
        request: As botocore would send it.
        real: The HTTP sessions that open sockets; one of another class is the code under test's own.

    Raises:
        NetworkBlocked: It may not leave the process.
    """
    if mock is None:
        return None
    prefix, session = endpoint._endpoint_prefix, endpoint.http_session
    if not mock.serves(prefix):
        if isinstance(session, real):
            _check(mock, session, request, service=prefix, patched_by=_patch_of(session))
        return None
    try:
        return mock.answer(prefix, _read(request, endpoint.host))
    except TimeoutError as error:
        raise ReadTimeoutError(endpoint_url=request.url, error=error) from None
    except ConnectionError as error:
        raise EndpointConnectionError(endpoint_url=request.url, error=error) from None


def check_may_leave(mock: Interceptor | None, session: Any, request: Any, wrapped: Any = None) -> None:
    """Check a request that has come as far as the socket.

    Args:
        mock: The active one.
        session: The HTTP session that sends it.
        request: As it would be sent.
        wrapped: What would send it, if that may be somebody's patch which is held back once more where it connects.

    Raises:
        NetworkBlocked: It may not leave the process.
        EndpointConnectionError: The same; it is a look-up of instance metadata.
    """
    if mock is None:
        return
    if _METADATA.match(request.url) and _blocked(mock, session, request.url):
        raise EndpointConnectionError(endpoint_url=request.url, error="eventmock: no metadata service here")
    patched_by = None if wrapped is None else _patch_by(wrapped, type(session))
    _check(mock, session, request, service=None, patched_by=patched_by)


def _check(
    mock: Interceptor, session: Any, request: Any, *, service: str | None, patched_by: str | None
) -> None:
    """Check that a request may be sent: passthrough names its host, or a patched ``send`` takes it and may."""
    blocked = _blocked(mock, session, request.url)
    if blocked is None or (patched_by is not None and mock.takes_patched_send):
        return
    raise mock.refuse(replace(blocked, method=request.method, service=service, patched_by=patched_by))


def _blocked(mock: Interceptor, session: Any, url: str) -> Refused | None:
    """Return the host or proxy of a request that passthrough does not let it reach; None if it may go."""
    if not mock.lets_out(url):
        return Refused(method="", url=url)
    proxies = getattr(session, "_proxy_config", None)
    proxy = None if proxies is None else proxies.proxy_url_for(url)
    return None if proxy is None or mock.lets_out(proxy) else Refused(method="", url=url, proxy=proxy)


def _patch_of(session: Any) -> str | None:
    """Return the full name of what replaces the ``send`` of an HTTP session; None if it is not patched."""
    if "send" in vars(session):
        return _name(vars(session)["send"])
    for owner in type(session).__mro__:
        if "send" in vars(owner):
            return _patch_by(vars(owner)["send"], owner)
    return None


def _patch_by(sends: Any, owner: type) -> str | None:
    """Return the full name of what replaces the library's own ``send``; None if it is the library's."""
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
    """A body as botocore reads it from urllib3."""

    def stream(self, **_kwargs: Any) -> Iterator[bytes]:
        """Yield the whole body at once."""
        yield self.read()


class Headers(Mapping[str, str]):
    """The headers of a botocore request as text; it looks names up whatever their case is."""

    def __init__(self, headers: Any) -> None:
        self._headers = headers

    def get(self, name: str, default: Any = None) -> Any:
        """Return the header of that name; it is asked for more often than it is there."""
        value = self._headers.get(name)
        return default if value is None else _as_text(value)

    def __getitem__(self, name: str) -> str:
        return _as_text(self._headers[name])

    def __iter__(self) -> Iterator[str]:
        return (name.lower() for name in self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def _as_text(value: Any) -> str:
    """Return a header's value; nothing where it holds what no header of HTTP can."""
    try:
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)
    except UnicodeError:
        return ""


def _read(request: Any, host: str) -> HttpRequest:
    """Return the request as it would go over the wire.

    Raises:
        HTTPClientError: Its body cannot be sent; botocore raises the same for its own connections.
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
    """Return a body as HTTP would send it: of text, of bytes, of a file, or of something that gives such pieces."""
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
