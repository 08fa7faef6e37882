"""Moments and spans of time as a test gives them, and what comes of them at the ends of the calendar.

Python's calendar has the years 1 to 9999. A moment outside it is refused where it is given. A span may be as long as
`datetime.timedelta` can say: what would happen after the end of the calendar happens at its end.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventmock.exceptions import OptionError

FIRST: Final = datetime.min.replace(tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)
MOMENT_WANTED: Final = (
    "wanted a datetime, or ISO 8601 text such as '2026-01-31T12:00:00Z', in the years 1 to 9999 of UTC"
)


def later(moment: datetime, span: timedelta) -> datetime:
    """The moment that comes so much later; the end of the calendar where it does not reach that far.

    Args:
        moment: In UTC, aware.
        span: How much later; earlier, where it is negative.
    """
    try:
        return moment + span
    except OverflowError:
        return LAST if span > timedelta(0) else FIRST


def read_moment(given: object) -> datetime | None:
    """The moment that a datetime or ISO 8601 text names, in UTC; a naive one is UTC.

    Returns:
        The moment; None where it is something else, or in UTC outside the years 1 to 9999.
    """
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
        if not isinstance(moment, datetime):
            return None
        return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def check_span(what: str, span: Any, *, may_be_zero: bool = True) -> None:
    """See that something is a span of time that a test can wait for.

    Args:
        what: What was given, for the message.
        span: What should be one.
        may_be_zero: Whether it may have no length.

    Raises:
        OptionError: It is none, or negative.
    """
    __tracebackhide__ = True
    is_span = isinstance(span, timedelta)
    if not is_span or span < timedelta(0) or (not may_be_zero and not span):
        wanted = "that is not negative" if may_be_zero else "above zero"
        raise OptionError(f"{what}: wanted a timedelta {wanted}")
