"""Formats of texts that schemas name: the texts of each, and an example.

A format counts as a promise of the producer. Each expression admits all texts of its format, and may admit others.
Formats that are not here say nothing about texts.
Source: JSON Schema 2020-12, "Defined Formats"; RFC 3339, RFC 4122.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class TextFormat(NamedTuple):
    """A format.

    Attributes:
        expression: Matches all texts of the format.
        example: A text of the format.
    """

    expression: re.Pattern[str]
    example: str


_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_CLOCK: Final = r"\d{2}:\d{2}:\d{2}(\.\d+)?"
_OFFSET: Final = r"([Zz]|[+-]\d{2}:\d{2})"

FORMATS: Final = {
    name: TextFormat(re.compile(expression), example)
    for name, expression, example in (
        ("date", _DATE, "2026-01-15"),
        ("date-time", rf"{_DATE}[Tt ]{_CLOCK}{_OFFSET}", "2026-01-15T10:00:00Z"),
        ("time", f"{_CLOCK}{_OFFSET}?", "10:00:00Z"),
        ("duration", r"P[0-9A-Z.,]+", "P1D"),
        (
            "uuid",
            r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            "a1b2c3d4-5678-40ab-8def-111122223333",
        ),
        ("email", r"[\s\S]*@[\s\S]*", "someone@example.com"),
        ("ipv4", r"\d{1,3}(\.\d{1,3}){3}", "192.0.2.1"),
        ("ipv6", r"[0-9a-fA-F:.%\w]*:[0-9a-fA-F:.%\w]*", "2001:db8::1"),
        ("uri", r"[A-Za-z][A-Za-z0-9+.-]*:[\s\S]*", "https://example.com/"),
    )
}
