"""The clock of a backend: the present of the mocked services, and the work that waits for a later moment.

No other file asks the process for the time. The clock never changes the process's time, starts no thread and never
sleeps.

A moment is an aware datetime in UTC, in the years 1 to 9999. The present is a base plus an offset. The base is the
process's wall clock (also where freezegun or time-machine freezes it) or, if the mock has a start time, that time,
which stands still. The offset is how far the test has moved the clock. Only `start_at`, `restore` and `reset` make it
smaller.

A `Due` is a piece of work with a moment. It is due once the present has reached that moment. Work is done in the
order of the moments; work of the same moment, in the order in which it was added. Work that is not wanted any more,
such as the firing of a deleted rule, is skipped, so nothing has to be cancelled.

Two things move the present. The test does, with `advance` and `move_to`. The wall clock does too; the work that it
passes is done when `run_due` is called next, before a request or a look at the backend. A target may not move the
clock while it is called: that would be a move inside another move.

A move does not jump. It goes from one due moment to the next. At each, `now` is that moment for all threads, and the
work is done. What that work adds belongs to the same move if it falls due before the end. If work raises an error,
the clock stays at that work's moment, and later work still waits. `run_due` gives up after `CATCH_UP` pieces of work:
the wall clock has then jumped further than a test can mean.

`_running` is held by the one thread that does work. Another thread that moves the clock waits for it, for at most
`PATIENCE` seconds; `run_due` does not wait. `own_lock` guards the list of work and is not held while work is done.
`perform` holds the lock under which the clock is saved and restored while work leaves the list and is done: a snapshot
has a piece of work in the list or has what came of it, never neither and never both. A `restore` in the middle of a
move, by the work itself or by another thread, counts up `_epoch`, and the move ends.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Never

from eventmock.exceptions import ClockError, MockStateError
from eventmock.options import hint_for
from eventmock.parts.lifetime import Lifetime, ThreadActivity
from eventmock.values.moments import LAST, MOMENT_WANTED, later, read_moment

if TYPE_CHECKING:
    from eventmock.parts.part import Restore

Work = Callable[[], None]
CATCH_UP: Final = 10_000
"""How many pieces of work `Clock.run_due` does at most in one call."""
PATIENCE: Final = 30
"""How many seconds a thread that moves the clock waits while another thread is moving it."""


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Due:
    """A piece of work that waits for its moment.

    Attributes:
        time: The moment at which the work is due, an aware datetime in UTC.
    """

    time: datetime
    number: int
    _what: object = field(compare=False)
    _work: Work = field(compare=False)
    _is_wanted: Callable[[], bool] = field(compare=False)

    @property
    def what(self) -> str:
        """A description of the work, for the tester."""
        return str(self._what)

    def is_wanted(self) -> bool:
        """Return whether the work still has to be done."""
        return self._is_wanted()

    def do(self) -> None:
        """Do the work."""
        self._work()

    def __repr__(self) -> str:
        return f"Due(time={self.time!r}, what={self.what!r})"

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} {self.what}"


class Clock:
    """The present of the mocked services, and the work that is due later.

    Args:
        start_time: The aware datetime at which the clock stands; None to follow the process's wall clock.
        perform: Is called with a function that takes the next work from the list and does it. It calls the function
            under the lock under which the clock is saved and restored, and may do more before and after.
        lifetime: Says whether the mock is active. While it is not, no work is done: its calls would reach the real AWS.
        activity: Says whether the current thread is calling a target.
    """

    def __init__(
        self,
        start_time: datetime | None = None,
        perform: Callable[[Work], None] = lambda work: work(),
        lifetime: Lifetime | None = None,
        activity: ThreadActivity | None = None,
    ) -> None:
        self._start_time = None if start_time is None else start_time.astimezone(UTC)
        self._standing = self._start_time
        self._ahead = timedelta(0)
        self._working_at: datetime | None = None
        self._perform = perform
        self._lifetime = Lifetime(active_mocks=1) if lifetime is None else lifetime
        self._activity = ThreadActivity() if activity is None else activity
        self._due: list[Due] = []
        self._numbers = 0
        self._epoch = 0
        self.own_lock = threading.Lock()
        self._running = threading.Lock()
        self._worker: int | None = None

    def now(self) -> datetime:
        """Return the present, an aware datetime in UTC."""
        reached = self._working_at
        return later(self._begun(), self._ahead) if reached is None else reached

    def later(self, delay: timedelta) -> datetime:
        """Return the present plus a delay, an aware datetime in UTC; at the latest the end of the year 9999."""
        return later(self.now(), delay)

    def timestamp(self) -> float:
        """Return the present in seconds since 1970-01-01 00:00 UTC."""
        return self.now().timestamp()

    @property
    def pending(self) -> list[Due]:
        """The work that is still to come, ordered by its moment. Work that is due by now is done first."""
        self.run_due()
        with self.own_lock:
            waiting = sorted(self._due)
        return [due for due in waiting if due.is_wanted()]

    def advance(  # noqa: PLR0913 - the words of a timedelta
        self,
        delta: timedelta | None = None,
        *,
        weeks: float = 0,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        **misspelt: Never,
    ) -> None:
        """Move the clock ahead by a duration, and do in order the work that falls due on the way.

        The duration is the sum of all arguments. Numbers may have a fraction.

        Args:
            delta: A timedelta.
            weeks: A number of weeks.
            days: A number of days of 24 hours.
            hours: A number of hours.
            minutes: A number of minutes.
            seconds: A number of seconds.
            **misspelt: Not used: a keyword that does not exist is refused.

        Raises:
            ClockError: A keyword does not exist; the duration is negative, cannot be computed, or ends beyond the year
                9999; a target moves the clock while it is called; or another thread has been moving the clock for more
                than 30 seconds.
            MockStateError: The mock has stopped.
        """
        __tracebackhide__ = True
        words = {"weeks": weeks, "days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        said = [] if delta is None else [repr(delta)]
        said += [f"{name}={value!r}" for name, value in words.items() if value != 0]
        for name in misspelt:
            raise ClockError(f"clock.advance({name}=...): {hint_for(name, words)}")
        call = f"clock.advance({', '.join(said)})"
        if not isinstance(delta, timedelta | None):
            raise ClockError(f"{call}: wanted a timedelta, or numbers such as hours=1.5")
        try:
            parts = timedelta(**words)
            step = parts if delta is None else delta + parts
        except (TypeError, ValueError, OverflowError) as error:
            raise ClockError(f"{call}: wanted a timedelta, or numbers such as hours=1.5 ({error})") from None
        if step < timedelta(0):
            raise ClockError(f"{call}: the clock only goes forward")
        now = self.now()
        if step > LAST - now:
            raise ClockError(
                f"{call}: it is {now}, and the clock ends with the year 9999, {LAST - now} later"
            )
        self._go_to(lambda now: later(now, step))

    def move_to(self, moment: datetime | str) -> None:
        """Move the clock ahead to a moment, and do in order the work that falls due on the way.

        Args:
            moment: A datetime (a naive one is taken as UTC), or ISO 8601 text.

        Raises:
            ClockError: The moment is in the past, or is not in the years 1 to 9999 in UTC, or is neither a datetime nor
                ISO 8601 text; or a target moves the clock while it is called; or another thread has been moving the
                clock for more than 30 seconds.
            MockStateError: The mock has stopped.
        """
        __tracebackhide__ = True
        wanted = read_moment(moment)
        if wanted is None:
            raise ClockError(f"clock.move_to({moment!r}): {MOMENT_WANTED}")
        now = self.now()
        if wanted < now:
            raise ClockError(f"clock.move_to({wanted}): it is {now} already, and the clock only goes forward")
        self._go_to(lambda _now: wanted)

    def start_at(self, moment: datetime) -> None:
        """Let the clock stand at a moment, as if that were the start time, until `restore` or `reset`.

        Work that falls due on the way to a later moment is done in order. The clock goes back only if no work waits,
        because nothing says when that work would have been due.

        Args:
            moment: An aware datetime.

        Raises:
            ClockError: The moment is in the past and work waits; or as for `move_to`.
            MockStateError: The mock has stopped.
        """
        __tracebackhide__ = True
        moment, now, waiting = moment.astimezone(UTC), self.now(), self.pending
        if moment >= now:
            self.move_to(moment)
        elif waiting:
            raise ClockError(
                f"the clock cannot go back from {now:%Y-%m-%d %H:%M:%S} to {moment:%Y-%m-%d %H:%M:%S}, because work "
                f"waits for its moment: {waiting[0]}"
            )
        with self.own_lock:
            self._standing, self._ahead = moment, timedelta(0)

    def call_at(
        self, time: datetime, what: object, work: Work, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Add work that is due at a moment.

        Args:
            time: The moment, an aware datetime in UTC. Work with a moment in the past is due at once.
            what: A description of the work for the tester, which `pending` shows: text, or an object with a `str`.
            work: The function that does the work.
            is_wanted: Returns whether the work still has to be done. It is called when the moment has come, and by
                `pending`.
        """
        with self.own_lock:
            self._numbers += 1
            heapq.heappush(self._due, Due(time, self._numbers, what, work, is_wanted))

    def call_later(
        self, delay: timedelta, what: object, work: Work, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Add work that is due after a delay, at the latest at the end of the year 9999.

        Args:
            delay: The time between the present and the moment of the work.
            what: A description of the work for the tester, which `pending` shows.
            work: The function that does the work.
            is_wanted: Returns whether the work still has to be done, as for `call_at`.
        """
        self.call_at(self.later(delay), what, work, is_wanted)

    def run_due(self) -> None:
        """Do the work that is due by now; do nothing while this or another thread is doing such work.

        Raises:
            ClockError: More than 10,000 pieces of work are due at once, as after the end of a frozen time in the past.
        """
        if self._is_passed(self.now()) and self._lifetime.is_active and self._running.acquire(blocking=False):
            self._move(lambda now: now, CATCH_UP)

    def forget_other_threads(self) -> None:
        """End the move of another thread, in a child process that was forked in the middle of the move.

        The child has only the thread that forked. The other thread finishes the move in the parent process only.
        """
        if self._worker == threading.get_ident():
            return
        self._stand_at(self._working_at)
        self._worker = None
        if self._running.locked():
            self._running.release()

    def clear(self) -> None:
        """Drop all work that waits, and set the offset to zero."""
        self._restore([], self._start_time, timedelta(0), None)

    def save(self) -> Restore:
        """Keep the base and the offset of the clock and the work that waits, to be brought back later."""
        with self.own_lock:
            reached = self._working_at
            ahead = self._ahead if reached is None else reached - self._begun()
            return partial(self._restore, list(self._due), self._standing, ahead, self.now())

    def _restore(
        self, due: list[Due], standing: datetime | None, ahead: timedelta, moment: datetime | None
    ) -> None:
        """Bring back the base, the offset and the work that waited when they were kept.

        A move that is under way ends, unless they were kept at the moment that the move has reached.
        """
        with self.own_lock:
            self._due, self._standing, self._ahead = list(due), standing, ahead
            if moment != self._working_at:
                self._epoch += 1
                self._working_at = None

    def _begun(self) -> datetime:
        """Return the base: what the present would be if the test had not moved the clock."""
        return datetime.now(UTC) if self._standing is None else self._standing

    def _is_passed(self, moment: datetime) -> bool:
        """Return whether any work is due at a moment."""
        due = self._due[:1]
        return bool(due) and due[0].time <= moment

    def _pop(self, moment: datetime, epoch: int) -> Due | None:
        """Take the first work that is due at a moment out of the list and return it; None if the move has ended."""
        with self.own_lock:
            return heapq.heappop(self._due) if self._epoch == epoch and self._is_passed(moment) else None

    def _do_next(self, moment: datetime, epoch: int, most: float) -> None:
        """Do the first work that is due at a moment and still wanted, at the moment of the work."""
        while (due := self._pop(moment, epoch)) is not None:
            if due.is_wanted():
                if most == 0:
                    raise ClockError(
                        f"the wall clock jumped to {moment:%Y-%m-%d %H:%M:%S}, past more than {CATCH_UP:,} "
                        "pieces of work; "
                        f"{due} is dropped, and so is what would come of it. Give the mock a start_time, "
                        "or move backend.clock yourself"
                    )
                self._working_at = max(due.time, self._working_at or due.time)
                due.do()
                return

    def _stand_at(self, moment: datetime | None) -> None:
        """Set the offset so that the present is a moment, unless that is past; None leaves the offset as it is."""
        if moment is not None:
            self._ahead += max(moment - later(self._begun(), self._ahead), timedelta(0))
        self._working_at = None  # last, as `now` may be called meanwhile

    def _go_to(self, goal: Callable[[datetime], datetime]) -> None:
        """Move the clock to the moment that a function returns for the present, which is when the move begins."""
        __tracebackhide__ = True
        if not self._lifetime.is_active:
            raise MockStateError("this backend's mock has stopped: what is due now would call AWS")
        if self._worker == threading.get_ident() or self._activity.is_delivering:
            raise ClockError("the clock is moved by a target that it is calling: let the test move it")
        if not self._running.acquire(timeout=PATIENCE):
            raise ClockError(f"another thread has been moving the clock for more than {PATIENCE} seconds")
        self._move(goal)

    def _move(self, goal: Callable[[datetime], datetime], most: float = math.inf) -> None:
        """Move the clock, and do the work on the way; release `_running`, which the caller has acquired."""
        self._worker, epoch = threading.get_ident(), self._epoch
        reached: datetime | None = None
        try:
            moment = goal(self.now())
            while self._epoch == epoch and self._is_passed(moment):
                self._perform(partial(self._do_next, moment, epoch, most))
                most -= 1
            reached = moment
        finally:
            with self.own_lock:
                if reached is None:
                    reached = self._working_at
                self._stand_at(reached if self._epoch == epoch else None)
                self._worker = None
            self._running.release()
