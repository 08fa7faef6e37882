"""``match``: whether an event matches a pattern, and which fields do not match."""

from __future__ import annotations

import json
import sys
from math import isfinite
from typing import TYPE_CHECKING, Any

from eventmock.commands.documents import WrongInput, read
from eventmock.commands.given_event import read_event
from eventmock.commands.given_pattern import compile_pattern, is_pattern
from eventmock.commands.output import say, say_json
from eventmock.pattern.hints import unknown_fields

if TYPE_CHECKING:
    from eventmock.commands.documents import Document
    from eventmock.pattern import Explanation, Pattern


def run(pattern: str, event: str, *, as_json: bool) -> int:
    """Print whether an event matches a pattern.

    Args:
        pattern: The pattern as JSON text, the path of a file, or ``-``.
        event: The event as JSON text, the path of a file, or ``-``.
        as_json: Whether to print JSON.

    Returns:
        0 if the event matches, 1 if it does not.

    Raises:
        WrongInput: The pattern or the event cannot be read, or is not valid.
    """
    given_pattern, given_event = read(PATTERN=pattern, EVENT=event)
    compiled, read_once = _compiled(given_pattern, given_event), read_event(given_event).event
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
        say("\n  ".join(["no match", *explanation.reasons]))
    hinted = {field.path.split(".")[0] for field in explanation.fields if field.hint}
    for name, hint in unknown_fields(compiled).items():
        if name not in read_once.members and name not in hinted:
            say(f"warning: {given_pattern.title}: no event has a field {name!r}: {hint}", sys.stderr)
    if not explanation.matched:
        from eventmock.aws_events.rule_advice import about_pattern

        for note in about_pattern(compiled):
            say(f"warning: {given_pattern.title}: {note}", sys.stderr)
    return 0 if explanation.matched else 1


def _compiled(given_pattern: Document, given_event: Document) -> Pattern:
    try:
        return compile_pattern(given_pattern)
    except WrongInput as refusal:
        if is_pattern(given_event):
            raise WrongInput(f"{refusal}\n  {given_event.title} is a pattern: are the two swapped?") from None
        raise


def fields_of(explanation: Explanation) -> list[dict[str, Any]]:
    """Return the fields of an explanation as values that JSON can express."""
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
    """Return a value as it is; a number that is too large for a double, as text."""
    return json.dumps(value) if isinstance(value, float) and not isfinite(value) else value
