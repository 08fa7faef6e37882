"""Events that several patterns match, as far as a finding may be made of them.

Two patterns that want different values of a field match one event if it has an array there. That is true, and hardly
ever happens, so events with arrays are left out.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.subject import shown
from eventmock.pattern import is_satisfiable, overlaps
from eventmock.pattern.terms import ExactString

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.pattern import Pattern

_LONGEST_SHOWN: Final = 300


def common_event(patterns: Sequence[Pattern]) -> dict[str, Any] | None:
    """Return an event on a bus that all patterns match, without arrays; None if none was found.

    Args:
        patterns: The patterns, at least one. Of one or two the search is complete. Of more it tries events that are
            made of those that each two of them match.
    """
    if len(patterns) == 1:
        answers = [is_satisfiable(patterns[0], on_a_bus=True)]
    else:
        answers = [overlaps(one, other, on_a_bus=True) for one, other in combinations(patterns, 2)]
    found = [answer.witness for answer in answers if answer.witness is not None]
    if len(found) < len(answers):
        return None
    for first in range(len(found)):
        event: dict[str, Any] = {}
        for witness in (*found[first:], *found[:first]):
            event = _merged(event, witness)
        if not _has_array(event) and all(pattern.matches(event) for pattern in patterns):
            return event
    return None


def may_meet(one: Pattern, other: Pattern) -> bool:
    """Return whether two patterns may match one event, as far as sources and detail-types say. It takes little time."""
    for path in ("source", "detail-type"):
        texts = [_texts(pattern, path) for pattern in (one, other)]
        if texts[0] is not None and texts[1] is not None and texts[0].isdisjoint(texts[1]):
            return False
    return True


def _texts(pattern: Pattern, path: str) -> set[str] | None:
    """Return the texts that a pattern wants on a path; None if it may want others."""
    found: set[str] = set()
    for alternative in pattern.alternatives:
        terms = next((field.terms for field in alternative.written if field.path == path), ())
        texts = {term.text for term in terms if isinstance(term, ExactString)}
        if not texts or len(texts) < len({*terms}):
            return None
        found |= texts
    return found


def shown_event(event: Mapping[str, Any]) -> str:
    """Return an event as text of limited length, for findings."""
    return shown(event, _LONGEST_SHOWN)


def _merged(event: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event with what only another one has."""
    merged = {**other, **event}
    for name, value in event.items():
        there = other.get(name)
        if isinstance(value, dict) and isinstance(there, dict):
            merged[name] = _merged(value, there)
    return merged


def _has_array(event: Mapping[str, Any]) -> bool:
    """Return whether an event has an array, other than `resources` with one text."""
    return any(
        (isinstance(value, list) and not (name == "resources" and len(value) == 1))
        or (isinstance(value, dict) and _has_array(value))
        for name, value in event.items()
    )
