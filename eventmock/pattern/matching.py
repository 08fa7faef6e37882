"""The exact rule by which the leaves of an event match a pattern, with array positions and absent fields.

An event matches a pattern if it matches one of the pattern's alternatives. It matches an alternative if one leaf can
be chosen for each path of the alternative such that no two chosen leaves are in different elements of the same array.
Many patterns at once are matched in `pattern_set`.
Source: Amazon EventBridge user guide, "Event patterns", and recorded answers on arrays and `exists: false`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.pattern.terms import Absent, ExactNumber, ExactString, Literal, Term
from eventmock.pattern.utf16 import utf16_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet

    from eventmock.pattern.array_agreement import ArrayTree
    from eventmock.pattern.leaves import Key, Leaf, Leaves


class Field:
    """A path of a pattern, with its terms. It never changes.

    Attributes:
        path: The names, joined with dots.
        terms: The terms, in document order.
        keys: The keys of the leaves that satisfy an exact term of the field.
        others: The terms that are not exact; the terms of each kind are merged into one.
        may_be_absent: Whether `exists: false` is one of the terms.
    """

    __slots__ = ("_wanted", "keys", "may_be_absent", "others", "path", "terms")

    def __init__(self, path: str, terms: tuple[Term, ...]) -> None:
        keys: set[Key] = set()
        others: list[Term] = []
        may_be_absent = False
        for term in terms:
            if isinstance(term, ExactString):
                keys.add(term.text)
            elif isinstance(term, ExactNumber | Literal):
                keys.add(term.key)
            elif isinstance(term, Absent):
                may_be_absent = True
            else:
                others.append(term)
        self.path: Final = path
        self.terms: Final = terms
        self.keys: Final = frozenset(keys)
        self.others: Final = _merged(others) if others else ()
        self.may_be_absent: Final = may_be_absent
        self._wanted: tuple[str, ...] | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """The text of each term."""
        if self._wanted is None:
            self._wanted = tuple(map(str, self.terms))
        return self._wanted

    def wants(self, leaf: Leaf) -> bool:
        """Return whether a leaf satisfies one of the terms."""
        if leaf.key in self.keys:
            return True
        for term in self.others:  # noqa: SIM110 - the hot loop of matching: half the time of `any`
            if term.matches(leaf):
                return True
        return False

    def may_hold(self, leaves: Leaves) -> bool:
        """Return whether the leaves of an event can satisfy the field, taken alone."""
        held = leaves.get(self.path)
        if held is None:
            return self.may_be_absent
        for leaf in held:
            if self.wants(leaf):
                return True
        return self.may_be_absent and all(leaf.element is not None for leaf in held)


def _merged(terms: Sequence[Term]) -> tuple[Term, ...]:
    from eventmock.pattern.merged_terms import merged

    return merged(terms)


def _order_of_path(field: Field) -> bytes:
    return utf16_order(field.path)


class Alternative:
    """A set of fields that all have to be satisfied together. It never changes.

    Attributes:
        written: The fields in document order.
        fields: The fields in the order in which they are tested.
        paths: The paths of the fields.
    """

    __slots__ = ("fields", "paths", "written")

    def __init__(self, written: tuple[Field, ...]) -> None:
        self.written: Final = written
        self.fields: Final = tuple(sorted(written, key=_order_of_path)) if len(written) > 1 else written
        self.paths: Final = frozenset([field.path for field in written])


def alternatives_of(found: Sequence[Mapping[str, tuple[Term, ...]]]) -> tuple[Alternative, ...]:
    """Return the alternatives of a pattern, ready for matching. A list that several alternatives share is one field."""
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
    """Return whether a path of a pattern has an empty name, between two dots or before a dot, but not at its end."""
    used = (path.rstrip(".") for alternative in alternatives for path in alternative.paths)
    return any(path.startswith(".") or ".." in path for path in used)


def first_matching(
    alternatives: Sequence[Alternative], leaves: Leaves, positioned: AbstractSet[str]
) -> Alternative | None:
    """Return the first alternative that an event matches; None if it matches none.

    A field that several alternatives share is tested once.

    Args:
        alternatives: The alternatives of a pattern.
        leaves: The leaves of the event, by path.
        positioned: The paths on which some leaf lies in an array.
    """
    alone: dict[int, bool] = {}
    agreement = ArrayAgreement((one.fields for one in alternatives), leaves, positioned)
    for alternative in alternatives:
        for wanted in alternative.fields:
            holds = alone.get(id(wanted))
            if holds is None:
                holds = alone[id(wanted)] = wanted.may_hold(leaves)
            if not holds:
                break
        else:
            if agreement.holds(alternative.fields):
                return alternative
    return None


class ArrayAgreement:
    """Decides whether leaves satisfy fields together, if they satisfy each field taken alone.

    The arrays of the event are read once, for all sets of fields.

    Args:
        several: The sets of fields that may be asked about, each in the order of the paths.
        leaves: The leaves of the event, by path.
        positioned: The paths on which some leaf lies in an array.
    """

    __slots__ = ("_bits", "_leaves", "_positioned", "_several", "_tree")

    def __init__(
        self, several: Iterable[Sequence[Field]], leaves: Leaves, positioned: AbstractSet[str]
    ) -> None:
        self._several = several
        self._leaves = leaves
        self._positioned = positioned
        self._tree: ArrayTree | None = None
        self._bits: dict[int, int] = {}

    def holds(self, fields: Sequence[Field]) -> bool:
        """Return whether the leaves satisfy some fields together."""
        in_arrays = [field for field in fields if field.path in self._positioned] if self._positioned else ()
        if not in_arrays or (len(in_arrays) == 1 and not in_arrays[0].may_be_absent):
            return True  # fields disagree only about elements of arrays
        if self._tree is None:
            self._tree = self._looked_through()
        return self._tree.agrees(sum([self._bits[id(field)] for field in in_arrays]))

    def _looked_through(self) -> ArrayTree:
        from eventmock.pattern.array_agreement import ArrayTree

        distinct = {id(field): field for fields in self._several for field in fields}
        in_arrays = [field for field in distinct.values() if field.path in self._positioned]
        in_arrays.sort(key=_order_of_path)
        self._bits = {id(field): 1 << place for place, field in enumerate(in_arrays)}
        return ArrayTree(in_arrays, self._leaves)
