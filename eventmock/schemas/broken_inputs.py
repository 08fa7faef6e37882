"""What a change of schemas does to the paths by which the targets of a rule take parts of the event.

Source: ours; `eventmock.transform.json_path` finds the values in events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.pattern.matching import Field
from eventmock.pattern.terms import Absent, Exists
from eventmock.schemas.about import is_about, judged_fields
from eventmock.schemas.broken_patterns import can_match
from eventmock.schemas.change import Change, Kind
from eventmock.schemas.consumer_problems import without
from eventmock.schemas.examples import Wish, example, matching_event
from eventmock.schemas.input_paths import ends_of, is_certain
from eventmock.schemas.satisfaction import Unnamed, ends
from eventmock.schemas.schema_changes import (
    ALWAYS_THERE,
    NOT_ALLOWED,
    NOT_NAMED,
    OPTIONAL,
    renamed_note,
    renamed_to,
)
from eventmock.schemas.words import kinds_of, said_about
from eventmock.transform.json_path import EVERY, JsonPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.pattern import Pattern
    from eventmock.schemas.consumer import Consumer, InputUse
    from eventmock.schemas.view import SchemaView


def broken_inputs(
    consumer: Consumer, old: SchemaView, new: SchemaView, all_new: Sequence[SchemaView]
) -> Iterator[Change]:
    """Yield what a change of a schema does to the input paths of a rule.

    Args:
        consumer: The rule.
        old: The schema before the change.
        new: The schema after the change.
        all_new: All schemas after the change.
    """
    about = [view for view in all_new if any(can_match(one, view) for one in consumer.pattern.alternatives)]
    for use in consumer.inputs:
        mode = Unnamed.NONE if ends_of(old, use.path, Unnamed.NONE) else Unnamed.ALL
        if use.path.steps[:1] != ("detail",) or not ends_of(old, use.path, mode):
            continue
        if not ends_of(new, use.path, mode):
            leads = any(ends_of(view, use.path, mode) for view in about)
            yield _lost(consumer, use, old, new)._replace(severity="warning" if leads else "error")
        else:
            yield from _optional_now(consumer, use, old, new)
            yield from _other_kind(consumer, use, old, new)


def _lost(consumer: Consumer, use: InputUse, old: SchemaView, new: SchemaView) -> Change:
    """Return that a path leads nowhere any more."""
    path = _path_of(use)
    before = ends_of(old, use.path, Unnamed.NONE)
    was = said_about(before) if before else NOT_NAMED
    near = matching_event(consumer.pattern, old)
    what = f"{use.title} gets nothing"
    if ends(new, path, Unnamed.NONE):  # as a pattern sees it: only an array came to the way, or went
        kind, now, gone = Kind.ARRAY, _where_it_ends(use.path, new), []
    else:
        other = renamed_to(old, new, path)
        is_open = bool(ends_of(new, use.path))
        kind, now = Kind.REMOVED, (NOT_NAMED if is_open else NOT_ALLOWED) + renamed_note(other, "$.")
        gone = [Wish.of(Field(path, (Absent(),)), is_absent=True)]
        gone += [] if other is None else [Wish.of(Field(other, (Exists(),)))]
    shown = _matched(consumer.pattern, new, near, gone) or example(new, gone, near=near)
    return Change("error", kind, use.path.text, what, was, now, new.schema, consumer, use.target, shown)


def _where_it_ends(path: JsonPath, new: SchemaView) -> str:
    """Return what is where a path leads on no more, such as ``$.detail.customer is an array``."""
    for length in range(len(path.steps) - 1, 0, -1):
        around = JsonPath(path.text, path.steps[:length])
        found = ends_of(new, around, Unnamed.NONE)
        if found:
            return f"{_text_of(around)} is {said_about(found)}"
    return NOT_NAMED


def _text_of(path: JsonPath) -> str:
    """Return the text of a path, such as ``$.detail.lines[*].sku``."""
    steps = (
        "[*]" if one is EVERY else f".{one}" if isinstance(one, str) else f"[{one}]" for one in path.steps
    )
    return "$" + "".join(steps)


def _optional_now(consumer: Consumer, use: InputUse, old: SchemaView, new: SchemaView) -> Iterator[Change]:
    """Yield that a path leads nowhere in some events."""
    if not is_certain(old, use.path) or is_certain(new, use.path):
        return
    shown = without(use.path, consumer.pattern, new, matching_event(consumer.pattern, old))
    if shown is not None or not _is_wanted(use, consumer.pattern):
        what = f"{use.title} gets nothing of some events"
        yield Change(
            "warning",
            Kind.REQUIRED,
            use.path.text,
            what,
            ALWAYS_THERE,
            OPTIONAL,
            new.schema,
            consumer,
            use.target,
            shown,
        )


def _other_kind(consumer: Consumer, use: InputUse, old: SchemaView, new: SchemaView) -> Iterator[Change]:
    """Yield that a path leads to a value of another type."""
    before, after = (ends_of(view, use.path, Unnamed.NONE) for view in (old, new))
    came = kinds_of(after) - kinds_of(before) - {"null"}
    if before and came:
        near = matching_event(consumer.pattern, old)
        shown = _matched(consumer.pattern, new, near, []) or example(new, near=near)
        what = f"{use.title} gets {' or '.join(sorted(came))}"
        kind = Kind.ARRAY if "an array" in came else Kind.TYPE
        was, now = said_about(before), said_about(after)
        yield Change("warning", kind, use.path.text, what, was, now, new.schema, consumer, use.target, shown)


def _matched(
    pattern: Pattern, new: SchemaView, near: Mapping[str, Any] | None, wishes: Sequence[Wish]
) -> dict[str, Any] | None:
    """Return an event of a new schema that a pattern matches and that fulfils some wishes; None if none was found."""
    for one in pattern.alternatives:
        if is_about(one, new):
            wanted = [*wishes, *map(Wish.of, judged_fields(one))]
            found = example(new, wanted, near=near, is_wanted=pattern.matches)
            if found is not None:
                return found
    return None


def _is_wanted(use: InputUse, pattern: Pattern) -> bool:
    """Return whether a pattern wants a value on an input path, so that each event that it matches has it."""
    path = _path_of(use)
    return all(
        any(
            not field.may_be_absent and (field.path == path or field.path.startswith(f"{path}."))
            for field in one.written
        )
        for one in pattern.alternatives
    )


def _path_of(use: InputUse) -> str:
    """Return an input path as a pattern would write it."""
    return ".".join(step for step in use.path.steps if isinstance(step, str))
