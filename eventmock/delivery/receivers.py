"""Kinds of targets that are services of this mock themselves, such as an event bus: who takes their deliveries.

A service says in its face which kinds of targets it takes deliveries for (`eventmock.services.service.Face.receivers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.state import State
    from eventmock.target_kinds import HttpCall


class ReadyDelivery(Protocol):
    """A delivery that may be made now."""

    @property
    def request(self) -> HttpCall | None:
        """The HTTP call that AWS makes for it, to be written down; None where it makes none."""

    def send(self) -> TakenBy:
        """Make the delivery, and say who took it.

        Raises:
            DeliveryFailed: It was not taken.
            Postponed: It has to wait.
            Exception: Whatever a function of the test raises.
        """


class Receiver(Protocol):
    """A service of this mock, as the receiver of deliveries."""

    def prepare(self, delivery: Delivery) -> ReadyDelivery:
        """Make a delivery ready; called without the lock.

        Raises:
            DeliveryFailed: It cannot be made.
            Postponed: It has to wait.
        """


class Receivers:
    """The receivers that the services of a mock have.

    Args:
        state: All that the mock holds.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, kind: str) -> Receiver | None:
        """Who takes deliveries to a kind of target; None where no service of this mock does.

        Args:
            kind: The name of the kind, such as ``event bus``.
        """
        for service in self._state.services:
            if kind in service.receives:
                return service.face.receivers[kind](self._state)
        return None
