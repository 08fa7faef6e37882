"""Which schemas a pattern is about, and which of its fields a schema can judge.

Source: ours; `eventmock.pattern.matching` defines when an event matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.pattern.leaves import Leaf, leaf_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.pattern import Pattern
    from eventmock.pattern.matching import Alternative, Field
    from eventmock.schemas.view import SchemaView

ANY_SOURCE: Final = "example"
"""The source of examples if neither a schema nor a pattern names one."""

_DECIDES: Final = ("source", "detail-type")


def is_about(alternative: Alternative, view: SchemaView) -> bool:
    """Return whether an alternative of a pattern takes the source and the detail-type of a schema."""
    schema = view.schema
    values = {"source": schema.source, "detail-type": schema.detail_type}
    for field in alternative.written:
        value = values.get(field.path)
        if value is not None:
            leaf = leaf_of(value, None)
            assert leaf is not None
            if not field.wants(leaf):
                return False
    return True


def judged_fields(alternative: Alternative) -> list[Field]:
    """Return the fields of an alternative that a schema can judge.

    These are the fields below ``detail``, without those with an empty name in their paths. The envelope comes from AWS,
    and what schemas say of it is not always so: those of the Schema Registry say that resources are objects.
    """
    return [field for field in wished_fields(alternative) if field.path.split(".")[0] == "detail"]


def wished_fields(alternative: Alternative) -> list[Field]:
    """Return the fields of an alternative, other than source and detail-type, that an example has to satisfy."""
    return [
        field for field in alternative.written if field.path not in _DECIDES and all(field.path.split("."))
    ]


def pairs(pattern: Pattern, views: Sequence[SchemaView]) -> Iterator[tuple[Alternative, SchemaView]]:
    """Yield each alternative of a pattern with each schema that it is about."""
    for alternative in pattern.alternatives:
        for view in views:
            if is_about(alternative, view):
                yield alternative, view


def views_for(pattern: Pattern, views: Sequence[SchemaView]) -> list[SchemaView]:
    """Return the schemas that a pattern is about."""
    return [view for view in views if any(is_about(one, view) for one in pattern.alternatives)]


def source_for(alternative: Alternative, view: SchemaView) -> str:
    """Return a source of the events of a schema that an alternative of a pattern takes."""
    if view.schema.source is not None:
        return view.schema.source
    from eventmock.pattern.value_classes import examples_of

    terms = [term for field in alternative.written if field.path == "source" for term in field.terms]
    texts = [value for value in examples_of(terms).values if isinstance(value, str)] if terms else []
    taken = (text for text in texts if any(term.matches(Leaf(text, text, None)) for term in terms))
    return next(taken, ANY_SOURCE)
