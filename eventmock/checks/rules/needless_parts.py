"""Rules about patterns that no event matches, and about parts of patterns that add no event.

A part is a value in a list, or an alternative of `$or`. It adds nothing if it implies what stands beside it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.pattern_fields import NEVER, patterns_of
from eventmock.checks.rules.patterns import field_no_event_has, value_no_event_has
from eventmock.checks.subject import shown
from eventmock.checks.table import rule
from eventmock.pattern import InvalidPattern, compile as compile_pattern, implies, is_satisfiable
from eventmock.pattern.hints import FIELDS
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource
    from eventmock.pattern import Pattern

    Keys = tuple[str | int, ...]

_OR: Final = "$or"
_MOST_PARTS: Final = 5000
"""How many parts of the patterns of a template are tried."""
_NOTHING_LOST: Final = "the rule works as if it were not there"


# Rules


@rule("pattern-never-matches", "error", "A pattern that no event on a bus can match.")
def pattern_never_matches(subject: Subject) -> Iterator[Found]:
    """Yield the patterns that are proven to match no event, if no other rule says why."""
    for resource, document in _known_patterns(subject):
        if is_satisfiable(document, on_a_bus=True).holds is not False:
            continue
        at_fault = [(keys, listed) for keys, listed in _lists(document) if _is_impossible(keys, listed)]
        keys, listed = at_fault[0] if at_fault else ((), document)
        path = _path(keys)
        yield subject.found(
            resource,
            "EventPattern",
            *keys,
            what=f"the pattern wants {f'{path} to be ' * bool(path)}{shown(listed)}, which no event on a bus has",
            production=NEVER,
            instead=_possible(path),
        )


def _possible(path: str) -> str:
    """Return what an event on a bus can have on a path, in words."""
    if path == "detail":
        return "fields in detail, which is an object in each event"
    if path in FIELDS:
        return f"a text: each event has one as its {path}"
    return "a pattern that an event can match; `eventmock match` tries one"


@rule(
    "part-never-matches",
    "warning",
    "A value in a list of a pattern, or an alternative of `$or`, that no event on a bus can match.",
)
def part_never_matches(subject: Subject) -> Iterator[Found]:
    """Yield the parts of patterns that are proven to match no event, if others do."""
    for resource, part in _needless(subject):
        if part.is_impossible:
            yield subject.found(
                resource,
                "EventPattern",
                *part.keys,
                what=f"{part.text} matches no event on a bus",
                production=_NOTHING_LOST,
                instead="what an event can have there, or nothing",
            )


@rule(
    "superfluous-part",
    "note",
    "A value in a list of a pattern, or an alternative of `$or`, whose events the rest of the pattern matches too.",
)
def superfluous_part(subject: Subject) -> Iterator[Found]:
    """Yield the parts of patterns that are proven to add no event."""
    for resource, part in _needless(subject):
        # values that come from outside may be alike here, and differ elsewhere
        if not part.is_impossible and not subject.is_given(resource, "EventPattern"):
            yield subject.found(
                resource,
                "EventPattern",
                *part.keys,
                what=f"{part.text} adds no event: {part.covered_by} matches all that it matches",
                production=_NOTHING_LOST,
                instead="no such part, or what else was meant",
            )


def _known_patterns(subject: Subject) -> Iterator[tuple[StackResource, dict[str, Any]]]:
    """Yield the rules and archives with their patterns, as JSON values.

    Left out are those with made-up values, those of which another rule says what no event has, and those that AWS reads
    otherwise than Python writes them, such as a text with more text behind it.
    """
    told = {found.logical_id for find in (field_no_event_has, value_no_event_has) for found in find(subject)}
    for resource, pattern in patterns_of(subject):
        if resource.logical_id in told or subject.is_made_up(resource, "EventPattern"):
            continue
        try:
            document = loads(pattern.text)
            is_alike = _wanted(compile_pattern(document)) == _wanted(pattern)
        except (ValueError, InvalidPattern):
            continue
        if is_alike:
            yield resource, document


def _wanted(pattern: Pattern) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Return the paths and terms of each alternative of a pattern."""
    return [[(field.path, field.wanted) for field in one.written] for one in pattern.alternatives]


# Parts of patterns


class _Part(NamedTuple):
    """A part of a pattern that adds no event.

    Attributes:
        keys: The keys that lead to the part in the pattern.
        value: The part.
        is_impossible: Whether no event matches it.
        covered_by: What matches all events that it matches, in words.
    """

    keys: Keys
    value: Any
    is_impossible: bool
    covered_by: str

    @property
    def text(self) -> str:
        """The part, for texts."""
        return f"{_name(self.keys)} {shown(dumps(self.value))}"


def _name(keys: Keys) -> str:
    if keys[-2] == _OR:
        return f"alternative {int(keys[-1]) + 1} of $or"
    return f"{_path(keys)}:"


def _path(keys: Keys) -> str:
    """Return the path of the field to which some keys lead."""
    return ".".join(key for key in keys if isinstance(key, str) and key != _OR)


def _lists(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, list[Any]]]:
    """Yield the lists of values and of alternatives in a pattern, the outer ones first, with their keys."""
    for key, inner in value.items():
        here = (*keys, key)
        if isinstance(inner, dict):
            yield from _lists(inner, here)
        else:
            yield here, inner
            for number, alternative in enumerate(inner if key == _OR else ()):
                yield from _lists(alternative, (*here, number))


def _is_impossible(keys: Keys, listed: list[Any]) -> bool:
    """Return whether no event on a bus has one of some values."""
    return keys[-1] != _OR and is_satisfiable({_path(keys): listed}, on_a_bus=True).holds is False


@lru_cache(maxsize=1)
def _needless(subject: Subject) -> list[tuple[StackResource, _Part]]:
    """Return the parts of patterns of a template that add no event, with their rules and archives."""
    tried = ((resource, part) for resource, document in _known_patterns(subject) for part in _tried(document))
    return [(resource, part) for resource, part in islice(tried, _MOST_PARTS) if part is not None]


def _tried(document: dict[str, Any]) -> Iterator[_Part | None]:
    """Yield the parts of a pattern that add no event to what stands beside them, and None for each that does.

    If no event matches the pattern, it has no such parts.
    """
    lists = [(keys, listed) for keys, listed in _lists(document) if _may_repeat(keys, listed)]
    if not lists or is_satisfiable(document, on_a_bus=True).holds is False:
        return
    gone: set[Keys] = set()
    for keys, listed in lists:
        if any(keys[:length] in gone for length in range(1, len(keys))):
            continue
        left = list(range(len(listed)))
        for number in reversed(range(len(listed))):
            rest = [one for one in left if one != number]
            part = _part(document, keys, listed, number, rest) if rest else None
            if part is not None:
                gone.add(part.keys)
                left = rest
            yield part


def _may_repeat(keys: Keys, listed: list[Any]) -> bool:
    """Return whether a part of a list may be needless. Different texts in the detail never are."""
    if len(listed) < 2:
        return False
    is_of_texts = all(isinstance(one, str) for one in listed)
    return not is_of_texts or len({*listed}) < len(listed) or keys[0] != "detail"


def _part(
    document: dict[str, Any], keys: Keys, listed: list[Any], number: int, rest: list[int]
) -> _Part | None:
    """Return a part of a list, if it adds no event to the rest of it; else None."""
    alone = _only(document, keys, listed, [number])
    found = is_satisfiable(alone, on_a_bus=True)
    place, value = (*keys, number), listed[number]
    if found.holds is False:
        return _Part(place, value, is_impossible=True, covered_by="")
    beside = _only(document, keys, listed, rest)
    if found.witness is not None and not beside.matches(found.witness):
        return None
    if not implies(alone, beside, on_a_bus=True):
        return None
    for one in rest:
        if implies(alone, _only(document, keys, listed, [one]), on_a_bus=True):
            covering = f"alternative {one + 1}" if keys[-1] == _OR else shown(dumps(listed[one]))
            return _Part(place, value, is_impossible=False, covered_by=covering)
    return _Part(place, value, is_impossible=False, covered_by="the rest")


def _only(document: dict[str, Any], keys: Keys, listed: list[Any], numbers: list[int]) -> Pattern:
    """Return a pattern of some parts of a list alone. Of alternatives, it has what they are alternatives to as well."""
    if keys[-1] != _OR:
        return compile_pattern({_path(keys): [listed[number] for number in numbers]})
    kept = {keys[:length] for length in range(len(keys))} | {(*keys, number) for number in numbers}
    beside = {
        (*around, number)
        for around, alternatives in _lists(document)
        if around == keys[: len(around)] and around[-1] == _OR
        for number in range(len(alternatives))
    }
    return compile_pattern(_without(document, beside - kept))


def _without(value: Any, gone: Collection[Keys], keys: Keys = ()) -> Any:
    """Return a pattern without some parts. Of an `$or`, a single alternative is left twice, as AWS wants two."""
    if isinstance(value, dict):
        return {key: _without(inner, gone, (*keys, key)) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    left = [
        _without(one, gone, (*keys, number))
        for number, one in enumerate(value)
        if (*keys, number) not in gone
    ]
    return left * 2 if keys[-1] == _OR and len(left) == 1 else left
