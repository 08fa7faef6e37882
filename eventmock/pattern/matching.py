"""One pattern against the leaves of one event: the exact rule, array positions and absences included.

A pattern matches when one of its alternatives does; an alternative, when one leaf can be chosen for each of its
paths such that all chosen leaves agree about array positions. Many patterns at once are not matched here.
Source: Amazon EventBridge user guide, "Event patterns", and recorded answers on arrays and `exists: false`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from eventmock.pattern.operators import Absent, ExactNumber, ExactString, Literal, Term
from eventmock.pattern.utf16 import utf16_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet

    from eventmock.pattern.leaves import Key, Leaf, Leaves

Choice: TypeAlias = frozenset[tuple[int, int]]
"""Array positions (number of the array, index) that the leaves chosen so far fix."""

_NOTHING_FIXED: Final[Choice] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """A path of a pattern and what is wanted there.

    Attributes:
        path: the names joined with dots.
        terms: what is wanted, in document order.
        keys: the keys of leaves that an exact term among them wants.
        others: the terms that look at a leaf in any other way.
        may_be_absent: whether `exists: false` is among the terms.
    """

    path: str
    terms: tuple[Term, ...]
    keys: frozenset[Key] = field(init=False)
    others: tuple[Term, ...] = field(init=False)
    may_be_absent: bool = field(init=False)

    def __post_init__(self) -> None:
        keys: set[Key] = set()
        others: list[Term] = []
        may_be_absent = False
        for term in self.terms:
            if isinstance(term, ExactString):
                keys.add(term.text)
            elif isinstance(term, ExactNumber | Literal):
                keys.add(term.key)
            elif isinstance(term, Absent):
                may_be_absent = True
            else:
                others.append(term)
        object.__setattr__(self, "keys", frozenset(keys))
        object.__setattr__(self, "others", tuple(others))
        object.__setattr__(self, "may_be_absent", may_be_absent)

    def wants(self, leaf: Leaf) -> bool:
        """Whether a leaf satisfies one of the terms."""
        if leaf.key in self.keys:
            return True
        for term in self.others:  # noqa: SIM110 - the hot loop of matching: half the time of `any`
            if term.matches(leaf):
                return True
        return False

    def may_hold(self, leaves: Leaves) -> bool:
        """Whether the field, taken alone, can be satisfied by the leaves of an event."""
        held = leaves.get(self.path)
        if held is None:
            return self.may_be_absent
        for leaf in held:
            if self.wants(leaf):
                return True
        return self.may_be_absent and all(leaf.positions for leaf in held)


def _order_of_path(field: Field) -> bytes:
    return utf16_order(field.path)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One set of fields that all have to hold.

    Attributes:
        written: the fields in document order.
        fields: the fields in the order in which they are looked at.
        paths: their paths.
    """

    written: tuple[Field, ...]
    fields: tuple[Field, ...] = field(init=False)
    paths: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        several = len(self.written) > 1
        fields = tuple(sorted(self.written, key=_order_of_path)) if several else self.written
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "paths", frozenset([field.path for field in fields]))

    def matches(self, leaves: Leaves, positioned: AbstractSet[str]) -> bool:
        """Whether the leaves of an event satisfy all fields together.

        Args:
            leaves: the leaves by path.
            positioned: the paths on which some leaf lies in an array.
        """
        for wanted in self.fields:
            if not wanted.may_hold(leaves):
                return False
        return agree_about_positions(self.fields, leaves, positioned)


def alternatives_of(found: Sequence[Mapping[str, tuple[Term, ...]]]) -> tuple[Alternative, ...]:
    """The alternatives of a pattern, made ready; a list that several of them share is made ready once."""
    fields: dict[tuple[str, int], Field] = {}
    ready = []
    for terms_by_path in found:
        written = []
        for path, terms in terms_by_path.items():
            identity = path, id(terms)
            if identity not in fields:
                fields[identity] = Field(path, terms)
            written.append(fields[identity])
        ready.append(Alternative(tuple(written)))
    return tuple(ready)


def looks_below_empty_names(alternatives: Iterable[Alternative]) -> bool:
    """Whether a pattern uses the empty name: between two dots or before one, but not at the end of a path."""
    used = (path.rstrip(".") for alternative in alternatives for path in alternative.paths)
    return any(path.startswith(".") or ".." in path for path in used)


def agree_about_positions(fields: Sequence[Field], leaves: Leaves, positioned: AbstractSet[str]) -> bool:
    """Whether leaves satisfy fields (in order of paths) together, if they do each taken alone."""
    in_arrays = [field for field in fields if field.path in positioned] if positioned else ()
    if not in_arrays or (len(in_arrays) == 1 and not in_arrays[0].may_be_absent):
        return True  # there is nothing to disagree with
    return first_conflict(fields, leaves) is None


def first_conflict(fields: Sequence[Field], leaves: Leaves) -> int | None:
    """The first field (in order of paths) that no choice of leaves for it and those before satisfies, or None.

    All choices are carried along together, and only the positions later fields can disagree with are kept: that
    keeps them few, as the fields below one array follow one another.
    """
    held = [leaves.get(field.path, ()) for field in fields]
    arrays_from = _arrays_from(held)
    choices = {_NOTHING_FIXED}
    for place, wanted in enumerate(fields):
        kept = arrays_from[place + 1]
        fixed = {array for choice in choices for array, _ in choice}
        offered = {_restricted(leaf.positions, fixed | kept) for leaf in held[place] if wanted.wants(leaf)}
        taken = {choice | offer for choice, offer in _agreeing(choices, offered)}
        if wanted.may_be_absent:
            present = {_restricted(leaf.positions, fixed) for leaf in held[place]}
            taken |= choices - {choice for choice, _ in _agreeing(choices, present)}
        choices = {_restricted(choice, kept) for choice in taken}
        if not choices:
            return place
    return None


def _arrays_from(held: Sequence[Iterable[Leaf]]) -> list[set[int]]:
    """For each field, the arrays in which leaves of it or of later fields lie; one more, empty, for the end."""
    arrays: list[set[int]] = [set()]
    for leaves in reversed(held):
        arrays.append(arrays[-1] | {array for leaf in leaves for array, _ in leaf.positions})
    return arrays[::-1]


def _restricted(positions: Iterable[tuple[int, int]], arrays: set[int]) -> Choice:
    return frozenset(position for position in positions if position[0] in arrays)


def _agreeing(choices: Iterable[Choice], offers: Iterable[Choice]) -> Iterator[tuple[Choice, Choice]]:
    """The pairs that give no array two indexes."""
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


def _by_arrays(choices: Iterable[Choice]) -> Mapping[frozenset[int], list[Choice]]:
    grouped = defaultdict(list)
    for choice in choices:
        grouped[frozenset(array for array, _ in choice)].append(choice)
    return grouped
