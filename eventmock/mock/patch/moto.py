"""The patch of moto: eventmock answers for its services and moto for all others, whichever mock is the outer one.

moto answers a request before it comes to the send layer, so moto's stubber is wrapped and skips the services of
eventmock. moto may be imported at any time, also while a mock is active; the check for it costs one dictionary look-up
for each request. Before moto answers, the work that is due by the backend's clock is done, because a test that waits
for a message in a queue calls only the queue.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from eventmock.delivery.moto import ACCOUNT_HEADER
from eventmock.mock.patch.sending import Headers

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes

_STUBBER_MODULE = "moto.core.botocore_stubber"
_HEALTH_CHECK_CALLS = ("before-send.route-53.CreateHealthCheck", "before-send.route-53.UpdateHealthCheck")
"""The calls that name the alarm of a health check. moto does not store the alarm, so it is read from the request."""


class MotoWrapper:
    """Wraps moto's stubber once moto has been imported."""

    def __init__(self, attributes: WrappedAttributes, current: CurrentGate) -> None:
        self._attributes = attributes
        self._current = current
        self._wrapped = False

    def wrap_if_imported(self) -> None:
        """Wrap moto's stubber if moto has been imported and it is not wrapped yet."""
        if self._wrapped or (module := sys.modules.get(_STUBBER_MODULE)) is None:
            return
        stubber = getattr(module, "BotocoreStubber", None)
        if stubber is not None:
            self._attributes.wrap(stubber, "__call__", self._call)
            self._wrapped = True

    def _call(self, wrapped: Any, _stubber: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        gate = self._current()
        event_name = args[0] if args else kwargs["event_name"]
        if gate is None:
            return wrapped(*args, **kwargs)
        if event_name.split(".")[1] in gate.event_names:
            return None
        request = args[1] if len(args) > 1 else kwargs["request"]
        if ACCOUNT_HEADER not in request.headers:  # with this header, it is a call by eventmock
            gate.catch_up()
        answer = wrapped(*args, **kwargs)
        if answer is not None and event_name in _HEALTH_CHECK_CALLS:
            gate.learn_health_check(Headers(request.headers), request.body, answer.content)
        return answer
