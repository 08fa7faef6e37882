"""Carries deliveries to their targets, tries again what failed, and gives dead letters to their queues.

Deliveries are carried out after the request that caused them has been answered inside and the backend's lock is
free, in order, by the thread that caused them: a function may call AWS, wait for another thread or put more events,
which are delivered after the ones that already wait. What failed waits on the clock until it is tried again, and what
is in a region that is out waits until the region is back.

A pending delivery is in one of three places: on hand (a thread has it in its outbox, or calls its target), on the
clock, or waiting for a region that is out. After `restore` this is still so. A delivery that was on hand when the
snapshot was taken, and is on hand now, goes on where it is: the call that is under way ends it, so a target may restore
a snapshot that it made itself. A delivery that was on hand then and is not now goes on the clock, due at once. One that
is on hand now and was not then is forgotten: its end is not recorded.

Source: targets-and-delivery section 7. What becomes of an event whose next attempt would come after its age is up is
inferred: it waits until then, and is given up at that moment.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.delivery.failures import DeliveryFailed, dead_letter_body, failure_of
from eventmock.delivery.hand_over import Postponed
from eventmock.delivery.retry_policy import back_off
from eventmock.exceptions import EndlessLoop, EventmockError, text_of
from eventmock.history.attempt import ERROR_FROM_TARGET, Attempt
from eventmock.history.dead_letter import DeadLetter
from eventmock.values.moments import later

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.delivery.hand_over import HandOver
    from eventmock.history.delivery import Delivery
    from eventmock.history.ledger import Ledger
    from eventmock.history.progress import Status
    from eventmock.history.taken_by import TakenBy
    from eventmock.parts.delays import Delays
    from eventmock.parts.lifetime import Lifetime, ThreadActivity
    from eventmock.parts.part import Restore

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
        expired: What failed, if its time is up.
    """

    delivery: Delivery
    generation: int
    expired: DeliveryFailed | None = None


class _Outbox(threading.local):
    """What waits to be carried out by one thread."""

    def __init__(self) -> None:
        self.parcels: deque[_Parcel] = deque()
        self.follow_ups: deque[Callable[[], object]] = deque()
        self.errands: deque[Callable[[], None]] = deque()
        self.generation = 0


class Courier:
    """Carries deliveries out.

    Args:
        clock: Tells the time of attempts, and is where the next ones wait.
        ledger: Where attempts and ends are written down.
        hand_over: Hands a delivery to its target.
        delays: How long it takes until a target is tried again.
        regions_out: The regions that are out of service at the moment.
        lifetime: Whether the mock is active; while it is not, nothing is carried out, as it would call AWS.
        activity: Says that this thread is carrying deliveries out.
        lock: The state's. It is held while something is written down, never while a target is called.

    Attributes:
        errors_of_test: The errors of the test, not of the code under test, that functions of the test have raised:
            assertions, and eventmock's own errors.
    """

    def __init__(  # noqa: PLR0913 - what it needs of the state
        self,
        *,
        clock: Clock,
        ledger: Ledger,
        hand_over: HandOver,
        delays: Delays,
        regions_out: Container[str],
        lifetime: Lifetime,
        activity: ThreadActivity,
        lock: AbstractContextManager[Any],
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._hand_over = hand_over
        self._delays = delays
        self._regions_out = regions_out
        self._lifetime = lifetime
        self._activity = activity
        self._lock = lock
        self._outbox = _Outbox()
        self._on_hand: dict[Delivery, _Parcel] = {}
        self._forgotten: set[Delivery] = set()
        self._waiting: list[_Parcel] = []
        self.errors_of_test: list[BaseException] = []

    def accept(self, deliveries: Iterable[Delivery]) -> None:
        """Take deliveries to be carried out by this thread when `deliver` is called."""
        generation = self._outbox.generation + 1
        for delivery in deliveries:
            self._take(_Parcel(delivery, generation))

    def run(self, errand: Callable[[], None]) -> None:
        """Take something that calls functions of the test, to be done by this thread when `deliver` is called."""
        self._outbox.errands.append(errand)

    def follow_up(self, work: Callable[[], object]) -> None:
        """Take work that needs no lock and calls no code of the test, such as a call into moto.

        This thread does it when `deliver` is called, before anything else and also inside a delivery: so it is done
        before the request that caused it is answered.
        """
        self._outbox.follow_ups.append(work)

    def release(self, region: str) -> None:
        """Take what waited for a region that is back, to be carried out by this thread when `deliver` is called."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for parcel in waiting:
                if parcel.delivery.waits_for == region:
                    self._take(parcel)
                else:
                    self._waiting.append(parcel)

    def carries(self, delivery: Delivery) -> bool:
        """Whether a delivery is on hand, and the backend was not reset or restored to a time before it."""
        with self._lock:
            return delivery in self._on_hand and delivery not in self._forgotten

    def clear(self) -> None:
        """Forget what is on hand and what waits."""
        self._restore([], [], [])

    def save(self) -> Restore:
        """Keep what is on hand, what waits for regions, and the errors of the test, to be brought back later."""
        on_hand = [parcel for one, parcel in self._on_hand.items() if one not in self._forgotten]
        return partial(self._restore, on_hand, list(self._waiting), list(self.errors_of_test))

    def _restore(self, on_hand: list[_Parcel], waiting: list[_Parcel], errors: list[BaseException]) -> None:
        """Come back to it, after records and clock have; see above for what becomes of what is on hand."""
        self._forgotten = self._on_hand.keys() - {parcel.delivery for parcel in on_hand}
        for parcel in on_hand:
            if parcel.delivery not in self._on_hand:
                self._put_on_the_clock(parcel, self._clock.now(), "is carried out")
        self._waiting = list(waiting)
        self.errors_of_test[:] = errors

    def _take(self, parcel: _Parcel) -> None:
        """Take a parcel to be carried out by this thread."""
        with self._lock:
            self._on_hand[parcel.delivery] = parcel
            self._forgotten.discard(parcel.delivery)
        self._outbox.parcels.append(parcel)

    def _let_go(self, delivery: Delivery) -> bool:
        """Take a delivery out of those on hand, with the lock held.

        Returns:
            Whether it is still to be written down what becomes of it.
        """
        was_on_hand = self._on_hand.pop(delivery, None) is not None
        is_forgotten = delivery in self._forgotten
        self._forgotten.discard(delivery)
        return was_on_hand and not is_forgotten

    def deliver(self) -> None:
        """Carry out the deliveries that wait in this thread, and those that they cause.

        Called from within a delivery it carries none out: the outer call goes on when that delivery is done. Where what
        a target raises ends the test at once (`KeyboardInterrupt`, ``pytest.fail``), what comes after it waits on the
        clock, due at once.

        Raises:
            EndlessLoop: Deliveries cause deliveries, more than 100 generations or 10,000 in all.
        """
        outbox = self._outbox
        while outbox.follow_ups:
            outbox.follow_ups.popleft()()
        if self._activity.is_delivering:
            return
        self._activity.is_delivering = True
        try:
            caused, most = 0, MAX_CAUSED + MAX_GENERATIONS * len(outbox.parcels)
            while (outbox.errands or outbox.parcels) and self._lifetime.is_active:
                if outbox.errands:
                    outbox.generation = 0
                    outbox.errands.popleft()()
                    continue
                parcel = outbox.parcels.popleft()
                outbox.generation = parcel.generation
                caused += parcel.generation > 1
                if parcel.generation > MAX_GENERATIONS or caused > most:
                    outbox.parcels.appendleft(parcel)
                    self._give_up("the deliveries before it caused one another without end")
                    raise EndlessLoop(
                        f"{max(parcel.generation, caused) - 1} deliveries caused one another; the last is "
                        f"{parcel.delivery!r}. A target puts events that its own rule matches: "
                        "narrow the rule's pattern."
                    )
                try:
                    self._attempt(parcel)
                except BaseException as raised:
                    self._end(parcel.delivery, "dropped", f"it broke off: {text_of(raised)}")
                    raise
            self._give_up("the mock has stopped")
        finally:
            for parcel in outbox.parcels:
                with self._lock:
                    if self._let_go(parcel.delivery):
                        self._put_on_the_clock(parcel, self._clock.now(), "is carried out")
            outbox.parcels.clear()
            outbox.errands.clear()
            outbox.generation = 0
            self._activity.is_delivering = False

    def _give_up(self, why: str) -> None:
        """Drop what waits in this thread."""
        parcels = self._outbox.parcels
        while parcels:
            self._end(parcels.popleft().delivery, "dropped", f"not carried out: {why}")

    def _attempt(self, parcel: _Parcel) -> None:
        delivery = parcel.delivery
        with self._lock:
            if not self.carries(delivery):
                self._let_go(delivery)
                return
            if self._waits_for_a_region(parcel):
                return
            if delivery.progress.next_attempt is not None or delivery.progress.waits_for is not None:
                delivery.become(replace(delivery.progress, next_attempt=None, waits_for=None))
        if delivery.input_error is not None:
            self._fail(delivery, DeliveryFailed("INVALID_JSON", delivery.input_error), None)
        elif parcel.expired is not None:
            self._fail(delivery, parcel.expired, OUT_OF_TIME)
        else:
            self._make_attempt(parcel)

    def _make_attempt(self, parcel: _Parcel) -> None:
        """Make an attempt."""
        delivery = parcel.delivery
        try:
            self._reach(delivery)
            taken_by = self._hand_over.to_target(delivery)
        except Postponed as turn:
            self._wait(parcel, turn.until, DeliveryFailed("THROTTLING", str(turn)))
        except Exception as raised:  # noqa: BLE001 - whatever a target raises is a failed attempt
            self._after_failure(parcel, raised)
        except BaseException as raised:
            failure = failure_of(raised)
            self._note(delivery, failure)
            self._end(delivery, "dropped", str(failure))
            raise
        else:
            self._note_success(delivery, taken_by)

    def _waits_for_a_region(self, parcel: _Parcel) -> bool:
        """Whether a region is out and keeps a delivery from being tried: its own, or the one a copy is for."""
        delivery = parcel.delivery
        regions = [delivery.region]
        if delivery.replicates is not None:
            regions.append(delivery.target_arn.split(":")[3])
        out = next((region for region in regions if region in self._regions_out), None)
        if out is None:
            return False
        delivery.become(replace(delivery.progress, next_attempt=None, waits_for=out))
        self._let_go(delivery)
        self._waiting.append(parcel)
        return True

    def _reach(self, delivery: Delivery) -> None:
        """See that the target's region can be reached.

        Raises:
            DeliveryFailed: It is out of service.
        """
        arn = delivery.target.parsed
        if arn is not None and arn.region != delivery.region and arn.region in self._regions_out:
            raise DeliveryFailed(ERROR_FROM_TARGET, f"{arn.region} is out of service")

    def _after_failure(self, parcel: _Parcel, raised: Exception) -> None:
        delivery, failure = parcel.delivery, failure_of(raised)
        self._note(delivery, failure)
        retries, policy = len(delivery.progress.attempts), delivery.target.retry_policy
        if issubclass(type(raised), (AssertionError, EventmockError)):
            self._tell(delivery, raised)
            self._end(delivery, "dropped", f"{failure.message} (the test's own; not tried again)")
        elif failure.is_permanent:
            self._fail(delivery, failure, None)
        elif retries > policy.maximum_retry_attempts:
            self._fail(delivery, failure, OUT_OF_ATTEMPTS)
        else:
            seed = f"{delivery.envelope.id} {delivery.rule_arn} {delivery.target_id}"
            longest = policy.maximum_event_age + timedelta(seconds=1)
            delays = self._delays
            wait = back_off(retries, delays.first_retry, delays.longest_retry, seed)
            pause = min(wait, longest)
            if failure.retry_after is not None:
                pause = max(pause, min(failure.retry_after, longest))
            self._wait(parcel, self._clock.later(pause), failure)

    def _wait(self, parcel: _Parcel, until: datetime, failure: DeliveryFailed) -> None:
        """Have a delivery carried out at a moment, or given up when its event is too old by then."""
        delivery = parcel.delivery
        with self._lock:
            if not self._let_go(delivery):
                return
            now, deadline = (
                self._clock.now(),
                later(delivery.time, delivery.target.retry_policy.maximum_event_age),
            )
            is_too_old = until > deadline
            moment = max(deadline if is_too_old else until, now)
            if is_too_old:
                self._put_on_the_clock(parcel._replace(expired=failure), moment, "is too old")
            else:
                delivery.become(replace(delivery.progress, next_attempt=moment))
                self._put_on_the_clock(parcel, moment, "is tried again")

    def _put_on_the_clock(self, parcel: _Parcel, moment: datetime, what: str) -> None:
        """Have a parcel carried out at a moment, by the thread that does what is due then."""
        delivery = parcel.delivery
        text = f"{delivery.envelope} for {delivery.target_arn} {what}"
        self._clock.call_at(moment, text, partial(self._take, parcel))

    def _fail(self, delivery: Delivery, failure: DeliveryFailed, exhausted: str | None) -> None:
        """End a delivery that its target will not take: the dead-letter queue gets it, if there is one that does."""
        retries = max(len(delivery.progress.attempts) - 1, 0)
        times = "1 retry" if retries == 1 else f"{retries} retries"
        why = str(failure) if exhausted is None else f"{failure}; {exhausted} reached after {times}"
        queue = delivery.target.dead_letter_queue
        if queue is None:
            self._end(delivery, "dropped", f"{why}; there is no dead-letter queue, so the event is lost")
            return
        if not self.carries(delivery):
            self._end(delivery, "dropped", why)
            return
        attributes = {
            "RULE_ARN": delivery.rule_arn,
            "TARGET_ARN": delivery.target_arn,
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message or failure.code,
        }
        if exhausted is not None:
            attributes |= {"EXHAUSTED_RETRY_CONDITION": exhausted, "RETRY_ATTEMPTS": str(retries)}
        body = dead_letter_body(failure, delivery.envelope.text, delivery.body)
        try:
            taken_by = self._hand_over.to_dead_letter_queue(delivery, queue, body, attributes)
        except BaseException as raised:
            lost = f"the dead-letter queue did not take it ({failure_of(raised)}), so the event is lost"
            if issubclass(type(raised), (AssertionError, EventmockError)):
                self._tell(delivery, raised)
            self._end(delivery, "dropped", f"{why}; {lost}")
            if not isinstance(raised, Exception):
                raise
        else:
            letter = DeadLetter(
                queue_arn=queue, time=self._clock.now(), body=body, taken_by=taken_by, _attributes=attributes
            )
            self._end(delivery, "dead-lettered", why, dead_letter=letter)

    def _tell(self, delivery: Delivery, raised: BaseException) -> None:
        """Keep an error for the end of the test."""
        if self.carries(delivery):
            self.errors_of_test.append(raised)

    def _note(self, delivery: Delivery, failure: DeliveryFailed | None) -> None:
        """Write an attempt down."""
        with self._lock:
            if not self.carries(delivery):
                return
            before = delivery.progress
            attempt = Attempt(
                number=len(before.attempts) + 1,
                time=self._clock.now(),
                error_code=None if failure is None else failure.code,
                error_message="" if failure is None else failure.message,
            )
            progress = before.tried(attempt)
            delivery.become(progress)
            self._ledger.journal.append((delivery, progress))

    def _note_success(self, delivery: Delivery, taken_by: TakenBy) -> None:
        """Write down an attempt that succeeded, and that the delivery has ended."""
        with self._lock:
            if self._let_go(delivery):
                now, before = self._clock.now(), delivery.progress
                tried = before.tried(Attempt(number=len(before.attempts) + 1, time=now))
                done = tried.delivered(taken_by, now)
                delivery.become(done)
                self._ledger.journal += [(delivery, tried), (delivery, done)]

    def _end(self, delivery: Delivery, status: Status, reason: str | None, **more: Any) -> None:
        """Write down how a delivery ended."""
        with self._lock:
            if self._let_go(delivery):
                ended = self._clock.now()
                progress = replace(delivery.progress, status=status, reason=reason, ended=ended, **more)
                delivery.become(progress)
                self._ledger.journal.append((delivery, progress))
