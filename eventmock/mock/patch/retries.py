"""Retries of calls to the mocked services, without the back-off.

botocore's handlers decide by botocore's rules whether and how often a call is retried. Only the sleep between two
attempts is left out, and in the retry mode ``adaptive`` the wait for a token of the client's own rate limiter, which
slows down all later calls after one was throttled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.endpoint import Endpoint
from botocore.hooks import first_non_none_response
from botocore.retries.adaptive import ClientRateLimiter

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes


class _Asking:
    """An endpoint for ``_needs_retry``. It stores the answer of the handlers and returns none, so that nothing sleeps.

    Args:
        endpoint: The endpoint.

    Attributes:
        answer: The answer of the handlers: the seconds to wait before a retry; None or False for no retry.
    """

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint
        self.answer: Any = None

    @property
    def _event_emitter(self) -> Any:
        return self

    def emit(self, event_name: str, **kwargs: Any) -> list[tuple[Any, Any]]:
        """Call the handlers, and store their answer."""
        kwargs["endpoint"] = self._endpoint
        self.answer = first_non_none_response(self._endpoint._event_emitter.emit(event_name, **kwargs))
        return []


def wrap(attributes: WrappedAttributes, current: CurrentGate) -> None:
    """Wrap the method that decides about a retry, which sleeps before it returns True, and the rate limiter."""

    def needs_retry(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = current(endpoint)
        decide = getattr(wrapped, "__func__", None)
        if gate is None or decide is None or not gate.serves(endpoint._endpoint_prefix):
            return wrapped(*args, **kwargs)
        asking = _Asking(endpoint)
        decide(asking, *args, **kwargs)
        return asking.answer is not None and asking.answer is not False

    def limit_rate(wrapped: Any, _limiter: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return None if is_unlimited(current, **kwargs) else wrapped(*args, **kwargs)

    attributes.wrap(Endpoint, "_needs_retry", needs_retry)
    attributes.wrap(ClientRateLimiter, "on_sending_request", limit_rate)


def is_unlimited(current: CurrentGate, event_name: str = "", **_others: Any) -> bool:
    """Return whether no rate limiter delays a request, because a mock answers it.

    Args:
        current: Returns the gate of the mock that answers the caller; None while no mock is active.
        event_name: The name of botocore's event before the request is sent.
    """
    gate = current()
    return gate is not None and not gate.event_names.isdisjoint(event_name.split("."))
