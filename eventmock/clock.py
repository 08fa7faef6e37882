"""The clock of a backend: the only file that asks what time it is, and where everything that is due later waits.

It follows the process's wall clock (so a clock frozen by freezegun or time-machine is followed) unless it was
given a start time: then it stands there. `Clock.advance` and `Clock.move_to` take it ahead and do on the way what
falls due, each at its own moment. It never changes the process's time, starts no thread and never sleeps.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from eventmock.exceptions import ClockError

Work = Callable[[], None]


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
    work: Work = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} {self.what}"


class Clock:
    """Tells the time that the mocked service believes in.

    Args:
        start_time: Where the clock stands, aware; None to follow the wall clock.
        perform: Does a piece of work that is due, and what must go with it.
    """

    def __init__(
        self, start_time: datetime | None = None, perform: Callable[[Work], None] = lambda work: work()
    ) -> None:
        self._standing = None if start_time is None else start_time.astimezone(UTC)
        self._ahead = timedelta(0)
        self._working_at: datetime | None = None
        self._perform = perform
        self._due: list[Due] = []
        self._numbers = 0
        self._running = threading.Lock()

    def now(self) -> datetime:
        """The moment, in UTC, aware."""
        if self._working_at is not None:
            return self._working_at
        return (datetime.now(UTC) if self._standing is None else self._standing) + self._ahead

    def timestamp(self) -> float:
        """The moment in seconds since the epoch."""
        return self.now().timestamp()

    @property
    def pending(self) -> list[Due]:
        """What is to come, in order."""
        return sorted(self._due)

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
            delta: How far; or in parts:
            weeks: Weeks.
            days: Days of 24 hours.
            hours: Hours.
            minutes: Minutes.
            seconds: Seconds.

        Raises:
            ClockError: That is backwards, or something due is being done already.
        """
        parts = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        step = parts if delta is None else delta + parts
        if step < timedelta(0):
            raise ClockError(f"clock.advance({step}): the clock only goes forward")
        self._go_to(self.now() + step)

    def move_to(self, moment: datetime | str) -> None:
        """Go ahead to a moment, and do in order what falls due on the way, also what comes of it.

        Args:
            moment: A datetime (a naive one is UTC), or ISO 8601 text.

        Raises:
            ClockError: That is in the past, or something due is being done already.
        """
        wanted = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        wanted = wanted.replace(tzinfo=UTC) if wanted.tzinfo is None else wanted.astimezone(UTC)
        now = self.now()
        if wanted < now:
            raise ClockError(f"clock.move_to({wanted}): it is {now} already, and the clock only goes forward")
        self._go_to(wanted)

    def call_at(self, time: datetime, what: str, work: Work) -> None:
        """Have something done at a moment.

        Args:
            time: When, aware; what is in the past is done as soon as can be.
            what: What, in words, for `pending`.
            work: Does it. It must see for itself whether it is still wanted.
        """
        self._numbers += 1
        heapq.heappush(self._due, Due(time, self._numbers, what, work))

    def run_due(self) -> None:
        """Do what the clock has passed; nothing while something due is being done already."""
        if self._due and self._due[0].time <= self.now() and self._running.acquire(blocking=False):
            self._run_until(self.now())

    def snapshot(self) -> list[Due]:
        """What is to come, to come back to."""
        return list(self._due)

    def restore(self, snapshot: list[Due]) -> None:
        """Come back to what was to come; the time goes on as it is."""
        self._due = list(snapshot)

    def _go_to(self, moment: datetime) -> None:
        if not self._running.acquire(blocking=False):
            raise ClockError("the clock is busy: what it is doing, a target perhaps, cannot move it")
        self._run_until(moment)

    def _run_until(self, moment: datetime) -> None:
        """Do what is due up to a moment, each at its own, and be there; the caller has begun `_running`."""
        reached = self.now()
        try:
            while self._due and self._due[0].time <= moment:
                due = heapq.heappop(self._due)
                reached = self._working_at = max(due.time, self._working_at or due.time)
                self._perform(due.work)
            reached = moment
        finally:
            self._working_at = None
            self._ahead += max(reached - self.now(), timedelta(0))
            self._running.release()
