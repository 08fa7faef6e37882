"""Retries of our services, whose back-off costs no real time.

botocore decides by its own rules whether and how often a call is retried; only the sleep between two attempts is left
out. It sleeps in ``Endpoint._needs_retry`` by the name ``time`` of its module.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from botocore import endpoint as endpoint_module
from botocore.endpoint import Endpoint

if TYPE_CHECKING:
    from eventmock.patch.attributes import WrappedAttributes
    from eventmock.patch.interceptor import CurrentInterceptor


class _Retrying(threading.local):
    """Whether this thread is between two attempts of a call to one of our services."""

    ours = False


class _Time:
    """The module ``time``, but for a sleep that is left out."""

    def __init__(self, real: Any, retrying: _Retrying) -> None:
        self._real = real
        self._retrying = retrying

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def sleep(self, seconds: float) -> None:
        """Sleep, unless it is the back-off of one of our services."""
        if not self._retrying.ours:
            self._real.sleep(seconds)


def wrap(attributes: WrappedAttributes, current: CurrentInterceptor) -> None:
    """Wrap the decision, and what it sleeps by."""
    retrying = _Retrying()

    def needs_retry(wrapped: Any, endpoint: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        mock = current(endpoint)
        retrying.ours = mock is not None and mock.serves(endpoint._endpoint_prefix)
        try:
            return wrapped(*args, **kwargs)
        finally:
            retrying.ours = False

    attributes.wrap(Endpoint, "_needs_retry", needs_retry)
    attributes.replace(endpoint_module, "time", _Time(vars(endpoint_module)["time"], retrying))
