"""JSON values as JSON Schema compares them."""

from __future__ import annotations

from typing import Any, Final

SCALARS: Final = frozenset({"string", "number", "boolean", "null"})
"""The types of JSON values that patterns see."""

ALL_TYPES: Final = SCALARS | {"object", "array"}


def type_of(value: object) -> str:
    """Return the type of a JSON value, as schemas name it; an integer is a ``number``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def are_equal(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal: 1 equals 1.0, and is not true."""
    kind = type_of(one)
    if kind != type_of(other):
        return False
    if kind == "object":
        return one.keys() == other.keys() and all(are_equal(one[name], other[name]) for name in one)
    if kind == "array":
        return len(one) == len(other) and all(map(are_equal, one, other))
    return bool(one == other)
