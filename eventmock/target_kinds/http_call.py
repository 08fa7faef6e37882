"""An HTTP request to an endpoint that is not an AWS API, such as an API destination, and its response."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from eventmock.values.deep_json import loads
from eventmock.values.urls import shown_url

if TYPE_CHECKING:
    from collections.abc import Mapping


class Headers(dict[str, str]):
    """Headers as they are sent, in order; they are looked up whatever their case is."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        for name, value in (headers or {}).items():
            self[name] = value

    def _held(self, name: object) -> Any:
        """The spelling under which a header is held."""
        if isinstance(name, str):
            return next((held for held in self.keys() if held.lower() == name.lower()), name)
        return name

    def __setitem__(self, name: str, value: str) -> None:
        held = self._held(name)
        if held in self.keys() and held != name:
            super().__delitem__(held)
        super().__setitem__(name, value)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._held(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._held(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The header of that name, or the default."""
        return super().get(self._held(name), default)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HttpCall:
    """A request. It holds secrets, which its representation does not show.

    What may be one is left out there: the query, the user of the URL, headers and body.

    Attributes:
        method: Such as ``POST``.
        url: The whole URL, query and all.
        headers: All that are sent; looked up whatever their case is.
        body: What is sent.
        service: What kind of endpoint it is: ``https``, ``execute-api`` or ``appsync``.
        region: The region that sends it.
        account: The account that sends it.
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
        """The method and the URL without its query, ``***`` for its user and password."""
        return f"{self.method} {shown_url(self.url)}"

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of one that is there twice, the last."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: It is no JSON.
        """
        return loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body read as a form, as token requests are."""
        return dict(parse_qsl(self.text, keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """The answer to a request. It may hold a token, so its representation shows the status only.

    Attributes:
        status: The HTTP status.
        headers: Looked up whatever their case is.
        body: What came.
    """

    status: int = 200
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: It is no JSON.
        """
        return loads(self.body)
