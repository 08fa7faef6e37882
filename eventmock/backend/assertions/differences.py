"""The differences of two JSON values: the path, the found value, the wanted value. Pure.

The wanted value may contain, at any depth, objects that only have an ``==``. Their ``==`` is called, not that of the
found value, and their repr is in the texts.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from eventmock.history.wording import cut, cut_at_the_front
from eventmock.values.deep_json import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LONGEST: Final = 140
"""The most characters in the text of a difference."""
_LONGEST_PATH: Final = 50
_NO_TUPLE: Final = " (a tuple never equals a JSON list)"
_KEPT: Final = 8
"""The number of characters that are kept of the common beginning of two long values."""


class Missing(Enum):
    """The type of `MISSING`, in place of a value that does not exist."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Difference(NamedTuple):
    """A path at which two values differ; `str()` is a line.

    Attributes:
        path: The path: names joined with dots, and indexes of arrays.
        found: The found value, or MISSING.
        wanted: The wanted value, or MISSING.
        verb: The verb between the path and the found value.
    """

    path: str
    found: object
    wanted: object
    verb: str = "held"

    def __str__(self) -> str:
        path = cut_at_the_front(self.path, _LONGEST_PATH)
        if self.found is MISSING:
            start = f"{path} is missing, wanted "
            return start + cut(text_of(self.wanted), _LONGEST - len(start))
        start = f"{path} {self.verb} "
        if self.wanted is MISSING:
            end = ", not wanted"
            return start + cut(text_of(self.found), _LONGEST - len(start) - len(end)) + end
        between = ", wanted "
        note = _NO_TUPLE if isinstance(self.found, list) and isinstance(self.wanted, tuple) else ""
        room = (_LONGEST - len(start) - len(between) - len(note)) // 2
        found, wanted = _apart(text_of(self.found), text_of(self.wanted), room)
        return f"{start}{found}{between}{wanted}{note}"


def differences(found: object, wanted: object, path: str) -> Iterator[Difference]:
    """Yield the differences of two values, at any depth; none if the values are equal.

    Args:
        found: A JSON value, as objects of Python.
        wanted: The wanted value. The comparison is ``wanted == found``.
        path: The path of the values.
    """
    open_ = [_Compared(found, wanted, (None, path))]
    while open_:
        within = open_[-1]
        for part in within.inside:
            if not isinstance(part, Difference):
                open_.append(part)
                break
            within.differs = True
            yield part
        else:
            open_.pop()
            if not within.differs and not within.is_equal:
                within.differs = True
                yield Difference(_text_of_path(within.path), within.found, within.wanted)
            if open_ and within.differs:
                open_[-1].differs = True


_Path: TypeAlias = "tuple[_Path | None, str]"
"""The path of a value: that of the object or array around it, and the last piece."""


class _Compared:
    """Two values that are compared.

    Attributes:
        inside: The differences of their members or elements, and the pairs of members or elements that are still to be
            compared.
        is_equal: Whether the two values are equal, if no member or element differs.
        differs: Whether a member or element differs.
    """

    __slots__ = ("differs", "found", "inside", "is_equal", "path", "wanted")

    def __init__(self, found: object, wanted: object, path: _Path) -> None:
        self.found, self.wanted, self.path = found, wanted, path
        self.differs = False
        self.inside: Iterator[Difference | _Compared] = iter(())
        # Python's == fails on values as deep as an event may be. So objects and arrays are compared by their members
        # and elements, unless their class may have its own ==.
        members = isinstance(found, dict) and isinstance(wanted, dict)
        elements = isinstance(found, list) and isinstance(wanted, list)
        is_plain = (members or elements) and type(found) is type(wanted) in (dict, list)
        self.is_equal = is_plain or wanted is found or bool(wanted == found)
        if self.is_equal and not is_plain:
            return
        if members:
            self.inside = _of_members(found, wanted, path)  # type: ignore[arg-type]  # its type was checked above
        elif elements:
            self.inside = _of_elements(found, wanted, path)  # type: ignore[arg-type]  # its type was checked above


def _of_members(
    found: Mapping[str, object], wanted: Mapping[str, object], path: _Path
) -> Iterator[Difference | _Compared]:
    for name, value in wanted.items():
        if name in found:
            yield _Compared(found[name], value, (path, f".{name}"))
        else:
            yield Difference(_text_of_path((path, f".{name}")), MISSING, value)
    for name, value in found.items():
        if name not in wanted:
            yield Difference(_text_of_path((path, f".{name}")), value, MISSING)


def _of_elements(
    found: Sequence[object], wanted: Sequence[object], path: _Path
) -> Iterator[Difference | _Compared]:
    for index, (one, other) in enumerate(zip(found, wanted, strict=False)):
        yield _Compared(one, other, (path, f"[{index}]"))
    if len(found) > len(wanted):
        further, rest = _tail(path, found, len(wanted))
        yield Difference(further, rest, MISSING)
    elif len(wanted) > len(found):
        further, rest = _tail(path, wanted, len(found))
        yield Difference(further, MISSING, rest)


def _tail(path: _Path, values: Sequence[object], start: int) -> tuple[str, object]:
    """Return the path and the list of the elements from an index on; for a single element its path and itself."""
    if start == len(values) - 1:
        return _text_of_path((path, f"[{start}]")), values[start]
    return _text_of_path((path, f"[{start}:]")), values[start:]


def _text_of_path(path: _Path) -> str:
    pieces: list[str] = []
    at: _Path | None = path
    while at is not None:
        at, piece = at
        pieces.append(piece)
    return "".join(reversed(pieces))


def text_of(value: object) -> str:
    """Return a value as JSON text; its `repr` if JSON has no such value."""
    return written(value, _text_of_scalar)


def _text_of_scalar(value: object) -> str:
    if value is None or isinstance(value, (str, int, float)):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _apart(one: str, other: str, room: int) -> tuple[str, str]:
    """Return two texts, each cut to at most `room` characters, with the place at which they begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    common = next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
    if common > _KEPT and max(len(one), len(other)) > room:
        one, other = ("..." + text[common - _KEPT :] for text in (one, other))
    return cut(one, room), cut(other, room)
