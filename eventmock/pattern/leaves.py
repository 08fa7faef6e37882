"""The leaves of an event: every string, number, true, false and null in it, with its path and array positions.

Patterns look at nothing else. Not a check of the envelope (`id`, `time` and so on): that is the service's.
Source: Amazon EventBridge user guide, "Event patterns", and recorded answers on numbers, arrays and odd names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

from eventmock.pattern.addresses import hex_of_address
from eventmock.pattern.doubles import comparable_integer, java_text
from eventmock.pattern.json_reader import DEEPEST, MOST_DIGITS, JsonReader, Token
from eventmock.pattern.refusals import InvalidPattern
from eventmock.pattern.utf16 import without_half_pairs

Scalar: TypeAlias = str | int | float | None
Key: TypeAlias = str | float | bytes
Positions: TypeAlias = tuple[tuple[int, int], ...]

_INTEGER_LIMIT: Final = 10**MOST_DIGITS


class InvalidEvent(ValueError):
    """An event is not a JSON object that AWS would read; `str()` says what is wrong with it."""


class Leaf(NamedTuple):
    """One value of an event.

    Attributes:
        value: the value as Python has it.
        key: what exact terms compare: the text of a string, the double of a comparable number, else the JSON text
            as bytes (so that no string equals a number, and 1 is not `true`).
        positions: (number of the array, index in it) of each array the leaf lies in, but for the one it is itself
            an element of.
    """

    value: Scalar
    key: Key
    positions: Positions

    @property
    def digits(self) -> str:
        """What IP terms read: an address literal in hex, the text of a number, else nothing."""
        if isinstance(self.key, str):
            return hex_of_address(self.key) or ""
        if isinstance(self.value, float):
            return java_text(self.value)
        return "" if self.value is None or isinstance(self.value, bool) else str(self.value)


Leaves: TypeAlias = Mapping[str, Sequence[Leaf]]


class Event:
    """An event, read once to be matched against many patterns; see `read_event`.

    Attributes:
        leaves: the leaves by path, without those below an empty name.
        positioned: the paths (of all leaves) on which some leaf lies in an array.
    """

    __slots__ = ("_all_leaves", "leaves", "positioned")

    def __init__(self, document: _Document) -> None:
        self._all_leaves, empty_names = _flatten(document, into_empty_names=True)
        self.leaves: Leaves = self._all_leaves
        if empty_names:
            self.leaves, _ = _flatten(document, into_empty_names=False)
        self.positioned: frozenset[str] = frozenset(
            path for path, held in self._all_leaves.items() if any(leaf.positions for leaf in held)
        )

    def leaves_below_empty_names_too(self) -> Leaves:
        """The leaves by path, those below an empty name included."""
        return self._all_leaves


class _Fields(list[tuple[str, object]]):
    """A JSON object whose names repeat, as its pairs: all values of a repeated name count (recorded)."""


class _Overflow(float):
    """A number of the event's text that is beyond the doubles (an infinity that was not written `Infinity`)."""

    __slots__ = ()


_Document: TypeAlias = Mapping[str, object] | _Fields


def read_event(event: str | Mapping[str, object] | Event) -> Event:
    """Reads an event, given as JSON text or as the object such text stands for.

    Raises:
        InvalidEvent: the text or the object is not a JSON object, or is nested or has numbers beyond AWS's limits.
    """
    if isinstance(event, Event):
        return event
    document = _parsed(event) if isinstance(event, str) else event
    if not isinstance(document, Mapping | _Fields):
        raise InvalidEvent(f"an event must be a JSON object, not {type(document).__name__}")
    return Event(document)


# Text to document


def _parsed(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_double,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        return _parsed_stepwise(text)
    except json.JSONDecodeError as fault:
        raise InvalidEvent(f"an event must be JSON: {fault}") from None


def _object(fields: list[tuple[str, object]]) -> _Document:
    named = dict(fields)
    return named if len(named) == len(fields) else _Fields(fields)


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise InvalidEvent(f"a number of an event must have at most {MOST_DIGITS} digits")
    return int(text)


def _double(text: str) -> float:
    if len(text) > MOST_DIGITS and sum(map(str.isdigit, text)) > MOST_DIGITS:
        raise InvalidEvent(f"a number of an event must have at most {MOST_DIGITS} digits")
    double = float(text)
    return _Overflow(double) if math.isinf(double) else double


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidEvent(f"an event must be JSON, and {name} is no JSON")


def _parsed_stepwise(text: str) -> object:
    """Parses without recursion, for texts nested more deeply than Python's own parser goes."""
    try:
        return _built(JsonReader(text))
    except InvalidPattern as fault:
        raise InvalidEvent(f"an event must be JSON: {fault.reason}") from None


def _built(reader: JsonReader) -> object:
    containers: list[list[object]] = [[]]
    value: object
    while True:
        match reader.advance():
            case Token.NAME:
                continue
            case Token.END_OBJECT | Token.END_ARRAY:
                containers.pop()
                if len(containers) == 1:
                    break
                continue
            case Token.START_OBJECT:
                value = _Fields()
            case Token.START_ARRAY:
                value = []
            case Token.STRING:
                value = reader.text()
            case Token.NUMBER:
                written = reader.text()
                value = _double(written) if set(written) & set(".eE") else _integer(written)
            case literal:
                value = {Token.TRUE: True, Token.FALSE: False}.get(literal)
        holder = containers[-1]
        holder.append((reader.name, value) if isinstance(holder, _Fields) else value)
        if isinstance(value, list):
            containers.append(value)
    if reader.advance() is not Token.END:
        reader.refuse("there is text behind its end")
    return containers[0][0]


# Document to leaves


def _flatten(document: _Document, *, into_empty_names: bool) -> tuple[Leaves, bool]:
    """The leaves by path, and whether the document has empty names."""
    leaves: dict[str, list[Leaf]] = {}
    arrays, empty_names = 0, False
    pending: list[tuple[str | None, object, Positions, int]] = [(None, document, (), 1)]
    while pending:
        path, container, positions, depth = pending.pop()
        if depth > DEEPEST:
            raise InvalidEvent(f"an event must be nested at most {DEEPEST} levels deep")
        members: list[tuple[str, object, Positions]] = []
        if path is not None and isinstance(container, list | tuple) and not isinstance(container, _Fields):
            members = [
                (path, element, (*positions, (arrays, index))) for index, element in enumerate(container)
            ]
            arrays += 1
        elif isinstance(container, Mapping | _Fields):
            for name, value in container.items() if isinstance(container, Mapping) else container:
                if not isinstance(name, str):
                    raise InvalidEvent(f"a name in an event must be a string, not {name!r}")
                empty_names = empty_names or not name
                if name or into_empty_names:
                    members.append((name if path is None else f"{path}.{name}", value, positions))
        else:
            raise InvalidEvent(
                f"an event must hold JSON values only, not {type(container).__name__} ({path})"
            )
        nested = []
        for member_path, value, inner_positions in members:
            key_of = _KEY_OF.get(type(value)) or _key_of_subclass(value)
            if key_of is None:
                nested.append((member_path, value, inner_positions, depth + 1))
            else:
                leaf = Leaf(value, key_of(value), positions)
                leaves.setdefault(member_path, []).append(leaf)
        pending.extend(reversed(nested))
    return leaves, empty_names


def _key_of_integer(value: int) -> Key:
    if abs(value) >= _INTEGER_LIMIT:
        raise InvalidEvent(f"a number of an event must have at most {MOST_DIGITS} digits")
    double = comparable_integer(value)
    return str(value).encode() if double is None else double


def _key_of_double(value: float) -> Key:
    if math.isfinite(value):
        return float(value)
    if isinstance(value, _Overflow):
        return b"beyond the doubles"
    raise InvalidEvent(f"an event must be JSON, and {value} is no JSON")


_KEY_OF: Final[Mapping[type, Callable[[Any], Key]]] = {
    str: without_half_pairs,
    int: _key_of_integer,
    float: _key_of_double,
    bool: {True: b"true", False: b"false"}.__getitem__,
    type(None): {None: b"null"}.__getitem__,
}


def _key_of_subclass(value: object) -> Callable[[Any], Key] | None:
    """The same for values of subclasses, such as members of a `StrEnum`; None for what is no scalar."""
    return next((_KEY_OF[kind] for kind in (str, int, float) if isinstance(value, kind)), None)
