"""What a change of schemas does to the pattern of a rule.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.matching import Field
from eventmock.pattern.operators import AnythingBut
from eventmock.pattern.terms import Absent, Exists
from eventmock.schemas.about import is_about, judged_fields
from eventmock.schemas.change import Change, Kind
from eventmock.schemas.examples import Wish, exactly, example, matching_event
from eventmock.schemas.json_values import SCALARS
from eventmock.schemas.satisfaction import Unnamed, can_satisfy, ends
from eventmock.schemas.schema_changes import (
    ALWAYS_THERE,
    NOT_ALLOWED,
    NOT_NAMED,
    OPTIONAL,
    can_be_absent,
    new_values,
    renamed_note,
    renamed_to,
    values_of,
)
from eventmock.schemas.words import said_about
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.pattern.matching import Alternative
    from eventmock.pattern.terms import Term
    from eventmock.schemas.alternative import Alternative as Values
    from eventmock.schemas.change import Severity
    from eventmock.schemas.consumer import Consumer
    from eventmock.schemas.schema_pairs import SchemaPairs
    from eventmock.schemas.view import SchemaView


class _Judged(NamedTuple):
    """An alternative of a pattern that events of an old schema can match, and what became of the schema.

    Attributes:
        alternative: The alternative.
        fields: Its fields that a schema can judge.
        old: The old schema.
        new: The new schema.
    """

    alternative: Alternative
    fields: Sequence[Field]
    old: SchemaView
    new: SchemaView


class JudgedPattern:
    """The pattern of a rule, judged.

    Args:
        consumer: The rule.
        compared: The schemas before and after the change.

    Attributes:
        consumer: The rule.
        changes: What the change does to the pattern.
        lives: Whether an event of a new schema can still match it.
    """

    def __init__(self, consumer: Consumer, compared: SchemaPairs) -> None:
        self.consumer: Final = consumer
        self._pattern = consumer.pattern
        self._lost: set[tuple[int, int]] = set()
        self._matching: dict[int, dict[str, Any] | None] = {}
        found = [
            change
            for old, new in compared.pairs
            if old is not None and new is not None
            for one in self._pattern.alternatives
            if can_match(one, old)
            for change in self._of_alternative(_Judged(one, judged_fields(one), old, new))
        ]
        self.lives: Final = any(
            (id(one), id(view)) not in self._lost and can_match(one, view)
            for one in self._pattern.alternatives
            for view in compared.new
        )
        self.changes: Final = [
            one._replace(severity="warning") if self.lives and one.severity == "error" else one
            for one in found
        ]

    def matching(self, old: SchemaView) -> dict[str, Any] | None:
        """Return an event of an old schema that the pattern matches; None if none was found."""
        if id(old) not in self._matching:
            self._matching[id(old)] = matching_event(self._pattern, old)
        return self._matching[id(old)]

    def _of_alternative(self, judged: _Judged) -> Iterator[Change]:
        """Yield what happens to an alternative; an error is that no event of the new schema matches it."""
        found = [change for field in judged.fields for change in self._of_field(field, judged)]
        if all(one.severity != "error" for one in found) and not can(judged.new, judged.fields):
            path = " and ".join(field.path for field in judged.fields)
            what = "no event has what the pattern wants together"
            shown = self._refused(judged, ())
            found.append(self._change("error", Kind.TOGETHER, path, what, ("some", "none"), judged, shown))
        if any(one.severity == "error" for one in found):
            self._lost.add((id(judged.alternative), id(judged.new)))
        yield from found

    def _change(  # noqa: PLR0913, PLR0917 - the members of a change
        self,
        severity: Severity,
        kind: Kind,
        path: str,
        what: str,
        words: tuple[str, str],
        judged: _Judged,
        shown: dict[str, Any] | None,
    ) -> Change:
        was, now = words
        return Change(severity, kind, path, what, was, now, judged.new.schema, self.consumer, example=shown)

    def _of_field(self, field: Field, judged: _Judged) -> Iterator[Change]:
        old, new, path = judged.old, judged.new, field.path
        is_named = can_satisfy(old, [Field(path, (Exists(),))], Unnamed.NONE)
        mode = Unnamed.IN_FREE_OBJECTS if is_named else Unnamed.ALL
        held = [term for term in field.terms if can(old, [Field(path, (term,))])]
        lost = [term for term in held if not can_satisfy(new, [Field(path, (term,))], mode)]
        if lost:
            yield self._terms_lost(field, judged, lost, is_deadly=not can_satisfy(new, [field], mode))
        elif all(isinstance(term, Absent) for term in field.terms):
            yield from self._named_now(field, judged)
        else:
            yield from self._optional_now(field, judged)
            yield from self._other_types(field, judged)
            yield from self._values_taken(field, judged)

    def _terms_lost(self, field: Field, judged: _Judged, lost: Sequence[Term], *, is_deadly: bool) -> Change:
        """Return that no event satisfies some terms of a field any more."""
        path = field.path
        before, after = _ends(judged.old, path), _ends(judged.new, path)
        is_open = can_satisfy(judged.new, [Field(path, (Exists(),))], Unnamed.ALL)
        if is_open and not _types(
            after
        ):  # the schema names no value there: at most a member with a dot in its name
            after = []
        was, now = (said_about(found, only_scalars=True) for found in (before, after))
        was = was if before else NOT_NAMED
        what = f"the pattern wants {_listed(lost)}, and no event has it"
        wishes = [Wish.of(field, holds=False)]
        if all(isinstance(term, Absent) for term in lost):
            kind, was, now = Kind.REQUIRED, OPTIONAL, f"{ALWAYS_THERE}: {now}"
            wishes = [Wish.of(Field(path, (Exists(),)))]
        elif not after:
            other = renamed_to(judged.old, judged.new, path)
            kind, now = Kind.REMOVED, (NOT_NAMED if is_open else NOT_ALLOWED) + renamed_note(other)
            wishes = [Wish.of(field, is_absent=True)]
            wishes += [] if other is None else [Wish.of(Field(other, (Exists(),)))]
        elif not _types(after) & _types(before):
            kind = Kind.TYPE
            wishes = wishes if _types(after) else []
        else:
            kind = Kind.ENUM if values_of(before).listed or values_of(after).listed else Kind.VALUE
        shown = self._refused(judged, wishes, field)
        severity: Severity = "error" if is_deadly else "warning"
        change = self._change(severity, kind, path, what, (was, now), judged, shown)
        return change if shown is not None else change._replace(before=self._taken_by(lost, field, judged))

    def _taken_by(self, terms: Sequence[Term], field: Field, judged: _Judged) -> dict[str, Any] | None:
        """Return an event of the old schema that the pattern matches by some terms of a field."""
        others = [Wish.of(one) for one in judged.fields if one is not field]
        return example(
            judged.old,
            [Wish.of(Field(field.path, tuple(terms))), *others],
            near=self.matching(judged.old),
            is_wanted=self._pattern.matches,
        )

    def _named_now(self, field: Field, judged: _Judged) -> Iterator[Change]:
        """Yield that a member may be there which the pattern wants absent."""
        before, after = _ends(judged.old, field.path), _ends(judged.new, field.path)
        if after and not before:
            what = "the pattern wants it absent, and some events have it"
            shown = self._refused(judged, [Wish.of(Field(field.path, (Exists(),)))], field)
            words = NOT_NAMED, said_about(after)
            yield self._change("note", Kind.ADDED, field.path, what, words, judged, shown)

    def _optional_now(self, field: Field, judged: _Judged) -> Iterator[Change]:
        """Yield that a member may be absent which the pattern wants."""
        path = field.path
        if (
            not field.may_be_absent
            and not can_be_absent(judged.old, path)
            and can_be_absent(judged.new, path)
        ):
            what = f"the pattern wants {_listed(field.terms)}, and some events lack it"
            shown = self._refused(judged, [Wish.of(field, is_absent=True)], field)
            words = ALWAYS_THERE, OPTIONAL
            if shown is None and self.matching(judged.old) is not None:
                return  # the schema may require it in a way that is not known here
            yield self._change("warning", Kind.REQUIRED, path, what, words, judged, shown)

    def _other_types(self, field: Field, judged: _Judged) -> Iterator[Change]:
        """Yield that a value may have a type that it had not, by which the pattern refuses it."""
        before, after = _ends(judged.old, field.path), _ends(judged.new, field.path)
        came = _types(after) - _types(before)
        if not before or not came:
            return
        wish = Wish.of(field, holds=False)._replace(types=frozenset(came))
        shown = self._refused(judged, [wish], field)
        if shown is not None:
            what = f"the pattern wants {_listed(field.terms)}, and some events have another type there"
            words = said_about(before, only_scalars=True), said_about(after, only_scalars=True)
            yield self._change("warning", Kind.TYPE, field.path, what, words, judged, shown)

    def _values_taken(self, field: Field, judged: _Judged) -> Iterator[Change]:
        """Yield the new values that ``anything-but`` takes."""
        before, after = _ends(judged.old, field.path), _ends(judged.new, field.path)
        but = [term for term in field.terms if isinstance(term, AnythingBut)]
        for value in new_values(before, after) if but else ():
            leaf = leaf_of(value, None)
            if leaf is None or not any(term.matches(leaf) for term in but):
                continue
            others = [Wish.of(one) for one in judged.fields if one is not field]
            shown = example(
                judged.new,
                [Wish.of(exactly(field.path, value)), *others],
                near=self.matching(judged.old),
                is_wanted=self._pattern.matches,
            )
            if shown is None and self.matching(judged.old) is not None:
                continue  # the schema may exclude it in a way that is not known here
            what = f"the pattern wants {_listed(field.terms)}, and takes the new value {dumps(value)}"
            words = said_about(before), said_about(after)
            yield self._change("note", Kind.NEW_VALUE, field.path, what, words, judged, shown)

    def _refused(
        self, judged: _Judged, wishes: Sequence[Wish], about: Field | None = None
    ) -> dict[str, Any] | None:
        """Return an event of the new schema that the pattern does not match, near to one that it matched.

        Args:
            judged: The alternative, and the schemas.
            wishes: What the event is to have on the path that changed.
            about: The field that changed.
        """
        near = self.matching(judged.old)
        others = [Wish.of(one) for one in judged.fields if one is not about and can(judged.new, [one])]
        for wanted in ([*wishes, *others], wishes):
            found = example(
                judged.new, wanted, near=near, is_wanted=lambda event: not self._pattern.matches(event)
            )
            if found is not None:
                return found
        return None


def can_match(alternative: Alternative, view: SchemaView) -> bool:
    """Return whether an event of a schema can match an alternative."""
    return is_about(alternative, view) and can(view, judged_fields(alternative))


def can(view: SchemaView, fields: Iterable[Field]) -> bool:
    """Return whether an event of a schema can satisfy some fields, also by members that it does not name."""
    return can_satisfy(view, fields, Unnamed.ALL)


def _ends(view: SchemaView, path: str) -> list[Values]:
    return ends(view, path, Unnamed.NONE)


def _types(alternatives: Iterable[Values]) -> set[str]:
    """Return the types of the scalars of some alternatives."""
    return {kind for one in alternatives for kind in one.types & SCALARS}


def _listed(terms: Iterable[Term]) -> str:
    return " or ".join(map(str, terms))
