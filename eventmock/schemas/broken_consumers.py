"""What a change of schemas does to consumers: rules that match less or never, and paths that lead nowhere.

A rule is judged for each schema that its pattern is about, as far as events of the old schema could match it at all.
`broken_patterns` judges a pattern, `broken_inputs` the paths of targets. Members that an open schema allows and does
not name do not count as promised: a member that the new schema does not name any more is gone.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.pattern.leaves import leaf_of
from eventmock.schemas.about import is_about, judged_fields
from eventmock.schemas.broken_inputs import broken_inputs
from eventmock.schemas.broken_patterns import JudgedPattern, can_match
from eventmock.schemas.change import SEVERITIES, Change, Kind
from eventmock.schemas.examples import Wish, exactly, example, matching_event
from eventmock.schemas.satisfaction import Unnamed, ends
from eventmock.schemas.schema_changes import new_values
from eventmock.schemas.words import said_about
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.pattern.leaves import Leaf
    from eventmock.pattern.matching import Alternative
    from eventmock.schemas.change import Severity
    from eventmock.schemas.consumer import Consumer
    from eventmock.schemas.schema_pairs import SchemaPairs
    from eventmock.schemas.view import SchemaView


def broken_consumers(consumers: Sequence[Consumer], compared: SchemaPairs) -> list[Change]:
    """Return what a change of schemas does to consumers, in their order; the worst first for each consumer.

    Args:
        consumers: The consumers.
        compared: The schemas before and after the change.
    """
    changes: list[Change] = []
    for consumer in consumers:
        found = _of_consumer(consumer, compared)
        changes += sorted(found, key=lambda one: SEVERITIES.index(one.severity))
    return [*changes, *_values_without_rule(consumers, compared)]


def _of_consumer(consumer: Consumer, compared: SchemaPairs) -> list[Change]:
    pattern = JudgedPattern(consumer, compared)
    found = [*pattern.changes]
    for old, new in compared.pairs:
        matched = [] if old is None else [one for one in consumer.pattern.alternatives if can_match(one, old)]
        if old is None or not matched:
            continue
        if new is None:
            found += _without_events(consumer, old, matched, compared, lives=pattern.lives)
        else:
            found += broken_inputs(pattern, old, new, compared.new)
    unlike = {(one.kind, one.target, one.path, one.what, one.schema.name): one for one in reversed(found)}
    return list(unlike.values())[::-1]


def _without_events(
    consumer: Consumer, old: SchemaView, matched: Sequence[Alternative], compared: SchemaPairs, *, lives: bool
) -> Iterator[Change]:
    """Yield that the events of a schema are gone, unless the rule matches them under their new name."""
    other = compared.renamed(old)
    if other is not None and any(can_match(one, other) for one in consumer.pattern.alternatives):
        return
    names_it = any("detail-type" in one.paths for one in matched)
    severity: Severity = "error" if not lives else "warning" if names_it else "note"
    kind, path, now = compared.what_became_of(old)
    shown = matching_event(consumer.pattern, old)
    what = "the rule waits for events that are gone"
    yield Change(severity, kind, path, what, old.schema.name, now, old.schema, consumer, example=shown)


def _values_without_rule(consumers: Sequence[Consumer], compared: SchemaPairs) -> Iterator[Change]:
    """Yield the new values on paths at which rules look, if no rule takes them."""
    for old, new in compared.pairs:
        if old is None or new is None:
            continue
        about = [one for consumer in consumers for one in consumer.pattern.alternatives if is_about(one, new)]
        for path in {field.path: None for one in about for field in judged_fields(one)}:
            before, after = (ends(view, path, Unnamed.NONE) for view in (old, new))
            for value in new_values(before, after):
                leaf = leaf_of(value, None)
                if leaf is not None and not any(_takes(one, path, leaf) for one in about):
                    what = f"no rule takes the new value {dumps(value)}"
                    was, now = said_about(before), said_about(after)
                    shown = example(new, [Wish.of(exactly(path, value))])
                    if shown is not None:
                        yield Change("note", Kind.NEW_VALUE, path, what, was, now, new.schema, example=shown)


def _takes(alternative: Alternative, path: str, leaf: Leaf) -> bool:
    return all(field.wants(leaf) for field in alternative.written if field.path == path)
