"""Carries deliveries to their targets, tries again what failed, and gives dead letters to their queues.

Deliveries are carried out after the request that caused them has been answered inside and the backend's lock is
free, in order, by the thread that caused them: a function may call AWS, wait for another thread or put more events,
which are delivered after the ones that already wait. What failed waits on the clock until it is tried again, and what
is in a region that is out waits until the region is back.

Source: targets-and-delivery section 7. What becomes of an event whose next attempt would come after its age is up is
inferred: it waits until then, and is given up at that moment.
"""

from __future__ import annotations

import threading
from collections import deque
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.delivery.ends import Postponed
from eventmock.delivery.failures import DeliveryFailed, dead_letter_body, failure_of, told
from eventmock.exceptions import EndlessLoop, EventmockError
from eventmock.records import ERROR_FROM_TARGET, Attempt, DeadLetter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.delivery.ends import Ends
    from eventmock.ledger import Ledger
    from eventmock.records import Delivery, Status

MAX_GENERATIONS: Final = 100
"""How long a chain of deliveries may be that cause one another."""

MAX_CAUSED: Final = 10_000
"""How many deliveries one call may cause by way of others."""

OUT_OF_ATTEMPTS: Final = "MaximumRetryAttempts"
OUT_OF_TIME: Final = "MaximumEventAgeInSeconds"


class _Parcel(NamedTuple):
    """A delivery that waits.

    Attributes:
        generation: How many deliveries caused one another up to it.
        epoch: How often the backend had been reset or restored when it was accepted.
        expired: What failed, if its time is up.
    """

    delivery: Delivery
    generation: int
    epoch: int
    expired: DeliveryFailed | None = None


class _Outbox(threading.local):
    """What waits to be carried out by one thread."""

    def __init__(self) -> None:
        self.parcels: deque[_Parcel] = deque()
        self.generation = 0
        self.is_delivering = False


class Courier:
    """Carries deliveries out.

    Args:
        clock: Tells the time of attempts, and is where the next ones wait.
        ledger: Where attempts and ends are written down.
        ends: Where a delivery goes.
        back_off: How long it takes until a target is tried again: of the number of the retry, and a text that is each
            delivery's own.
        is_out: Whether a region is out of service.
        is_active: Whether the mock is active: else nothing is carried out, as it would not stay inside.

    Attributes:
        for_the_tester: What was raised inside functions of the test and addresses the tester, not the code under test:
            assertions, and eventmock's own errors.
    """

    def __init__(  # noqa: PLR0913 - what it needs of the backend
        self,
        *,
        clock: Clock,
        ledger: Ledger,
        ends: Ends,
        back_off: Callable[[int, str], timedelta],
        is_out: Callable[[str], bool],
        is_active: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._ends = ends
        self._back_off = back_off
        self._is_out = is_out
        self._is_active = is_active
        self._epoch = 0
        self._outbox = _Outbox()
        self._waiting: list[_Parcel] = []
        self._waiting_lock = threading.Lock()
        self.for_the_tester: list[Exception] = []

    @property
    def is_delivering(self) -> bool:
        """Whether this thread is carrying deliveries out at the moment."""
        return self._outbox.is_delivering

    def accept(self, deliveries: Iterable[Delivery]) -> None:
        """Take deliveries to be carried out by this thread when `deliver` is called."""
        outbox = self._outbox
        generation = outbox.generation + 1
        for delivery in deliveries:
            outbox.parcels.append(_Parcel(delivery, generation, self._epoch))

    def release(self, region: str) -> None:
        """Take what waited for a region that is back, to be carried out by this thread when `deliver` is called."""
        with self._waiting_lock:
            back = [parcel for parcel in self._waiting if parcel.delivery.waits_for == region]
            self._waiting = [parcel for parcel in self._waiting if parcel.delivery.waits_for != region]
        self._outbox.parcels.extend(back)

    def snapshot(self) -> Any:
        """What waits for regions, to come back to."""
        return list(self._waiting)

    def restore(self, snapshot: Any) -> None:
        """Come back to it; what is being carried out at the moment is forgotten."""
        self._epoch += 1
        self._waiting = [parcel._replace(epoch=self._epoch) for parcel in snapshot]
        self.for_the_tester.clear()

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
            caused, most = 0, MAX_CAUSED + MAX_GENERATIONS * len(outbox.parcels)
            while outbox.parcels and self._is_active():
                parcel = outbox.parcels.popleft()
                outbox.generation = parcel.generation
                caused += parcel.generation > 1
                if parcel.generation > MAX_GENERATIONS or caused > most:
                    self._give_up(parcel.delivery)
                    raise EndlessLoop(
                        f"{max(parcel.generation, caused) - 1} deliveries caused one another; the last is "
                        f"{parcel.delivery!r}. A target puts events that its own rule matches: "
                        "narrow the rule's pattern."
                    )
                self._attempt(parcel)
        finally:
            for parcel in outbox.parcels:
                self._give_up(parcel.delivery)
            outbox.parcels.clear()
            outbox.generation = 0
            outbox.is_delivering = False

    def _attempt(self, parcel: _Parcel) -> None:
        delivery = parcel.delivery
        if parcel.epoch != self._epoch:
            return
        delivery.next_attempt = None
        if self._waits_for_a_region(parcel):
            return
        if delivery.input_error is not None:
            self._fail(delivery, DeliveryFailed("INVALID_JSON", delivery.input_error), None)
            return
        if parcel.expired is not None:
            self._fail(delivery, parcel.expired, OUT_OF_TIME)
            return
        self._try(parcel)

    def _try(self, parcel: _Parcel) -> None:
        """Make an attempt; nothing is written down of one during which the backend was reset or restored."""
        delivery = parcel.delivery
        try:
            self._reach(delivery)
            taken_by = self._ends.hand_over(delivery)
        except Postponed as turn:
            self._wait(parcel, turn.until, DeliveryFailed("THROTTLING", str(turn)))
        except Exception as raised:  # noqa: BLE001 - whatever a target raises is a failed attempt
            if parcel.epoch == self._epoch:
                self._after_failure(parcel, raised)
        except BaseException as raised:
            failure = DeliveryFailed(ERROR_FROM_TARGET, told(raised))
            self._note(delivery, failure)
            self._end(delivery, "dropped", str(failure))
            raise
        else:
            if parcel.epoch == self._epoch:
                self._note(delivery, None)
                delivery.taken_by = taken_by
                self._end(delivery, "delivered", None)

    def _waits_for_a_region(self, parcel: _Parcel) -> bool:
        """Whether a region is out and keeps a delivery from being tried: its own, or the one a copy is for."""
        delivery = parcel.delivery
        regions = [delivery.region]
        if delivery.replicates is not None:
            regions.append(delivery.target_arn.split(":")[3])
        if not any(map(self._is_out, regions)):
            delivery.waits_for = None
            return False
        with self._waiting_lock:
            out = next((region for region in regions if self._is_out(region)), None)
            delivery.waits_for = out
            if out is not None:
                self._waiting.append(parcel)
        return out is not None

    def _reach(self, delivery: Delivery) -> None:
        """See that the target's region can be reached.

        Raises:
            DeliveryFailed: It is out of service.
        """
        arn = delivery.target.parsed
        if arn is not None and arn.region != delivery.region and self._is_out(arn.region):
            raise DeliveryFailed(ERROR_FROM_TARGET, f"{arn.region} is out of service")

    def _after_failure(self, parcel: _Parcel, raised: Exception) -> None:
        delivery, failure = parcel.delivery, failure_of(raised)
        self._note(delivery, failure)
        retries = len(delivery.attempts)
        if isinstance(raised, (AssertionError, EventmockError)):
            self.for_the_tester.append(raised)
            self._end(delivery, "dropped", f"{failure.message} (the test's own; not tried again)")
        elif failure.is_permanent:
            self._fail(delivery, failure, None)
        elif retries > delivery.target.retry_policy.maximum_retry_attempts:
            self._fail(delivery, failure, OUT_OF_ATTEMPTS)
        else:
            seed = f"{delivery.carried.id} {delivery.rule_arn} {delivery.target_id}"
            pause = self._back_off(retries, seed)
            if failure.retry_after is not None:
                longest = delivery.target.retry_policy.maximum_event_age + timedelta(seconds=1)
                pause = max(pause, min(failure.retry_after, longest))
            self._wait(parcel, self._clock.now() + pause, failure)

    def _wait(self, parcel: _Parcel, until: datetime, failure: DeliveryFailed) -> None:
        """Have a delivery carried out at a moment, or given up when its event is too old by then."""
        delivery = parcel.delivery
        deadline = delivery.time + delivery.target.retry_policy.maximum_event_age
        is_too_old = until > deadline
        moment = max(deadline if is_too_old else until, self._clock.now())
        if not is_too_old:
            delivery.next_attempt = moment
        again = parcel._replace(expired=failure) if is_too_old else parcel
        self._clock.call_at(
            moment,
            f"{delivery.carried} for {delivery.target_arn} {'is tried again' if again is parcel else 'is too old'}",
            partial(self._outbox_of_now, again),
        )

    def _outbox_of_now(self, parcel: _Parcel) -> None:
        """Have a parcel carried out by the thread that does what is due; the clock knows what was reset."""
        self._outbox.parcels.append(parcel._replace(epoch=self._epoch))

    def _fail(self, delivery: Delivery, failure: DeliveryFailed, exhausted: str | None) -> None:
        """End a delivery that its target will not take: the dead-letter queue gets it, if there is one that does."""
        retries = max(len(delivery.attempts) - 1, 0)
        times = "1 retry" if retries == 1 else f"{retries} retries"
        why = str(failure) if exhausted is None else f"{failure}; {exhausted} reached after {times}"
        queue = delivery.target.dead_letter_queue
        if queue is None:
            self._end(delivery, "dropped", f"{why}; there is no dead-letter queue, so the event is lost")
            return
        attributes = {
            "RULE_ARN": delivery.rule_arn,
            "TARGET_ARN": delivery.target_arn,
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message or failure.code,
        }
        if exhausted is not None:
            attributes |= {"EXHAUSTED_RETRY_CONDITION": exhausted, "RETRY_ATTEMPTS": str(retries)}
        body = dead_letter_body(failure, delivery.carried.text, delivery.body)
        try:
            taken_by = self._ends.hand_over_dead_letter(delivery, queue, body, attributes)
        except BaseException as raised:
            told_why = str(failure_of(raised)) if isinstance(raised, Exception) else told(raised)
            lost = f"the dead-letter queue did not take it ({told_why}), so the event is lost"
            self._end(delivery, "dropped", f"{why}; {lost}")
            if isinstance(raised, (AssertionError, EventmockError)):
                self.for_the_tester.append(raised)
            elif not isinstance(raised, Exception):
                raise
        else:
            delivery.dead_letter = DeadLetter(
                queue_arn=queue,
                time=self._clock.now(),
                body=body,
                attributes=attributes,
                taken_by=taken_by,
            )
            self._end(delivery, "dead-lettered", why)

    def _note(self, delivery: Delivery, failure: DeliveryFailed | None) -> None:
        attempt = Attempt(
            number=len(delivery.attempts) + 1,
            time=self._clock.now(),
            error_code=None if failure is None else failure.code,
            error_message="" if failure is None else failure.message,
        )
        delivery.attempts.append(attempt)
        self._ledger.journal.append((delivery, attempt))

    def _end(self, delivery: Delivery, status: Status, reason: str | None) -> None:
        delivery.status, delivery.reason, delivery.ended = status, reason, self._clock.now()
        self._ledger.journal.append((delivery, None))

    def _give_up(self, delivery: Delivery) -> None:
        self._end(delivery, "dropped", "not carried out: the delivery before it broke off")
