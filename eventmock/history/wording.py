"""Words that several views of what happened use."""

from __future__ import annotations


def printable(line: str) -> str:
    """A line with what would break it escaped: control characters and half surrogate pairs."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in line
    )
