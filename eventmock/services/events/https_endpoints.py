"""URLs that AWS calls, of API destinations and of the servers that give tokens: what it refuses.

Source: a URL with another scheme than HTTPS is refused (measured on AWS); the text, for ``InvocationEndpoint``, was
reported by users of AWS. An authorization endpoint without a scheme is accepted (recorded), but no token can be had
from it (inferred).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from eventmock.services.events import errors

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9]+(?:[/?]|$))")
"""A scheme; in ``example.com:8080/token`` a host and a port stand there."""


def check_https(failure: str, parameter: str, url: str) -> None:
    """See that a URL is one of HTTPS with a host.

    Args:
        failure: What AWS's text begins with.
        parameter: The parameter that holds the URL.
        url: A URL of the characters that the service model allows.

    Raises:
        AwsError: It is none.
    """
    if not is_https(url):
        raise errors.invalid(
            f"{failure} Parameter {parameter} is not valid. "
            f"Reason: Endpoint '{url}' is invalid, please provide a valid HTTPS endpoint URL."
        )


def is_https(url: str) -> bool:
    """Whether a URL is one of HTTPS with a host."""
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def has_scheme(url: str) -> bool:
    """Whether a URL names a scheme, such as ``http://``."""
    return _SCHEME.match(url) is not None
