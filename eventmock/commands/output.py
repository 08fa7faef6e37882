"""The output of commands: lines in which control characters are escaped, or JSON in ASCII."""

from __future__ import annotations

import json
import sys
from math import isfinite
from typing import TYPE_CHECKING, Any

from eventmock.history.wording import printable

if TYPE_CHECKING:
    from typing import TextIO

    from eventmock.pattern import Explanation


def say(text: str, stream: TextIO | None = None) -> None:
    """Write one or more lines.

    Args:
        text: The lines.
        stream: The stream to write to; standard output if None.
    """
    for line in text.split("\n"):
        print(printable(line), file=stream or sys.stdout)


def say_json(value: Any) -> None:
    """Write a value as JSON."""
    say(json.dumps(value, indent=2))


def fields_of(explanation: Explanation) -> list[dict[str, Any]]:
    """Return the fields of an explanation as values that JSON can express."""
    return [
        {
            "path": field.path,
            "held": [_as_json(value) for value in field.held],
            "wanted": list(field.wanted),
            "satisfied": field.satisfied,
        }
        for field in explanation.fields
    ]


def _as_json(value: object) -> object:
    """Return a value as it is; a number that is too large for a double, as text."""
    return json.dumps(value) if isinstance(value, float) and not isfinite(value) else value
