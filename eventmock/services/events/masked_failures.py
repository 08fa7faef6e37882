"""HTTP requests whose exceptions show no secret of a connection.

An HTTP library, or a function of the test, may name the URL or the headers in its exception. The text goes into
attempts, dead letters and reports, which must not show a secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import DeliveryFailed, failure_of
from eventmock.exceptions import EventmockError
from eventmock.values.urls import MASK, without_secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.delivery.http_end import HttpEnd
    from eventmock.services.events.connection import Connection
    from eventmock.target_kinds.http_call import HttpAnswer, HttpCall

SHORTEST_SECRET: Final = 3
"""The number of characters of the shortest secret that is masked. A shorter text occurs in many texts by chance."""


def send(http: HttpEnd, request: HttpCall, connection: Connection) -> HttpAnswer | None:
    """Send a request. If the text of an exception contains a secret, raise a failure with the secret masked.

    Args:
        http: The sender of HTTP requests.
        request: The request.
        connection: The connection whose secrets the request contains.

    Returns:
        The answer; None if the test has no answer for the URL.

    Raises:
        DeliveryFailed: An exception was raised, and its text contained a secret.
        Exception: Any other exception is raised unchanged. Errors for the tester, such as assertions, always are.
    """
    try:
        return http.send(request)
    except (AssertionError, EventmockError):
        raise
    except Exception as raised:
        failure = failure_of(raised)
        text = without_secrets_of(request.url, failure.message)
        secrets = {*_texts(connection.secret_parameters)} - {*_texts(connection.auth_parameters)}
        secrets.add(request.headers.get("Authorization", "").rpartition(" ")[2])
        for secret in sorted(secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, MASK)
        if text == failure.message:
            raise
        raise DeliveryFailed(
            failure.code, text, is_permanent=failure.is_permanent, retry_after=failure.retry_after
        ) from None


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in nested parameters, except the names of members."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)
