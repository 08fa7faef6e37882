"""A tree that finds the few alternatives, out of very many, that an event may satisfy.

A node stores each alternative under one handle: a condition of the alternative that few others share. The leaves of an
event are looked up in the tables of the node, which finds the alternatives whose handle they satisfy. If many
alternatives share a handle, they move to a node below, which uses another condition. The caller decides whether an
alternative that was found matches.
Source: ours; measured against other ways in docs/pattern-index.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeAlias, TypeVar, cast

from eventmock.pattern import probes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.pattern.leaves import Key, Leaf, Leaves
    from eventmock.pattern.probe_tables import ProbeTable
    from eventmock.pattern.probes import Handle, Probe

Candidate = TypeVar("Candidate", bound="HasAccesses")

MOST_SHARING: Final = 4
"""How many candidates may share a handle before they get a node of their own. A look at a node takes about as long as
a test of this many candidates."""

DEEPEST: Final = 8
"""The greatest depth of the tree, in nodes."""


Access: TypeAlias = "tuple[str, Handle]"
"""One way to find a candidate: the path to look on, and the handle to look for."""

Accesses: TypeAlias = tuple[Access, ...]
LookedFor: TypeAlias = "tuple[str, Probe]"


class HasAccesses(Protocol):
    """A candidate of the tree, which also has to be hashable."""

    @property
    def accesses(self) -> Accesses:
        """All accesses by which the candidate can be found."""
        ...


def _new_table(kind: str) -> ProbeTable[Any]:
    """Return an empty table for the probes of a kind."""
    if kind == probes.RANGE:
        from eventmock.pattern.range_table import RangeTable

        return RangeTable()
    from eventmock.pattern.probe_tables import new_table

    return new_table(kind)


class Sharing:
    """The number of candidates that share each probe, for choosing the rarest. All ranges of a path count together."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, object], int] = {}

    def add(self, accesses: Accesses, change: int) -> None:
        """Count the probes of a candidate that is added (`change` is 1) or removed (`change` is -1)."""
        counts = self._counts
        for path, handle in accesses:
            for probe in handle:
                counted = _as_counted(path, probe)
                count = counts.get(counted, 0) + change
                if count:
                    counts[counted] = count
                else:
                    del counts[counted]

    def of(self, access: Access) -> int:
        """Return how many candidates share the probes of an access."""
        path, handle = access
        return sum([self._counts.get(_as_counted(path, probe), 0) for probe in handle])


def _as_counted(path: str, probe: Probe) -> tuple[str, str, object]:
    kind, operand = probe
    return path, kind, None if kind == probes.RANGE else operand


class _Bucket(Generic[Candidate]):
    """The candidates under one probe, as a list or, if they are many, as a node."""

    __slots__ = ("few", "many")

    def __init__(self) -> None:
        self.few: list[Candidate] = []
        self.many: CandidateTree[Candidate] | None = None

    def add(self, candidate: Candidate, node: CandidateTree[Candidate], looked_for: LookedFor) -> None:
        """Add a candidate to the bucket, which is in a node under a probe."""
        if self.many is not None:
            self.many.add(candidate)
            return
        self.few.append(candidate)
        if len(self.few) > MOST_SHARING and node.may_go_deeper():
            self.many = node.below(looked_for)
            for one in self.few:
                self.many.add(one)
            self.few = []

    def remove(self, candidate: Candidate) -> None:
        """Remove a candidate."""
        if self.many is None:
            self.few.remove(candidate)
        else:
            self.many.remove(candidate)

    def __len__(self) -> int:
        return len(self.few) if self.many is None else len(self.many)


class _PathTables(Generic[Candidate]):
    """The buckets of one path: a dictionary for exact keys, a table for each other kind, a bucket for `present`."""

    __slots__ = ("exact", "present", "tables")

    def __init__(self) -> None:
        self.exact: dict[Key, _Bucket[Candidate]] = {}
        self.tables: dict[str, ProbeTable[_Bucket[Candidate]]] = {}
        self.present: _Bucket[Candidate] | None = None

    def bucket(self, probe: Probe) -> _Bucket[Candidate]:
        """Return the bucket of a probe; make one if it has none."""
        kind, operand = probe
        if kind == probes.EXACT:
            return self.exact.setdefault(cast("Key", operand), _Bucket())
        if kind == probes.PRESENT:
            self.present = self.present or _Bucket()
            return self.present
        table = self.tables.get(kind)
        if table is None:
            table = self.tables[kind] = _new_table(kind)
        bucket = table.get(operand)
        if bucket is None:
            bucket = _Bucket()
            table.put(operand, bucket)
        return bucket

    def drop(self, probe: Probe) -> None:
        """Forget the bucket of a probe."""
        kind, operand = probe
        if kind == probes.EXACT:
            del self.exact[cast("Key", operand)]
        elif kind == probes.PRESENT:
            self.present = None
        else:
            table = self.tables[kind]
            table.drop(operand)
            if not table:
                del self.tables[kind]

    def is_empty(self) -> bool:
        """Return whether there is no bucket."""
        return not (self.exact or self.tables or self.present)

    def find(self, held: Sequence[Leaf], found: list[_Bucket[Candidate]]) -> None:
        """Add to `found` the buckets of all probes that the leaves hit, each once."""
        if len(held) > 1:
            several: list[_Bucket[Candidate]] = []
            for leaf in held:
                self.find((leaf,), several)
            found += dict.fromkeys(several)
            return
        if self.present is not None:
            found.append(self.present)
        for leaf in held:
            bucket = self.exact.get(leaf.key)
            if bucket is not None:
                found.append(bucket)
            for table in self.tables.values():
                table.find(leaf, found)


class CandidateTree(Generic[Candidate]):
    """A node of the tree; the root stands for the whole tree.

    Args:
        sharing: The counts by which handles are chosen; all nodes of a tree share them.
        looked_for: The probes that led to this node, which are not used again below it.
    """

    __slots__ = ("_chosen", "_looked_for", "_paths", "_sharing", "_without")

    def __init__(self, sharing: Sharing, looked_for: tuple[LookedFor, ...] = ()) -> None:
        self._sharing = sharing
        self._looked_for = looked_for
        self._paths: dict[str, _PathTables[Candidate]] = {}
        self._chosen: dict[Candidate, Access] = {}
        self._without: dict[Candidate, None] = {}

    def may_go_deeper(self) -> bool:
        """Return whether this node may have nodes below it."""
        return len(self._looked_for) < DEEPEST

    def below(self, looked_for: LookedFor) -> CandidateTree[Candidate]:
        """Return a new node for the candidates under a probe of this node."""
        return CandidateTree(self._sharing, (*self._looked_for, looked_for))

    def add(self, candidate: Candidate) -> None:
        """Add a candidate under its access that the fewest candidates share; without an access, it is always found."""
        accesses = candidate.accesses
        if self._looked_for:
            accesses = tuple(filter(self._is_new, accesses))
        if not accesses:
            self._without[candidate] = None
            return
        chosen = accesses[0] if len(accesses) == 1 else min(accesses, key=self._sharing.of)
        self._chosen[candidate] = chosen
        path, handle = chosen
        tables = self._paths.get(path)
        if tables is None:
            tables = self._paths[path] = _PathTables()
        for probe in handle:
            tables.bucket(probe).add(candidate, self, (path, probe))

    def _is_new(self, access: Access) -> bool:
        path, handle = access
        return not any(path == looked_on and probe in handle for looked_on, probe in self._looked_for)

    def remove(self, candidate: Candidate) -> None:
        """Remove a candidate from this node or the nodes below it."""
        chosen = self._chosen.pop(candidate, None)
        if chosen is None:
            del self._without[candidate]
            return
        path, handle = chosen
        tables = self._paths[path]
        for probe in handle:
            bucket = tables.bucket(probe)
            bucket.remove(candidate)
            if not bucket:
                tables.drop(probe)
        if tables.is_empty():
            del self._paths[path]

    def __len__(self) -> int:
        return len(self._chosen) + len(self._without)

    def find(self, leaves: Leaves) -> list[Candidate]:
        """Return the candidates that the leaves of an event may satisfy. A candidate may be there several times."""
        found: list[Candidate] = []
        nodes = [self]
        for node in nodes:  # the loop appends to the list
            node._find_here(leaves, found, nodes)  # noqa: SLF001 - of this class
        return found

    def _find_here(
        self, leaves: Leaves, found: list[Candidate], nodes: list[CandidateTree[Candidate]]
    ) -> None:
        """Look up the leaves in this node: add its candidates to `found`, and the nodes below it to `nodes`."""
        found += self._without
        paths = self._paths
        buckets: list[_Bucket[Candidate]] = []
        if len(paths) <= len(leaves):
            for path, tables in paths.items():
                if path in leaves:
                    tables.find(leaves[path], buckets)
        else:
            for path, held in leaves.items():
                if path in paths:
                    paths[path].find(held, buckets)
        for bucket in buckets:
            if bucket.many is None:
                found += bucket.few
            else:
                nodes.append(bucket.many)
