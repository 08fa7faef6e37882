"""What a change of schemas does to the paths by which the targets of a rule take parts of the event.

Source: ours; `eventmock.transform.json_path` finds the values in events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.pattern.matching import Field
from eventmock.pattern.terms import Absent, Exists
from eventmock.schemas.about import is_about, judged_fields
from eventmock.schemas.broken_patterns import can_match
from eventmock.schemas.change import Change, Kind
from eventmock.schemas.consumer_problems import without
from eventmock.schemas.examples import Wish, example
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
    from collections.abc import Iterator, Sequence

    from eventmock.schemas.broken_patterns import JudgedPattern
    from eventmock.schemas.change import Severity
    from eventmock.schemas.consumer import Consumer, InputUse
    from eventmock.schemas.view import SchemaView


class _Judged(NamedTuple):
    """A path of a target, and what became of the schema.

    Attributes:
        consumer: The rule.
        use: The path.
        old: The old schema.
        new: The new schema.
        near: An event of the old schema that the rule matches; None if none was found.
    """

    consumer: Consumer
    use: InputUse
    old: SchemaView
    new: SchemaView
    near: dict[str, Any] | None

    @property
    def names(self) -> str:
        """The path as a pattern would write it."""
        return ".".join(step for step in self.use.path.steps if isinstance(step, str))

    def change(
        self, severity: Severity, kind: Kind, what: str, words: tuple[str, str], shown: dict[str, Any] | None
    ) -> Change:
        """Return a change of the path."""
        path, target = self.use.path.text, self.use.target
        what = f"{self.use.title} {what}"
        return Change(severity, kind, path, what, *words, self.new.schema, self.consumer, target, shown)

    def matched(self, wishes: Sequence[Wish] = ()) -> dict[str, Any] | None:
        """Return an event of the new schema that fulfils wishes, if possible one that the rule matches."""
        pattern = self.consumer.pattern
        for one in pattern.alternatives:
            if is_about(one, self.new):
                wanted = [*wishes, *map(Wish.of, judged_fields(one))]
                found = example(self.new, wanted, near=self.near, is_wanted=pattern.matches)
                if found is not None:
                    return found
        return example(self.new, wishes, near=self.near)


def broken_inputs(
    pattern: JudgedPattern, old: SchemaView, new: SchemaView, all_new: Sequence[SchemaView]
) -> Iterator[Change]:
    """Yield what a change of a schema does to the input paths of a rule.

    Args:
        pattern: The rule, whose pattern is judged.
        old: The schema before the change.
        new: The schema after the change.
        all_new: All schemas after the change.
    """
    consumer = pattern.consumer
    about = [view for view in all_new if any(can_match(one, view) for one in consumer.pattern.alternatives)]
    for use in consumer.inputs:
        mode = Unnamed.NONE if ends_of(old, use.path, Unnamed.NONE) else Unnamed.ALL
        if use.path.steps[:1] != ("detail",) or not ends_of(old, use.path, mode):
            continue
        judged = _Judged(consumer, use, old, new, pattern.matching(old))
        free = Unnamed.IN_FREE_OBJECTS if mode is Unnamed.NONE else mode
        if not ends_of(new, use.path, free):
            leads = any(ends_of(view, use.path, free) for view in about)
            yield _lost(judged, "warning" if leads else "error")
        elif mode is Unnamed.NONE:
            yield from _optional_now(judged)
            yield from _other_kind(judged)


def _lost(judged: _Judged, severity: Severity) -> Change:
    """Return that a path leads nowhere any more."""
    path, new, names = judged.use.path, judged.new, judged.names
    before = ends_of(judged.old, path, Unnamed.NONE)
    was = said_about(before) if before else NOT_NAMED
    is_open = bool(ends_of(new, path))
    if not is_open and ends(
        new, names, Unnamed.NONE
    ):  # as a pattern sees it: an array came to the way, or went
        words = was, _where_it_ends(path, new)
        return judged.change(severity, Kind.ARRAY, "gets nothing", words, judged.matched())
    other = renamed_to(judged.old, new, names)
    now = (NOT_NAMED if is_open else NOT_ALLOWED) + renamed_note(other, "$.")
    wishes = [Wish.of(Field(names, (Absent(),)), is_absent=True)]
    wishes += [] if other is None else [Wish.of(Field(other, (Exists(),)))]
    return judged.change(severity, Kind.REMOVED, "gets nothing", (was, now), judged.matched(wishes))


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


def _optional_now(judged: _Judged) -> Iterator[Change]:
    """Yield that a path leads nowhere in some events."""
    path, pattern = judged.use.path, judged.consumer.pattern
    if not is_certain(judged.old, path) or is_certain(judged.new, path):
        return
    shown = without(path, pattern, judged.new, judged.near)
    if shown is not None or (judged.near is None and not _is_wanted(judged)):
        words = ALWAYS_THERE, OPTIONAL
        yield judged.change("warning", Kind.REQUIRED, "gets nothing of some events", words, shown)


def _is_wanted(judged: _Judged) -> bool:
    """Return whether the pattern wants a value on an input path, so that each event that it matches has it."""
    path = judged.names
    return all(
        any(
            not field.may_be_absent and (field.path == path or field.path.startswith(f"{path}."))
            for field in one.written
        )
        for one in judged.consumer.pattern.alternatives
    )


def _other_kind(judged: _Judged) -> Iterator[Change]:
    """Yield that a path leads to a value of another type."""
    before, after = (ends_of(view, judged.use.path, Unnamed.NONE) for view in (judged.old, judged.new))
    came = kinds_of(after) - kinds_of(before) - {"null"}
    if came:
        kind = Kind.ARRAY if "an array" in came else Kind.TYPE
        words = said_about(before), said_about(after)
        yield judged.change("warning", kind, f"gets {' or '.join(sorted(came))}", words, judged.matched())
