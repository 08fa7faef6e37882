"""The paths that any stored pattern looks at, and a reader that reads an event only along these paths.

The paths are stored in a trie of names. The parts of an event that no pattern looks at are neither read nor checked,
so they cost nothing. The result is what `leaves.read_event` would find on these paths.
Source: ours; `leaves` defines paths and leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from eventmock.pattern.leaves import (
    DEEPEST_EVENT,
    Element,
    InvalidEvent,
    Leaf,
    Leaves,
    ReadEvent,
    leaf_of,
    read_event,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_SCALARS: Final = (str, int, float, type(None))
_NEW_LEAF: Final[Callable[[type[Leaf], tuple[str, str, Element | None]], Leaf]] = tuple.__new__


class _Name:
    """A node of the trie: a name, or a piece of one between dots. `path` is set if a pattern looks at this path."""

    __slots__ = ("following", "path", "uses")

    def __init__(self) -> None:
        self.following: dict[str, _Name] = {}
        self.path: str | None = None
        self.uses = 0

    def after(self, pieces: list[str]) -> _Name | None:
        """Return the node that some more pieces lead to; None if no pattern looks there."""
        reached: _Name | None = self
        for piece in pieces:
            if reached is None:
                return None
            reached = reached.following.get(piece)
        return reached


class UsedPaths:
    """A set of paths that counts the uses of each path.

    Args:
        into_empty_names: Whether leaves below an empty name are read.
    """

    __slots__ = ("_into_empty_names", "_start")

    def __init__(self, *, into_empty_names: bool) -> None:
        self._into_empty_names = into_empty_names
        self._start = _Name()

    def add(self, path: str) -> None:
        """Count one more use of a path."""
        reached = self._start
        for piece in path.split("."):
            reached = reached.following.setdefault(piece, _Name())
            reached.uses += 1
        reached.path = path

    def remove(self, path: str) -> None:
        """Count one use less of a path, and remove the names that are not used any more."""
        reached = self._start
        for piece in path.split("."):
            following = reached.following[piece]
            following.uses -= 1
            if not following.uses:
                del reached.following[piece]
                return
            reached = following
        if reached.uses == sum(following.uses for following in reached.following.values()):
            reached.path = None

    def read(self, event: Mapping[str, object] | ReadEvent) -> tuple[Leaves, AbstractSet[str]]:
        """Return the leaves of an event by path, and the paths on which some leaf lies in an array.

        Raises:
            InvalidEvent: A part of the event that was read is not JSON.
        """
        if isinstance(event, ReadEvent):
            return self._taken_of(event)
        try:
            return self._read(event)
        except TypeError:
            read_event(event)  # a name is not a string: this raises the right error
            raise

    def _taken_of(self, event: ReadEvent) -> tuple[Leaves, AbstractSet[str]]:
        leaves: dict[str, Sequence[Leaf]] = {}
        positioned = set()
        pending = [(self._start, event.start(into_empty_names=self._into_empty_names))]
        for reached, place in pending:  # the loop appends to the list
            if reached.path is not None and place.held:
                leaves[reached.path] = place.held
                if place.in_arrays:
                    positioned.add(reached.path)
            used, there = reached.following, place.following
            pieces = used if len(used) <= len(there) else there
            pending += [(used[piece], there[piece]) for piece in pieces if piece in used and piece in there]
        return leaves, positioned

    def _read(self, event: Mapping[str, object]) -> tuple[Leaves, AbstractSet[str]]:
        into_empty_names = self._into_empty_names
        taken = _Taken()
        pending: list[_Pending] = [(self._start, event, None)]
        for reached, value, around in pending:  # the loop appends to the list
            if type(value) is not dict and not isinstance(value, Mapping):
                taken.take_other(reached, value, around, pending)
                continue
            following = reached.following
            for name, inner in value.items():
                below = following.get(name)
                if below is None:
                    if "." not in name:
                        continue
                    below = reached.after(name.split("."))
                    if below is None:
                        continue
                elif not name and not into_empty_names:
                    continue
                if type(inner) is not str or not inner.isascii():
                    pending.append((below, inner, around))
                elif below.path is not None:  # a plain leaf, as most are: `take_other` would be slower
                    taken.take(below.path, _NEW_LEAF(Leaf, (inner, inner, around)))
        return taken.leaves, taken.positioned


class _Taken:
    """The leaves that have been read of an event."""

    __slots__ = ("_arrays", "leaves", "positioned")

    def __init__(self) -> None:
        self._arrays = 0
        self.leaves: dict[str, list[Leaf]] = {}
        self.positioned: set[str] = set()

    def take(self, path: str, leaf: Leaf) -> None:
        """Add a leaf to those on its path."""
        held = self.leaves.get(path)
        if held is None:
            self.leaves[path] = [leaf]
        else:
            held.append(leaf)
        if leaf.element is not None:
            self.positioned.add(path)

    def take_other(
        self, reached: _Name, value: object, around: Element | None, pending: list[_Pending]
    ) -> None:
        """Add a value that is not an object: a leaf, or an array, whose elements become pending."""
        if isinstance(value, list | tuple):
            if around is not None and around.depth > DEEPEST_EVENT:
                raise InvalidEvent(f"an event must be nested at most {DEEPEST_EVENT} levels deep")
            for element in value:
                if not isinstance(element, _SCALARS):
                    pending.append((reached, element, Element(self._arrays, around)))
                elif reached.path is not None:
                    self.take(reached.path, cast("Leaf", leaf_of(element, around)))
            self._arrays += 1
            return
        leaf = leaf_of(value, around)
        if leaf is None:
            raise InvalidEvent(f"an event must hold JSON values only, not {type(value).__name__}")
        if reached.path is not None:
            self.take(reached.path, leaf)


_Pending: TypeAlias = tuple[_Name, object, Element | None]
