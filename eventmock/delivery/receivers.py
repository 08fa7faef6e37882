"""The receivers of deliveries to targets that are services of this mock themselves, such as event buses.

A service's `eventmock.services.service.Face.receivers` has its receivers, by kinds of targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.state import State


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
