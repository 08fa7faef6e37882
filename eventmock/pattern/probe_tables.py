"""Tables that map the operands of probes to stored objects, one class for each kind of probe.

A leaf is looked up in a table and finds the objects stored under the operands that it hits. The cost depends on the
leaf, and on the number of different lengths of the stored texts, but not on the number of probes. `range_table` has the
table of ranges. Exact keys are in a plain dictionary.
Source: ours.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import insort
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from eventmock.pattern import probes
from eventmock.pattern.addresses import digits_of
from eventmock.pattern.letter_case import folded
from eventmock.pattern.operator_probes import bits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.pattern.leaves import Leaf

Stored = TypeVar("Stored")
TextOfLeaf: TypeAlias = "Callable[[Leaf], str | None]"

_LEADING_DIGITS: Final = re.compile("[0-9A-F]{0,32}")


# The text of a leaf that a table compares


def text_of(leaf: Leaf) -> str | None:
    """Return the text of a leaf; None if it is not a string."""
    return leaf.key if isinstance(leaf.key, str) else None


def folded_text_of(leaf: Leaf) -> str | None:
    """Return the text of a leaf with its case folded; None if it is not a string."""
    return folded(leaf.key) if isinstance(leaf.key, str) else None


def address_bits_of(leaf: Leaf) -> str:
    """Return the bits of the hex digits at the beginning of the text that IP terms compare."""
    leading = _LEADING_DIGITS.match(digits_of(leaf))
    assert leading is not None
    return bits_of(leading[0])


# The tables


class ProbeTable(ABC, Generic[Stored]):
    """A table of objects, stored under the operands of probes of one kind."""

    __slots__ = ("_stored",)

    def __init__(self) -> None:
        self._stored: dict[Any, Stored] = {}

    def get(self, operand: Any) -> Stored | None:
        """Return the object stored under an operand; None if there is none."""
        return self._stored.get(operand)

    def put(self, operand: Any, stored: Stored) -> None:
        """Store an object under an operand under which nothing is stored."""
        self._stored[operand] = stored

    def drop(self, operand: Any) -> None:
        """Remove the object stored under an operand."""
        del self._stored[operand]

    @abstractmethod
    def find(self, leaf: Leaf, found: list[Stored]) -> None:
        """Add to `found` the objects stored under the operands that a leaf hits."""

    def __len__(self) -> int:
        return len(self._stored)


class TextTable(ProbeTable[Stored]):
    """A table of texts that the text of a leaf has to equal."""

    __slots__ = ("_read",)

    def __init__(self, read: TextOfLeaf) -> None:
        super().__init__()
        self._read = read

    def find(self, leaf: Leaf, found: list[Stored]) -> None:
        """Look up the whole text of a leaf."""
        stored = self._stored.get(self._read(leaf))
        if stored is not None:
            found.append(stored)


class _TableByLength(ProbeTable[Stored]):
    """A table of texts that knows their different lengths, in order, because pieces of these lengths are looked up."""

    __slots__ = ("_lengths", "_of_length", "_read")

    def __init__(self, read: TextOfLeaf) -> None:
        super().__init__()
        self._read = read
        self._lengths: list[int] = []
        self._of_length: dict[int, int] = {}

    def put(self, operand: str, stored: Stored) -> None:
        """Store an object under a text, and count the text's length."""
        super().put(operand, stored)
        length = len(operand)
        if length not in self._of_length:
            self._of_length[length] = 0
            insort(self._lengths, length)
        self._of_length[length] += 1

    def drop(self, operand: str) -> None:
        """Remove the object stored under a text, and count the text's length."""
        super().drop(operand)
        length = len(operand)
        self._of_length[length] -= 1
        if not self._of_length[length]:
            del self._of_length[length]
            self._lengths.remove(length)


class BeginningTable(_TableByLength[Stored]):
    """A table of texts that the text of a leaf has to begin with."""

    __slots__ = ()

    def find(self, leaf: Leaf, found: list[Stored]) -> None:
        """Look up the beginning of the leaf's text, in each length."""
        text = self._read(leaf)
        if text is not None:
            longest, all_stored = len(text), self._stored
            for length in self._lengths:
                if length > longest:
                    break
                stored = all_stored.get(text[:length])
                if stored is not None:
                    found.append(stored)


class EndTable(_TableByLength[Stored]):
    """A table of texts that the text of a leaf has to end with."""

    __slots__ = ()

    def find(self, leaf: Leaf, found: list[Stored]) -> None:
        """Look up the end of the leaf's text, in each length."""
        text = self._read(leaf)
        if text is not None:
            longest, all_stored = len(text), self._stored
            for length in self._lengths:
                if length > longest:
                    break
                stored = all_stored.get(text[longest - length :])
                if stored is not None:
                    found.append(stored)


class PartTable(_TableByLength[Stored]):
    """A table of short texts that the text of a leaf has to contain."""

    __slots__ = ()

    def find(self, leaf: Leaf, found: list[Stored]) -> None:
        """Look up every part of the leaf's text, in each length; equal parts once."""
        text = self._read(leaf)
        if text is not None:
            all_stored = self._stored
            for length in self._lengths:
                parts = dict.fromkeys([text[at : at + length] for at in range(len(text) - length + 1)])
                found += [all_stored[part] for part in parts if part in all_stored]


# The table of each kind of probe

_NEW_TABLE: Final[Mapping[str, Callable[[], ProbeTable[Any]]]] = {
    probes.FOLDED: partial(TextTable, folded_text_of),
    probes.PREFIX: partial(BeginningTable, text_of),
    probes.SUFFIX: partial(EndTable, text_of),
    probes.FOLDED_PREFIX: partial(BeginningTable, folded_text_of),
    probes.FOLDED_SUFFIX: partial(EndTable, folded_text_of),
    probes.PART: partial(PartTable, text_of),
    probes.BITS: partial(BeginningTable, address_bits_of),
}


def new_table(kind: str) -> ProbeTable[Any]:
    """Return an empty table for the probes of a kind, which is not that of ranges."""
    return _NEW_TABLE[kind]()
