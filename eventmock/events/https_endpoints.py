"""URLs that AWS calls, of API destinations and of the servers that give tokens: what it refuses.

Source: that only HTTPS is taken was measured on AWS; the words, for ``InvocationEndpoint``, were reported by users
of AWS.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from eventmock.events import errors


def check_https(failure: str, parameter: str, url: str) -> None:
    """See that a URL is one of HTTPS with a host.

    Args:
        failure: What AWS's text begins with.
        parameter: The parameter that holds the URL.
        url: A URL of the characters that the service model allows.

    Raises:
        AwsError: It is none.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise errors.invalid(
            f"{failure} Parameter {parameter} is not valid. "
            f"Reason: Endpoint '{url}' is invalid, please provide a valid HTTPS endpoint URL."
        )
