"""Points in time as people write them: ISO 8601, in UTC unless the text has an offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

WANTED: Final = "wanted ISO 8601 such as 2026-01-31T12:00:00Z"


def instant_of(text: str) -> datetime:
    """Return the point in time of a text, to the second, in UTC.

    Raises:
        ValueError: The text is not ISO 8601, or not in the years 1 to 9999 in UTC.
    """
    instant = datetime.fromisoformat(text).replace(microsecond=0)
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text} is beyond the years 1 to 9999") from None


def text_of(instant: datetime) -> str:
    """Return a point in time in UTC as ISO 8601, to the second."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
