"""The outbox: the work of each thread that calls code of the test, such as deliveries to targets.

Where pending work is. Whenever the lock of the state is free, work without an end is on hand of one thread, or it waits
where its carrier has put it, such as on the clock. Work is on hand while it is in the outbox of a thread, or while that
thread carries it out. The lock is held for each move from one place to another, together with what the move writes into
the ledger.

Who carries it out. A request, or a piece of work of the clock, puts work into the outbox of its thread (`put`). When
the lock of the state is free, the same thread calls `empty`, which carries the work out in order. A target may call
AWS, wait for another thread, or put events: `empty` inside a piece of work does nothing, so what those events cause
comes after all that is in the outbox already. `run` adds tasks that call functions of the test, such as the request for
a token; they come before all other work.

Follow-ups. `follow_up` adds work that calls no code of the test, such as a call into moto. `empty` does it first, also
inside a piece of work, so that it is done before the request that caused it is answered.

Held. Within `held`, a thread does its follow-ups only, and carries the rest out at the end.

Threads. The lock guards what is on hand and what was forgotten. It is never held while code of the test is called. A
thread that puts work on hand makes a new `Pending` of it. Only the newest counts: another thread that still carries it
out, from before a restore, ends nothing.

Reset and restore. A call of the test's code cannot be interrupted; when it returns, `let_go` says whether its result
counts. Work that is on hand, and was on hand when the snapshot was taken, stays on hand, and its result counts: so a
target may restore a snapshot that it made itself. Work that was on hand then, and is not now, goes on the clock, due at
once. Work that is on hand now, and was not then, is forgotten: its result is not recorded. A reset forgets all that is
on hand.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from eventmock.exceptions import EndlessLoop, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.parts.lifetime import Lifetime, ThreadActivity
    from eventmock.parts.part import Restore

MAX_GENERATIONS: Final = 100
"""The longest chain of work in which each piece caused the next."""

MAX_CAUSED: Final = 10_000
"""The most pieces of work that others may cause in one `Outbox.empty`.

`MAX_GENERATIONS` more are allowed for each piece that waits when it begins.
"""


class Carrier(Protocol):
    """What carries out one sort of work, such as deliveries."""

    def carry_out(self, pending: Pending, /) -> None:
        """Carry out a piece of work, and write down the result if it counts. The caller does not hold the lock."""

    def give_up(self, pending: Pending, why: str, /) -> None:
        """Write down that a piece of work is not carried out, or that an error broke it off."""

    def words(self, subject: Any, /) -> str:
        """Return words for the work, to which a verb can be added."""


class Pending(NamedTuple):
    """A piece of work that a thread has put on hand, or that waits.

    Attributes:
        carrier: What carries it out.
        subject: The record of the work, such as a delivery.
        generation: The place of the work in a chain of work in which each piece caused the next, from 1.
        failure: What the carrier has to know of the last attempt; None if there is nothing to know.
    """

    carrier: Carrier
    subject: Any
    generation: int
    failure: Any = None


class _Thread(threading.local):
    """The work that waits for one thread.

    Attributes:
        pending: The work to carry out, in order.
        follow_ups: The work that calls no code of the test.
        tasks: The work that comes first.
        current: The piece of work that the thread carries out; None while it carries none out.
        is_held: Whether the thread carries nothing out for now; see `Outbox.held`.
    """

    def __init__(self) -> None:
        self.is_held = False
        self.pending: deque[Pending] = deque()
        self.follow_ups: deque[Callable[[], object]] = deque()
        self.tasks: deque[Callable[[], None]] = deque()
        self.current: Pending | None = None


class Outbox:
    """The outboxes of all threads of a mock. The head of this file says how they work.

    Args:
        clock: The clock, on which work waits after a restore.
        lifetime: The lifetime of the mock. While no mock is active nothing is carried out, as it would call AWS.
        activity: What the present thread does: whether it carries work out.
        lock: The state's lock. It is held while a record is written, never while code of the test is called.

    Attributes:
        errors_of_test: The assertions, and the errors of eventmock, that functions of the test have raised. They are
            errors of the test, not of the code under test.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        lifetime: Lifetime,
        activity: ThreadActivity,
        lock: AbstractContextManager[Any],
    ) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._activity = activity
        self._lock = lock
        self._thread = _Thread()
        self._on_hand: dict[Any, Pending] = {}
        self._forgotten: set[Any] = set()
        self.errors_of_test: list[BaseException] = []

    @property
    def current(self) -> Pending | None:
        """The piece of work that this thread carries out; None while it carries none out."""
        return self._thread.current

    def put(self, carrier: Carrier, subject: Any, generation: int | None = None, failure: Any = None) -> None:
        """Put a piece of work on hand: into the outbox of this thread, for the next `empty`.

        Args:
            carrier: What carries it out.
            subject: The record of the work.
            generation: Its place in a chain of work; None for the place after the work that this thread carries out.
            failure: What the carrier has to know of the last attempt.
        """
        if generation is None:
            current = self._thread.current
            generation = 1 if current is None else current.generation + 1
        pending = Pending(carrier, subject, generation, failure)
        with self._lock:
            self._on_hand[subject] = pending
            self._forgotten.discard(subject)
        self._thread.pending.append(pending)

    def put_later(self, pending: Pending, moment: datetime, verb: str) -> None:
        """Put a piece of work, which the caller has let go, on the clock. The caller holds the lock.

        The thread that does the work of that moment carries it out.

        Args:
            pending: The piece of work.
            moment: The moment, an aware datetime.
            verb: What happens then, such as ``is tried again``.
        """
        what = f"{pending.carrier.words(pending.subject)} {verb}"
        self._clock.call_at(moment, what, partial(self.put, *pending))

    def run(self, task: Callable[[], None]) -> None:
        """Add a task that calls functions of the test to the outbox of this thread, for the next `empty`."""
        self._thread.tasks.append(task)

    def follow_up(self, work: Callable[[], object]) -> None:
        """Add work that needs no lock and calls no code of the test to the outbox of this thread.

        The next `empty` does it first, also inside a piece of work.
        """
        self._thread.follow_ups.append(work)

    def carries(self, subject: Any) -> bool:
        """Return whether this thread carries out a piece of work, and no reset or restore has forgotten it.

        A delivery may be one of several in a batch, which is a piece of work itself. The caller holds the lock.
        """
        current = self._thread.current
        return (
            current is not None
            and (current.subject is subject or subject in getattr(current.subject, "deliveries", ()))
            and self.counts(current)
        )

    def counts(self, pending: Pending) -> bool:
        """Return whether a piece of work is on hand, not forgotten, and its newest `Pending` is this one.

        The caller holds the lock.
        """
        return self._on_hand.get(pending.subject) is pending and pending.subject not in self._forgotten

    def let_go(self, pending: Pending) -> bool:
        """Remove a piece of work from those on hand, if its newest `Pending` is this one. The caller holds the lock.

        Returns:
            Whether the result of the work counts.
        """
        counts, subject = self.counts(pending), pending.subject
        if self._on_hand.get(subject) is pending:
            del self._on_hand[subject]
            self._forgotten.discard(subject)
        return counts

    @contextmanager
    def held(self) -> Iterator[None]:
        """Carry out the work of this thread at the end of the block, not within it, but for follow-ups."""
        thread = self._thread
        before, thread.is_held = thread.is_held, True
        try:
            yield
        finally:
            thread.is_held = before
            self.empty()

    def empty(self) -> None:
        """Carry out the work in the outbox of this thread, and the work that it causes.

        A call from inside a piece of work, or from within `held`, does only the follow-ups: the rest is carried out
        after that. If code of the test raises an error that ends the test at once (`KeyboardInterrupt`,
        ``pytest.fail``), the work after it goes on the clock, due at once.

        Raises:
            EndlessLoop: The chain of work in which each piece caused the next is longer than 100, or there are more
                than 10,000 pieces in all.
            BaseException: A function of the test has raised it, and it is not an `Exception`; or a task has raised it.
        """
        thread = self._thread
        while thread.follow_ups:
            thread.follow_ups.popleft()()
        if self._activity.is_delivering or thread.is_held:
            return
        self._activity.is_delivering = True
        try:
            caused, most = 0, MAX_CAUSED + MAX_GENERATIONS * len(thread.pending)
            while (thread.follow_ups or thread.tasks or thread.pending) and self._lifetime.is_active:
                if thread.follow_ups:
                    thread.follow_ups.popleft()()
                    continue
                if thread.tasks:
                    thread.current = None
                    thread.tasks.popleft()()
                    continue
                pending = thread.current = thread.pending.popleft()
                caused += pending.generation > 1
                if pending.generation > MAX_GENERATIONS or caused > most:
                    thread.pending.appendleft(pending)
                    self._give_up("the deliveries before it caused one another without end")
                    count = (pending.generation if pending.generation > MAX_GENERATIONS else caused) - 1
                    raise EndlessLoop(
                        f"{count} deliveries caused one another; the last is "
                        f"{pending.subject!r}. {_how_to_end(pending.subject)}."
                    )
                try:
                    pending.carrier.carry_out(pending)
                except BaseException as raised:
                    pending.carrier.give_up(pending, f"it broke off: {text_of(raised)}")
                    raise
            self._give_up("the mock has stopped")
        finally:
            for pending in thread.pending:
                with self._lock:
                    if self.let_go(pending):
                        self.put_later(pending, self._clock.now(), "is carried out")
            thread.pending.clear()
            thread.tasks.clear()
            thread.current = None
            self._activity.is_delivering = False

    def clear(self) -> None:
        """Forget the work on hand, and the errors of the test."""
        self._restore([], [])

    def save(self) -> Restore:
        """Return a function that restores the work on hand, and the errors of the test."""
        on_hand = [pending for subject, pending in self._on_hand.items() if subject not in self._forgotten]
        return partial(self._restore, on_hand, list(self.errors_of_test))

    def _restore(self, on_hand: list[Pending], errors: list[BaseException]) -> None:
        """Restore what `save` saved; the head of this file says how. Records and clock are restored before."""
        self._forgotten = self._on_hand.keys() - {pending.subject for pending in on_hand}
        for pending in on_hand:
            if pending.subject not in self._on_hand:
                self.put_later(pending, self._clock.now(), "is carried out")
        self.errors_of_test[:] = errors

    def _give_up(self, why: str) -> None:
        """Give up the work in the outbox of this thread."""
        waiting = self._thread.pending
        while waiting:
            pending = waiting.popleft()
            pending.carrier.give_up(pending, f"not carried out: {why}")


def _how_to_end(subject: object) -> str:
    """Return why deliveries cause one another, and what the tester can do about it, by the last of them."""
    if getattr(subject, "subscriber_arn", None) is not None:
        return "A target publishes events that its own subscriber takes: narrow the subscriber's filters"
    if getattr(subject, "schedule_name", None) is None:
        return "A target puts events that its own rule matches: narrow the rule's pattern"
    return (
        "A target makes schedules that fire at once, as rate(...) does: "
        "give them a StartDate in the future, or at(...)"
    )
