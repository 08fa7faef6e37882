"""Instants as schedules read them: aware, in UTC.

What it is: `as_utc`, the check at the door of `Rate` and `Cron`. What it is not: a clock.
Source: "all scheduled events use UTC"; refusing naive datetimes is our decision (a naive one would mean the
time zone of whoever runs the test).
"""

from datetime import UTC, datetime


def as_utc(instant: datetime) -> datetime:
    """Answer the same instant with UTC as its time zone.

    Raises:
        ValueError: the datetime is naive.
    """
    if instant.utcoffset() is None:
        raise ValueError(
            f"schedules need aware datetimes, but {instant!r} has no time zone; "
            "give it one: tzinfo=datetime.UTC"
        )
    return instant.astimezone(UTC)
