"""``match``: whether an event matches a pattern, and which fields keep it from it."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from eventmock.commands.documents import read
from eventmock.commands.given_event import read_event
from eventmock.commands.given_pattern import compile_pattern
from eventmock.commands.output import say, say_json
from eventmock.pattern.explanation import explain
from eventmock.pattern.matching import Alternative

if TYPE_CHECKING:
    from eventmock.pattern import Event, Explanation, Pattern


def run(pattern: str, event: str, *, as_json: bool) -> int:
    """Say whether an event matches a pattern.

    Args:
        pattern: JSON text, a path or ``-``.
        event: The same.
        as_json: Whether to say it as data.

    Returns:
        0 if it matches, 1 if not.

    Raises:
        WrongInput: One of them is wrong.
    """
    given_pattern, given_event = read(PATTERN=pattern, EVENT=event)
    compiled, read_once = compile_pattern(given_pattern), read_event(given_event)
    explanation = compiled.explain(read_once)
    if as_json:
        say_json(
            {
                "matched": explanation.matched,
                "why": str(explanation),
                "alternatives": explanation.alternatives,
                "fields": fields_of(explanation),
            }
        )
    elif explanation.matched:
        say("match")
    else:
        say("\n  ".join(["no match", *_reasons(compiled, read_once, explanation)]))
    return 0 if explanation.matched else 1


def fields_of(explanation: Explanation) -> list[dict[str, Any]]:
    """The fields of an explanation as JSON can hold them."""
    return [
        {
            "path": field.path,
            "held": [_as_json(value) for value in field.held],
            "wanted": list(field.wanted),
            "satisfied": field.satisfied,
        }
        for field in explanation.fields
    ]


def _as_json(value: object) -> object:
    """A value; a number beyond the doubles as text."""
    return json.dumps(value) if isinstance(value, float) and not isfinite(value) else value


def _reasons(pattern: Pattern, event: Event, explanation: Explanation) -> list[str]:
    """What keeps the event from matching the nearest alternative: a line a field, in the words of explanations."""
    unmet = [(field.path, field.wanted) for field in explanation.fields if not field.satisfied]
    if len(unmet) < 2:
        return [str(explanation)]
    fields = {
        (field.path, tuple(map(str, field.terms))): field
        for alternative in pattern.alternatives
        for field in alternative.written
    }
    several = explanation.alternatives > 1
    lead = [f"nearest of {explanation.alternatives} alternatives:"] if several else []
    leaves, positioned = pattern.leaves_of(event), event.positioned
    return lead + [str(explain([Alternative((fields[one],))], leaves, positioned)) for one in unmet]
