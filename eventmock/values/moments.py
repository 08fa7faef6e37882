"""Points in time and durations that a test gives, also at the ends of Python's calendar.

The calendar has the years 1 to 9999. A point in time outside it is refused where it is given. A duration may be any
`datetime.timedelta`: what would happen after the end of the calendar happens at its end.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NAIVE: Final = 100
"""The most naive datetimes of a thread that are kept: PutEvents of a custom event bus takes so many entries."""
FIRST: Final = datetime.min.replace(tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)
MOMENT_WANTED: Final = (
    "wanted a datetime, or ISO 8601 text such as '2026-01-31T12:00:00Z', in the years 1 to 9999 of UTC"
)


def later(moment: datetime, span: timedelta) -> datetime:
    """Return a moment plus a duration; the end of the year 9999 if the sum is beyond it.

    Args:
        moment: An aware datetime in UTC.
        span: The duration to add; it may be negative.
    """
    try:
        return moment + span
    except OverflowError:
        return LAST if span > timedelta(0) else FIRST


def in_milliseconds(moment: datetime) -> datetime:
    """Return a moment without what is less than a millisecond of it: the precision of a service's own moments."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def with_milliseconds(moment: datetime) -> str:
    """Return a moment as ISO 8601 text with milliseconds, such as ``2026-01-31T12:00:00.000Z``.

    Args:
        moment: An aware datetime in UTC.
    """
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def read_moment(given: object) -> datetime | None:
    """Return the moment that a datetime or ISO 8601 text names, in UTC; a naive one is UTC.

    Returns:
        The moment; None if the value is neither, or is outside the years 1 to 9999 in UTC.
    """
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
        if not isinstance(moment, datetime):
            return None
        return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def check_span(what: str, span: Any, *, may_be_zero: bool = True) -> None:
    """Check that a value is a timedelta that is not negative.

    Args:
        what: The option's name, for the error's text.
        span: The value.
        may_be_zero: Whether zero is allowed.

    Raises:
        OptionError: The value is not a timedelta, or is negative, or is zero where that is not allowed.
    """
    __tracebackhide__ = True
    is_span = isinstance(span, timedelta)
    if not is_span or span < timedelta(0) or (not may_be_zero and not span):
        wanted = "that is not negative" if may_be_zero else "above zero"
        raise OptionError(f"{what}: wanted a timedelta {wanted}")


class NaiveMoments(threading.local):
    """The moments that botocore has made of naive datetimes in a thread, for advice about them.

    botocore takes a naive datetime as UTC. So ``datetime.now()`` becomes another moment if the local time is not UTC.
    """

    def __init__(self) -> None:
        self._offsets: dict[datetime, timedelta] = {}

    def note(self, naive: datetime, moment: datetime) -> None:
        """Keep a moment that botocore has made of a naive datetime, if the local time is not UTC."""
        try:
            offset = naive.astimezone().utcoffset()
        except (OverflowError, ValueError, OSError):  # a datetime at the ends of the calendar
            return
        if offset:
            self._offsets[moment] = offset
        while len(self._offsets) > MOST_NAIVE:  # of requests that did not ask for them
            del self._offsets[next(iter(self._offsets))]

    def take(self) -> dict[datetime, timedelta]:
        """Return the moments of this thread, each with the offset of the local time from UTC, and forget them."""
        taken, self._offsets = self._offsets, {}
        return taken


NAIVE_MOMENTS: Final = NaiveMoments()
"""The moments made of naive datetimes. botocore makes them in the thread in which it then sends the request."""


def offset_of(time: datetime, naive: Mapping[datetime, timedelta]) -> timedelta | None:
    """Return the offset of the local time, if a time of a request was made of a naive datetime; else None.

    Args:
        time: The time, as it was sent. Some versions of botocore send whole seconds.
        naive: The moments that were made of naive datetimes, each with the offset.
    """
    second = time.replace(microsecond=0)
    return next((offset for moment, offset in naive.items() if moment.replace(microsecond=0) == second), None)
