"""How long a subscriber waits for the answer of its target (``InvocationTimeoutSeconds``).

The time is that of the mock's clock, if it stands still: a function in place of the target takes as long as it advances
the clock. A call cannot be cut, so it counts as timed out when it has ended. Nothing is measured on a clock that runs.
Source: custom-event-bus sections 9.2 and 10, and the service model. Documented: 1 to 30 seconds; 30 for a universal
target that names none; the failure is ``EXECUTION_TIMEOUT``. Inferred: 30 for the other targets, too; a call that
takes as long as is allowed has timed out; where the target only accepts the call (``EVENT``), nothing is waited for;
API destinations, which have no such parameter, are not measured.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventmock.delivery.failures import DeliveryFailed
from eventmock.services.custom_event_bus.calls.lambda_function import is_synchronous
from eventmock.services.custom_event_bus.parameters import LONGEST_TIMEOUT
from eventmock.target_kinds.universal_target import OF_SUBSCRIBERS

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.services.custom_event_bus.calls.batch import Batch

TIMED_OUT: Final = "EXECUTION_TIMEOUT"
DEFAULT: Final = LONGEST_TIMEOUT
"""The seconds if the parameters do not name a timeout."""
_WITH_TYPE: Final = frozenset({"Lambda function", "Step Functions state machine"})
_WAITING: Final = frozenset({"API Gateway API", OF_SUBSCRIBERS.name})


def timeout_of(batch: Batch) -> timedelta | None:
    """Return how long the call of a batch may take; None if EventBridge does not wait for its answer."""
    kind = batch.subscriber.target.kind.name
    if kind not in _WAITING and not (kind in _WITH_TYPE and is_synchronous(batch.parameters)):
        return None
    return timedelta(seconds=int(batch.parameters.get("InvocationTimeoutSeconds", DEFAULT)))


def timed_out(batch: Batch, begun: datetime) -> DeliveryFailed | None:
    """Return the failure of a call that has just ended and took too long; None if the call was in time.

    Args:
        batch: The events of the call.
        begun: The moment of the call, an aware datetime in UTC.
    """
    if batch.state.options.start_time is None:
        return None
    timeout, took = timeout_of(batch), batch.state.clock.now() - begun
    if timeout is None or took < timeout:
        return None
    return DeliveryFailed(
        TIMED_OUT,
        hint=f"the target took {took.total_seconds():g} s by backend.clock, and InvocationTimeoutSeconds is "
        f"{timeout.total_seconds():g}",
    )
