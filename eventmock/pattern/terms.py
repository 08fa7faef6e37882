"""The terms of most event patterns: exact values, and whether there is a value. The other terms are in `operators`.

A term looks at one leaf and nothing else; `matching` defines what a list of terms, a field and a pattern mean. Terms
are values: equal terms mean the same, and `complexity` relies on this. Each has `matches(leaf)` and a text for people
(`str`).
Source: Amazon EventBridge user guide, "Comparison operators for use in event patterns", and recorded answers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

if TYPE_CHECKING:
    from eventmock.pattern.leaves import Key, Leaf


class Term(Protocol):
    """One member of a list in a pattern."""

    def matches(self, leaf: Leaf) -> bool:
        """Return whether a leaf satisfies the term."""
        ...


_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


def json_of(value: str | float | None) -> str:
    """Return the JSON text of a string, a number, true, false or null."""
    return _encode(value)


# Exact values


@dataclass(frozen=True, slots=True)
class ExactString:
    """`"text"` (unless the text is an IP address) and `{"exactly": "text"}`: an equal string."""

    text: str

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is this string."""
        return leaf.key == self.text

    def __str__(self) -> str:
        return json_of(self.text)


@dataclass(frozen=True, slots=True)
class ExactNumber:
    """`300`: an equal number; if the number is not comparable, a number with the same text."""

    text: str
    value: float | None

    @property
    def key(self) -> Key:
        """The key of the leaves that match."""
        return self.text.encode() if self.value is None else self.value

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is this number."""
        return leaf.key == self.key

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Literal:
    """`true`, `false` or `null`."""

    text: str

    @property
    def key(self) -> Key:
        """The key of the leaves that match."""
        return self.text.encode()

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is this literal."""
        return leaf.key == self.key

    def __str__(self) -> str:
        return self.text


Exact: TypeAlias = ExactString | ExactNumber | Literal


# Existence


@dataclass(frozen=True, slots=True)
class Exists:
    """`{"exists": true}`: any leaf at all."""

    def matches(self, leaf: Leaf) -> bool:  # noqa: ARG002 - a term is asked about a leaf
        """Return True: any leaf satisfies the term."""
        return True

    def __str__(self) -> str:
        return "exists: true"


@dataclass(frozen=True, slots=True)
class Absent:
    """`{"exists": false}`: no leaf on the path. `matching` decides whether there is one."""

    def matches(self, leaf: Leaf) -> bool:  # noqa: ARG002 - a term is asked about a leaf
        """Return False: no leaf satisfies the term."""
        return False

    def __str__(self) -> str:
        return "exists: false"


PLAIN: Final = frozenset({ExactString, ExactNumber, Literal, Exists, Absent})
"""The classes of the terms of this module."""
