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
            if event.values is None:
                return self._taken_of(event)
            event = event.values
        reading = _Reading(self._start, event, into_empty_names=self._into_empty_names)
        try:
            reading.go()
        except TypeError:
            read_event(event)  # a name is not a string: this raises the right error
            raise
        return reading.leaves, reading.positioned

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


class _Reading:
    """A reading of an event along the used paths. It finds leaves in the same order as `leaves.read_event`.

    Attributes:
        leaves: The leaves that were found, by path.
        positioned: The paths on which some leaf lies in an array.
    """

    __slots__ = ("_arrays", "_into_empty_names", "_pending", "leaves", "positioned")

    def __init__(self, start: _Name, event: object, *, into_empty_names: bool) -> None:
        self._into_empty_names = into_empty_names
        self._arrays = 0
        self._pending: list[_Pending] = [(start, event, None)]
        self.leaves: dict[str, list[Leaf]] = {}
        self.positioned: set[str] = set()

    def go(self) -> None:  # noqa: C901 - the hot loop of matching: a call for each object would cost a tenth
        """Find all leaves."""
        pending, into_empty_names = self._pending, self._into_empty_names
        while pending:
            reached, value, around = pending.pop()
            others = len(pending)
            if type(value) is not dict and not isinstance(value, Mapping):
                self._pass_array(reached, value, around)
            else:
                following = reached.following
                for name, inner in value.items():
                    below = following.get(name)
                    if below is None:
                        if "." not in name or (below := reached.after(name.split("."))) is None:
                            continue
                    elif not name and not into_empty_names:
                        continue
                    if type(inner) is str and inner.isascii():  # as most leaves are: `_take` would be slower
                        if below.path is not None:
                            self._add(below.path, _NEW_LEAF(Leaf, (inner, inner, around)))
                    elif type(inner) is dict or not isinstance(inner, _SCALARS):
                        pending.append((below, inner, around))
                    else:
                        self._take(below.path, inner, around)
            if len(pending) > others + 1:
                pending[others:] = pending[others:][::-1]

    def _pass_array(self, reached: _Name, elements: object, around: Element | None) -> None:
        if not isinstance(elements, list | tuple):
            raise InvalidEvent(f"an event must hold JSON values only, not {type(elements).__name__}")
        if around is not None and around.depth > DEEPEST_EVENT:
            raise InvalidEvent(f"an event must be nested at most {DEEPEST_EVENT} levels deep")
        for element in elements:
            if not isinstance(element, _SCALARS):
                self._pending.append((reached, element, Element(self._arrays, around)))
            elif reached.path is not None:
                self._take(reached.path, element, around)
        self._arrays += 1

    def _take(self, path: str | None, value: object, around: Element | None) -> None:
        """Add a scalar to the leaves on a path. If no pattern looks at the path, only check the scalar."""
        leaf = cast("Leaf", leaf_of(value, around))
        if path is not None:
            self._add(path, leaf)

    def _add(self, path: str, leaf: Leaf) -> None:
        held = self.leaves.get(path)
        if held is None:
            self.leaves[path] = [leaf]
        else:
            held.append(leaf)
        if leaf.element is not None:
            self.positioned.add(path)


_Pending: TypeAlias = tuple[_Name, object, Element | None]
