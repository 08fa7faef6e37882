"""Retries of calls to the mocked services, without the back-off.

botocore's handlers decide by botocore's rules whether and how often a call is retried. Only the sleep between two
attempts is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.endpoint import Endpoint
from botocore.hooks import first_non_none_response

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
    """Wrap the method that decides about a retry, which sleeps before it returns True."""

    def needs_retry(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = current(endpoint)
        decide = getattr(wrapped, "__func__", None)
        if gate is None or decide is None or not gate.serves(endpoint._endpoint_prefix):
            return wrapped(*args, **kwargs)
        asking = _Asking(endpoint)
        decide(asking, *args, **kwargs)
        return asking.answer is not None and asking.answer is not False

    attributes.wrap(Endpoint, "_needs_retry", needs_retry)
