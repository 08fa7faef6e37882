"""The host and port that a connection for a URL would be opened to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN: Final = re.compile(
    r"""
    (?P<scheme>https?)://
    (?:[A-Za-z0-9._~!$&'()*+,;=:%-]*@)?
    (?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+(?:%(?:25)?[A-Za-z0-9._-]+)?\])
    (?::(?P<port>[0-9]{0,5}))?
    (?:[/?\#].*)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII | re.DOTALL,
)
"""The URLs in which all parsers see the same host.

Libraries differ about backslashes, blanks, escapes, a second ``@`` and letters beyond ASCII.
"""
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Destination:
    """A host and a port.

    Attributes:
        host: In lower case; an IPv6 address is in brackets.
        port: The port that the URL states, else the default of its scheme.
        name: The host, with its port if one is stated: how passthrough would name it.
    """

    host: str
    port: int
    name: str

    def is_one_of(self, patterns: Iterable[str]) -> bool:
        """Return whether a pattern matches the host, with or without its port; ``*`` stands for any characters."""
        names = {self.host, f"{self.host}:{self.port}", self.host.strip("[]")}
        wanted = [pattern.lower().replace("%25", "%").replace("[", "[[]") for pattern in patterns]
        return any(fnmatchcase(name, pattern) for name in names for pattern in wanted)


def destination(url: str) -> Destination | None:
    """Return the host and port of a connection for an HTTP URL; None if parsers may disagree, or it is not HTTP.

    The host is the one that urllib3 reads: botocore connects through urllib3.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is None:
        return None
    try:
        parsed = parse_url(url)
    except LocationParseError:
        return None
    host = (parsed.host or "").lower()
    if host != plain["host"].lower().replace("%25", "%"):
        return None
    name = host if parsed.port is None else f"{host}:{parsed.port}"
    return Destination(host, parsed.port or _PORTS[plain["scheme"].lower()], name)


def connection_url(url: str) -> str:
    """Return a URL as urllib3 reads it, without its user, password, query and fragment.

    An error text that refuses a request shows this URL, because it names the host that a connection would be opened
    to. `eventmock.values.urls.shown_url` keeps the host as the URL's text has it.
    """
    try:
        parsed = parse_url(url)
    except (LocationParseError, UnicodeError):
        return "a URL that cannot be read"
    port = "" if parsed.port is None else f":{parsed.port}"
    return f"{parsed.scheme}://{parsed.host}{port}{parsed.path or ''}"
