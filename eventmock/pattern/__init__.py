"""Event patterns as Amazon EventBridge applies them. This package is pure and can be used without a mock.

    pattern = compile({"detail": {"state": ["PAID"]}})
    pattern.matches({"detail": {"state": "NEW"}})       # False
    str(pattern.explain({"detail": {"state": "NEW"}}))  # 'detail.state held "NEW", wanted one of ["PAID"]'

`syntax` and `operator_syntax` read a pattern, with `json_reader` for its JSON. `terms` and `operators` have the terms
of patterns. `leaves` reads an event, with `event_text` for most texts. `matching` decides whether an event matches, and
`explanation` says why it does not. `complexity` limits wildcards. `refusals` has the exceptions, and `hints` adds
advice to them. `pattern_set` matches an event with many patterns at once. `algebra` compares patterns: whether they can
match the same event, or follow from one another. `mutations` has the mistakes that a person could make in a pattern,
and `difference` an event that shows one. What a pattern of exact values does not need is imported when a pattern first
needs it. The rules of the service around patterns are not here, such as the length of a pattern and the envelope of an
event.
Source: Amazon EventBridge user guide, "Event patterns".
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eventmock.pattern.compiled import Pattern, compile  # noqa: A004 - read as `pattern.compile`, like `re.compile`
from eventmock.pattern.json_reader import DEEPEST
from eventmock.pattern.leaves import InvalidEvent, ReadEvent, read_event
from eventmock.pattern.pattern_set import PatternSet
from eventmock.pattern.refusals import EngineFailure, InvalidPattern

if TYPE_CHECKING:
    from eventmock.pattern.algebra import equivalent, implies, is_satisfiable, overlaps
    from eventmock.pattern.answers import Answer
    from eventmock.pattern.explanation import Explanation, FieldExplanation
    from eventmock.pattern.hints import hint_for

__all__ = [
    "DEEPEST",
    "Answer",
    "EngineFailure",
    "Explanation",
    "FieldExplanation",
    "InvalidEvent",
    "InvalidPattern",
    "Pattern",
    "PatternSet",
    "ReadEvent",
    "compile",
    "equivalent",
    "hint_for",
    "implies",
    "is_satisfiable",
    "overlaps",
    "read_event",
]


_HOMES = {
    "Answer": "answers",
    "Explanation": "explanation",
    "FieldExplanation": "explanation",
    "equivalent": "algebra",
    "hint_for": "hints",
    "implies": "algebra",
    "is_satisfiable": "algebra",
    "overlaps": "algebra",
}
"""The modules of names that most tests do not need. They are imported when the name is first used."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"eventmock.pattern.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'eventmock.pattern' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
