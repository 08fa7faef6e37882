"""Retries of our services, whose back-off costs no real time.

botocore's handlers decide by its own rules whether and how often a call is retried; only the sleep between two attempts
is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.endpoint import Endpoint
from botocore.hooks import first_non_none_response

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes


class _Asking:
    """An endpoint as ``_needs_retry`` sees it, which learns from no handler that it should sleep and try again.

    Args:
        endpoint: The endpoint.

    Attributes:
        said: What the handlers have said: the seconds to wait, or nothing.
    """

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint
        self.said: Any = None

    @property
    def _event_emitter(self) -> Any:
        return self

    def emit(self, event_name: str, **kwargs: Any) -> list[tuple[Any, Any]]:
        """Ask the handlers."""
        kwargs["endpoint"] = self._endpoint
        self.said = first_non_none_response(self._endpoint._event_emitter.emit(event_name, **kwargs))
        return []


def wrap(attributes: WrappedAttributes, current: CurrentGate) -> None:
    """Wrap the decision, which sleeps before it says yes."""

    def needs_retry(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = current(endpoint)
        decide = getattr(wrapped, "__func__", None)
        if mock is None or decide is None or not mock.serves(endpoint._endpoint_prefix):
            return wrapped(*args, **kwargs)
        asking = _Asking(endpoint)
        decide(asking, *args, **kwargs)
        return asking.said is not None and asking.said is not False

    attributes.wrap(Endpoint, "_needs_retry", needs_retry)
