"""The text of a pattern, in which each value, branch and list is marked by what tests tried of it.

A branch is marked at its opening brace, and a list at its field's name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from eventmock.pattern.points import read_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.coverage.data import Covered
    from eventmock.pattern.points import Where

Mark = Literal["tried", "missed", "unrefused", "plain"]
"""*tried* or *missed* are values and branches. *unrefused* is a list that was never the only reason of a refusal."""
Piece = tuple[str, Mark]
"""A part of the text, and its mark."""

INDENT: Final = "  "
LONGEST_LIST: Final = 80
"""The most characters of a list in one line."""


def pattern_of(definition: Mapping[str, Any]) -> str | None:
    """Return the pattern of a subject as JSON text; None if it has none.

    The patterns of a ``FilterConfiguration`` are in one object, each by its scope.
    """
    text: str | None = definition.get("EventPattern")
    filters = definition.get("FilterConfiguration", {}).get("Filters")
    if not filters:
        return text
    return "{" + ", ".join(f"{_text(one['Scope'])}: {one['Pattern']}" for one in filters) + "}"


def takes_events(definition: Mapping[str, Any]) -> bool:
    """Return whether a subject takes events by a pattern or by filters; filters may match all events."""
    return "EventPattern" in definition or "FilterConfiguration" in definition


def pattern_pieces(covered: Covered) -> list[Piece]:
    """Return the text of a subject's pattern in pieces; an empty list if the subject has no pattern."""
    text = pattern_of(covered.definition)
    return [] if text is None else list(_object(read_pattern(text), (), "\n", _marks(covered)))


def _marks(covered: Covered) -> dict[Where, Mark]:
    """Return the marks of all places in the pattern that have one."""
    marks: dict[Where, Mark] = {}
    for point in covered.points.values():
        is_tried = point.key in covered.tried
        if point.kind == "refusal":
            marks[point.where] = "plain" if is_tried else "unrefused"
        elif point.where:
            marks[point.where] = "tried" if is_tried else "missed"
    return marks


def _object(
    value: Mapping[str, Any], where: Where, line: str, marks: Mapping[Where, Mark]
) -> Iterator[Piece]:
    """Yield the pieces of an object.

    Args:
        value: The object.
        where: The place of the object in the pattern.
        line: The line break and the indentation of the line in which the object begins.
        marks: The marks of places.
    """
    yield "{", marks.get(where, "plain")
    between = ""
    for name, member in value.items():
        here = (*where, name)
        yield f"{between}{line}{INDENT}", "plain"
        yield _text(name), marks.get(here, "plain")
        yield ": ", "plain"
        if isinstance(member, dict):
            yield from _object(member, here, line + INDENT, marks)
        else:
            yield from _list(member, here, line + INDENT, marks)
        between = ","
    yield f"{line}}}", "plain"


def _list(value: Sequence[Any], where: Where, line: str, marks: Mapping[Where, Mark]) -> Iterator[Piece]:
    """Yield the pieces of a list, which has values, or the branches of `$or`."""
    has_branches = where[-1] == "$or" and any(isinstance(item, dict) for item in value)
    is_short = not has_branches and len(_text(value)) <= LONGEST_LIST
    yield "[", "plain"
    for number, item in enumerate(value):
        here = (*where, number)
        comma = "," if number else ""
        yield (comma + (" " if number else "") if is_short else f"{comma}{line}{INDENT}"), "plain"
        if has_branches and isinstance(item, dict):
            yield from _object(item, here, line + INDENT, marks)
        else:
            yield _text(item), marks.get(here, "plain")
    yield (f"{line}]" if value and not is_short else "]"), "plain"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
