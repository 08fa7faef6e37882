"""Names that a person may have meant: equal but for case and separators, or within two letters. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LETTERS: Final = 2
"""The most letters by which two names differ that are taken for one another."""
_LETTERS_OF_A_NAME: Final = 3
"""The number of letters of a name for each letter that may differ, so that short names stay apart."""


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a person may have meant by another name; None if none is near enough.

    A name that differs only in case, blanks, ``-`` and ``_`` comes first. Else the nearest name counts that differs in
    one or two letters: each one left out, added, replaced, or swapped with the next. Names that differ only in digits,
    such as ``order-1`` and ``order-2``, are different things, and not near.

    Args:
        name: The name that was given.
        known: The known names. The given name itself, if it is among them, is not near.
    """
    others = [other for other in known if other != name]
    plain = _plain(name)
    for other in others:
        if _plain(other) == plain:
            return other
    others = [other for other in others if _without_digits(other) != _without_digits(name)]
    most = min(MOST_LETTERS, len(plain) // _LETTERS_OF_A_NAME)
    distances = [
        (_distance(plain, _plain(other)), other) for other in others if abs(len(other) - len(name)) <= 4
    ]
    near = [(distance, other) for distance, other in distances if distance <= most]
    return min(near, key=lambda one: one[0])[1] if near else None


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").replace(" ", "")


def _without_digits(name: str) -> str:
    return re.sub(r"\d+", "0", name)


def _distance(one: str, other: str) -> int:
    """Return the number of letters by which two texts differ, or 3 if it is more than two."""
    if abs(len(one) - len(other)) > MOST_LETTERS:
        return MOST_LETTERS + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        before, last, row = row, before, [index]
        for place, another in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != another))
            if last and place > 1 and letter == other[place - 2] and one[index - 2] == another:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
        if min(row) > MOST_LETTERS:
            return MOST_LETTERS + 1
    return row[-1]
