"""The exceptions for a bad pattern, and AWS's words for the place where reading stopped.

The checks themselves are in `syntax` and `json_reader`.
Source: AWS's error texts as recorded (ValidationException and InvalidEventPatternException of TestEventPattern).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from eventmock.pattern.utf16 import utf16_length, without_half_pairs

SHOWN_UNITS: Final = 500
"""How many UTF-16 units of a pattern AWS shows in an error text."""

_LINE_END: Final = r"\r\n|\r|\n"
_INVISIBLE: Final = r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]"


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column of a pattern's text, both from 1; columns count UTF-16 units. `str()` is AWS's wording."""

    text: str
    line: int
    column: int

    @classmethod
    def of(cls, text: str, offset: int) -> Place:
        """Return the place of the character at an offset of the text."""
        line, start = 1, 0
        for end in re.compile(_LINE_END).finditer(text, 0, offset):
            line, start = line + 1, end.end()
        return cls(text, line, utf16_length(text[start:offset]) + 1)

    def one_column_on(self) -> Place:
        """Return the place after the character that is at this place."""
        return replace(self, column=self.column + 1)

    def __str__(self) -> str:
        units = self.text.encode("utf-16-le", "surrogatepass")
        shown = units[: 2 * SHOWN_UNITS].decode("utf-16-le", "surrogatepass")
        shown = re.sub(_INVISIBLE, lambda found: f"\\u{ord(found[0]):04X}", without_half_pairs(shown))
        hidden = len(units) // 2 - SHOWN_UNITS
        rest = f"[truncated {hidden} chars]" if hidden > 0 else ""
        return f'[Source: (String)"{shown}"{rest}; line: {self.line}, column: {self.column}]'


class InvalidPattern(ValueError):  # noqa: N818 - named as AWS names InvalidEventPatternException
    """AWS refuses an event pattern; `str()` is exactly the message of AWS.

    Attributes:
        reason: The part of the message without the place.
        line: The line of the place, from 1; None if AWS names no place.
        column: The column of the place, from 1, in UTF-16 units; None if AWS names no place.
    """

    def __init__(self, reason: str, *places: Place) -> None:
        self.reason: Final = without_half_pairs(reason)
        self.places: Final = places
        self.line: Final = places[0].line if places else None
        self.column: Final = places[0].column if places else None
        super().__init__(self._message())

    def _message(self) -> str:
        told = "".join(f"\n at {place}" for place in self.places)
        return f"Event pattern is not valid. Reason: {self.reason}{told}"


class EngineFailure(InvalidPattern):
    """AWS's engine fails on an event pattern: the service answers InternalFailure, with an empty message."""

    def _message(self) -> str:
        return ""
