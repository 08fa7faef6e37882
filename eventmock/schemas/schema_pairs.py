"""Two sets of schemas side by side: which schema became which, and what else is there.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.schemas.change import Kind
from eventmock.schemas.declared_paths import declared_paths
from eventmock.schemas.view import SchemaView
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventmock.schemas.event_schema import EventSchema

_MOST_UNLIKE: Final = 0.5
"""The share of equal paths from which two schemas count as one under two names."""


class Pair(NamedTuple):
    """A schema before and after a change.

    Attributes:
        old: The old schema; None if it is new.
        new: The new schema; None if it was removed.
    """

    old: SchemaView | None
    new: SchemaView | None


class SchemaPairs:
    """Two sets of schemas.

    Args:
        old: The old schemas.
        new: The new schemas.

    Attributes:
        old: The old schemas.
        new: The new schemas.
        pairs: The schemas side by side, by source and detail-type: those of the old set first, then the new ones.
    """

    def __init__(self, old: Iterable[EventSchema], new: Iterable[EventSchema]) -> None:
        self.old: Final[Sequence[SchemaView]] = [SchemaView(one) for one in old]
        self.new: Final[Sequence[SchemaView]] = [SchemaView(one) for one in new]
        after = {(one.schema.source, one.schema.detail_type): one for one in self.new}
        before = {(one.schema.source, one.schema.detail_type): one for one in self.old}
        self.pairs: Final = [
            *(Pair(view, after.get(key)) for key, view in before.items()),
            *(Pair(None, view) for key, view in after.items() if key not in before),
        ]

    def renamed(self, old: SchemaView) -> SchemaView | None:
        """Return the new schema that may be a removed one under another name; None if none looks like it."""
        others = [pair.new for pair in self.pairs if pair.old is None and pair.new is not None]
        schema = old.schema
        for other in others:
            if other.schema.detail_type == schema.detail_type:
                return other
        siblings = [other for other in others if other.schema.source == schema.source]
        near = nearest_name(schema.detail_type, [other.schema.detail_type for other in siblings])
        for other in siblings:
            if other.schema.detail_type == near:
                return other
        alike = [(_likeness(old, other), number) for number, other in enumerate(others)]
        likeness, number = max(alike, key=lambda one: (one[0], -one[1]), default=(0.0, 0))
        return others[number] if likeness > _MOST_UNLIKE else None

    def what_became_of(self, old: SchemaView) -> tuple[Kind, str, str]:
        """Return what became of a schema that was removed: the kind of change, what changed, and what is there now."""
        other, schema = self.renamed(old), old.schema
        now = "no such events"
        if other is not None:
            now += f", but {other.schema.name} is new: renamed?"
            is_source = other.schema.detail_type == schema.detail_type
        else:
            is_source = schema.source not in {view.schema.source for view in self.new}
        return (Kind.SOURCE, "source", now) if is_source else (Kind.DETAIL_TYPE, "detail-type", now)


def _likeness(one: SchemaView, other: SchemaView) -> float:
    """Return the share of the paths below ``detail`` that two schemas have in common."""
    first, second = ({path.names for path in declared_paths(view)} - {("detail",)} for view in (one, other))
    return len(first & second) / len(first | second) if first and second else 0.0
