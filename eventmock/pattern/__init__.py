"""Event patterns as Amazon EventBridge applies them. This package is pure and can be used without a mock.

    pattern = compile({"detail": {"state": ["PAID"]}})
    pattern.matches({"detail": {"state": "NEW"}})       # False
    str(pattern.explain({"detail": {"state": "NEW"}}))  # 'detail.state held "NEW", wanted one of ["PAID"]'

`syntax` reads a pattern, with `json_reader` for its JSON. `operators` has the terms of patterns. `leaves` reads an
event. `matching` decides whether an event matches, and `explanation` says why it does not. `complexity` limits
wildcards. `refusals` has the exceptions, and `hints` adds advice to them. `pattern_set` matches an event with many
patterns at once. The rules of the service around patterns are not here, such as the length of a pattern and the
envelope of an event.
Source: Amazon EventBridge user guide, "Event patterns".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.pattern.compiled import Pattern, compile  # noqa: A004 - read as `pattern.compile`, like `re.compile`
from eventmock.pattern.hints import hint_for
from eventmock.pattern.json_reader import DEEPEST
from eventmock.pattern.leaves import InvalidEvent, ReadEvent, read_event
from eventmock.pattern.pattern_set import PatternSet
from eventmock.pattern.refusals import EngineFailure, InvalidPattern

if TYPE_CHECKING:
    from eventmock.pattern.explanation import Explanation, FieldExplanation

__all__ = [
    "DEEPEST",
    "EngineFailure",
    "Explanation",
    "FieldExplanation",
    "InvalidEvent",
    "InvalidPattern",
    "Pattern",
    "PatternSet",
    "ReadEvent",
    "compile",
    "hint_for",
    "read_event",
]


def __getattr__(name: str) -> Any:
    if name in ("Explanation", "FieldExplanation"):  # imported when an explanation is first made
        from eventmock.pattern import explanation

        return getattr(explanation, name)
    raise AttributeError(f"module 'eventmock.pattern' has no attribute {name!r}")
