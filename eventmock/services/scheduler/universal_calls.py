"""The receiver of the deliveries to universal targets: a Lambda function of the test, or a service of this mock.

Any other call goes to moto, or is only recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventmock.delivery.receivers import TakesCalls
from eventmock.history.schedule_delivery import ScheduleDelivery
from eventmock.services.own_calls import own_call
from eventmock.target_kinds.lambda_function import KIND as LAMBDA_FUNCTION

if TYPE_CHECKING:
    from eventmock.delivery.receivers import ReadyDelivery
    from eventmock.history.delivery import Delivery
    from eventmock.state import State


@dataclass(frozen=True, slots=True)
class UniversalCalls:
    """The receiver of the deliveries to universal targets.

    Attributes:
        state: The state of the mock.
    """

    state: State
    comes_before_kinds: ClassVar = False

    def prepare(self, delivery: Delivery) -> ReadyDelivery | None:
        """Prepare a delivery; return None if it calls neither a service of this mock nor a function of the test.

        Raises:
            DeliveryFailed: The Lambda function was deleted, or does not take the call.
            InvalidRequest: AWS cannot make the call.
        """
        assert isinstance(delivery, ScheduleDelivery)
        request = delivery.request_of(delivery.attempt_number)
        if (request.service, request.operation) != ("lambda", "Invoke"):
            return own_call(self.state, delivery)
        functions: object = self.state.receivers.of(LAMBDA_FUNCTION.name)
        return functions.prepare_call(delivery, request) if isinstance(functions, TakesCalls) else None
