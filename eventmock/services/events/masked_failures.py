"""What an exception of whoever answers HTTP says, without the secrets that the request held.

An HTTP library, or a function of the test, may name the URL or the headers in its exception. The text goes into
attempts, dead letters and reports, which show no secret of a connection.
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
    from eventmock.target_kinds import HttpAnswer, HttpCall

SHORTEST_SECRET: Final = 3
"""Characters; what is shorter is in any text by chance."""


def send(http: HttpEnd, request: HttpCall, connection: Connection) -> HttpAnswer | None:
    """Send a request; an exception becomes a failure that shows none of its secrets.

    Args:
        http: Who answers.
        request: The request.
        connection: Whose secrets the request holds.

    Returns:
        The answer; None if nobody answers.

    Raises:
        DeliveryFailed: An exception was raised whose text holds a secret.
        Exception: Any other exception, as it is; what addresses the tester among them.
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
    """All texts in nested parameters, but the names of members."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, Sequence):
        for held in value:
            yield from _texts(held)
