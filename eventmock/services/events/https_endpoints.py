"""Checks of the URLs of API destinations and of authorization endpoints.

Source: a URL with another scheme than HTTPS is refused (measured on AWS); the text, for ``InvocationEndpoint``, was
reported by users of AWS. An authorization endpoint without a scheme is accepted (recorded), but a request for a token
to it fails (inferred).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from eventmock.services.events import errors

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9]+(?:[/?]|$))")
"""A pattern for the scheme of a URL; ``example.com:8080/token`` begins with a host and a port, not with a scheme."""


def check_https(failure: str, parameter: str, url: str) -> None:
    """Check that a URL is an HTTPS URL with a host.

    Args:
        failure: The beginning of AWS's error text.
        parameter: The name of the parameter whose value is the URL.
        url: The URL. The service model has checked its characters.

    Raises:
        AwsError: The URL has another scheme, or no host.
    """
    if not is_https(url):
        raise errors.invalid(
            f"{failure} Parameter {parameter} is not valid. "
            f"Reason: Endpoint '{url}' is invalid, please provide a valid HTTPS endpoint URL."
        )


def is_https(url: str) -> bool:
    """Return whether a URL is an HTTPS URL with a host."""
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def has_scheme(url: str) -> bool:
    """Return whether a URL has a scheme, such as ``http://``."""
    return _SCHEME.match(url) is not None
