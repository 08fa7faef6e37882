"""The JSON text of an event, read by Python's `json` where its values are all that patterns compare.

`json` is several times faster than the reader in `leaves`, which is exact for every text. Texts that `json` would read
differently are left to that reader: an object with a name that repeats, a number beyond the doubles, text that is not
JSON, and depths and numbers beyond the limits.
Source: ours; `leaves.read_event` defines what an event is.
"""

from __future__ import annotations

import json
from math import isinf
from typing import Any, Final, NoReturn

from eventmock.pattern.json_reader import MOST_DIGITS

_OF_NUMBERS: Final = "+-.0123456789Ee"
"""All characters that a number may have."""

_PIECE: Final = MOST_DIGITS // 2
"""The length of pieces of which each number with more than `MOST_DIGITS` digits fills at least one, in characters."""


class _NotPlain(Exception):  # noqa: N818 - it says what was found
    """Python values would not have all that the text has."""


def plain_values(text: str, deepest: int) -> dict[str, Any] | None:
    """Return the object that a text contains, as Python values; None if only the exact reader may read the text.

    Args:
        text: The text, which need not be JSON.
        deepest: The greatest depth of nesting, in levels.
    """
    if len(text) > MOST_DIGITS and _may_have_long_number(text):
        return None
    try:
        values = _decoder.decode(text)
    except (_NotPlain, ValueError, RecursionError):
        return None
    if type(values) is not dict or _is_deeper(values, text, deepest):
        return None
    return values


def _may_have_long_number(text: str) -> bool:
    """Return whether a text may have a number of more than `MOST_DIGITS` digits; few texts without one do."""
    return any(
        not text[start : start + _PIECE].strip(_OF_NUMBERS)
        for start in range(0, len(text) - _PIECE + 1, _PIECE)
    )


def _is_deeper(values: dict[str, Any], text: str, deepest: int) -> bool:
    """Return whether an object is nested more deeply than some number of levels. `text` is the JSON of the object."""
    if len(text) <= 2 * deepest or text.count("{") + text.count("[") <= deepest:
        return False
    level: list[Any] = [values]
    for _ in range(deepest):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
    return bool(level)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(members)
    if len(values) != len(members):
        raise _NotPlain
    return values


def _double(text: str) -> float:
    double = float(text)
    if isinf(double):
        raise _NotPlain
    return double


def _refuse_constant(_name: str) -> NoReturn:
    raise _NotPlain


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_double, parse_constant=_refuse_constant
)
