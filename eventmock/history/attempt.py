"""An attempt: one try to hand an event to a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

ERROR_FROM_TARGET: Final = "ERROR_FROM_TARGET"
"""AWS's code of an error for which it has no code of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to hand an event to a target.

    Attributes:
        number: Which one it is, from 1.
        time: When, aware.
        error_code: What went wrong, by one of AWS's codes for dead letters, such as ``THROTTLING``; None if nothing.
        error_message: The same in one line.
    """

    number: int
    time: datetime
    error_code: str | None = None
    error_message: str = ""

    @property
    def error(self) -> str | None:
        """What went wrong, in one line; None if nothing did."""
        if self.error_code is None:
            return None
        return error_text(self.error_code, self.error_message)


def error_text(code: str, message: str) -> str:
    """An error in one line; a code that says nothing but that the target failed is left out."""
    return message if code == ERROR_FROM_TARGET and message else ": ".join(filter(None, (code, message)))
