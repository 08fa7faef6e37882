"""An index of the alternatives of many patterns, which finds the patterns that an event matches.

`used_paths` reads the parts of the event that any alternative looks at, `candidate_tree` finds the alternatives that
may match, and `matching` decides about each. A field or an alternative that several patterns have is stored once, and
is tested once for each event.
Source: ours.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

from eventmock.pattern.candidate_tree import Accesses, CandidateTree, Sharing
from eventmock.pattern.handles import handles_of
from eventmock.pattern.matching import Alternative, ArrayAgreement
from eventmock.pattern.used_paths import UsedPaths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set as AbstractSet

    from eventmock.pattern.leaves import Leaves, ReadEvent
    from eventmock.pattern.matching import Field
    from eventmock.pattern.terms import Term

_FieldKey: TypeAlias = "tuple[str, tuple[Term, ...]]"


class _SharedField:
    """A field that one or more alternatives have."""

    __slots__ = ("accesses", "field", "uses")

    def __init__(self, field: Field) -> None:
        self.field = field
        self.accesses = tuple([(field.path, handle) for handle in handles_of(field)])
        self.uses = 0

    @property
    def key(self) -> _FieldKey:
        """The value that is equal for equal fields."""
        return self.field.path, self.field.terms


_least_shared: Final = attrgetter("uses")


class SharedAlternative:
    """An alternative, and the names of all patterns that have it (twice, if a pattern has it twice).

    Attributes:
        fields: The fields in the order of their paths.
        judged: The fields in the order in which they are tested: those that most alternatives share come first,
            because another alternative has often tested them already.
        wanted: The keys of the fields, in the order of `fields`.
        names: The names of the patterns.
    """

    __slots__ = ("fields", "judged", "names", "wanted")

    def __init__(self, fields: tuple[_SharedField, ...]) -> None:
        self.fields: Final = fields
        self.judged: Final = (
            tuple(sorted(fields, key=_least_shared, reverse=True)) if len(fields) > 1 else fields
        )
        self.wanted: Final = tuple([field.field for field in fields])
        self.names: list[str] = []

    @property
    def accesses(self) -> Accesses:
        """The accesses by which `candidate_tree` can find the alternative."""
        return tuple([access for field in self.fields for access in field.accesses])


class AlternativeIndex:
    """Alternatives by the names of their patterns.

    Args:
        into_empty_names: Whether the alternatives see leaves below an empty name of an event.
    """

    __slots__ = ("_alternatives", "_fields", "_into_empty_names", "_paths", "_sharing", "_tree")

    def __init__(self, *, into_empty_names: bool) -> None:
        self._into_empty_names = into_empty_names
        self._paths = UsedPaths(into_empty_names=into_empty_names)
        self._fields: dict[_FieldKey, _SharedField] = {}
        self._alternatives: dict[tuple[_SharedField, ...], SharedAlternative] = {}
        self._sharing = Sharing()
        self._tree: CandidateTree[SharedAlternative] = CandidateTree(self._sharing)

    def __len__(self) -> int:
        return len(self._alternatives)

    def add(self, name: str, alternative: Alternative) -> SharedAlternative:
        """Add an alternative of the pattern of this name; return the object by which `remove` removes it."""
        fields = tuple([self._shared(field) for field in alternative.fields])
        shared = self._alternatives.get(fields)
        if shared is None:
            shared = self._alternatives[fields] = SharedAlternative(fields)
            for field in fields:
                if not field.uses:
                    self._paths.add(field.field.path)
                field.uses += 1
            self._sharing.add(shared.accesses, 1)
            self._tree.add(shared)
        shared.names.append(name)
        return shared

    def _shared(self, field: Field) -> _SharedField:
        key = field.path, field.terms
        shared = self._fields.get(key)
        if shared is None:
            shared = self._fields[key] = _SharedField(field)
        return shared

    def remove(self, name: str, shared: SharedAlternative) -> None:
        """Remove an alternative of the pattern of this name, as `add` returned it."""
        shared.names.remove(name)
        if shared.names:
            return
        del self._alternatives[shared.fields]
        self._tree.remove(shared)
        self._sharing.add(shared.accesses, -1)
        for field in shared.fields:
            field.uses -= 1
            if not field.uses:
                self._paths.remove(field.field.path)
                del self._fields[field.key]

    def names_of_matching(self, event: Mapping[str, object] | ReadEvent) -> set[str]:
        """Return the names of the patterns that an event matches.

        Raises:
            InvalidEvent: A part of the event that some pattern looks at is not JSON that AWS would read.
        """
        return self.names_among(*self._paths.read(event))

    def names_among(self, leaves: Leaves, positioned: AbstractSet[str]) -> set[str]:
        """Return the names of the patterns that the leaves of an event match.

        Args:
            leaves: The event's leaves, by path, on the paths that any pattern looks at.
            positioned: The paths on which some leaf lies in an array.
        """
        names: set[str] = set()
        candidates = self._tree.find(leaves)
        if not candidates:
            return names
        judged: dict[_SharedField, bool] = {}
        by_name: dict[str, list[SharedAlternative]] = {}
        for shared in dict.fromkeys(candidates):
            for field in shared.judged:
                holds = judged.get(field)
                if holds is None:
                    holds = judged[field] = field.field.may_hold(leaves)
                if not holds:
                    break
            else:
                if positioned:
                    by_name.setdefault(shared.names[0], []).append(shared)
                else:
                    names.update(shared.names)
        for of_one_name in by_name.values():
            agreement = ArrayAgreement([shared.wanted for shared in of_one_name], leaves, positioned)
            for shared in of_one_name:
                if not names.issuperset(shared.names) and agreement.holds(shared.wanted):
                    names.update(shared.names)
        return names


class FieldIndex:
    """An index of the fields of one pattern, which finds the fields that an event satisfies, each taken alone.

    Args:
        alternatives: The alternatives of the pattern.
    """

    __slots__ = ("_ids", "_index")

    def __init__(self, alternatives: Iterable[Alternative]) -> None:
        self._index = AlternativeIndex(into_empty_names=False)  # leaves are read by the pattern
        self._ids: dict[str, int] = {}
        fields = {id(field): field for alternative in alternatives for field in alternative.written}
        for number, (identity, field) in enumerate(fields.items()):
            self._ids[str(number)] = identity
            self._index.add(str(number), Alternative((field,)))

    def holding(self, leaves: Leaves) -> set[int]:
        """Return the ids of the fields that the leaves of an event satisfy, each taken alone."""
        return {self._ids[name] for name in self._index.names_among(leaves, frozenset())}
