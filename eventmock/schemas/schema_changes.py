"""The changes from one schema to another, path by path, and what they could break.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.pattern.matching import Field
from eventmock.pattern.terms import Absent
from eventmock.schemas.change import Change, Kind
from eventmock.schemas.declared_paths import DeclaredPath, declared_paths
from eventmock.schemas.json_values import SCALARS, are_equal
from eventmock.schemas.satisfaction import Unnamed, can_satisfy, ends
from eventmock.schemas.words import kinds_of, said_about
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.pattern.leaves import Scalar
    from eventmock.schemas.alternative import Alternative
    from eventmock.schemas.schema_pairs import SchemaPairs
    from eventmock.schemas.view import SchemaView


NOT_NAMED: Final = "not named"
NOT_ALLOWED: Final = "not allowed"
ALWAYS_THERE: Final = "always there"
OPTIONAL: Final = "optional"


class Values(NamedTuple):
    """The values that a schema lists for a place.

    Attributes:
        listed: The values.
        are_all: Whether no other value is there.
    """

    listed: Sequence[Scalar]
    are_all: bool


def values_of(alternatives: Iterable[Alternative]) -> Values:
    """Return the scalars that some alternatives list."""
    listed: list[Scalar] = []
    are_all = True
    for one in alternatives:
        if one.values is None:
            are_all = are_all and not one.types & SCALARS
            continue
        for value in one.values:
            if not isinstance(value, (dict, list)) and not any(are_equal(value, known) for known in listed):
                listed.append(value)
    return Values(listed, are_all and bool(listed))


def new_values(old: Iterable[Alternative], new: Iterable[Alternative]) -> list[Scalar]:
    """Return the values that new alternatives list and old ones do not; none if the old ones do not list all."""
    before, after = values_of(old), values_of(new)
    if not before.are_all:
        return []
    return [one for one in after.listed if not any(are_equal(one, known) for known in before.listed)]


def renamed_to(old: SchemaView, new: SchemaView, path: str) -> str | None:
    """Return the path that may be a removed path of a pattern under another name; None if none looks like it.

    It is a path that only the new schema names: in the same object a near name, or the only new name with values of the
    same types; else the only new path with the same last name.
    """
    before = {one.path for one in declared_paths(old)}
    added = [one.path for one in declared_paths(new) if one.path not in before]
    around, _, last = path.rpartition(".")
    beside = [one for one in added if one.rpartition(".")[0] == around]
    near = nearest_name(last, [one.rpartition(".")[2] for one in beside])
    if near is not None:
        return f"{around}.{near}"
    kinds = kinds_of(ends(old, path, Unnamed.NONE))
    alike = [one for one in beside if kinds_of(ends(new, one, Unnamed.NONE)) == kinds]
    named_so = [one for one in added if one.rpartition(".")[2] == last]
    for found in (alike, named_so):
        if len(found) == 1:
            return found[0]
    return None


def renamed_note(other: str | None, root: str = "") -> str:
    """Return a text about the path under which a removed path may be found now; empty if it is None.

    Args:
        other: The path.
        root: What is written before the path.
    """
    return f", but {root}{other} is new: renamed?" if other is not None else ""


def can_be_absent(view: SchemaView, path: str) -> bool:
    """Return whether an event of a schema may have nothing on a path of a pattern; False is certain."""
    return can_satisfy(view, [Field(path, (Absent(),))], Unnamed.ALL)


def schema_changes(compared: SchemaPairs) -> list[Change]:
    """Return the changes from one set of schemas to another, without regard to consumers."""
    changes: list[Change] = []
    for old, new in compared.pairs:
        if old is not None and new is not None:
            changes += _inside(old, new)
        elif old is not None:
            kind, path, now = compared.what_became_of(old)
            what = "could break all rules for these events"
            changes.append(Change("warning", kind, path, what, old.schema.name, now, old.schema))
        elif new is not None:
            what = "breaks no rule that names its detail-types"
            added = new.schema
            changes.append(
                Change("note", Kind.ADDED, "detail-type", what, "no such events", added.name, added)
            )
    return changes


def _inside(old: SchemaView, new: SchemaView) -> Iterator[Change]:
    before, after = ({one.names: one for one in declared_paths(view)} for view in (old, new))
    gone: set[tuple[str, ...]] = set()
    for names, one in before.items():
        if names in after:
            yield from _of_path(old, new, one, after[names])
            continue
        gone.add(names)
        if names[:-1] not in gone:
            is_open = bool(ends(new, one.path))
            now = (NOT_NAMED if is_open else NOT_ALLOWED) + renamed_note(renamed_to(old, new, one.path))
            was = _said(old, one)
            yield Change("warning", Kind.REMOVED, one.path, _could_break(one), was, now, new.schema)
    added: set[tuple[str, ...]] = set()
    for names, one in after.items():
        if names in before:
            continue
        added.add(names)
        if names[:-1] not in added:
            what = f"could break patterns that want {one.path} absent"
            yield Change("note", Kind.ADDED, one.path, what, NOT_NAMED, _said(new, one), new.schema)


def _of_path(old: SchemaView, new: SchemaView, one: DeclaredPath, other: DeclaredPath) -> Iterator[Change]:
    before, after = (ends(view, one.path, Unnamed.NONE) for view in (old, new))
    was, now = said_about(before), said_about(after)
    is_scalar = not any("object" in alternative.types for alternative in (*before, *after))
    if kinds_of(before) != kinds_of(after):
        kind = Kind.ARRAY if "an array" in kinds_of(before) ^ kinds_of(after) else Kind.TYPE
        yield Change("warning", kind, one.path, _could_break(one), was, now, new.schema)
    elif was != now and is_scalar:
        came, went = new_values(before, after), new_values(after, before)
        if came and not went:
            what = f"could reach rules with anything-but on {one.path}"
            yield Change("note", Kind.NEW_VALUE, one.path, what, was, now, new.schema)
        else:
            kind = Kind.ENUM if went else Kind.VALUE
            yield Change("warning", kind, one.path, _could_break(one), was, now, new.schema)
    was_absent, is_absent = can_be_absent(old, one.path), can_be_absent(new, one.path)
    if is_absent and not was_absent:
        yield Change(
            "warning", Kind.REQUIRED, one.path, _could_break(other), ALWAYS_THERE, OPTIONAL, new.schema
        )
    elif was_absent and not is_absent:
        what = f"could break patterns that want {one.path} absent"
        yield Change("note", Kind.REQUIRED, one.path, what, OPTIONAL, ALWAYS_THERE, new.schema)


def _said(view: SchemaView, one: DeclaredPath) -> str:
    return said_about(ends(view, one.path, Unnamed.NONE))


def _could_break(one: DeclaredPath) -> str:
    return f"could break patterns on {one.path}, and input paths {one.json_path}"
