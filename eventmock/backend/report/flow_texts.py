"""The texts of times and messages in the data of the report."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, overload

from eventmock.history import wording

if TYPE_CHECKING:
    from datetime import datetime


@overload
def message_flow(text: str) -> str: ...
@overload
def message_flow(text: None) -> None: ...
@overload
def message_flow(text: str | None) -> str | None: ...
def message_flow(text: str | None) -> str | None:
    """Return a message of limited length; what a message quotes may be of any length."""
    if text is None or len(text) <= wording.LONGEST_LINE:
        return text
    return f"{text[: wording.LONGEST_LINE]}... ({len(text):,} characters)"


def time_flow(time: datetime) -> str:
    """Return a moment in ISO 8601 in UTC, with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
