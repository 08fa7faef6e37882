"""An HTTP request and an HTTP response, as plain values that do not depend on any library."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


class HttpRequest(NamedTuple):
    """An HTTP request.

    Attributes:
        method: The HTTP method, in upper case.
        url: The whole URL.
        headers: The values of the headers, by name in lower case.
        body: The body.
        endpoint_url: The endpoint's URL. Its path comes before the operation's path in `url`.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    endpoint_url: str = ""

    @property
    def base_path(self) -> str:
        """The path of the endpoint's URL, without a slash at its end."""
        return urlsplit(self.endpoint_url).path.rstrip("/")

    @property
    def host(self) -> str:
        """The host name in lower case, without port; empty if the URL has none or is broken."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""


class HttpResponse(NamedTuple):
    """An HTTP response: a status, headers and a body."""

    status: int
    headers: dict[str, str]
    body: bytes
