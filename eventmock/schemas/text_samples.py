"""A text that a regular expression of a schema matches, for examples of events.

The parse tree of Python's own `re` is followed, with the fewest repetitions and the first of all choices. The result is
a proposal: who asks has to check it.
Source: ours.
"""

from __future__ import annotations

import re
from re import _constants as constants, _parser as parser  # type: ignore[attr-defined]  # CPython's own, without stubs
from typing import Any, Final

_CANDIDATES: Final = "aA0 -_.x1"
_CLASSES: Final[dict[Any, str]] = {
    constants.CATEGORY_DIGIT: "0",
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_WORD: "a",
}


def sample_of(expression: str) -> str | None:
    """Return a short text that may match a regular expression; None if none is found."""
    try:
        return "".join(map(_text, parser.parse(expression)))
    except (re.error, RecursionError, OverflowError):
        return None


def _text(node: tuple[Any, Any]) -> str:
    operation, argument = node
    if operation is constants.LITERAL:
        return chr(argument)
    if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
        least, _, inner = argument
        return "".join(map(_text, inner)) * int(least)
    if operation is constants.SUBPATTERN:
        return "".join(map(_text, argument[3]))
    if operation is constants.BRANCH:
        return "".join(map(_text, argument[1][0]))
    if operation is constants.IN:
        return _one_of(argument)
    if operation is constants.ANY:
        return "x"
    if operation is constants.NOT_LITERAL:
        return "x" if argument != ord("x") else "y"
    return ""


def _one_of(items: list[tuple[Any, Any]]) -> str:
    kind, value = items[0]
    if kind is constants.LITERAL:
        return chr(value)
    if kind is constants.RANGE:
        return chr(value[0])
    if kind is constants.CATEGORY:
        return _CLASSES.get(value, "-")
    excluded = items[1:]
    return next((one for one in _CANDIDATES if not any(_holds(item, one) for item in excluded)), "~")


def _holds(item: tuple[Any, Any], character: str) -> bool:
    kind, value = item
    if kind is constants.LITERAL:
        return bool(ord(character) == value)
    if kind is constants.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    words = {constants.CATEGORY_DIGIT: r"\d", constants.CATEGORY_SPACE: r"\s", constants.CATEGORY_WORD: r"\w"}
    return value in words and re.match(words[value], character) is not None
