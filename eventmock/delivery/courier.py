"""The courier: delivers events to targets, tries failed deliveries again, and sends dead letters to their queues.

Where a pending delivery is. Whenever the lock of the state is free, a delivery of the ledger without an end is in one
of three places, and a delivery with an end is in none. It is on hand of one thread: in the outbox of that thread, or
the thread is calling its target. Or it is on the clock: the moment of its next attempt is known. Or it waits for a
region that is out of service. An attempt that fails moves a delivery from the hand to the clock, an outage moves it to
those that wait, and `release` or the clock moves it to the outbox of the thread that is running then. The lock is held
for each of these moves, together with what the move writes into the ledger.

Who carries it out. A request, or a piece of work of the clock, puts deliveries into the outbox of its thread
(`accept`). When the lock of the state is free, the same thread calls `deliver`, which carries them out in order. A
target may call AWS, wait for another thread, or put events: `deliver` inside a delivery does not deliver, so those
events come after all that waits already. `run` adds tasks that call functions of the test, such as the request for a
token; they come before deliveries.

Follow-ups. `follow_up` adds work that calls no code of the test, such as a call into moto. `deliver` does it first,
also inside a delivery, so that it is done before the request that caused it is answered.

Threads. An outbox belongs to one thread. The lock guards what is on hand, what was forgotten and what waits for a
region. It is never held while a target is called. A thread that puts a delivery on hand makes a new `_Pending` of it.
Only the newest counts: another thread that still calls the target, from before a restore, ends nothing.

Reset and restore. A call of a target cannot be interrupted; when it returns, `_let_go` says whether its result counts.
A delivery that is on hand, and was on hand when the snapshot was taken, stays on hand, and its result counts: so a
target may restore a snapshot that it made itself. A delivery that was on hand then, and is not now, goes on the clock,
due at once. A delivery that is on hand now, and was not then, is forgotten: its result is not recorded. A reset forgets
all that is on hand.

Source: targets-and-delivery section 7. Inferred: an event that will be too old at its next attempt is given up at the
moment at which it becomes too old, not before.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.delivery.failures import DeliveryFailed, dead_letter_body, failure_of, raised_by
from eventmock.delivery.hand_over import Postponed
from eventmock.delivery.retry_policy import back_off
from eventmock.exceptions import TESTS_OWN, EndlessLoop, text_of
from eventmock.history.attempt import ERROR_FROM_TARGET, Attempt
from eventmock.history.dead_letter import DeadLetter
from eventmock.values.arn import Arn
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
    from eventmock.history.raised import Raised
    from eventmock.history.taken_by import TakenBy
    from eventmock.parts.delays import Delays
    from eventmock.parts.lifetime import Lifetime, ThreadActivity
    from eventmock.parts.part import Restore
    from eventmock.target_kinds.http_call import HttpCall

MAX_GENERATIONS: Final = 100
"""The longest chain of deliveries that cause one another."""

MAX_CAUSED: Final = 10_000
"""The most deliveries that others may cause in one `Courier.deliver`.

`MAX_GENERATIONS` more are allowed for each delivery that waits when it begins.
"""

OUT_OF_ATTEMPTS: Final = "MaximumRetryAttempts"
OUT_OF_TIME: Final = "MaximumEventAgeInSeconds"


class _Pending(NamedTuple):
    """A pending delivery that a thread has put on hand, or that waits.

    Attributes:
        delivery: The delivery.
        generation: The place of the delivery in a chain of deliveries that caused one another, from 1.
        expired: The failure of the last attempt, if the event is too old for another attempt; else None.
    """

    delivery: Delivery
    generation: int
    expired: DeliveryFailed | None = None


class _Outbox(threading.local):
    """The work that waits for one thread.

    Attributes:
        deliveries: The deliveries to carry out, in order.
        follow_ups: The work that calls no code of the test.
        tasks: The work that calls functions of the test.
        current: The delivery that the thread carries out; None while it carries none out.
    """

    def __init__(self) -> None:
        self.deliveries: deque[_Pending] = deque()
        self.follow_ups: deque[Callable[[], object]] = deque()
        self.tasks: deque[Callable[[], None]] = deque()
        self.current: _Pending | None = None


class Courier:
    """The courier of a mock. The head of this file says how it works.

    Args:
        clock: The clock, which has the time of attempts, and on which the next attempts wait.
        ledger: The record of attempts and ends.
        hand_over: The hand-over of a delivery to its target.
        delays: The durations of the back-off.
        regions_out: The regions that are out of service at the moment.
        lifetime: The lifetime of the mock. While no mock is active nothing is carried out, as it would call AWS.
        activity: What the present thread does: whether it carries deliveries out.
        lock: The state's lock. It is held while a record is written, never while a target is called.

    Attributes:
        errors_of_test: The assertions, and the errors of eventmock, that functions of the test have raised. They are
            errors of the test, not of the code under test.
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
        self._on_hand: dict[Delivery, _Pending] = {}
        self._forgotten: set[Delivery] = set()
        self._waiting: list[_Pending] = []
        self.errors_of_test: list[BaseException] = []

    def accept(self, deliveries: Iterable[Delivery]) -> None:
        """Add deliveries to the outbox of this thread, for the next `deliver`."""
        current = self._outbox.current
        generation = 1 if current is None else current.generation + 1
        for delivery in deliveries:
            self._take(delivery, generation)

    def run(self, task: Callable[[], None]) -> None:
        """Add a task that calls functions of the test to the outbox of this thread, for the next `deliver`."""
        self._outbox.tasks.append(task)

    def follow_up(self, work: Callable[[], object]) -> None:
        """Add work that needs no lock and calls no code of the test to the outbox of this thread.

        The next `deliver` does it first, also inside a delivery.
        """
        self._outbox.follow_ups.append(work)

    def release(self, region: str) -> None:
        """Move the deliveries that wait for a region, which is back in service, to the outbox of this thread."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for pending in waiting:
                if pending.delivery.waits_for == region:
                    self._take(*pending)
                else:
                    self._waiting.append(pending)

    def carries(self, delivery: Delivery) -> bool:
        """Return whether this thread carries out a delivery, and no reset or restore has forgotten it.

        The caller holds the lock.
        """
        current = self._outbox.current
        return current is not None and current.delivery is delivery and self._counts(current)

    def keep_request(self, delivery: Delivery, request: HttpCall) -> None:
        """Write down the request that is sent to an API destination, unless the delivery was forgotten."""
        with self._lock:
            if self.carries(delivery):
                delivery.become(replace(delivery.progress, _request=request))

    def note_taken(self, delivery: Delivery, taken_by: TakenBy) -> None:
        """Write down that the target of the delivery that this thread carries out has taken it.

        A target that is a part of the state calls this under the lock under which it takes the delivery. So no snapshot
        has the one without the other.
        """
        current = self._outbox.current
        if current is not None and current.delivery is delivery:
            self._note_success(current, taken_by)

    def clear(self) -> None:
        """Forget the deliveries on hand, those that wait for a region, and the errors of the test."""
        self._restore([], [], [])

    def save(self) -> Restore:
        """Return a function that restores the deliveries on hand, those that wait for a region, and the errors."""
        on_hand = [pending for delivery, pending in self._on_hand.items() if delivery not in self._forgotten]
        return partial(self._restore, on_hand, list(self._waiting), list(self.errors_of_test))

    def _restore(self, on_hand: list[_Pending], waiting: list[_Pending], errors: list[BaseException]) -> None:
        """Restore what `save` saved; the head of this file says how. Records and clock are restored before."""
        self._forgotten = self._on_hand.keys() - {pending.delivery for pending in on_hand}
        for pending in on_hand:
            if pending.delivery not in self._on_hand:
                self._put_on_the_clock(pending, self._clock.now(), "is carried out")
        self._waiting = list(waiting)
        self.errors_of_test[:] = errors

    def _take(self, delivery: Delivery, generation: int, expired: DeliveryFailed | None = None) -> None:
        """Put a delivery on hand: into the outbox of this thread."""
        pending = _Pending(delivery, generation, expired)
        with self._lock:
            self._on_hand[delivery] = pending
            self._forgotten.discard(delivery)
        self._outbox.deliveries.append(pending)

    def _counts(self, pending: _Pending) -> bool:
        """Return whether a delivery is on hand, not forgotten, and its newest `_Pending` is this one.

        The caller holds the lock.
        """
        return self._on_hand.get(pending.delivery) is pending and pending.delivery not in self._forgotten

    def _let_go(self, pending: _Pending) -> bool:
        """Remove a delivery from those on hand, if its newest `_Pending` is this one. The caller holds the lock.

        Returns:
            Whether the result of the delivery counts.
        """
        counts, delivery = self._counts(pending), pending.delivery
        if self._on_hand.get(delivery) is pending:
            del self._on_hand[delivery]
            self._forgotten.discard(delivery)
        return counts

    def deliver(self) -> None:
        """Carry out the deliveries in the outbox of this thread, and the deliveries that they cause.

        A call from inside a delivery does only the follow-ups: the outer call carries the deliveries out. If a target
        raises an error that ends the test at once (`KeyboardInterrupt`, ``pytest.fail``), the deliveries after it go
        on the clock, due at once.

        Raises:
            EndlessLoop: The chain of deliveries that cause one another is longer than 100, or there are more than
                10,000 of them in all.
            BaseException: A target has raised it, and it is not an `Exception`; or a task has raised it.
        """
        outbox = self._outbox
        while outbox.follow_ups:
            outbox.follow_ups.popleft()()
        if self._activity.is_delivering:
            return
        self._activity.is_delivering = True
        try:
            caused, most = 0, MAX_CAUSED + MAX_GENERATIONS * len(outbox.deliveries)
            while (outbox.tasks or outbox.deliveries) and self._lifetime.is_active:
                if outbox.tasks:
                    outbox.current = None
                    outbox.tasks.popleft()()
                    continue
                pending = outbox.current = outbox.deliveries.popleft()
                caused += pending.generation > 1
                if pending.generation > MAX_GENERATIONS or caused > most:
                    outbox.deliveries.appendleft(pending)
                    self._give_up("the deliveries before it caused one another without end")
                    raise EndlessLoop(
                        f"{max(pending.generation, caused) - 1} deliveries caused one another; the last is "
                        f"{pending.delivery!r}. A target puts events that its own rule matches: "
                        "narrow the rule's pattern."
                    )
                try:
                    self._attempt(pending)
                except BaseException as raised:
                    self._end(pending, "dropped", f"it broke off: {text_of(raised)}")
                    raise
            self._give_up("the mock has stopped")
        finally:
            for pending in outbox.deliveries:
                with self._lock:
                    if self._let_go(pending):
                        self._put_on_the_clock(pending, self._clock.now(), "is carried out")
            outbox.deliveries.clear()
            outbox.tasks.clear()
            outbox.current = None
            self._activity.is_delivering = False

    def _give_up(self, why: str) -> None:
        """Drop the deliveries in the outbox of this thread."""
        waiting = self._outbox.deliveries
        while waiting:
            self._end(waiting.popleft(), "dropped", f"not carried out: {why}")

    def _attempt(self, pending: _Pending) -> None:
        """Try a delivery, unless it was forgotten, waits for a region, has no input, or is too old."""
        delivery = pending.delivery
        with self._lock:
            if not self._counts(pending):
                self._let_go(pending)
                return
            if self._waits_for_a_region(pending):
                return
            if delivery.progress.next_attempt is not None or delivery.progress.waits_for is not None:
                delivery.become(replace(delivery.progress, next_attempt=None, waits_for=None))
        if delivery.input_error is not None:
            self._fail(pending, DeliveryFailed("INVALID_JSON", delivery.input_error), None)
        elif pending.expired is not None:
            self._fail(pending, pending.expired, OUT_OF_TIME)
        else:
            self._make_attempt(pending)

    def _make_attempt(self, pending: _Pending) -> None:
        """Call the target of a delivery, and write down how the call ended."""
        delivery = pending.delivery
        try:
            self._reach(delivery)
            taken_by = self._hand_over.to_target(delivery)
        except Postponed as turn:
            self._wait(pending, turn.until, DeliveryFailed("THROTTLING", str(turn)))
        except Exception as raised:  # noqa: BLE001 - whatever a target raises is a failed attempt
            self._after_failure(pending, raised)
        except BaseException as raised:
            failure = failure_of(raised)
            self._note_failure(pending, failure, raised_by(raised))
            self._end(pending, "dropped", str(failure))
            raise
        else:
            self._note_success(pending, taken_by)

    def _waits_for_a_region(self, pending: _Pending) -> bool:
        """Make a delivery wait if its region is out of service, or the region that a copy is for.

        Returns:
            Whether it waits.
        """
        delivery = pending.delivery
        regions = [delivery.region]
        if delivery.replicates is not None:
            regions.append(Arn.of(delivery.target_arn).region)
        out = next((region for region in regions if region in self._regions_out), None)
        if out is None:
            return False
        delivery.become(replace(delivery.progress, next_attempt=None, waits_for=out))
        self._let_go(pending)
        self._waiting.append(pending)
        return True

    def _reach(self, delivery: Delivery) -> None:
        """Check that the target's region can be reached.

        Raises:
            DeliveryFailed: The region is out of service, and is not the region of the delivery.
        """
        arn = delivery.target.parsed
        if arn is not None and arn.region != delivery.region and arn.region in self._regions_out:
            raise DeliveryFailed(ERROR_FROM_TARGET, f"{arn.region} is out of service")

    def _after_failure(self, pending: _Pending, raised: Exception) -> None:
        """Write down a failed attempt, then end the delivery or choose the moment of the next attempt."""
        failure, by_function = failure_of(raised), raised_by(raised)
        with self._lock:
            if not self._counts(pending):
                self._let_go(pending)
                return
            self._note_failure(pending, failure, by_function)
            attempts = len(pending.delivery.progress.attempts)
            if issubclass(type(raised), TESTS_OWN):
                self.errors_of_test.append(raised)
                self._end(pending, "dropped", f"{failure.message} (the test's own; not tried again)")
                return
            is_last = attempts > pending.delivery.target.retry_policy.maximum_retry_attempts
            if not failure.is_permanent and not is_last:
                self._wait(pending, self._clock.later(self._pause(pending.delivery, failure)), failure)
                return
        self._fail(pending, failure, None if failure.is_permanent else OUT_OF_ATTEMPTS)

    def _pause(self, delivery: Delivery, failure: DeliveryFailed) -> timedelta:
        """Return the time until the next attempt of a delivery, after one that failed."""
        seed = f"{delivery.envelope.id} {delivery.rule_arn} {delivery.target_id}"
        longest = delivery.target.retry_policy.maximum_event_age + timedelta(seconds=1)
        delays, attempts = self._delays, len(delivery.progress.attempts)
        pause = min(back_off(attempts, delays.first_retry, delays.longest_retry, seed), longest)
        return pause if failure.retry_after is None else max(pause, min(failure.retry_after, longest))

    def _wait(self, pending: _Pending, until: datetime, failure: DeliveryFailed) -> None:
        """Put a delivery on the clock for an attempt, or for its end if its event is too old by then."""
        delivery = pending.delivery
        with self._lock:
            if not self._let_go(pending):
                return
            now, deadline = (
                self._clock.now(),
                later(delivery.time, delivery.target.retry_policy.maximum_event_age),
            )
            is_too_old = until > deadline
            moment = max(deadline if is_too_old else until, now)
            if is_too_old:
                self._put_on_the_clock(pending._replace(expired=failure), moment, "is too old")
            else:
                delivery.become(replace(delivery.progress, next_attempt=moment))
                self._put_on_the_clock(pending, moment, "is tried again")

    def _put_on_the_clock(self, pending: _Pending, moment: datetime, what: str) -> None:
        """Put a delivery on the clock. The thread that does the work of that moment carries it out."""
        delivery = pending.delivery
        text = f"{delivery.envelope} for {delivery.target_arn} {what}"
        self._clock.call_at(moment, text, partial(self._take, *pending))

    def _fail(self, pending: _Pending, failure: DeliveryFailed, exhausted: str | None) -> None:
        """End a delivery that its target does not take: send a dead letter, or drop it."""
        delivery = pending.delivery
        retries = max(len(delivery.progress.attempts) - 1, 0)
        times = "1 retry" if retries == 1 else f"{retries} retries"
        why = str(failure) if exhausted is None else f"{failure}; {exhausted} reached after {times}"
        queue = delivery.target.dead_letter_queue
        if queue is None:
            self._end(pending, "dropped", f"{why}; there is no dead-letter queue, so the event is lost")
            return
        with self._lock:
            if not self._counts(pending):
                self._let_go(pending)
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
            by_function = raised_by(raised)
            with self._lock:
                if self._counts(pending) and issubclass(type(raised), TESTS_OWN):
                    self.errors_of_test.append(raised)
                self._end(pending, "dropped", f"{why}; {lost}", queue_raised=by_function)
            if not isinstance(raised, Exception):
                raise
        else:
            letter = DeadLetter(
                queue_arn=queue, time=self._clock.now(), body=body, taken_by=taken_by, _attributes=attributes
            )
            self._end(pending, "dead-lettered", why, dead_letter=letter)

    def _note_failure(self, pending: _Pending, failure: DeliveryFailed, raised: Raised | None) -> None:
        """Write down an attempt that failed, and the exception if a function of the test raised it."""
        with self._lock:
            if not self._counts(pending):
                return
            delivery, before = pending.delivery, pending.delivery.progress
            attempt = Attempt(
                number=len(before.attempts) + 1,
                time=self._clock.now(),
                error_code=failure.code,
                error_message=failure.message,
                raised=raised,
            )
            progress = before.tried(attempt)
            delivery.become(progress)
            self._ledger.journal.append((delivery, progress))

    def _note_success(self, pending: _Pending, taken_by: TakenBy) -> None:
        """Write down an attempt that succeeded, and that the delivery has ended."""
        with self._lock:
            if self._let_go(pending):
                delivery, before = pending.delivery, pending.delivery.progress
                attempt = Attempt(number=len(before.attempts) + 1, time=self._clock.now())
                progress = before.delivered(taken_by, attempt)
                delivery.become(progress)
                self._ledger.journal.append((delivery, progress))

    def _end(self, pending: _Pending, status: Status, reason: str | None, **more: Any) -> None:
        """Write down how a delivery ended."""
        with self._lock:
            if self._let_go(pending):
                ended, delivery = self._clock.now(), pending.delivery
                progress = replace(delivery.progress, status=status, reason=reason, ended=ended, **more)
                delivery.become(progress)
                self._ledger.journal.append((delivery, progress))
