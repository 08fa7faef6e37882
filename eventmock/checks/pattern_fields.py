"""The patterns of a template and their fields, for the rules about patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.subject import ARCHIVE, RULE, pattern_of
from eventmock.pattern import InvalidPattern
from eventmock.pattern.terms import Absent, ExactString

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource
    from eventmock.pattern import Pattern
    from eventmock.pattern.matching import Field
    from eventmock.pattern.terms import Term

NEVER: Final = "it deploys, and no event ever matches it"


def patterns_of(subject: Subject) -> Iterator[tuple[StackResource, Pattern]]:
    """Yield the rules and archives that have a pattern which AWS takes."""
    for resource in subject.of_type(RULE, ARCHIVE):
        try:
            pattern = pattern_of(resource)
        except InvalidPattern:
            continue
        if pattern is not None:
            yield resource, pattern


def fields_of(pattern: Pattern) -> list[Field]:
    """Return the different fields of all alternatives of a pattern, in order."""
    found: dict[tuple[str, tuple[str, ...]], Field] = {}
    for one in pattern.alternatives:
        for field in one.written:
            found.setdefault((field.path, field.wanted), field)
    return list(found.values())


def texts_of(subject: Subject) -> Iterator[tuple[StackResource, str, str]]:
    """Yield the plain texts of patterns: the resource, the path of the field, and the text."""
    for resource, pattern in patterns_of(subject):
        for field in fields_of(pattern):
            for term in field.terms:
                if isinstance(term, ExactString):
                    yield resource, field.path, term.text


def keys_of_path(resource: StackResource, path: str) -> list[str | int]:
    """Return the keys of a field of a pattern in the properties of a resource, also within ``$or``."""
    given = resource.properties.get("EventPattern")
    return ["EventPattern", *(_search(given, path.split(".")) or ())]


def _search(value: Any, pieces: list[str]) -> list[str | int] | None:
    if not pieces:
        return []
    if not isinstance(value, dict):
        return None
    for number in range(1, len(pieces) + 1):
        name = ".".join(pieces[:number])
        found = _search(value[name], pieces[number:]) if name in value else None
        if found is not None:
            return [name, *found]
    alternatives = value.get("$or")
    for index, one in enumerate(alternatives if isinstance(alternatives, list) else ()):
        found = _search(one, pieces)
        if found is not None:
            return ["$or", index, *found]
    return None


def wants_absence(field: Field) -> bool:
    """Return whether a field is satisfied only by an event that does not have it."""
    return all(isinstance(term, Absent) for term in field.terms)


def listed(terms: tuple[Term, ...]) -> str:
    """Return what a field wants, in words."""
    return " or ".join(map(str, terms))


def never(pattern: Pattern, path: str) -> str:
    """Return what happens if no event satisfies a path: of a pattern with alternatives, only some are lost."""
    lost = sum(any(is_at(field.path, path) for field in one.written) for one in pattern.alternatives)
    if lost == len(pattern.alternatives):
        return NEVER
    return f"it deploys, and {lost} of the {len(pattern.alternatives)} alternatives of $or never match"


def is_at(path: str, around: str) -> bool:
    """Return whether a path is another one, or leads on from it."""
    return path == around or path.startswith(f"{around}.")
