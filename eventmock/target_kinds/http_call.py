"""An HTTP request to an endpoint that is not an AWS API, such as an API destination, and its response."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from eventmock.values.deep_json import loads
from eventmock.values.urls import shown_url

if TYPE_CHECKING:
    from collections.abc import Mapping


class Headers(dict[str, str]):
    """Headers as they are sent, in order. A look-up ignores case."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        for name, value in (headers or {}).items():
            self[name] = value

    def _stored(self, name: object) -> Any:
        """Return the spelling under which a header is stored; the given spelling if it is not stored."""
        if isinstance(name, str):
            return next((stored for stored in self.keys() if stored.lower() == name.lower()), name)
        return name

    def __setitem__(self, name: str, value: str) -> None:
        stored = self._stored(name)
        if stored in self.keys() and stored != name:
            super().__delitem__(stored)
        super().__setitem__(name, value)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._stored(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._stored(name))

    def get(self, name: str, default: Any = None) -> Any:
        """Return the header of a name, or the default."""
        return super().get(self._stored(name), default)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HttpCall:
    """A request. It may contain secrets, so its representation has no query, user of the URL, headers or body.

    Attributes:
        method: The HTTP method, such as ``POST``.
        url: The whole URL, with its query.
        headers: All headers. A look-up ignores case.
        body: The body.
        service: The kind of endpoint: ``https``, ``execute-api`` or ``appsync``.
        region: The region that sends the request.
        account: The id of the account that sends the request.
    """

    method: str
    url: str
    headers: Headers
    body: bytes
    service: str = "https"
    region: str = ""
    account: str = ""

    def __repr__(self) -> str:
        return f"<{self.operation}>"

    @property
    def operation(self) -> str:
        """The method and the URL, without its query, and with ``***`` in place of user and password."""
        return f"{self.method} {shown_url(self.url)}"

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the query; the last value of a repeated parameter."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is not JSON.
        """
        return loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body read as a form, such as that of a token request."""
        return dict(parse_qsl(self.text, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The answer to a request, such as ``HttpAnswer(201)``. Its representation has no token: it has the status only.

    Attributes:
        status: The HTTP status.
        headers: The headers. A look-up ignores case.
        body: The body.
    """

    status: int = 200
    _: KW_ONLY
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is not JSON.
        """
        return loads(self.body)
