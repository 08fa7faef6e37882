"""Whether leaves that satisfy the fields of a pattern can be chosen from the same elements of arrays.

At most one element of each array of an event may be chosen. A field with `exists: false` is satisfied if no leaf of it
lies in the elements that the fields before it (in the order of their paths) have chosen. The elements that contain
leaves form a tree: an element contains arrays, and an array contains elements. Each element is tested once, the
innermost first, for the set of fields whose leaves it contains. A set of fields is an integer: bit 0 is the first
field. Elements of an array that contain leaves of the same fields are tested once. The cost is linear in the number of
leaves on the paths of the fields.

A field may have leaves in two arrays side by side, if names repeat or contain dots. Then the choices in one array
depend on those in the other, and the problem is NP-hard. Only then are the sets of fields that can be satisfied
together combined, or, if a field may be absent, all choices tried.
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
"""The elements that are chosen, each as (number of the array, number of the element in the tree)."""


class _Node:
    """An element of an array, or the event itself.

    Attributes:
        number: The position of the node in the tree; a node comes after the node that contains it.
        wanted: The fields that a leaf directly in the element satisfies.
        held: The fields that have a leaf directly in the element.
        arrays: The arrays in the element.
        below: The fields that have leaves in these arrays.
        among: The fields that have leaves in the array that contains the element; for the event, all fields.
        satisfied: The fields that are `wanted` here or in a node that contains this one. Deeper leaves may satisfy
            them too, but do not have to.
        present: The fields that are `held` here or in a node that contains this one, and so are not absent.
        in_flat: Whether the element's array contains no other array.
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
        elements: The elements of the array that contain leaves.
        below: The fields that these leaves belong to.
        is_flat: Whether no element contains an array.
    """

    __slots__ = ("_wanting", "below", "elements", "is_flat")

    def __init__(self) -> None:
        self.elements: list[_Node] = []
        self.below = 0
        self.is_flat = True
        self._wanting: dict[int, list[_Node]] | None = None

    def wanting(self, field: int) -> Sequence[_Node]:
        """Return the elements with a leaf that satisfies a field; the field is given as its bit."""
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
    """The elements that contain an event's leaves on the paths of some fields.

    Args:
        fields: The fields, in the order of their paths. Fields of the same path are never asked about together.
        leaves: The leaves of the event, by path.
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
            asked: The fields as bits; all fields if None.
        """
        asked = self._all if asked is None else asked
        if asked & self._in_several_arrays:
            if asked & self._may_be_absent:
                return self._agrees_by_search(asked)
            return asked in self._satisfiable_together(asked)[0]
        # For each node: the first field (as its bit) that can choose a leaf in it while all others agree; 0 if there
        # is none. The earlier the field that chooses an element, the more of the other fields may be absent.
        first = [0] * len(self._nodes)
        nobody = self._all + 1
        for node in reversed(self._nodes):
            if node.in_flat:
                continue  # is tested below, if it can matter
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
        """Return the first field that can choose a leaf directly in a node; 0 if a field needs a leaf and has none."""
        lacking = node.among & asked & ~node.satisfied & ~node.below
        if lacking & (~self._may_be_absent | node.present):
            return 0
        return _lowest(node.wanted & asked) or self._all + 1

    def first_conflict(self) -> int | None:
        """Return the index of the first field that no choice satisfies together with all fields before it, or None."""
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
        """Return, for each node, the largest sets of fields that one choice below the node satisfies together."""
        sets: list[set[int]] = [set()] * len(self._nodes)
        for node in reversed(self._nodes):
            found = {node.wanted & asked}
            for array in node.arrays.values():
                of_elements = _largest({one for element in array.elements for one in sets[element.number]})
                found = _largest({one | other for one in found for other in of_elements})
            sets[node.number] = found
        return sets

    def _agrees_by_search(self, asked: int) -> bool:
        """Return whether one choice satisfies the fields together, by trying all choices, field by field."""
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
    """Return the sets that are not subsets of another of the sets."""
    largest: list[int] = []
    for one in sorted(sets, key=int.bit_count, reverse=True):
        if not any(one & other == one for other in largest):
            largest.append(one)
    return set(largest)


# Building the tree


def _nodes_of(event: _Node, fields: Sequence[Field], leaves: Leaves) -> list[_Node]:
    """Return the nodes of the event and of the elements that contain leaves, each after the node that contains it."""
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
    """Return the node of an element; make it, and the nodes that contain it, if they do not exist."""
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
    """Return the nodes without repeats: of the elements of an array whose leaves are of the same fields, one is kept.

    Each node still comes after the node that contains it.

    Args:
        nodes: All nodes.
        most: How many arrays of the same shape are kept in a node: one more than there are fields to choose.
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
    for node in kept:  # the loop appends to the list
        for array in node.arrays.values():
            kept += array.elements
    return kept


# Trying all choices


def _arrays_from(held: Sequence[Iterable[_Choice]]) -> list[set[int]]:
    """Return, for each field, the arrays with leaves of it or of later fields; and an empty set for the end."""
    arrays: list[set[int]] = [set()]
    for choices in reversed(held):
        arrays.append(arrays[-1] | {array for choice in choices for array, _ in choice})
    return arrays[::-1]


def _restricted(choice: _Choice, arrays: set[int]) -> _Choice:
    return frozenset(chosen for chosen in choice if chosen[0] in arrays)


def _agreeing(choices: Iterable[_Choice], offers: Iterable[_Choice]) -> Iterator[tuple[_Choice, _Choice]]:
    """Yield the pairs of a choice and an offer that do not choose two different elements of an array."""
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
