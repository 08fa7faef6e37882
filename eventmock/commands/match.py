"""``match``: whether an event matches a pattern, and which fields keep it from it."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from eventmock.commands.documents import read
from eventmock.commands.given_event import read_event
from eventmock.commands.given_pattern import compile_pattern
from eventmock.commands.output import say, say_json

if TYPE_CHECKING:
    from eventmock.pattern import Explanation


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
    explanation = compile_pattern(given_pattern).explain(read_event(given_event))
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
        say("\n  ".join(["no match", *_reasons(explanation)]))
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


def _reasons(explanation: Explanation) -> list[str]:
    """What keeps the event from matching the nearest alternative: a line a field."""
    unmet = [field.text for field in explanation.fields if not field.satisfied]
    if len(unmet) < 2:
        return [str(explanation)]
    several = explanation.alternatives > 1
    return [*([f"nearest of {explanation.alternatives} alternatives:"] if several else []), *unmet]
