"""JSON of any depth, read and written. AWS accepts 1,000 levels, which is more than Python's `json` does.

How deep Python's `json` goes depends on the room on its caller's stack, which differs by version and by test. Only what
it refuses because of the depth is read and written here, without recursion and with the same result.
Source: ours; a Detail of 1,000 levels is documented (PutEvents, service model).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

from eventmock.exceptions import repr_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Set as AbstractSet

_SHALLOW: Final = 50
"""How many levels of nesting a part of a text may have to be read by Python's `json`."""

_STRING_OR_BRACKET: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_PLAIN_NAME: Final = re.compile(r'"([^"\\\x00-\x1f]*+)"[ \t\n\r]*+:[ \t\n\r]*+')
_CLOSING: Final = {"{": "}", "[": "]"}
_decoder: Final = json.JSONDecoder()


def loads(text: str | bytes, decoder: json.JSONDecoder = _decoder) -> Any:
    """Return the value of a JSON text.

    Args:
        text: The text; as bytes, in UTF-8, UTF-16 or UTF-32.
        decoder: The decoder whose hooks and settings apply.

    Raises:
        ValueError: The text is not JSON.
    """
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text), "surrogatepass")
    try:
        return decoder.decode(text)
    except RecursionError:
        return _read(text, decoder)


def place_without_json(value: object) -> str | None:
    """Return the place of the first part of a value that JSON cannot express, as Python's subscripts; None if none is.

    In ``{"items": [{"price": Decimal(9)}]}`` it is ``['items'][0]['price']``. The place of the whole value is ``""``.

    Args:
        value: The value. It must not contain itself before that part.
    """
    open_: list[tuple[str, object]] = [("", value)]
    while open_:
        place, part = open_.pop()
        if isinstance(part, dict):
            open_ += reversed([(f"{place}[{repr_of(name)}]", member) for name, member in part.items()])
        elif isinstance(part, (list, tuple)):
            open_ += reversed([(f"{place}[{index}]", item) for index, item in enumerate(part)])
        elif part is not None and not isinstance(part, (str, int, float)):
            return place
    return None


def dumps(value: object, separators: tuple[str, str] = (", ", ": ")) -> str:
    """Return a value as JSON text.

    Args:
        value: What Python's `json` writes.
        separators: The text between members or items, and the text between a name and its value.

    Raises:
        TypeError: The value contains an object that JSON cannot express.
        ValueError: The value contains itself.
    """
    try:
        return json.dumps(value, separators=separators)
    except RecursionError:
        return written(copied(value, lambda scalar: scalar), json.dumps, separators)


def written(
    value: object, scalar: Callable[[object], str], separators: tuple[str, str] = (", ", ": ")
) -> str:
    """Return a value as text.

    Args:
        value: Dictionaries and lists, none of which contains itself, and values that `scalar` accepts.
        scalar: Returns the text of any other value, and of a member's name.
        separators: The text between members or items, and the text between a name and its value.
    """
    return "".join(_pieces(value, scalar, separators))


def copied(value: object, scalar: Callable[[Any], object]) -> Any:
    """Return a copy of a value.

    Args:
        value: Dictionaries, lists and tuples, none of which contains itself, and values that `scalar` accepts.
        scalar: Returns the copy of any other value. In the copy, names are text, and tuples are lists.
    """
    whole: list[Any] = [None]
    pending: list[tuple[Any, Any, object]] = [(whole, 0, value)]
    while pending:
        container, place, held = pending.pop()
        if isinstance(held, dict):
            container[place] = copy = dict.fromkeys(map(str, held))
            pending += [(copy, str(name), inner) for name, inner in held.items()]
        elif isinstance(held, list | tuple):
            container[place] = items = [None] * len(held)
            pending += [(items, index, inner) for index, inner in enumerate(held)]
        else:
            container[place] = scalar(held)
    return whole[0]


# Reading


def _read(text: str, decoder: json.JSONDecoder) -> Any:
    """Return the value of a text; the decoder reads only the parts of it that are not nested deeply."""
    tall: AbstractSet[int] = _tall(text)
    # a hook that was not given is None, although typeshed's stubs say otherwise
    as_object: Callable[[list[tuple[str, Any]]], Any] = cast("Any", decoder.object_pairs_hook) or dict
    scan_once: Callable[[str, int], tuple[Any, int]] = cast("Any", decoder).scan_once
    containers: list[tuple[str, list[Any]]] = []
    names: list[str] = []
    at = _behind_space(text, 0)
    while True:
        if at in tall:
            containers.append((text[at], []))
            at = _behind_space(text, at + 1)
            if containers[-1][0] == "{":
                at = _read_name(text, at, names)
            continue
        try:
            value, at = scan_once(text, at)
        except StopIteration as end:
            raise json.JSONDecodeError("Expecting value", text, end.value) from None
        while containers:
            opening, members = containers[-1]
            members.append((names.pop(), value) if opening == "{" else value)
            at = _behind_space(text, at)
            mark = text[at : at + 1]
            if mark == ",":
                at = _behind_space(text, at + 1)
                if opening == "{":
                    at = _read_name(text, at, names)
                break
            if mark != _CLOSING[opening]:
                raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
            containers.pop()
            at += 1
            value = as_object(members) if opening == "{" else members
        else:
            at = _behind_space(text, at)
            if at < len(text):
                raise json.JSONDecodeError("Extra data", text, at)
            return value


def _tall(text: str) -> set[int]:
    """Return where the objects and arrays begin that are too deep for Python's `json`, or are not closed."""
    tall: set[int] = set()
    starts, levels = [], [0]
    for found in _STRING_OR_BRACKET.finditer(text):
        mark = found[0]
        if mark in _CLOSING:
            starts.append(found.start())
            levels.append(0)
        elif mark in ("]", "}") and starts:
            start, height = starts.pop(), levels.pop() + 1
            levels[-1] = max(levels[-1], height)
            if height > _SHALLOW:
                tall.add(start)
    return tall.union(starts)


def _behind_space(text: str, at: int) -> int:
    if not text[at : at + 1].isspace():
        return at
    passed = _SPACE.match(text, at)
    assert passed is not None
    return passed.end()


def _read_name(text: str, at: int, names: list[str]) -> int:
    """Read a member's name into `names`, and return the offset of its value."""
    plain = _PLAIN_NAME.match(text, at)
    if plain is not None:
        names.append(plain[1])
        return plain.end()
    if text[at : at + 1] != '"':
        raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
    name, at = json.decoder.scanstring(text, at + 1, True)  # type: ignore[attr-defined]  # it has no stub
    at = _behind_space(text, at)
    if text[at : at + 1] != ":":
        raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
    names.append(name)
    return _behind_space(text, at + 1)


# Writing


def _pieces(value: Any, scalar: Callable[[object], str], separators: tuple[str, str]) -> Iterator[str]:
    comma, colon = separators
    open_: list[tuple[Iterator[Any], str]] = []
    while True:
        if type(value) is dict:
            yield "{"
            open_.append((iter(value.items()), "}"))
        elif type(value) is list:
            yield "["
            open_.append((iter(value), "]"))
        else:
            yield scalar(value)
        between = "" if type(value) in _CONTAINERS else comma
        while open_:
            members, closing = open_[-1]
            try:
                value = next(members)
            except StopIteration:
                yield closing
                open_.pop()
                between = comma
                continue
            yield between
            if closing == "}":
                name, value = value
                yield scalar(name)
                yield colon
            break
        else:
            return


_CONTAINERS: Final = (dict, list)
