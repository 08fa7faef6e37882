"""A request and a response of HTTP, as plain values that belong to no library."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class HttpRequest:
    """What arrived.

    Attributes:
        method: The HTTP method, upper case.
        url: The whole URL.
        headers: Names in lower case to text values.
        body: The raw body.
        endpoint_url: The endpoint's own URL, whose path is no part of the operation's path.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
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


@dataclass(slots=True)
class HttpResponse:
    """What is answered: a status, headers and a body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
