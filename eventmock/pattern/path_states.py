"""The states of the paths of two patterns: what an event can have on a path, as far as the patterns can know.

A state is a bit of an integer: no leaf, leaves in other elements of arrays than those that were chosen, or a value of
one of the classes of `value_classes`. Only here is known what an event on a bus can have.
Source: ours; events on a bus as in the Amazon EventBridge user guide, "Events in Amazon EventBridge" (inferred).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from eventmock.pattern.box_cover import TooManySteps
from eventmock.pattern.event_of_leaves import event_of
from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.utf16 import utf16_order
from eventmock.pattern.value_classes import OF_ADDRESSES, examples_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from eventmock.pattern.compiled import Pattern
    from eventmock.pattern.event_of_leaves import Placed
    from eventmock.pattern.leaves import Key, Leaf, Scalar
    from eventmock.pattern.matching import Field

ABSENT: Final = 1
"""The state of a path without leaves."""
ELSEWHERE: Final = 2
"""The state of a path whose leaves all lie in other elements of arrays than those that were chosen."""
_VALUES_FROM: Final = 2
"""The place of the bit of the first value."""

_MOST_VERDICTS: Final = 4_000_000
"""How many values are tested on the fields of a path, at most. Fields of exact terms do not count."""

_TEXTS_OF_EVENTS: Final = frozenset({"version", "id", "detail-type", "source", "account", "time", "region"})
_OTHERS_OF_EVENTS: Final = frozenset({"resources", "replay-name"})


class PathStates:
    """The states of a path of two patterns.

    Attributes:
        known: The states of values that are known, as bits.
        every: The states of values, also of those of which none is known, as bits.
        are_all: Whether each value there is has one of the states.
    """

    __slots__ = ("_number_of", "_satisfying", "_values", "are_all", "every", "known")

    def __init__(self, fields: Iterable[Field], *, may_have_leaves: bool, texts_only: bool) -> None:
        distinct = list({field.terms: field for field in fields}.values())
        values, pairs, self.are_all = examples_of(term for field in distinct for term in field.terms)
        self._number_of = {field.terms: number for number, field in enumerate(distinct)}
        self._satisfying = [0] * len(distinct)
        self._values: list[Scalar] = []
        of_keys: dict[Key, list[int]] = defaultdict(list)
        others = []
        for number, field in enumerate(distinct):
            if field.others:
                others.append((number, field))
            for key in () if field.others else field.keys:
                of_keys[key].append(number)
        if (len(values) + len(pairs)) * len(others) > _MOST_VERDICTS:
            raise TooManySteps
        seen: set[tuple[int, ...]] = set()
        for value in values if may_have_leaves else ():
            if isinstance(value, str) or not texts_only:
                leaf = _leaf(value)
                satisfied = [number for number, field in others if field.wants(leaf)]
                self._add(seen, value, (*of_keys.get(leaf.key, ()), *satisfied))
        self.known = (1 << len(self._values)) - 1 << _VALUES_FROM
        for value, other in pairs if may_have_leaves else ():
            if isinstance(other, str) or not texts_only:
                address, leaf = _leaf(value), _leaf(other)
                satisfied = [number for number, field in others if _wants(field, address, leaf)]
                self._add(seen, None, (*of_keys.get(leaf.key, ()), *satisfied))
        self.every = (1 << len(self._values)) - 1 << _VALUES_FROM

    def _add(self, seen: set[tuple[int, ...]], value: Scalar, satisfied: tuple[int, ...]) -> None:
        """Add a state, if there is none yet that satisfies the same fields, which are given by their numbers."""
        if satisfied in seen:
            return
        seen.add(satisfied)
        bit = 1 << _VALUES_FROM + len(self._values)
        self._values.append(value)
        for number in satisfied:
            self._satisfying[number] |= bit

    def satisfying(self, field: Field) -> int:
        """Return the states of values that satisfy a field."""
        return self._satisfying[self._number_of[field.terms]]

    def value(self, states: int) -> Scalar:
        """Return the value of the first of some states; at least one of them has a known value."""
        states &= self.known
        return self._values[(states & -states).bit_length() - 1 - _VALUES_FROM]

    def some_values(self, states: int) -> list[Scalar]:
        """Return the known values of some states, those that satisfy few fields first."""
        bits = [
            1 << place
            for place in range((states & self.known).bit_length())
            if states & self.known & 1 << place
        ]
        bits.sort(key=lambda bit: sum(1 for mask in self._satisfying if mask & bit))
        return [self.value(bit) for bit in bits]


def _leaf(value: Scalar) -> Leaf:
    leaf = leaf_of(value, None)
    assert leaf is not None
    return leaf


def _wants(field: Field, address: Leaf, other: Leaf) -> bool:
    """Return whether a value satisfies a field that is one leaf to terms of addresses, and another to other terms."""
    return any(term.matches(address if isinstance(term, OF_ADDRESSES) else other) for term in field.terms)


class ComparedPatterns:
    """Two patterns, the states of their paths, and where an event can have arrays.

    Attributes:
        a: The first pattern.
        b: The second pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules.
    """

    def __init__(self, a: Pattern, b: Pattern, *, on_a_bus: bool) -> None:
        self.a: Final = a
        self.b: Final = b
        self.on_a_bus: Final = on_a_bus
        self._fields: dict[str, list[Field]] = {}
        for alternative in (*a.alternatives, *b.alternatives):
            for field in alternative.written:
                self._fields.setdefault(field.path, []).append(field)
        self._states: dict[str, PathStates] = {}
        self._rank = {path: rank for rank, path in enumerate(sorted(self._fields, key=utf16_order))}

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """Return some paths in the order in which the engine tests them."""
        return sorted(paths, key=self._rank.__getitem__)

    def states(self, path: str) -> PathStates:
        """Return the states of a path."""
        found = self._states.get(path)
        if found is None:
            first, _, rest = path.partition(".")
            of_detail = first == "detail" and rest != ""
            found = self._states[path] = PathStates(
                self._fields[path],
                may_have_leaves=not self.on_a_bus
                or of_detail
                or path in _TEXTS_OF_EVENTS
                or path in _OTHERS_OF_EVENTS,
                texts_only=self.on_a_bus and not of_detail,
            )
        return found

    def wanted(self, field: Field) -> int:
        """Return the states that satisfy a field: values, and no leaf if the field may be absent."""
        may_be_absent = field.may_be_absent and not self.has_one_value(field.path)
        return self.states(field.path).satisfying(field) | (ABSENT if may_be_absent else 0)

    def has_one_value(self, path: str) -> bool:
        """Return whether each event has exactly one leaf on a path."""
        return self.on_a_bus and path in _TEXTS_OF_EVENTS

    def has_at_most_one_value(self, path: str) -> bool:
        """Return whether no event has several leaves on a path."""
        return self.on_a_bus and (path in _TEXTS_OF_EVENTS or path == "replay-name")

    def group(self, path: str) -> tuple[str, ...]:
        """Return the shortest path of an array that may contain leaves of a path. Other groups share no arrays."""
        pieces = path.split(".")
        return tuple(pieces[: 2 if self.on_a_bus and pieces[0] == "detail" else 1])

    def before(self, path: str, others: Iterable[str]) -> set[str]:
        """Return the paths of some others that are tested before a path and can share an array with it."""
        rank, group = self._rank[path], self.group(path)
        return {other for other in others if self._rank[other] < rank and self.group(other) == group}

    def event(self, leaves: Iterable[Placed], arrays: Collection[tuple[str, ...]] = ()) -> dict[str, Any]:
        """Return an event that has some leaves; see `event_of_leaves`."""
        event = event_of(leaves, arrays)
        if self.on_a_bus and isinstance(event.get("resources"), str):
            event["resources"] = [event["resources"]]
        return event

    def gap_of_values(self) -> str | None:
        """Return why the values that were compared may not be all; None if they are."""
        for path, states in self._states.items():
            if not states.are_all:
                return f"the texts of {path} have too many combinations"
        return None

    def gap_of_names(self) -> str | None:
        """Return why the patterns may see different leaves of an event; None if they see the same."""
        if self.a.looks_below_empty_names != self.b.looks_below_empty_names:
            return "only one of the patterns looks below empty names of an event"
        return None
