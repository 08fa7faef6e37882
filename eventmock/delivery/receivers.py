"""The receivers of deliveries to targets that are services of this mock themselves, such as event buses.

A service's `eventmock.services.service.Face.receivers` has its receivers, by kinds of targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.delivery.permissions.given import Resource
    from eventmock.history.delivery import Delivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.state import State
    from eventmock.target_kinds import ApiCall
    from eventmock.target_kinds.api_destination import HttpInvocation
    from eventmock.target_kinds.http_call import HttpCall
    from eventmock.values.arn import Arn


class ReadyDelivery(Protocol):
    """A delivery that a receiver has prepared, and that may be made now."""

    def send(self) -> TakenBy:
        """Make the delivery, and return who took it.

        Raises:
            DeliveryFailed: The target does not take the delivery.
            Postponed: The delivery has to wait for its turn.
            Exception: A mock of the test raises it, or an assertion in a function of the test fails.
        """


class Receiver(Protocol):
    """A service of this mock, as the receiver of deliveries."""

    comes_before_kinds: ClassVar[bool]
    """Whether it comes before functions of the test for a kind of targets or with a predicate."""

    def prepare(self, delivery: Delivery) -> ReadyDelivery | None:
        """Prepare a delivery; return None if it is not for this receiver.

        The caller does not hold the lock of the state.

        Raises:
            DeliveryFailed: The delivery cannot be made.
            InvalidRequest: AWS cannot make the call.
            Postponed: The delivery has to wait for its turn.
        """


@runtime_checkable
class HasPolicies(Protocol):
    """A service of this mock whose resources have policies of their own."""

    def resource_of(self, arn: Arn) -> Resource:
        """Return a resource with its policies; one without a policy if it does not exist."""


@runtime_checkable
class TakesCalls(Protocol):
    """A receiver that also takes calls which name its resource by a parameter, and not by the ARN of a target."""

    def prepare_call(self, delivery: Delivery, call: ApiCall) -> ReadyDelivery | None:
        """Prepare a delivery that makes a call; return None if the call is not for this receiver.

        Raises:
            DeliveryFailed: The call cannot be made.
        """


@runtime_checkable
class TakesHttp(Protocol):
    """A receiver that makes a request to an endpoint, from parameters and a body that its caller has."""

    def prepare_http(
        self, arn: Arn, invocation: HttpInvocation, keep: Callable[[HttpCall], None]
    ) -> ReadyDelivery:
        """Prepare a request.

        Args:
            arn: The ARN of the target.
            invocation: The parameters and the body.
            keep: Writes the request down, before it is sent.

        Raises:
            DeliveryFailed: The request cannot be made now.
            InvalidRequest: The parameters do not fit the endpoint.
        """


class Receivers:
    """The receivers that the services of a mock have.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._services = {kind: service for service in state.services for kind in service.receives}
        self._receivers: dict[str, Receiver] = {}

    def add(self, kind: str, receiver: Receiver) -> None:
        """Add a receiver for a kind of target, in place of a service's.

        Args:
            kind: The name of the kind, such as ``Lambda function``.
            receiver: The receiver.
        """
        self._receivers[kind] = receiver

    def of(self, kind: str) -> Receiver | None:
        """Return the receiver of deliveries to a kind of target; None if no service of this mock takes them.

        Args:
            kind: The name of the kind, such as ``event bus``.
        """
        found = self._receivers.get(kind)
        if found is None and kind in self._services:
            found = self._receivers[kind] = self._services[kind].face.receivers[kind](self._state)
        return found

    def resource_of(self, kind: str, arn: Arn) -> Resource | None:
        """Return a target of a kind with its policies; None if no service of this mock has such policies.

        Args:
            kind: The name of the kind, such as ``event bus``.
            arn: The ARN of the target.
        """
        receiver: object = self.of(kind)
        return receiver.resource_of(arn) if isinstance(receiver, HasPolicies) else None
