"""The texts that CloudFormation makes of numbers and booleans."""

from __future__ import annotations

from typing import Any, Final

OFF_IN_YAML: Final = "in YAML, OFF without quotes is false"
"""Advice for a template that has false where ``OFF`` is wanted."""


def text_of(value: Any) -> str | None:
    """Return the text of a scalar, such as ``true`` or ``5``; None if the value is a list, a mapping or null.

    The text of ``4.0`` is ``4`` (inferred: numbers of that form were seen to arrive so in event patterns).
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (int, float)) else None
