"""URLs in texts, without the parts that may be secret."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_plus

MASK: Final = "***"
_URL: Final = re.compile(r"""(https?://)([^\s"'<>/?#\\]*)([^\s"'<>?#]*)([?#][^\s"'<>]*)?""", re.IGNORECASE)
_SHORTEST_SECRET: Final = 3
"""The length, in characters, from which a secret is masked. A shorter one may occur in a text by chance."""


def shown_url(url: str) -> str:
    """Return a URL without its query and fragment, and ``***`` for its user and password."""
    scheme, mark, rest = url.partition("://")
    base = re.split("[?#]", rest if mark else scheme, maxsplit=1)[0]
    place, slash, path = base.partition("/")
    user, at, host = place.rpartition("@")
    masked = f"{MASK if user or at else ''}{at}{host}{slash}{path}"
    return f"{scheme}{mark}{masked}" if mark else masked


def without_secrets_of(url: str, text: str) -> str:
    """Return an error text of another library about a request to a URL, without the URL's user, password and query."""
    text = text.replace(url, shown_url(url))
    _, _, rest = url.partition("://")
    place, query = re.split("[/?#]", rest, maxsplit=1)[0], url.partition("?")[2]
    user = place.rpartition("@")[0]
    secrets = {query, user, *user.split(":", 1)}
    for pair in query.partition("#")[0].split("&"):
        secrets.add(pair.partition("=")[2])
    secrets |= {unquote(secret) for secret in secrets} | {unquote_plus(secret) for secret in secrets}
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(f"?{secret}", "").replace(secret, MASK)
    return with_shown_urls(text)


def with_shown_urls(text: str) -> str:
    """Return a text in which each URL is shown as `shown_url` does."""
    return _URL.sub(lambda found: shown_url(found[0]), text)
