"""The paths that a schema names, and the one that may be meant by another path.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.schemas.satisfaction import Unnamed, ends
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.schemas.view import Schemas, SchemaView
    from eventmock.transform.json_path import JsonPath

MOST_PATHS: Final = 2000
_DEEPEST: Final = 12


class DeclaredPath(NamedTuple):
    """A path that a schema names.

    Attributes:
        names: The names.
        json_path: The path as targets write it, with ``[*]`` for arrays.
    """

    names: tuple[str, ...]
    json_path: str

    @property
    def path(self) -> str:
        """The path as patterns have it."""
        return ".".join(self.names)


def declared_paths(view: SchemaView) -> list[DeclaredPath]:
    """Return the paths below ``detail`` that a schema names, each once, in the order of the schema."""
    found: dict[tuple[str, ...], DeclaredPath] = {}
    for one in _paths(view, view.root, (), "$", frozenset()):
        if one.names[0] == "detail":
            found.setdefault(one.names, one)
        if len(found) >= MOST_PATHS:
            break
    return list(found.values())


def _paths(
    view: SchemaView, schemas: Schemas, names: tuple[str, ...], text: str, around: frozenset[frozenset[int]]
) -> Iterator[DeclaredPath]:
    for one in view.alternatives(schemas):
        if not one.parts or len(names) > _DEEPEST or one.key in around:
            continue  # it names nothing, or nothing new
        inside = around | {one.key}
        if "object" in one.types:
            for name in one.names:
                member = one.member(name)
                below = (*names, name)
                yield DeclaredPath(below, f"{text}.{name}")
                yield from _paths(view, member.schemas or (), below, f"{text}.{name}", inside)
        if "array" in one.types and one.sizes[1] >= 1:
            for item in one.items:
                yield from _paths(view, item, names, f"{text}[*]", inside)


def near_path(views: Sequence[SchemaView], path: str) -> str | None:
    """Return the path of a schema that may be meant by a path which no schema names; None if none is near."""
    for view in views:
        near = _near_path(view, path)
        if near is not None:
            return near
    return None


def _near_path(view: SchemaView, path: str) -> str | None:
    pieces = path.split(".")
    for length in range(len(pieces) - 1, 0, -1):
        around = ends(view, ".".join(pieces[:length]), Unnamed.NONE)
        if not around:
            continue
        near = nearest_name(pieces[length], {name: None for one in around for name in one.names})
        if near is not None:
            found = ".".join([*pieces[:length], near, *pieces[length + 1 :]])
            if length + 1 == len(pieces) or ends(view, found, Unnamed.NONE):
                return found
        break
    elsewhere = [one.path for one in declared_paths(view) if one.names[-1] == pieces[-1]]
    return elsewhere[0] if len(elsewhere) == 1 and elsewhere[0] != path else None


def near_input_path(views: Sequence[SchemaView], path: JsonPath) -> str | None:
    """Return the input path that may be meant by one that leads nowhere; None if none is near."""
    names = tuple(step for step in path.steps if isinstance(step, str))
    near = near_path(views, ".".join(names))
    wanted = {names, tuple((near or "").split("."))}
    for view in views:
        for one in declared_paths(view):
            if one.names in wanted and one.json_path != path.text:
                return one.json_path
    return None
