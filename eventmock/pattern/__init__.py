"""Event patterns as Amazon EventBridge applies them: pure, and usable alone.

    pattern = compile({"detail": {"state": ["PAID"]}})
    pattern.matches({"detail": {"state": "NEW"}})       # False
    str(pattern.explain({"detail": {"state": "NEW"}}))  # 'detail.state held "NEW", wanted one of ["PAID"]'

`syntax` reads a pattern (`json_reader` its JSON), `operators` are its terms, `leaves` reads an event, `matching`
decides, `explanation` says why not, `complexity` limits wildcards, `refusals` holds the exceptions, `hints` what to do
about them; `pattern_set` asks many patterns at once. Not here: what surrounds patterns in the service, such as the
length of a pattern and the envelope of an event.
Source: Amazon EventBridge user guide, "Event patterns".
"""

from eventmock.pattern.compiled import Pattern, compile  # noqa: A004 - read as `pattern.compile`, like `re.compile`
from eventmock.pattern.explanation import Explanation, FieldExplanation
from eventmock.pattern.hints import hint_for
from eventmock.pattern.json_reader import DEEPEST
from eventmock.pattern.leaves import InvalidEvent, ReadEvent, read_event
from eventmock.pattern.pattern_set import PatternSet
from eventmock.pattern.refusals import EngineFailure, InvalidPattern

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
