"""The receiver of the deliveries to custom event buses: those of schedules are calls of PutEvents or PutRawEvents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventmock.history.schedule_delivery import ScheduleDelivery
from eventmock.services.own_calls import own_call

if TYPE_CHECKING:
    from eventmock.delivery.receivers import ReadyDelivery
    from eventmock.history.delivery import Delivery
    from eventmock.state import State


@dataclass(frozen=True, slots=True)
class CustomBusDeliveries:
    """The receiver of the deliveries to custom event buses.

    Attributes:
        state: The state of the mock.
    """

    state: State
    comes_before_kinds: ClassVar = False

    def prepare(self, delivery: Delivery) -> ReadyDelivery | None:
        """Prepare a delivery; return None if it is only recorded.

        Raises:
            InvalidRequest: AWS cannot make the call.
        """
        return own_call(self.state, delivery) if isinstance(delivery, ScheduleDelivery) else None
