"""A table of ranges of numbers. The cost to find all ranges that contain a number depends on how many are found.

The doubles, in order, are the leaves of a binary trie. A range is stored at the lowest node that spans it, in a list
sorted by low ends and in a list sorted by high ends. Every range of a node contains the middle of the node. So a number
left of the middle is in the range if it is not below the low end; a number right of the middle, if it is not above the
high end. Adding or removing a range changes one node. Ends always count as inside the range.
Source: ours (an interval tree with implicit nodes).
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Final, Generic, TypeAlias

from eventmock.pattern.probe_tables import ProbeTable, Stored

if TYPE_CHECKING:
    from eventmock.pattern.leaves import Leaf

Ends: TypeAlias = tuple[float, float]

_DOUBLE: Final = struct.Struct(">d")
_GREATEST_PLACE: Final = 2**63 - 1


def place_of(number: float) -> int:
    """Return the position of a double in the order of all doubles, from 0."""
    bits = int.from_bytes(_DOUBLE.pack(number + 0.0), signed=True)
    return bits + 2**63 if bits >= 0 else _GREATEST_PLACE - (bits + 2**63)


class _SortedEnds(Generic[Stored]):
    """Stored objects, sorted by one end of their ranges."""

    __slots__ = ("_ends", "_stored")

    def __init__(self) -> None:
        self._ends: list[float] = []
        self._stored: list[Stored] = []

    def put(self, end: float, stored: Stored) -> None:
        at = bisect_left(self._ends, end)
        self._ends.insert(at, end)
        self._stored.insert(at, stored)

    def drop(self, end: float, stored: Stored) -> None:
        at = bisect_left(self._ends, end)
        while self._stored[at] is not stored:
            at += 1
        del self._ends[at]
        del self._stored[at]

    def up_to(self, number: float) -> list[Stored]:
        return self._stored[: bisect_right(self._ends, number)]

    def from_(self, number: float) -> list[Stored]:
        return self._stored[bisect_left(self._ends, number) :]

    def __len__(self) -> int:
        return len(self._ends)


class _Node(Generic[Stored]):
    """The ranges that contain the middle of a node and are in no node below it."""

    __slots__ = ("by_high", "by_low")

    def __init__(self) -> None:
        self.by_low: _SortedEnds[Stored] = _SortedEnds()
        self.by_high: _SortedEnds[Stored] = _SortedEnds()


class RangeTable(ProbeTable[Stored]):
    """A table of ranges that include both ends and that a number has to lie in."""

    __slots__ = ("_levels", "_nodes")

    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[int, dict[int, _Node[Stored]]] = {}
        self._levels: list[int] = []

    def put(self, operand: Ends, stored: Stored) -> None:
        """Store an object under a range, also in the range's node."""
        super().put(operand, stored)
        low, high = operand
        level, place = _node_of(low, high)
        nodes = self._nodes.get(level)
        if nodes is None:
            nodes = self._nodes[level] = {}
            insort(self._levels, level)
        node = nodes.setdefault(place, _Node())
        node.by_low.put(low, stored)
        node.by_high.put(high, stored)

    def drop(self, operand: Ends) -> None:
        """Remove the object stored under a range, also from the range's node."""
        stored = self._stored[operand]
        super().drop(operand)
        low, high = operand
        level, place = _node_of(low, high)
        nodes = self._nodes[level]
        node = nodes[place]
        node.by_low.drop(low, stored)
        node.by_high.drop(high, stored)
        if not node.by_low:
            del nodes[place]
            if not nodes:
                del self._nodes[level]
                self._levels.remove(level)

    def find(self, leaf: Leaf, found: list[Stored]) -> None:
        """Look up a number in the nodes that span it, one on each level."""
        number = leaf.key
        if not isinstance(number, float):
            return
        place = place_of(number)
        for level in self._levels:
            node = self._nodes[level].get(place >> level)
            if node is not None:
                in_upper_half = level and place >> (level - 1) & 1
                found += node.by_high.from_(number) if in_upper_half else node.by_low.up_to(number)


def _node_of(low: float, high: float) -> tuple[int, int]:
    """Return the level and the position of the lowest node that spans a range."""
    first, last = place_of(low), place_of(high)
    level = (first ^ last).bit_length()
    return level, first >> level
