"""The patch of moto: eventmock answers for its services and moto for all others, whichever mock is the outer one.

moto answers a request before it comes to the send layer, so moto's stubber is wrapped and skips the services of
eventmock. moto may be imported at any time, also while a mock is active; the check for it costs one dictionary look-up
for each request. Before moto answers, the work that is due by the backend's clock is done, because a test that waits
for a message in a queue calls only the queue. What moto's S3 does is wrapped by `eventmock.mock.patch.moto_s3`.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from eventmock.backend.clients import calling
from eventmock.delivery.moto import ACCOUNT_HEADER
from eventmock.mock.patch.sending import Headers

if TYPE_CHECKING:
    from eventmock.mock.gate import AnyGate, CurrentGate
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


class AnsweredByMoto(threading.local):
    """The request of this thread that moto has answered last.

    Attributes:
        request: The request; None if moto has answered none.
    """

    request: Any = None


class MotoWrapper:
    """Wraps moto's stubber once moto has been imported.

    Args:
        attributes: Wraps attributes, and restores them later.
        current: Returns the gate of the mock that answers the caller; None while no mock is active.

    Attributes:
        answered: The request of this thread that moto has answered last.
    """

    def __init__(self, attributes: WrappedAttributes, current: CurrentGate) -> None:
        self._attributes = attributes
        self._current = current
        self._wrapped = False
        self._s3: S3Wrapper | None = None
        self.answered = AnsweredByMoto()

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
        __tracebackhide__ = True
        client, calling.endpoint = (
            calling.endpoint,
            None,
        )  # other clients may call while this request is answered
        try:
            return self._answer(self._current(client), wrapped, args, kwargs)
        finally:
            calling.endpoint = client

    def _answer(
        self, gate: AnyGate | None, wrapped: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Return the answer of moto to a request, unless the request is for a service of eventmock.

        Args:
            gate: The gate of the mock that answers the caller; None while no mock is active.
            wrapped: moto's stubber.
            args: Its positional arguments.
            kwargs: Its other arguments.

        Returns:
            The answer of moto; None if moto does not answer.
        """
        __tracebackhide__ = True
        event_name = args[0] if args else kwargs["event_name"]
        if gate is None:
            return wrapped(*args, **kwargs)
        if event_name.split(".")[1] in gate.event_names:
            return None
        request = args[1] if len(args) > 1 else kwargs["request"]
        if ACCOUNT_HEADER not in request.headers:  # with this header, it is a call by eventmock
            gate.catch_up()
        if self._s3 is None:
            answer = wrapped(*args, **kwargs)
        else:
            answer = self._s3.answered(gate, request, lambda: wrapped(*args, **kwargs))
        if answer is not None:
            if gate.sends_api_calls:
                self.answered.request = request
            self._learn(gate, event_name, request, answer)
        return answer

    def _learn(self, gate: AnyGate, event_name: str, request: Any, answer: Any) -> None:
        """Pass what moto does not keep of a request on to the mock, or a note for the tester."""
        if event_name in _HEALTH_CHECK_CALLS:
            gate.learn_health_check(Headers(request.headers), request.body, answer.content)
        elif event_name == _SWITCHING_CALL and self._s3 is not None:
            self._s3.check_switch(gate, request.body)
