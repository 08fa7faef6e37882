"""Values of expressions and the engine that evaluates them: the package jsonata-python.

The engine is imported when the first expression is met. Its null is an object of its own. Its None means that there is
nothing, but in arrays and objects that the engine has copied, None is null, too. Inferred: a number that is only passed
on keeps its text.
"""

from __future__ import annotations

import json
import math
import re
import sys
import threading
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import OptionError
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRA: Final = 'pip install "eventmock[jsonata]"'

_ROOM: Final = 3_000
"""The levels of Python's stack that an expression gets beyond those of its caller."""
_quoted: Final = json.encoder.encode_basestring


class ExpressionFailed(Exception):  # noqa: N818 - it says what happened
    """An expression has no result: it raised an error or reached a limit. The text says which."""


class _Number(float):
    """A number of a JSON text that has a fraction or an exponent, with its text."""

    __slots__ = ("text",)
    text: str


_importing: Final = threading.Lock()


@cache
def engine() -> Any:
    """Return the package jsonata-python.

    Raises:
        OptionError: The package is not installed, or another module has its name.
    """
    with _importing:
        limit = sys.getrecursionlimit()
        try:
            import jsonata  # type: ignore[import-untyped]  # it has no types
        except ModuleNotFoundError:
            raise OptionError(f"{_WANTED}, and that is not installed: {EXTRA}") from None
        finally:
            sys.setrecursionlimit(limit)  # the package sets one of its own, for the whole process
    if not hasattr(jsonata, "Jsonata"):
        place = getattr(jsonata, "__file__", None)
        raise OptionError(f"{_WANTED}, but the module jsonata is another one ({place}): {EXTRA}")
    return jsonata


_WANTED: Final = (
    "an expression {% ... %} of the Custom Event Bus is JSONata, which eventmock evaluates by the package "
    "jsonata-python"
)


class _Inside:
    """How many threads evaluate expressions now, and the limit of recursion for the others."""

    lock: Final = threading.Lock()
    count = 0
    limit = 0


@contextmanager
def room() -> Iterator[None]:
    """Give an expression room on Python's stack, however deep its caller is."""
    depth, frame = 0, sys._getframe()  # noqa: SLF001 - the only way to count frames without building a list
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    with _Inside.lock:
        if not _Inside.count:
            _Inside.limit = sys.getrecursionlimit()
        _Inside.count += 1
        sys.setrecursionlimit(max(sys.getrecursionlimit(), depth + _ROOM))
    try:
        yield
    finally:
        with _Inside.lock:
            _Inside.count -= 1
            if not _Inside.count:
                sys.setrecursionlimit(_Inside.limit)


def null() -> Any:
    """Return the engine's null."""
    return engine().Utils.NULL_VALUE


def value_of(text: str) -> Any:
    """Return the value of a JSON text as expressions have it: null is an object, and numbers keep their text.

    Raises:
        ValueError: The text is not JSON.
        OptionError: The package that evaluates expressions is not installed.
    """
    nothing = null()
    whole = [loads(text, _decoder)]
    waiting: list[Any] = [whole]
    while waiting:
        part = waiting.pop()
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            if value is None:
                part[key] = nothing
            elif isinstance(value, (dict, list)):
                waiting.append(value)
    return whole[0]


def json_of(value: Any) -> str:
    """Return a value of an expression as JSON text.

    Raises:
        ExpressionFailed: The value has a function in it, or a number that JSON cannot express.
    """
    return "".join(_written(value, null()))


def _written(value: Any, nothing: Any) -> Iterator[str]:  # noqa: C901 - a case for each type of JSON
    """Yield a value as JSON text, in parts. Within arrays and objects the engine has None for null, too."""
    if value is None or value is nothing:
        yield "null"
    elif value is True or value is False:
        yield "true" if value else "false"
    elif isinstance(value, str):
        yield _quoted(value)
    elif isinstance(value, _Number):
        yield value.text
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionFailed(f"The result has a number out of range: {value}")
        yield _text_of_number(value)
    elif isinstance(value, dict):
        for number, (name, member) in enumerate(value.items()):
            yield f"{',' if number else '{'}{_quoted(str(name))}:"
            yield from _written(member, nothing)
        yield "}" if value else "{}"
    elif isinstance(value, (list, tuple)):
        for number in range(len(value)):
            yield "," if number else "["
            yield from _written(value[number], nothing)
        yield "]" if value else "[]"
    else:
        raise ExpressionFailed("The result is a function, or has one in it")


_LEAST_WITHOUT_EXPONENT: Final = 1e-6
_FIRST_WITH_EXPONENT: Final = 1e21
"""The first number that JSON.stringify of JavaScript writes with an exponent."""


def _text_of_number(value: float) -> str:
    """Return a number as JSON.stringify of JavaScript writes it."""
    shortest = repr(value)
    if value == 0 or _LEAST_WITHOUT_EXPONENT <= abs(value) < _FIRST_WITH_EXPONENT:
        return f"{Decimal(shortest):f}".removesuffix(".0") if value else "0"
    return re.sub(r"(?<=e[+-])0+", "", shortest)


def _number(text: str) -> _Number:
    number = _Number(text)
    number.text = text
    return number


_decoder: Final = json.JSONDecoder(parse_float=_number)
