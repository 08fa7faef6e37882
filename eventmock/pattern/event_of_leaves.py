"""Events made of leaves: the smallest event that has some values on some paths, in some elements of arrays.

Source: ours; `leaves` defines paths, leaves and elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from eventmock.pattern.leaves import Scalar

_MOST_NAMES: Final = 100
"""The most names of a path that are nested; a longer path becomes one name with dots."""


class Placed(NamedTuple):
    """A leaf to be made.

    Attributes:
        names: The names that lead to it. A name may be several with dots between them.
        value: The value.
        element: The index of the element, if the leaf lies in one of the arrays.
    """

    names: tuple[str, ...]
    value: Scalar
    element: int = 0


class _Value:
    """A value that is being made: an object, an array or a scalar."""

    __slots__ = ("elements", "names", "scalars")

    def __init__(self) -> None:
        self.scalars: list[Scalar] = []
        self.names: dict[str, _Value] = {}
        self.elements: dict[int, _Value] = {}

    def json(self) -> Any:
        """Return the value as Python has JSON."""
        if self.elements:
            return [element.as_element() for _, element in sorted(self.elements.items())]
        content = self.as_element()
        return content[0] if isinstance(content, list) and len(content) == 1 else content

    def members(self) -> dict[str, Any]:
        """Return the object that the value has."""
        return {name: value.json() for name, value in self.names.items()}

    def as_element(self) -> Any:
        """Return the value as an element of an array in which each of its leaves has a position."""
        inner = self.members()
        return [*self.scalars, inner] if self.scalars and inner else inner or self.scalars


def names_of(path: str) -> tuple[str, ...]:
    """Return the names by which an event has a path. With empty names, or very many, all but the first are one name."""
    names = tuple(path.split("."))
    if all(names) and len(names) <= _MOST_NAMES:
        return names
    first, _, rest = path.partition(".")
    return (first, rest) if first and rest else (path,)


def event_of(leaves: Iterable[Placed], arrays: Collection[tuple[str, ...]] = ()) -> dict[str, Any]:
    """Return an event that has some leaves.

    Several values on a path are scalars of one array.

    Args:
        leaves: The leaves.
        arrays: The paths of arrays of objects, as names. A leaf below one lies in the element of its index.
    """
    event = _Value()
    for names, value, element in leaves:
        reached = event
        in_array = False
        for length in range(len(names) + 1):
            if length:
                reached = reached.names.setdefault(names[length - 1], _Value())
            if not in_array and names[:length] in arrays:
                reached = reached.elements.setdefault(element, _Value())
                in_array = True
        reached.scalars.append(value)
    return event.members()


def arrays_around(groups: Mapping[str, tuple[str, ...]]) -> Iterator[set[tuple[str, ...]]]:
    """Yield sets of arrays of objects that some paths can lie in, from the innermost to the outermost.

    Args:
        groups: The shortest array that each path can lie in, by path.
    """
    names = {names_of(path): len(group) for path, group in groups.items()}
    if not names:
        yield set()
        return
    for length in range(max(map(len, names)) - 1, min(names.values()) - 1, -1):
        yield {one[: max(min(length, len(one) - 1), shortest)] for one, shortest in names.items()}
