"""The clock of a backend: the only file that asks what time it is.

It follows the process's wall clock (so a clock frozen by freezegun or time-machine is followed) unless it was
given a start time: then it stands there. It never changes the process's time.
"""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """Tells the time that the mocked service believes in.

    Args:
        start_time: Where the clock stands, aware; None to follow the wall clock.
    """

    def __init__(self, start_time: datetime | None = None) -> None:
        self._frozen = None if start_time is None else start_time.astimezone(UTC)

    def now(self) -> datetime:
        """The moment, in UTC, aware."""
        return datetime.now(UTC) if self._frozen is None else self._frozen

    def timestamp(self) -> float:
        """The moment in seconds since the epoch."""
        return self.now().timestamp()
