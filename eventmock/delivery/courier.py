"""The courier: carries deliveries to targets, tries failed deliveries again, and sends dead letters to their queues.

Where a pending delivery is. Whenever the lock of the state is free, a delivery of the ledger without an end is in one
of three places, and a delivery with an end is in none. It is on hand of one thread (`eventmock.delivery.outbox` says
what that means). Or it is on the clock: the moment of its next attempt is known. Or it waits for a region that is out
of service. An attempt that fails moves a delivery from the hand to the clock, an outage moves it to those that wait,
and `release` or the clock moves it to the outbox of the thread that is running then.

Source: targets-and-delivery section 7. Inferred: an event that will be too old at its next attempt is given up at the
moment at which it becomes too old, not before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import DeliveryFailed, failure_of, raised_by
from eventmock.delivery.hand_over import Postponed
from eventmock.delivery.retry_policy import back_off
from eventmock.exceptions import TESTS_OWN
from eventmock.history.attempt import ERROR_FROM_TARGET, Attempt, error_text
from eventmock.history.dead_letter import DeadLetter
from eventmock.values.arn import Arn
from eventmock.values.moments import later

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.delivery.hand_over import HandOver
    from eventmock.delivery.outbox import Outbox, Pending
    from eventmock.history.delivery import Delivery
    from eventmock.history.ledger import Ledger
    from eventmock.history.missing_permission import MissingPermission
    from eventmock.history.progress import Status
    from eventmock.history.raised import Raised
    from eventmock.history.taken_by import TakenBy
    from eventmock.parts.delays import Delays
    from eventmock.parts.part import Restore
    from eventmock.target_kinds.http_call import HttpCall

OUT_OF_ATTEMPTS: Final = "MaximumRetryAttempts"
OUT_OF_TIME: Final = "MaximumEventAgeInSeconds"


class Courier:
    """The courier of a mock. The head of this file says how it works.

    Args:
        clock: The clock, which has the time of attempts, and on which the next attempts wait.
        ledger: The record of attempts and ends.
        hand_over: The hand-over of a delivery to its target.
        delays: The durations of the back-off.
        regions_out: The regions that are out of service at the moment.
        outbox: The outbox, which has the deliveries on hand.
        lock: The state's lock. It is held while a record is written, never while a target is called.
    """

    def __init__(  # noqa: PLR0913 - what it needs of the state
        self,
        *,
        clock: Clock,
        ledger: Ledger,
        hand_over: HandOver,
        delays: Delays,
        regions_out: Container[str],
        outbox: Outbox,
        lock: AbstractContextManager[Any],
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._hand_over = hand_over
        self._delays = delays
        self._regions_out = regions_out
        self._outbox = outbox
        self._lock = lock
        self._waiting: list[Pending] = []

    def accept(self, deliveries: Iterable[Delivery]) -> None:
        """Put deliveries into the outbox of this thread."""
        for delivery in deliveries:
            self._outbox.put(self, delivery)

    def release(self, region: str) -> None:
        """Move the deliveries that wait for a region, which is back in service, to the outbox of this thread."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for pending in waiting:
                if pending.subject.waits_for == region:
                    self._outbox.put(*pending)
                else:
                    self._waiting.append(pending)

    def keep_request(self, delivery: Delivery, request: HttpCall) -> None:
        """Write down the request that is sent to an API destination, unless the delivery was forgotten."""
        with self._lock:
            if self._outbox.carries(delivery):
                delivery.become(replace(delivery.progress, _request=request))

    def keep_missing_permission(
        self, delivery: Delivery, missing: MissingPermission | None, *, is_dead_letter: bool
    ) -> None:
        """Write down the permission that a delivery or its dead letter lacks, unless the delivery was forgotten.

        Args:
            delivery: The delivery.
            missing: What is missing; None if nothing is. It replaces what was found before.
            is_dead_letter: Whether it was found about the dead letter, and not about the delivery itself.
        """
        with self._lock:
            progress = delivery.progress
            before = progress.missing_permissions
            others = tuple(one for one in before if one.is_dead_letter != is_dead_letter)
            found = others if missing is None else (*others, missing)
            if found != before and self._outbox.carries(delivery):
                delivery.become(replace(progress, missing_permissions=found))

    def note_taken(self, delivery: Delivery, taken_by: TakenBy) -> None:
        """Write down that the target of the delivery that this thread carries out has taken it.

        A target that is a part of the state calls this under the lock under which it takes the delivery. So no snapshot
        has the one without the other.
        """
        current = self._outbox.current
        if current is not None and current.subject is delivery:
            self._note_success(current, taken_by)

    def clear(self) -> None:
        """Forget the deliveries that wait for a region."""
        self._waiting = []

    def save(self) -> Restore:
        """Return a function that restores the deliveries that wait for a region."""
        return partial(self._restore, list(self._waiting))

    def _restore(self, waiting: list[Pending]) -> None:
        self._waiting = list(waiting)

    def words(self, delivery: Delivery) -> str:
        """Return words for a delivery, to which a verb can be added."""
        return f"{delivery.what} for {delivery.target_arn}"

    def give_up(self, pending: Pending, why: str) -> None:
        """Write down that a delivery is not carried out, or that an error broke it off."""
        self._end(pending, "dropped", why)

    def carry_out(self, pending: Pending) -> None:
        """Try a delivery, unless it was forgotten or withdrawn, waits for a region, has no input, or is too old."""
        delivery: Delivery = pending.subject
        with self._lock:
            if not self._outbox.counts(pending):
                self._outbox.let_go(pending)
                return
            if delivery.withdrawn is not None:
                self._end(pending, "dropped", delivery.withdrawn)
                return
            if self._waits_for_a_region(pending):
                return
            if delivery.progress.next_attempt is not None or delivery.progress.waits_for is not None:
                delivery.become(replace(delivery.progress, next_attempt=None, waits_for=None))
        if delivery.input_error is not None:
            self._fail(pending, DeliveryFailed("INVALID_JSON", delivery.input_error), None)
        elif pending.failure is not None:
            self._fail(pending, pending.failure, OUT_OF_TIME)
        else:
            self._make_attempt(pending)

    def _make_attempt(self, pending: Pending) -> None:
        """Call the target of a delivery, and write down how the call ended."""
        delivery: Delivery = pending.subject
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
            self._end(pending, "dropped", _words(delivery, failure))
            raise
        else:
            self._note_success(pending, taken_by)

    def _waits_for_a_region(self, pending: Pending) -> bool:
        """Make a delivery wait if its region is out of service, or the region that a copy is for.

        Returns:
            Whether it waits.
        """
        delivery: Delivery = pending.subject
        regions = [delivery.region]
        if delivery.replicates is not None:
            regions.append(Arn.of(delivery.target_arn).region)
        out = next((region for region in regions if region in self._regions_out), None)
        if out is None:
            return False
        delivery.become(replace(delivery.progress, next_attempt=None, waits_for=out))
        self._outbox.let_go(pending)
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

    def _after_failure(self, pending: Pending, raised: Exception) -> None:
        """Write down a failed attempt, then end the delivery or choose the moment of the next attempt."""
        failure, by_function = failure_of(raised), raised_by(raised)
        with self._lock:
            if not self._outbox.counts(pending):
                self._outbox.let_go(pending)
                return
            self._note_failure(pending, failure, by_function)
            attempts = len(pending.subject.progress.attempts)
            if issubclass(type(raised), TESTS_OWN):
                self._outbox.errors_of_test.append(raised)
                self._end(pending, "dropped", f"{failure.message} (the test's own; not tried again)")
                return
            is_last = attempts > pending.subject.target.retry_policy.maximum_retry_attempts
            if not failure.is_permanent and not is_last:
                self._wait(pending, self._clock.later(self._pause(pending.subject, failure)), failure)
                return
        self._fail(pending, failure, None if failure.is_permanent else OUT_OF_ATTEMPTS)

    def _pause(self, delivery: Delivery, failure: DeliveryFailed) -> timedelta:
        """Return the time until the next attempt of a delivery, after one that failed."""
        longest = delivery.target.retry_policy.maximum_event_age + timedelta(seconds=1)
        delays, attempts = self._delays, len(delivery.progress.attempts)
        pause = min(
            back_off(attempts, delays.first_retry, delays.longest_retry, delivery.retry_seed), longest
        )
        return pause if failure.retry_after is None else max(pause, min(failure.retry_after, longest))

    def _wait(self, pending: Pending, until: datetime, failure: DeliveryFailed) -> None:
        """Put a delivery on the clock for an attempt, or for its end if its event is too old by then."""
        delivery: Delivery = pending.subject
        with self._lock:
            if not self._outbox.let_go(pending):
                return
            now, deadline = (
                self._clock.now(),
                later(delivery.time, delivery.target.retry_policy.maximum_event_age),
            )
            is_too_old = until > deadline
            moment = max(deadline if is_too_old else until, now)
            if is_too_old:
                self._outbox.put_later(pending._replace(failure=failure), moment, "is too old")
            else:
                delivery.become(replace(delivery.progress, next_attempt=moment))
                self._outbox.put_later(pending, moment, "is tried again")

    def _fail(self, pending: Pending, failure: DeliveryFailed, exhausted: str | None) -> None:
        """End a delivery that its target does not take: send a dead letter, or drop it."""
        delivery: Delivery = pending.subject
        retries = max(len(delivery.progress.attempts) - 1, 0)
        times = "1 retry" if retries == 1 else f"{retries} retries"
        why = _words(delivery, failure) + (
            "" if exhausted is None else f"; {exhausted} reached after {times}"
        )
        queue = delivery.target.dead_letter_queue
        loss = f"so the {'invocation' if delivery.cause is None else 'event'} is lost"
        if queue is None:
            self._end(pending, "dropped", f"{why}; there is no dead-letter queue, {loss}")
            return
        with self._lock:
            if not self._outbox.counts(pending):
                self._outbox.let_go(pending)
                return
        body, attributes = delivery.dead_letter_of(failure, exhausted)
        try:
            taken_by = self._hand_over.to_dead_letter_queue(delivery, queue, body, attributes)
        except BaseException as raised:
            lost = f"the dead-letter queue did not take it ({_words(delivery, failure_of(raised))}), {loss}"
            by_function = raised_by(raised)
            with self._lock:
                if self._outbox.counts(pending) and issubclass(type(raised), TESTS_OWN):
                    self._outbox.errors_of_test.append(raised)
                self._end(pending, "dropped", f"{why}; {lost}", queue_failed=True, queue_raised=by_function)
            if not isinstance(raised, Exception):
                raise
        else:
            letter = DeadLetter(
                queue_arn=queue, time=self._clock.now(), body=body, taken_by=taken_by, _attributes=attributes
            )
            self._end(pending, "dead-lettered", why, dead_letter=letter)

    def _note_failure(self, pending: Pending, failure: DeliveryFailed, raised: Raised | None) -> None:
        """Write down an attempt that failed, and the exception if a function of the test raised it."""
        with self._lock:
            if not self._outbox.counts(pending):
                return
            delivery, before = pending.subject, pending.subject.progress
            code, message = delivery.error_of(failure)
            attempt = Attempt(
                number=len(before.attempts) + 1,
                time=self._clock.now(),
                error_code=code,
                error_message=message,
                raised=raised,
            )
            progress = before.tried(attempt)
            delivery.become(progress)
            self._ledger.journal.append((delivery, progress))

    def _note_success(self, pending: Pending, taken_by: TakenBy) -> None:
        """Write down an attempt that succeeded, and that the delivery has ended."""
        with self._lock:
            if self._outbox.let_go(pending):
                delivery, before = pending.subject, pending.subject.progress
                attempt = Attempt(number=len(before.attempts) + 1, time=self._clock.now())
                progress = before.delivered(taken_by, attempt)
                delivery.become(progress)
                self._ledger.journal.append((delivery, progress))

    def _end(self, pending: Pending, status: Status, reason: str | None, **more: Any) -> None:
        """Write down how a delivery ended."""
        with self._lock:
            if self._outbox.let_go(pending):
                ended, delivery = self._clock.now(), pending.subject
                progress = replace(
                    delivery.progress,
                    status=status,
                    reason=reason,
                    ended=ended,
                    next_attempt=None,
                    waits_for=None,
                    **more,
                )
                delivery.become(progress)
                self._ledger.journal.append((delivery, progress))


def _words(delivery: Delivery, failure: DeliveryFailed) -> str:
    """Return a failure of a delivery in one line, with the hint for the tester."""
    return error_text(*delivery.error_of(failure)) + failure.advice
