"""Carries deliveries to their targets.

Where a delivery goes: a function that the test registered for the target's ARN; else, for an event bus, the
bus; else it is recorded as delivered. Deliveries are carried out after the request that caused them has been
answered inside and the backend's lock is free, in order, by the thread that caused them: a function may call
AWS, wait for another thread or put more events, which are delivered after the ones that already wait.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import EndlessLoop, EventmockError
from eventmock.trace import Attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eventmock.clock import Clock
    from eventmock.event import Event
    from eventmock.trace import Delivery, Status

MAX_GENERATIONS: Final = 100
"""How long a chain of deliveries may be that cause one another."""

MAX_CAUSED: Final = 10_000
"""How many deliveries one call may cause by way of others."""


class DeliveryFailed(Exception):  # noqa: N818 - it says what happened
    """A target did not take a delivery; the text is AWS's error code and what it is about."""


class _Parcel(NamedTuple):
    """A delivery that waits, and how many deliveries caused one another up to it."""

    delivery: Delivery
    event: Event
    generation: int


class _Outbox(threading.local):
    """What waits to be carried out by one thread."""

    def __init__(self) -> None:
        self.parcels: deque[_Parcel] = deque()
        self.generation = 0
        self.is_delivering = False


class Courier:
    """Carries deliveries out.

    Args:
        clock: Tells the time of attempts.
        forward: Hands an event to the event bus that is the target. May raise `DeliveryFailed`.

    Attributes:
        functions: Target ARNs to the functions of the test that receive what is delivered there: the JSON value,
            or the text where it is no JSON. A function's exception is a failed attempt.
        for_the_tester: What was raised inside such functions and addresses the tester, not the code under test:
            assertions, and eventmock's own errors.
    """

    def __init__(self, clock: Clock, forward: Callable[[Delivery, Event], None]) -> None:
        self._clock = clock
        self._forward = forward
        self._outbox = _Outbox()
        self.functions: dict[str, Callable[[Any], object]] = {}
        self.for_the_tester: list[Exception] = []

    @property
    def is_delivering(self) -> bool:
        """Whether this thread is carrying deliveries out at the moment."""
        return self._outbox.is_delivering

    def accept(self, deliveries: Iterable[Delivery], event: Event) -> None:
        """Take deliveries to be carried out by this thread when `deliver` is called."""
        outbox = self._outbox
        generation = outbox.generation + 1
        for delivery in deliveries:
            outbox.parcels.append(_Parcel(delivery, event, generation))

    def deliver(self) -> None:
        """Carry out what waits in this thread, and what comes of it.

        Called from within a delivery it does nothing: the outer call goes on when that delivery is done.

        Raises:
            EndlessLoop: Deliveries cause deliveries beyond any use.
        """
        outbox = self._outbox
        if outbox.is_delivering:
            return
        outbox.is_delivering = True
        try:
            caused = 0
            while outbox.parcels:
                parcel = outbox.parcels.popleft()
                outbox.generation = parcel.generation
                caused += parcel.generation > 1
                if parcel.generation > MAX_GENERATIONS or caused > MAX_CAUSED:
                    self._give_up(parcel)
                    raise EndlessLoop(
                        f"{max(parcel.generation, caused) - 1} deliveries caused one another; the last is "
                        f"{parcel.delivery!r}. A target puts events that its own rule matches: "
                        "narrow the rule's pattern."
                    )
                self._attempt(parcel)
        finally:
            for parcel in outbox.parcels:
                self._give_up(parcel)
            outbox.parcels.clear()
            outbox.generation = 0
            outbox.is_delivering = False

    def _attempt(self, parcel: _Parcel) -> None:
        error: str | None = None
        try:
            self._hand_over(parcel.delivery, parcel.event)
        except DeliveryFailed as failure:
            error = str(failure)
        except Exception as raised:  # noqa: BLE001 - whatever a target raises is a failed attempt
            if isinstance(raised, (AssertionError, EventmockError)):
                self.for_the_tester.append(raised)
            error = _one_line(raised)
        except BaseException as raised:
            self._record(parcel.delivery, _one_line(raised), "failed")
            raise
        self._record(parcel.delivery, error, "delivered" if error is None else "failed")

    def _record(self, delivery: Delivery, error: str | None, status: Status) -> None:
        delivery.attempts.append(Attempt(time=self._clock.now(), error=error))
        delivery.status = status

    def _give_up(self, parcel: _Parcel) -> None:
        self._record(parcel.delivery, "not carried out: the delivery before it broke off", "dropped")

    def _hand_over(self, delivery: Delivery, event: Event) -> None:
        function = self.functions.get(delivery.target_arn)
        if function is not None:
            function(_as_value(delivery))
        elif ":event-bus/" in delivery.target_arn:
            self._forward(delivery, event)


def _one_line(raised: BaseException) -> str:
    first, *_ = str(raised).split("\n")
    return f"{type(raised).__name__}: {first}"


def _as_value(delivery: Delivery) -> Any:
    try:
        return delivery.json
    except ValueError:
        return delivery.body
