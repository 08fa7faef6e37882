"""HTTP requests whose exceptions show no secret of a connection.

An HTTP library, or a function of the test, may name the URL or the headers in its exception. The text goes into
attempts, dead letters and reports, which must not show a secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import DeliveryFailed, FunctionFailed, failure_of, raised_by
from eventmock.exceptions import TESTS_OWN
from eventmock.values.urls import MASK, without_secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.delivery.http_end import HttpEnd
    from eventmock.services.events.connection import Connection
    from eventmock.target_kinds.http_call import HttpAnswer, HttpCall

SHORTEST_SECRET: Final = 3
"""The number of characters of the shortest secret that is masked. A shorter text occurs in many texts by chance."""


def send(http: HttpEnd, request: HttpCall, connection: Connection) -> HttpAnswer | None:
    """Send a request. The failure of an exception has the secrets masked, in its message and in the lines about it.

    Args:
        http: The sender of HTTP requests.
        request: The request.
        connection: The connection whose secrets the request contains.

    Returns:
        The answer; None if the test has no answer for the URL.

    Raises:
        FunctionFailed: An exception was raised. Errors for the tester, such as assertions, are raised unchanged.
    """
    try:
        return http.send(request)
    except TESTS_OWN:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is raised is a failure
        failure, raised = failure_of(error), raised_by(error)
        mask = _Mask(request, connection)
        masked = DeliveryFailed(
            failure.code,
            mask(failure.message),
            is_permanent=failure.is_permanent,
            retry_after=failure.retry_after,
            hint=mask(failure.hint),
        )
        raise FunctionFailed(masked, None if raised is None else raised.masked(mask)) from None


class _Mask:
    """A function that returns a text with the secrets of a request masked.

    Args:
        request: The request.
        connection: The connection whose secrets the request contains.
    """

    def __init__(self, request: HttpCall, connection: Connection) -> None:
        secrets = {*_texts(connection.secret_parameters)} - {*_texts(connection.auth_parameters)}
        secrets.add(request.headers.get("Authorization", "").rpartition(" ")[2])
        self._url = request.url
        self._secrets = [
            secret for secret in sorted(secrets, key=len, reverse=True) if len(secret) >= SHORTEST_SECRET
        ]

    def __call__(self, text: str) -> str:
        text = without_secrets_of(self._url, text)
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text


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
