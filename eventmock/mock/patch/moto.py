"""moto beside us: our services are ours, the rest is moto's, in either nesting order.

moto answers before the send layer is reached, so it has to be told to let our services through. It may be
imported at any time, also while a mock is active; looking costs one dictionary look-up a request. Before moto answers,
what our clock has passed is done: a test that waits for a message in a queue looks at the queue only.
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
_OVERHEARD = ("before-send.route-53.CreateHealthCheck", "before-send.route-53.UpdateHealthCheck")
"""What moto is told of the alarm of a health check, it does not keep."""


class MotoWrapper:
    """Wraps moto's stubber once it is there."""

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
        mock = self._current()
        event_name = args[0] if args else kwargs["event_name"]
        if mock is None:
            return wrapped(*args, **kwargs)
        if event_name.split(".")[1] in mock.event_names:
            return None
        request = args[1] if len(args) > 1 else kwargs["request"]
        if ACCOUNT_HEADER not in request.headers:  # else it is a call that eventmock makes
            mock.catch_up()
        answer = wrapped(*args, **kwargs)
        if answer is not None and event_name in _OVERHEARD:
            mock.learn_health_check(Headers(request.headers), request.body, answer.content)
        return answer
