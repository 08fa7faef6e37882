"""The ``Detail`` of an entry: JSON text, read once.

Source: aws-recorded-behaviour section 8 has the malformed details (recorded). PutEvents takes a Detail of 1,000 levels
(documented, service model). The limit of 1,000 digits is the pattern engine's (pattern-matching sections 2 and 8). That
PutEvents refuses a Detail beyond these limits is inferred from "is not processed" in the service model.
"""

from __future__ import annotations

import re
from sys import intern
from typing import Any, Final

from eventmock.pattern import DEEPEST, InvalidEvent, read_event
from eventmock.values.deep_json import loads

_DIGITS: Final = re.compile(r"[0-9]{19}")
_STRING_OR_NUMBER: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?[0-9][0-9.eE+-]*)'
_MOST_DIGITS_OF_64_BITS: Final = 20
_LONGEST_SHOWN: Final = 40


class MalformedDetail(ValueError):  # noqa: N818 - AWS's own name for it
    """The text is not a single JSON object that AWS reads; the exception's text has the reason."""


def read_detail(text: str) -> dict[str, Any] | None:
    """Read a detail.

    Returns:
        The object; None if Python values cannot represent all of the text that patterns compare, or if the text is
        nested more deeply than Python's `json` reads.

    Raises:
        MalformedDetail: The text is not a single JSON object, or its depth or a number is beyond what AWS reads.
    """
    try:
        values = read_event(text, deepest=DEEPEST).values
    except InvalidEvent as error:
        raise MalformedDetail(f"{error}{likely_cause(text)}".replace("an event", "a Detail", 1)) from None
    # many events have the same names, which are kept once
    return None if values is None else {intern(name): member for name, member in values.items()}


def likely_cause(text: str) -> str:
    """Return what the sender of a malformed detail has likely done, after a semicolon; empty if nothing is likely."""
    if text.startswith("{'"):
        return "; this is how Python writes a dictionary: json.dumps(...) makes JSON of it"
    if not text.startswith('"{'):
        return ""
    try:
        inner = loads(text)
        twice = isinstance(inner, str) and isinstance(loads(inner), dict)
    except ValueError:
        return ""
    return "; the string holds a JSON object: json.dumps(...) was called twice" if twice else ""


def hint_about(text: str) -> str | None:
    """Return advice for the tester about a detail that is accepted; None if there is none.

    The documentation of PutEvents warns of integers beyond 64 bits. They are delivered as they are written (inferred,
    see schedules-archives-permissions, last section), but many readers of JSON change them.

    Args:
        text: The detail as JSON text.
    """
    if _DIGITS.search(text) is None:
        return None
    numbers = (found[1] for found in re.finditer(_STRING_OR_NUMBER, text))
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
