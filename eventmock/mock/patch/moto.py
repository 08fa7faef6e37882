"""The patch of moto: eventmock answers for its services and moto for all others, whichever mock is the outer one.

moto answers a request before it comes to the send layer, so moto's stubber is wrapped and skips the services of
eventmock. moto may be imported at any time, also while a mock is active; the check for it costs one dictionary look-up
for each request. Before moto answers, the work that is due by the backend's clock is done, because a test that waits
for a message in a queue calls only the queue. What moto's S3 does is wrapped by `eventmock.mock.patch.moto_s3`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from eventmock.delivery.moto import ACCOUNT_HEADER
from eventmock.mock.patch.sending import Headers

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes
    from eventmock.mock.patch.moto_s3 import S3Wrapper

_STUBBER_MODULE = "moto.core.botocore_stubber"
_S3_MODULE = "moto.s3.models"
_LAST_OF_S3_MODULE = "s3_backends"
"""What this module defines last: while another thread still imports the module, the module has no such attribute."""
_SWITCHING_CALL = "before-send.s3.PutBucketNotificationConfiguration"
"""The call that switches EventBridge on for a bucket of S3."""
_HEALTH_CHECK_CALLS = ("before-send.route-53.CreateHealthCheck", "before-send.route-53.UpdateHealthCheck")
"""The calls that name the alarm of a health check. moto does not store the alarm, so it is read from the request."""


class MotoWrapper:
    """Wraps moto's stubber once moto has been imported."""

    def __init__(self, attributes: WrappedAttributes, current: CurrentGate) -> None:
        self._attributes = attributes
        self._current = current
        self._wrapped = False
        self._s3: S3Wrapper | None = None

    def wrap_if_imported(self) -> None:
        """Wrap moto's stubber and moto's S3, if they have been imported and are not wrapped yet."""
        if self._s3 is None and hasattr(sys.modules.get(_S3_MODULE), _LAST_OF_S3_MODULE):
            from eventmock.mock.patch.moto_s3 import S3Wrapper

            self._s3 = S3Wrapper(self._attributes, self._current)
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
        s3 = self._s3
        if s3 is None:
            answer = wrapped(*args, **kwargs)
        else:
            answer = s3.answered(gate, request, lambda: wrapped(*args, **kwargs))
            if answer is not None and event_name == _SWITCHING_CALL:
                s3.check_switch(gate, request.body)
        if answer is not None and event_name in _HEALTH_CHECK_CALLS:
            gate.learn_health_check(Headers(request.headers), request.body, answer.content)
        return answer
