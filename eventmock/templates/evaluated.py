"""Evaluated values: mappings and lists, which know where in the template they came from, and made-up texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.templates.source import Path


class EvaluatedMapping(dict[str, Any]):
    """An evaluated mapping, which knows the path in the expanded document from which it came.

    Attributes:
        path: The path of the mapping.
    """

    __slots__ = ("path",)
    path: Path


class EvaluatedList(list[Any]):
    """An evaluated list, which knows the path in the expanded document from which it came.

    Attributes:
        path: The path of the list.
        indices: The index in the document of each item; None if no item was left out.
    """

    __slots__ = ("indices", "path")
    path: Path
    indices: Sequence[int] | None


class MadeUp(str):
    """A text that stands for a value of which nothing is known. The value may be a list, or have parts.

    So it is its own only item, and the last of its parts stands for those that it does not have.
    """

    __slots__ = ()


def parts_of(text: str, delimiter: str) -> list[str]:
    """Return the parts of a text; those of a made-up one are made up."""
    parts = text.split(delimiter)
    return [MadeUp(part) for part in parts] if isinstance(text, MadeUp) else parts


def path_of(value: EvaluatedMapping | EvaluatedList, key: str | int) -> Path:
    """Return the path in the expanded document of an item of an evaluated mapping or list."""
    if isinstance(value, EvaluatedList) and value.indices is not None and isinstance(key, int):
        key = value.indices[key]
    return (*value.path, key)


def located(value: Any, path: Path) -> Any:
    """Return a value that was made by a function, with the path of the function in each mapping and list."""
    if isinstance(value, dict):
        mapping = EvaluatedMapping((name, located(member, path)) for name, member in value.items())
        mapping.path = path
        return mapping
    if isinstance(value, (list, tuple)):
        items = EvaluatedList(located(item, path) for item in value)
        items.path = path
        items.indices = None
        return items
    return value
