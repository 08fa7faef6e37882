"""How two JSON values differ: where, what was found, what was wanted. Pure.

What is wanted may hold objects that only have an ``==``, at any depth: it is asked first, and they show by their repr.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LONGEST: Final = 140
"""How many characters the text of a difference has at most."""
_LONGEST_PATH: Final = 50
_KEPT: Final = 8
"""How many characters are shown of what two long values have in common at their beginning."""


class Missing(Enum):
    """Stands for a value where there is none."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Difference(NamedTuple):
    """One place where two values differ; `str()` is a line.

    Attributes:
        path: Names joined with dots, and indexes of arrays.
        found: What is there, or MISSING.
        wanted: What was wanted there, or MISSING.
        verb: How the line says that it is there.
    """

    path: str
    found: object
    wanted: object
    verb: str = "held"

    def __str__(self) -> str:
        path = self.path if len(self.path) <= _LONGEST_PATH else f"...{self.path[3 - _LONGEST_PATH :]}"
        if self.found is MISSING:
            start = f"{path} is missing, wanted "
            return start + cut(text_of(self.wanted), _LONGEST - len(start))
        start = f"{path} {self.verb} "
        if self.wanted is MISSING:
            end = ", not wanted"
            return start + cut(text_of(self.found), _LONGEST - len(start) - len(end)) + end
        between = ", wanted "
        room = (_LONGEST - len(start) - len(between)) // 2
        found, wanted = _apart(text_of(self.found), text_of(self.wanted), room)
        return f"{start}{found}{between}{wanted}"


def differences(found: object, wanted: object, path: str) -> Iterator[Difference]:
    """Where two values differ; nowhere if they are equal.

    Args:
        found: A JSON value as Python has it.
        wanted: What it is compared with, by ``wanted == found``.
        path: Where the values are.
    """
    if wanted == found:
        return
    inside: Iterator[Difference] = iter(())
    if isinstance(found, dict) and isinstance(wanted, dict):
        inside = _of_members(found, wanted, path)
    elif isinstance(found, list) and isinstance(wanted, list):
        inside = _of_elements(found, wanted, path)
    is_inside = False
    for difference in inside:
        is_inside = True
        yield difference
    if not is_inside:
        yield Difference(path, found, wanted)


def _of_members(found: Mapping[str, object], wanted: Mapping[str, object], path: str) -> Iterator[Difference]:
    for name, value in wanted.items():
        if name in found:
            yield from differences(found[name], value, f"{path}.{name}")
        else:
            yield Difference(f"{path}.{name}", MISSING, value)
    for name, value in found.items():
        if name not in wanted:
            yield Difference(f"{path}.{name}", value, MISSING)


def _of_elements(found: Sequence[object], wanted: Sequence[object], path: str) -> Iterator[Difference]:
    for index, (one, other) in enumerate(zip(found, wanted, strict=False)):
        yield from differences(one, other, f"{path}[{index}]")
    if len(found) > len(wanted):
        further, rest = _tail(path, found, len(wanted))
        yield Difference(further, rest, MISSING)
    elif len(wanted) > len(found):
        further, rest = _tail(path, wanted, len(found))
        yield Difference(further, MISSING, rest)


def _tail(path: str, values: Sequence[object], start: int) -> tuple[str, object]:
    """The elements from an index, and where they are; of a single one the element."""
    if start == len(values) - 1:
        return f"{path}[{start}]", values[start]
    return f"{path}[{start}:]", values[start:]


def text_of(value: object) -> str:
    """A value as JSON spells it, and what is no JSON by its repr."""
    if type(value) is dict:
        return "{" + ", ".join(f"{text_of(name)}: {text_of(held)}" for name, held in value.items()) + "}"
    if type(value) is list:
        return "[" + ", ".join(map(text_of, value)) + "]"
    if value is None or isinstance(value, (str, int, float)):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def cut(text: str, room: int) -> str:
    """A text in at most so many characters: of a long one the beginning."""
    return text if len(text) <= room else f"{text[: room - 3]}..."


def _apart(one: str, other: str, room: int) -> tuple[str, str]:
    """Two texts, each in at most so many characters, such that one sees where they begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    common = next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
    if common > _KEPT and max(len(one), len(other)) > room:
        one, other = ("..." + text[common - _KEPT :] for text in (one, other))
    return cut(one, room), cut(other, room)
