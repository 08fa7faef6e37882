"""What a schema says about a place, in words for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from eventmock.schemas.json_values import ALL_TYPES, SCALARS
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventmock.schemas.alternative import Alternative

MOST_VALUES: Final = 6
"""The most values of a list that are shown."""

_WORDS: Final = {"boolean": "true or false", "null": "null", "object": "an object", "array": "an array"}
_ORDER: Final = ("string", "number", "boolean", "null", "object", "array")


def said_about(alternatives: Iterable[Alternative], *, only_scalars: bool = False) -> str:
    """Return what the values of some alternatives are, such as ``number from 0 or null``.

    Args:
        alternatives: The alternatives.
        only_scalars: Whether objects and arrays are left out if there are scalars.
    """
    said: dict[str, None] = {}
    listed: dict[str, None] = {}
    found = list(alternatives)
    if only_scalars and any(one.types & SCALARS for one in found):
        found = [one for one in found if one.types & SCALARS]
    for one in found:
        if one.values is not None:
            listed.update(dict.fromkeys(map(dumps, one.values)))
            continue
        if one.types == ALL_TYPES and not one.expressions and not one.formats:
            return "anything"
        kinds = one.types & SCALARS if only_scalars and one.types & SCALARS else one.types
        for kind in sorted(kinds, key=_ORDER.index):
            said[_kind(one, kind)] = None
    values = _listed(list(listed))
    return " or ".join([*([values] if values else []), *said]) or "nothing"


def kinds_of(alternatives: Iterable[Alternative]) -> set[str]:
    """Return the types of the values of some alternatives, in words."""
    words = {"string": "text", "number": "number", **_WORDS}
    return {words[kind] for one in alternatives for kind in one.types}


def _listed(values: Sequence[str]) -> str:
    if not values:
        return ""
    more = f" and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
    shown = ", ".join(values[:MOST_VALUES])
    return f"one of {shown}{more}" if len(values) > 1 else f"only {shown}"


def _kind(one: Alternative, kind: str) -> str:
    if kind == "number":
        return _number(one)
    return _text(one) if kind == "string" else _WORDS[kind]


def _number(one: Alternative) -> str:
    words = ["integer" if one.is_integral else "number"]
    low, high, is_low_in, is_high_in = one.range
    if math.isfinite(low):
        words.append(f"from {low:g}" if is_low_in else f"above {low:g}")
    if math.isfinite(high):
        words.append(f"to {high:g}" if is_high_in else f"below {high:g}")
    words += [f"in steps of {factor:g}" for factor in one.factors]
    return " ".join(words)


def _text(one: Alternative) -> str:
    words = ["text"]
    words += [f"in the format {name}" for name in one.formats]
    words += [f"that matches {expression}" for expression in one.expressions]
    least, most = one.lengths
    if math.isfinite(most):
        words.append(f"of {least} to {most:g} characters" if least else f"of at most {most:g} characters")
    elif least:
        words.append(f"of at least {least} characters")
    return " ".join(words)
