"""The output of commands: lines in which control characters are escaped, or JSON in ASCII."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from eventmock.history.wording import printable

if TYPE_CHECKING:
    from typing import TextIO


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
