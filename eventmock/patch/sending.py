"""The send layer of botocore: our services are answered, everything else stays inside.

Two methods are wrapped. ``Endpoint._send`` knows the service by its endpoint prefix, whatever the URL is, and
retries happen above it. ``URLLib3Session.send`` is the last one before the socket: what reaches it by another
way (botocore's own metadata look-ups) is refused there.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from eventmock.wire.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.patch.attributes import WrappedAttributes
    from eventmock.patch.interceptor import CurrentInterceptor, Interceptor
    from eventmock.wire.http import HttpResponse

_METADATA_PATHS = ("/latest/api/token", "/latest/meta-data/", "/latest/dynamic/")


def wrap(attributes: WrappedAttributes, current: CurrentInterceptor) -> None:
    """Wrap both methods."""

    def send(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        request = args[0] if args else kwargs["request"]
        response = answer(current(endpoint), endpoint, request, URLLib3Session)
        return wrapped(*args, **kwargs) if response is None else _botocore_response(request.url, response)

    def send_to_socket(wrapped: Any, session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        check_may_leave(current(session), args[0] if args else kwargs["request"])
        return wrapped(*args, **kwargs)

    attributes.wrap(Endpoint, "_send", send)
    attributes.wrap(URLLib3Session, "send", send_to_socket)


def answer(
    mock: Interceptor | None, endpoint: Any, request: Any, real: type | tuple[type, ...]
) -> HttpResponse | None:
    """The answer to a request of a client, or None if it shall be sent.

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
    prefix = endpoint._endpoint_prefix
    if not mock.serves(prefix):
        if isinstance(endpoint.http_session, real) and not mock.lets_out(request.url):
            raise mock.refuse(request.method, request.url, prefix)
        return None
    try:
        return mock.answer(prefix, _read(request, endpoint.host))
    except TimeoutError as error:
        raise ReadTimeoutError(endpoint_url=request.url, error=error) from None
    except ConnectionError as error:
        raise EndpointConnectionError(endpoint_url=request.url, error=error) from None


def check_may_leave(mock: Interceptor | None, request: Any) -> None:
    """Check a request that has come as far as the socket.

    Raises:
        NetworkBlocked: It may not leave the process.
        EndpointConnectionError: The same; it is a look-up of instance metadata.
    """
    if mock is None or mock.lets_out(request.url):
        return
    if urlsplit(request.url).path.startswith(_METADATA_PATHS):
        raise EndpointConnectionError(endpoint_url=request.url, error="eventmock: no metadata service here")
    raise mock.refuse(request.method, request.url, None)


class _RawBody(BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, **_kwargs: Any) -> Iterator[bytes]:
        """The whole body at once."""
        yield self.read()


class _Headers(Mapping[str, str]):
    """The headers of a botocore request as text; it looks names up whatever their case is."""

    def __init__(self, headers: Any) -> None:
        self._headers = headers

    def get(self, name: str, default: Any = None) -> Any:
        """The header of that name; it is asked for more often than it is there."""
        value = self._headers.get(name)
        return default if value is None else _as_text(value)

    def __getitem__(self, name: str) -> str:
        return _as_text(self._headers[name])

    def __iter__(self) -> Iterator[str]:
        return (name.lower() for name in self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def _as_text(value: Any) -> str:
    """A header's value; nothing where it holds what no header of HTTP can."""
    try:
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)
    except UnicodeError:
        return ""


def _read(request: Any, host: str) -> HttpRequest:
    body = request.body or b""
    return HttpRequest(
        method=request.method,
        url=request.url,
        headers=_Headers(request.headers),
        body=body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
        endpoint_url=host,
    )


def _botocore_response(url: str, response: HttpResponse) -> AWSResponse:
    return AWSResponse(url, response.status, response.headers, _RawBody(response.body))  # type: ignore[arg-type]  # botocore makes a HeadersDict of any mapping
