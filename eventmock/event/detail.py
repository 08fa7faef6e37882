"""The ``Detail`` of an entry: JSON text, read once.

Source: aws-recorded-behaviour section 8 has the malformed details (recorded). PutEvents takes a Detail of 1,000 levels
(documented, service model). The limit of 1,000 digits is the pattern engine's (pattern-matching sections 2 and 8). That
PutEvents refuses a Detail beyond these limits is inferred from "is not processed" in the service model.
"""

from __future__ import annotations

import json
import re
from sys import intern
from typing import Any, Final

from eventmock.pattern import DEEPEST, InvalidEvent, read_event

_KINDS: Final = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
_MANY: Final = 900
_LONG_NUMBER: Final = re.compile(r"[0-9]{900}")
_DIGITS: Final = re.compile(r"[0-9]{19}")
_STRING_OR_NUMBER: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?[0-9][0-9.eE+-]*)')
_MOST_DIGITS_OF_64_BITS: Final = 20
_LONGEST_SHOWN: Final = 40


class MalformedDetail(ValueError):  # noqa: N818 - AWS's own name for it
    """The text is not a single JSON object that AWS reads; the exception's text has the reason."""


class _TextSaysMore(Exception):  # noqa: N818 - it says what happened
    """Python values cannot represent the text: a name is repeated, or a number is larger than a double."""


def read_detail(text: str) -> dict[str, Any] | None:
    """Read a detail.

    Returns:
        The object; None if Python values cannot represent all of the text that patterns match, or if the text is nested
        more deeply than Python's reader can read.

    Raises:
        MalformedDetail: The text is not a single JSON object, or its depth or a number is beyond what AWS reads.
    """
    value: dict[str, Any] | None
    try:
        value = _decoder.decode(text)
    except (_TextSaysMore, RecursionError):
        value = None
    except ValueError as error:
        if _LONG_NUMBER.search(text) is None:
            raise MalformedDetail(f"it is no JSON: {error}") from None
        value = None  # Python's reader may have refused the number, not the text
    if value is None or _may_be_beyond_limits(text):
        _read_whole(text)
    elif not isinstance(value, dict):
        raise MalformedDetail(f"it is {_KINDS[type(value)]}, wanted an object")
    return value


def hint_about(text: str) -> str | None:
    """Return advice for the tester about a detail that is accepted; None if there is none.

    The documentation of PutEvents warns of integers beyond 64 bits. They are delivered as they are written (inferred,
    see schedules-archives-permissions, last section), but many readers of JSON change them.

    Args:
        text: The detail as JSON text.
    """
    if _DIGITS.search(text) is None:
        return None
    numbers = (found[1] for found in _STRING_OR_NUMBER.finditer(text))
    large = [
        number for number in numbers if number and number.lstrip("-").isdigit() and _is_beyond_64_bits(number)
    ]
    if not large:
        return None
    shown = large[0] if len(large[0]) <= _LONGEST_SHOWN else f"{large[0][:_LONGEST_SHOWN]}..."
    more = f" (and {len(large) - 1} more)" if len(large) > 1 else ""
    return (
        f"the Detail holds the integer {shown}{more}, which is beyond 64 bits: it is delivered as it is written, but "
        "many readers of JSON, that of JavaScript among them, make another number of it; send it as a string"
    )


def _is_beyond_64_bits(digits: str) -> bool:
    """Return whether an integer, given by its digits, needs more than 64 bits."""
    return len(digits) > _MOST_DIGITS_OF_64_BITS or not -(2**63) <= int(digits) < 2**63


def _read_whole(text: str) -> None:
    """Check by the pattern engine, which reads any depth, that a text is an object within the limits.

    Raises:
        MalformedDetail: The text is not.
    """
    try:
        read_event(text, deepest=DEEPEST)
    except InvalidEvent as error:
        raise MalformedDetail(str(error).replace("an event", "a Detail")) from None


def _may_be_beyond_limits(text: str) -> bool:
    """Return whether a text may be beyond the limits; a quick check, without reading it."""
    return len(text) > _MANY and (
        text.count("[") + text.count("{") > _MANY or _LONG_NUMBER.search(text) is not None
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = {intern(name): member for name, member in pairs}
    if len(value) != len(pairs):
        raise _TextSaysMore
    return value


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _TextSaysMore
    return value


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_decoder: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
