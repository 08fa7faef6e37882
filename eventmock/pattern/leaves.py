"""The leaves of an event: every string, number, true, false and null in it, with its path and array positions.

Patterns look at nothing else. Not a check of the envelope (`id`, `time` and so on): that is the service's.
Source: Amazon EventBridge user guide, "Event patterns", and recorded answers on numbers, arrays and odd names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias, cast

from eventmock.deep_json import loads
from eventmock.pattern.addresses import hex_of_address
from eventmock.pattern.doubles import comparable_integer, java_text
from eventmock.pattern.json_reader import DEEPEST, MOST_DIGITS
from eventmock.pattern.utf16 import without_half_pairs

Scalar: TypeAlias = str | int | float | None
Key: TypeAlias = str | float | bytes

DEEPEST_EVENT: Final = DEEPEST + 1
"""How many levels an event has at most: those of its Detail, and itself."""

_INTEGER_LIMIT: Final = 10**MOST_DIGITS


class InvalidEvent(ValueError):  # noqa: N818 - named as AWS names InvalidEventPatternException
    """An event is not a JSON object that AWS would read; `str()` says what is wrong with it."""


class Element:
    """An element of an array that is no leaf itself: what leaves lie in. Told apart by identity.

    Attributes:
        array: the number of the array.
        around: the element that the array lies in, None if it lies in none.
        depth: how many elements lie around one another here, itself among them.
    """

    __slots__ = ("around", "array", "depth")

    def __init__(self, array: int, around: Element | None) -> None:
        self.array = array
        self.around = around
        self.depth: int = 1 if around is None else around.depth + 1


class Leaf(NamedTuple):
    """One value of an event.

    Attributes:
        value: the value as Python has it.
        key: what exact terms compare: the text of a string, the double of a comparable number, else the JSON text
            as bytes (so that no string equals a number, and 1 is not `true`).
        element: the innermost element of an array that the leaf lies in, None if it lies in none. A leaf that is
            an element itself does not lie in that one.
    """

    value: Scalar
    key: Key
    element: Element | None

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
        members: its members by name, as Python has them; of a repeated name the last.
        leaves: the leaves by path, without those below an empty name.
        positioned: the paths (of all leaves) on which some leaf lies in an array.
    """

    __slots__ = ("_all_leaves", "leaves", "members", "positioned")

    def __init__(self, document: _Document, deepest: int) -> None:
        everything = _Walk(deepest, into_empty_names=True)
        everything.go(document)
        named = everything
        if everything.met_empty_name:
            named = _Walk(deepest, into_empty_names=False)
            named.go(document)
        self.members: Mapping[str, object] = document if isinstance(document, Mapping) else dict(document)
        self.leaves: Leaves = named.leaves
        self.positioned: AbstractSet[str] = everything.positioned
        self._all_leaves: Leaves = everything.leaves

    def leaves_below_empty_names_too(self) -> Leaves:
        """The leaves by path, those below an empty name included."""
        return self._all_leaves


class _Fields(list[tuple[str, object]]):
    """A JSON object whose names repeat, as its pairs: all values of a repeated name count (recorded)."""


class _Overflow(float):
    """A number of the event's text that is beyond the doubles (an infinity that was not written `Infinity`)."""

    __slots__ = ()


_Document: TypeAlias = Mapping[str, object] | _Fields

_JSON_KINDS: Final[Mapping[type, str]] = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    _Overflow: "a number",
    bool: "a boolean",
    type(None): "null",
}


def read_event(event: str | Mapping[str, object] | Event, deepest: int = DEEPEST_EVENT) -> Event:
    """Reads an event, given as JSON text or as the object such text stands for.

    Args:
        event: the event; one that is read already is returned.
        deepest: how many levels it may have.

    Raises:
        InvalidEvent: the text or the object is not a JSON object, or is nested or has numbers beyond AWS's limits.
    """
    if isinstance(event, Event):
        return event
    document = _parsed(event) if isinstance(event, str) else event
    if not isinstance(document, Mapping | _Fields):
        kind = type(document)
        raise InvalidEvent(f"an event must be a JSON object, not {_JSON_KINDS.get(kind, kind.__name__)}")
    return Event(document, deepest)


# Text to document


def _parsed(text: str) -> object:
    try:
        return loads(text, _decoder)
    except json.JSONDecodeError as fault:
        words = "there is text behind its end" if fault.msg == "Extra data" else str(fault)
        raise InvalidEvent(f"an event must be JSON: {words}") from None


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


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_double, parse_constant=_refuse_constant
)


# Document to leaves


class _Walk:
    """A walk over a document; without recursion, as AWS reads 1,000 levels."""

    __slots__ = (
        "_arrays",
        "_deepest",
        "_into_empty_names",
        "_pending",
        "leaves",
        "met_empty_name",
        "positioned",
    )

    def __init__(self, deepest: int, *, into_empty_names: bool) -> None:
        self._deepest = deepest
        self._into_empty_names = into_empty_names
        self._arrays = 0
        self._pending: list[tuple[str, object, Element | None, int]] = []
        self.leaves: dict[str, list[Leaf]] = {}
        self.positioned: set[str] = set()
        self.met_empty_name = False

    def go(self, document: _Document) -> None:
        """Collects the leaves of a document."""
        self._pass_object("", document, None, 1)
        while self._pending:
            path, value, around, depth = self._pending.pop()
            if depth > self._deepest:
                raise InvalidEvent(f"an event must be nested at most {self._deepest} levels deep")
            if isinstance(value, Mapping | _Fields):
                self._pass_object(f"{path}.", value, around, depth)
            elif isinstance(value, list | tuple):
                self._pass_array(path, value, around, depth)
            else:
                kind = type(value).__name__
                raise InvalidEvent(f"an event must hold JSON values only, not {kind} ({path})")

    def _pass_object(self, prefix: str, fields: _Document, around: Element | None, depth: int) -> None:
        nested = []
        for name, value in fields.items() if isinstance(fields, Mapping) else fields:
            if not isinstance(name, str):
                raise InvalidEvent(f"a name in an event must be a string, not {name!r}")
            if not name:
                self.met_empty_name = True
                if not self._into_empty_names:
                    continue
            if not self._take(prefix + name, value, around):
                nested.append((prefix + name, value, around, depth + 1))
        self._pending.extend(reversed(nested))

    def _pass_array(self, path: str, elements: Sequence[object], around: Element | None, depth: int) -> None:
        nested = [
            (path, element, Element(self._arrays, around), depth + 1)
            for element in elements
            if not self._take(path, element, around)
        ]
        self._arrays += 1
        self._pending.extend(reversed(nested))

    def _take(self, path: str, value: object, around: Element | None) -> bool:
        """Takes a leaf; False if the value is none."""
        leaf = leaf_of(value, around)
        if leaf is None:
            return False
        self.leaves.setdefault(path, []).append(leaf)
        if around is not None:
            self.positioned.add(path)
        return True


def leaf_of(value: object, around: Element | None) -> Leaf | None:
    """A value as a leaf; None if it is none, but an array, an object or nothing JSON has.

    Raises:
        InvalidEvent: the value is a number that AWS would not read.
    """
    key_of = _KEY_OF.get(type(value)) or _key_of_subclass(value)
    return None if key_of is None else Leaf(cast("Scalar", value), key_of(value), around)


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
