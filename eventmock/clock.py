"""The clock of a backend: the only file that asks what time it is, and where everything that is due later waits.

It follows the process's wall clock (so a clock frozen by freezegun or time-machine is followed) unless it was
given a start time: then it stands there. `Clock.advance` and `Clock.move_to` take it ahead and do on the way what
falls due, each at its own moment. It never changes the process's time, starts no thread and never sleeps.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from eventmock.exceptions import ClockError, MockStateError
from eventmock.parts.lifetime import Lifetime, ThreadActivity
from eventmock.values.moments import LAST, MOMENT_WANTED, later, read_moment

if TYPE_CHECKING:
    from eventmock.parts.part import Restore

Work = Callable[[], None]
CATCH_UP: Final = 10_000
"""How much is done at once when the wall clock is found to have passed it."""
PATIENCE: Final = 30
"""Seconds for which one thread waits until another has moved the clock."""


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that is to come.

    Attributes:
        time: When, in UTC.
        what: What, in words.
    """

    time: datetime
    number: int = field(repr=False)
    what: str = field(compare=False)
    _work: Work = field(compare=False, repr=False)
    _is_wanted: Callable[[], bool] = field(compare=False, repr=False)

    def is_wanted(self) -> bool:
        """Whether this piece of work is still to be done."""
        return self._is_wanted()

    def do(self) -> None:
        """Do it, if it is still wanted."""
        if self._is_wanted():
            self._work()

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} {self.what}"


class Clock:
    """Tells the time that the mocked service believes in.

    Args:
        start_time: Where the clock stands, aware; None to follow the wall clock.
        perform: Does a piece of work that is due, and what must go with it.
        lifetime: Whether the mock is active; while it is not, nothing is done, as it would call AWS.
        activity: Whether this thread is calling a target at the moment.
    """

    def __init__(
        self,
        start_time: datetime | None = None,
        perform: Callable[[Work], None] = lambda work: work(),
        lifetime: Lifetime | None = None,
        activity: ThreadActivity | None = None,
    ) -> None:
        self._standing = None if start_time is None else start_time.astimezone(UTC)
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
        self._in_hand: Due | None = None

    def now(self) -> datetime:
        """The moment, in UTC, aware."""
        if self._working_at is not None:
            return self._working_at
        return later(self._begun(), self._ahead)

    def later(self, delay: timedelta) -> datetime:
        """The moment that comes so much later than now; the end of the calendar where it does not reach that far."""
        return later(self.now(), delay)

    def timestamp(self) -> float:
        """The moment in seconds since the epoch."""
        return self.now().timestamp()

    @property
    def pending(self) -> list[Due]:
        """What is to come, in order."""
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
    ) -> None:
        """Go ahead, and do in order what falls due on the way, also what comes of it.

        Args:
            delta: How far, as a timedelta; or in parts:
            weeks: Weeks.
            days: Days of 24 hours.
            hours: Hours.
            minutes: Minutes.
            seconds: Seconds.

        Raises:
            ClockError: That is backwards or beyond the year 9999, or work that was due is being done already.
        """
        __tracebackhide__ = True
        words = {"weeks": weeks, "days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        said = [] if delta is None else [repr(delta)]
        said += [f"{name}={value!r}" for name, value in words.items() if value != 0]
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
        self._go_to(now + step)

    def move_to(self, moment: datetime | str) -> None:
        """Go ahead to a moment, and do in order what falls due on the way, also what comes of it.

        Args:
            moment: A datetime (a naive one is UTC), or ISO 8601 text.

        Raises:
            ClockError: That is not a time in the years 1 to 9999 in UTC, or is in the past, or work that was due is
                being done already.
        """
        __tracebackhide__ = True
        wanted = read_moment(moment)
        if wanted is None:
            raise ClockError(f"clock.move_to({moment!r}): {MOMENT_WANTED}")
        now = self.now()
        if wanted < now:
            raise ClockError(f"clock.move_to({wanted}): it is {now} already, and the clock only goes forward")
        self._go_to(wanted)

    def call_at(
        self, time: datetime, what: str, work: Work, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Have something done at a moment.

        Args:
            time: When, aware; what is in the past is done as soon as can be.
            what: What, in words, for `pending`.
            work: Does it.
            is_wanted: Whether it is still to be done; asked when the moment has come, and for `pending`.
        """
        with self.own_lock:
            self._numbers += 1
            heapq.heappush(self._due, Due(time, self._numbers, what, work, is_wanted))

    def call_later(
        self, delay: timedelta, what: str, work: Work, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Have something done after a while; a while beyond the calendar ends with it."""
        self.call_at(self.later(delay), what, work, is_wanted)

    def run_due(self) -> None:
        """Do what the clock has passed; nothing while something due is being done already.

        Raises:
            ClockError: The wall clock has passed more than a test can mean, as when frozen time ends.
        """
        if self._is_passed(self.now()) and self._lifetime.is_active and self._running.acquire(blocking=False):
            self._run_until(self.now(), CATCH_UP)

    def forget_other_threads(self) -> None:
        """In a forked child: what another thread was doing goes on in the parent only, and is still to come here."""
        if self._worker == threading.get_ident():
            return
        if self._in_hand is not None:
            heapq.heappush(self._due, self._in_hand)
        reached, self._working_at = self._working_at, None
        if reached is not None:
            self._ahead += max(reached - self.now(), timedelta(0))
        self._worker = self._in_hand = None
        if self._running.locked():
            self._running.release()

    def clear(self) -> None:
        """Come back to the beginning."""
        self._restore([], timedelta(0), None)

    def save(self) -> Restore:
        """Keep the time, and what is to come, to be brought back later."""
        with self.own_lock:
            reached = self._working_at
            ahead = self._ahead if reached is None else reached - self._begun()
            return partial(self._restore, list(self._due), ahead, self.now())

    def _restore(self, due: list[Due], ahead: timedelta, moment: datetime | None) -> None:
        """Bring back a time and the work that waited then.

        A move that is under way ends there, unless this is the very moment that it has come to.
        """
        with self.own_lock:
            self._due, self._ahead = list(due), ahead
            self._in_hand = None
            if moment != self._working_at:
                self._epoch += 1
                self._working_at = None

    def _begun(self) -> datetime:
        """The time that it would be if nobody had moved the clock."""
        return datetime.now(UTC) if self._standing is None else self._standing

    def _is_passed(self, moment: datetime) -> bool:
        """Whether something is due by then."""
        due = self._due[:1]
        return bool(due) and due[0].time <= moment

    def _pop(self, moment: datetime) -> Due | None:
        """The next that is due by then."""
        with self.own_lock:
            self._in_hand = heapq.heappop(self._due) if self._is_passed(moment) else None
            return self._in_hand

    def _do(self, due: Due) -> None:
        due.do()
        self._in_hand = None

    def _go_to(self, moment: datetime) -> None:
        __tracebackhide__ = True
        if not self._lifetime.is_active:
            raise MockStateError("this backend's mock has stopped: what is due now would call AWS")
        if self._worker == threading.get_ident() or self._activity.is_delivering:
            raise ClockError("the clock is moved by a target that it is calling: let the test move it")
        if not self._running.acquire(timeout=PATIENCE):
            raise ClockError(f"another thread has been moving the clock for more than {PATIENCE} seconds")
        self._run_until(moment)

    def _run_until(self, moment: datetime, most: float = math.inf) -> None:
        """Do what is due up to a moment, each at its own, and be there; the caller has begun `_running`."""
        reached, done, epoch = self.now(), 0, self._epoch
        self._worker = threading.get_ident()
        try:
            while self._epoch == epoch and (due := self._pop(moment)) is not None:
                if due.is_wanted():
                    done += 1
                    if done > most:
                        raise ClockError(
                            f"the wall clock jumped to {moment:%Y-%m-%d %H:%M:%S}, past more than {most:,} "
                            "pieces of work; "
                            f"{due} is dropped, and so is what would come of it. Give the mock a start_time, "
                            "or move backend.clock yourself"
                        )
                    reached = self._working_at = max(due.time, self._working_at or due.time)
                    self._perform(partial(self._do, due))
            reached = moment
        finally:
            with self.own_lock:
                self._working_at = self._worker = self._in_hand = None
                if self._epoch == epoch:
                    self._ahead += max(reached - self.now(), timedelta(0))
            self._running.release()
