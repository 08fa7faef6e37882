"""The check of the datetimes that `Rate` and `Cron` get: aware, converted to UTC.

Source: "all scheduled events use UTC". That naive datetimes are refused is our decision: a naive datetime would mean
the time zone of the machine that runs the test.
"""

from datetime import UTC, datetime


def as_utc(instant: datetime) -> datetime:
    """Return the same instant with UTC as its time zone.

    Raises:
        ValueError: The datetime is naive.
    """
    if instant.utcoffset() is None:
        raise ValueError(
            f"schedules need aware datetimes, but {instant!r} has no time zone; "
            "give it one: tzinfo=datetime.UTC"
        )
    return instant.astimezone(UTC)
