"""Whether leaves that satisfy the fields of a pattern can be chosen from the same elements of arrays.

Of each array of an event at most one element may be chosen, and a field may be absent where no leaf of it lies in what
the fields before it (in the order of their paths) have chosen. The elements in which leaves lie form a tree: choosing
goes on from an element into its arrays, and in an array into one of its elements. So each element is judged once, the
innermost first, by the set of fields that it holds; sets are the bits of an integer, the first field the lowest.
Elements of an array that hold the same are judged once. Cost: linear in the leaves on the paths of the fields.

Where the same field has leaves in two arrays beside each other (names that repeat, or that hold dots, make it so),
choices depend on one another, and the problem is as hard as any search. Only then are the sets of fields that can be
satisfied together joined, or, where a field may be absent, all choices tried.
Source: recorded answers of AWS on arrays and `exists: false`; the way to find them is ours.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventmock.pattern.leaves import Element, Leaves
    from eventmock.pattern.matching import Field

_Choice: TypeAlias = frozenset[tuple[int, int]]
"""Elements that are chosen: (number of the array, number of the element in the tree)."""


class _Node:
    """An element of an array, or the event itself.

    Attributes:
        number: its place in the tree, behind the one around it.
        wanted: the fields of which a leaf that satisfies them lies directly in it.
        held: the fields of which any leaf lies directly in it.
        arrays: the arrays in it.
        below: the fields of which leaves lie in one of these.
        among: the fields of which leaves lie in the array that it is an element of; of the event, all.
        satisfied: the fields that are wanted in it or around it: what is deeper may satisfy them, but need not.
        present: the fields that are held in it or around it, and so are not absent.
        in_flat: whether it is an element of an array in whose elements no array lies.
    """

    __slots__ = (
        "among", "arrays", "below", "held", "in_flat", "number", "present", "satisfied", "shape", "wanted",
    )  # fmt: skip

    def __init__(self) -> None:
        self.number = self.shape = 0
        self.wanted = self.held = self.below = self.among = self.satisfied = self.present = 0
        self.in_flat = False
        self.arrays: dict[int, _Array] = {}


class _Array:
    """An array.

    Attributes:
        elements: its elements in which leaves lie.
        below: the fields that these leaves are of.
        is_flat: whether no array lies in an element.
    """

    __slots__ = ("_wanting", "below", "elements", "is_flat")

    def __init__(self) -> None:
        self.elements: list[_Node] = []
        self.below = 0
        self.is_flat = True
        self._wanting: dict[int, list[_Node]] | None = None

    def wanting(self, field: int) -> Sequence[_Node]:
        """Return the elements in which a leaf lies that satisfies a field, given as its bit."""
        if self._wanting is None:
            self._wanting = defaultdict(list)
            for element in self.elements:
                rest = element.wanted
                while rest:
                    bit = _lowest(rest)
                    rest ^= bit
                    self._wanting[bit].append(element)
        return self._wanting.get(field, ())


class ArrayTree:
    """The elements in which an event's leaves on the paths of some fields lie.

    Args:
        fields: the fields, in the order of their paths; of those of one path at most one is asked about at a time.
        leaves: the leaves of the event, by path.
    """

    def __init__(self, fields: Sequence[Field], leaves: Leaves) -> None:
        self._all: Final = (1 << len(fields)) - 1
        self._may_be_absent: Final = sum(
            1 << place for place, field in enumerate(fields) if field.may_be_absent
        )
        self._in_several_arrays = 0
        event = _Node()
        self._nodes = _with_alike_as_one(_nodes_of(event, fields, leaves), len(fields) + 1)
        event.among, event.satisfied, event.present = self._all, event.wanted, event.held
        for number, node in enumerate(self._nodes):
            node.number = number
            for array in node.arrays.values():
                self._in_several_arrays |= node.below & array.below
                node.below |= array.below
                for element in array.elements:
                    element.among = array.below
                    element.in_flat = array.is_flat
                    element.satisfied = element.wanted | node.satisfied
                    element.present = element.held | node.present

    def agrees(self, asked: int | None = None) -> bool:
        """Return whether one choice of elements satisfies fields together.

        Args:
            asked: the fields, as bits; all unless said.
        """
        asked = self._all if asked is None else asked
        if asked & self._in_several_arrays:
            if asked & self._may_be_absent:
                return self._agrees_by_search(asked)
            return asked in self._satisfiable_together(asked)[0]
        # Of each node: the first field (as its bit) that can choose a leaf in it while all others agree, 0 if they
        # cannot. An element that is chosen by an earlier field lets more of the others be absent, so first is best.
        first = [0] * len(self._nodes)
        nobody = self._all + 1
        for node in reversed(self._nodes):
            if node.in_flat:
                continue  # is judged below, if it comes into question
            earliest = self._first_in(node, asked)
            for array in node.arrays.values():
                below = array.below & asked
                if not below:
                    continue
                needed = below & ~node.satisfied
                if array.is_flat:
                    # Where all are needed, the first of them has to choose a leaf.
                    candidates = array.wanting(_lowest(needed)) if needed == below else array.elements
                    found = [self._first_in(one, asked) for one in candidates]
                else:
                    found = [first[one.number] for one in array.elements]
                reached = min(filter(None, found), default=0)
                if needed and not 0 < reached <= _lowest(needed):
                    break
                earliest = min(earliest, reached or nobody)
            else:
                first[node.number] = earliest
        return bool(first[0])

    def _first_in(self, node: _Node, asked: int) -> int:
        """The first field that can choose a leaf directly in a node, 0 if a field has no leaf there and needs one."""
        lacking = node.among & asked & ~node.satisfied & ~node.below
        if lacking & (~self._may_be_absent | node.present):
            return 0
        return _lowest(node.wanted & asked) or self._all + 1

    def first_conflict(self) -> int | None:
        """Return the place of the first field that no choice satisfies together with those before it, or None."""
        if self.agrees():
            return None
        agreeing, conflicting = 0, self._all.bit_length()
        while conflicting - agreeing > 1:
            middle = (agreeing + conflicting) // 2
            if self.agrees((1 << middle) - 1):
                agreeing = middle
            else:
                conflicting = middle
        return conflicting - 1

    def _satisfiable_together(self, asked: int) -> list[set[int]]:
        """Of each node, the fields that one choice below it satisfies: all such sets that are in no other."""
        sets: list[set[int]] = [set()] * len(self._nodes)
        for node in reversed(self._nodes):
            found = {node.wanted & asked}
            for array in node.arrays.values():
                of_elements = _largest({one for element in array.elements for one in sets[element.number]})
                found = _largest({one | other for one in found for other in of_elements})
            sets[node.number] = found
        return sets

    def _agrees_by_search(self, asked: int) -> bool:
        """Return the same, by carrying all choices along from field to field."""
        where: list[_Choice] = [frozenset()] * len(self._nodes)
        arrays = 0
        for node in self._nodes:
            for array in node.arrays.values():
                for element in array.elements:
                    where[element.number] = where[node.number] | {(arrays, element.number)}
                arrays += 1
        places = [place for place in range(asked.bit_length()) if asked >> place & 1]
        held = [[where[node.number] for node in self._nodes if node.held >> place & 1] for place in places]
        arrays_from = _arrays_from(held)
        choices: set[_Choice] = {frozenset()}
        for order, place in enumerate(places):
            kept = arrays_from[order + 1]
            fixed = {array for choice in choices for array, _ in choice}
            wanted = (node for node in self._nodes if node.wanted >> place & 1)
            offered = {_restricted(where[node.number], fixed | kept) for node in wanted}
            taken = {choice | offer for choice, offer in _agreeing(choices, offered)}
            if self._may_be_absent >> place & 1:
                present = {_restricted(elements, fixed) for elements in held[order]}
                taken |= choices - {choice for choice, _ in _agreeing(choices, present)}
            choices = {_restricted(choice, kept) for choice in taken}
        return bool(choices)


def _lowest(bits: int) -> int:
    """Return the lowest bit, 0 if there is none."""
    return bits & -bits


def _largest(sets: set[int]) -> set[int]:
    """Return the sets that are in no other."""
    largest: list[int] = []
    for one in sorted(sets, key=int.bit_count, reverse=True):
        if not any(one & other == one for other in largest):
            largest.append(one)
    return set(largest)


# Building the tree


def _nodes_of(event: _Node, fields: Sequence[Field], leaves: Leaves) -> list[_Node]:
    """Return the event and the elements in which leaves lie, each behind the one around it."""
    nodes: dict[Element | None, _Node] = {None: event}
    for place, field in enumerate(fields):
        bit = 1 << place
        for leaf in leaves.get(field.path, ()):
            node = nodes.get(leaf.element)
            if node is None:
                node = _entered(nodes, leaf.element)
            node.held |= bit
            if not node.wanted & bit and field.wants(leaf):
                node.wanted |= bit
    return list(nodes.values())


def _entered(nodes: dict[Element | None, _Node], element: Element | None) -> _Node:
    """Return the node of an element, made with those around it."""
    missing: list[Element] = []
    while element is not None and element not in nodes:
        missing.append(element)
        element = element.around
    node = nodes[element]
    for inner in reversed(missing):
        array = node.arrays.get(inner.array)
        if array is None:
            array = node.arrays[inner.array] = _Array()
        node = nodes[inner] = _Node()
        array.elements.append(node)
    return node


def _with_alike_as_one(nodes: list[_Node], most: int) -> list[_Node]:
    """Return the nodes, of elements of an array that hold the same only one; each still behind the one around it.

    Args:
        nodes: all nodes.
        most: how many arrays beside each other that hold the same are kept: one more than there are fields to choose.
    """
    shapes: dict[object, int] = {}
    for node in reversed(nodes):
        inside: dict[int, list[_Array]] = defaultdict(list)
        for array in node.arrays.values():
            distinct = {element.shape: element for element in array.elements}
            array.elements = list(distinct.values())
            for element in array.elements:
                array.below |= element.held
                array.is_flat = array.is_flat and not element.arrays
                for inner in element.arrays.values():
                    array.below |= inner.below
            alike = inside[shapes.setdefault(frozenset(distinct), len(shapes))]
            if len(alike) < most:
                alike.append(array)
        counts = [number for shape in sorted(inside) for number in (shape, len(inside[shape]))]
        node.shape = shapes.setdefault((node.wanted, node.held, *counts), len(shapes))
        node.arrays = dict(enumerate(array for alike in inside.values() for array in alike))
    kept = nodes[:1]
    for node in kept:  # the loop appends to it
        for array in node.arrays.values():
            kept += array.elements
    return kept


# Carrying all choices along


def _arrays_from(held: Sequence[Iterable[_Choice]]) -> list[set[int]]:
    """For each field, the arrays in which leaves of it or of later fields lie; one more, empty, for the end."""
    arrays: list[set[int]] = [set()]
    for choices in reversed(held):
        arrays.append(arrays[-1] | {array for choice in choices for array, _ in choice})
    return arrays[::-1]


def _restricted(choice: _Choice, arrays: set[int]) -> _Choice:
    return frozenset(chosen for chosen in choice if chosen[0] in arrays)


def _agreeing(choices: Iterable[_Choice], offers: Iterable[_Choice]) -> Iterator[tuple[_Choice, _Choice]]:
    """Yield the pairs that choose no two elements of an array."""
    offers_by_arrays = _by_arrays(offers)
    for chosen, alike_choices in _by_arrays(choices).items():
        for offered, alike_offers in offers_by_arrays.items():
            common = set(chosen & offered)
            offers_by_common = defaultdict(list)
            for offer in alike_offers:
                offers_by_common[_restricted(offer, common)].append(offer)
            for choice in alike_choices:
                for offer in offers_by_common.get(_restricted(choice, common), ()):
                    yield choice, offer


def _by_arrays(choices: Iterable[_Choice]) -> Mapping[frozenset[int], list[_Choice]]:
    grouped = defaultdict(list)
    for choice in choices:
        grouped[frozenset(array for array, _ in choice)].append(choice)
    return grouped
