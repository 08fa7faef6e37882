"""Calls by which schedules and subscribers invoke services of this mock: any operation of a universal target.

A call passes the faults of the test, the constraints of the service model and the operation, as the request of a client
does. The caller is the account of the schedule or subscriber (inferred: its role is of that account).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import DeliveryFailed, with_status
from eventmock.services.call import Call
from eventmock.services.requests import Requests
from eventmock.wire import AwsError
from eventmock.wire.response import status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.history.delivery import Delivery
    from eventmock.history.schedule_delivery import ScheduleDelivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.state import State
    from eventmock.target_kinds import ApiCall
    from eventmock.wire import Dispatcher

_PUBLISHING: Final = frozenset(
    {("events", "PutEvents"), ("eventbridgev2", "PutEvents"), ("eventbridgev2", "PutRawEvents")}
)


def own_call(state: State, delivery: ScheduleDelivery) -> OwnCall | None:
    """Return the call that makes a delivery; None if it calls no service of this mock.

    Raises:
        InvalidRequest: AWS cannot make the call.
    """
    request = delivery.request_of(delivery.attempt_number)
    return OwnCall(state, delivery, request) if is_own(state, request) else None


def is_own(state: State, request: ApiCall) -> bool:
    """Return whether a call is one of a service of this mock."""
    return any(one.name == request.service and one.is_installed for one in state.services)


@dataclass(frozen=True, slots=True)
class OwnCall:
    """The call of an operation of this mock that makes a delivery.

    Attributes:
        state: The state of the mock.
        delivery: The delivery; of a batch, the first.
        request: The call.
    """

    state: State
    delivery: Delivery
    request: ApiCall

    def send(self) -> TakenBy:
        """Carry out the operation.

        Raises:
            DeliveryFailed: The operation is refused, or its answer says that it has failed.
            ConnectionError: The region is out of service.
            Exception: A fault of the test makes the request fail by it.
        """
        taken_by: TakenBy = (
            "event bus" if (self.request.service, self.request.operation) in _PUBLISHING else "service"
        )
        try:
            carry_out = self._prepared()
            with self.state.lock:
                if self.state.outbox.carries(self.delivery):
                    self.delivery.check_answer(carry_out())
                    self.state.courier.note_taken(self.delivery, taken_by)
        except AwsError as refused:
            failure = DeliveryFailed(refused.code, refused.message, hint=refused.hint)
            raise with_status(failure, status_of(self._dispatcher.service, refused)) from None
        return taken_by

    @property
    def _dispatcher(self) -> Dispatcher:
        """The dispatcher of the service that is called."""
        service = next(one for one in self.state.services if one.name == self.request.service)
        return Requests(self.state).dispatcher(service.endpoint_prefix)

    def _prepared(self) -> Callable[[], Any]:
        """Return the function that carries out the operation.

        Raises:
            AwsError: The request is refused before it is carried out.
            Exception: The region is out of service, or a fault of the test makes the request fail.
        """
        request, dispatcher = self.request, self._dispatcher
        account = self.state.accounts.get(self.delivery.account, request.region)
        call = dispatcher.begin(account, request.operation, request.parameters, {})
        assert isinstance(call, Call)
        call.delivery = self.delivery
        return dispatcher.prepare(call, request.operation, request.parameters)
