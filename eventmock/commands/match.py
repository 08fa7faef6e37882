"""``match``: whether an event matches a pattern, and which fields do not match."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from eventmock.commands.documents import WrongInput, read
from eventmock.commands.given_event import read_event
from eventmock.commands.given_pattern import compile_pattern, is_pattern
from eventmock.commands.given_template import read_template
from eventmock.commands.output import fields_of, say, say_json
from eventmock.pattern.hints import unknown_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.commands.documents import Document
    from eventmock.pattern import Pattern, ReadEvent


def run(
    pattern: str,
    event: str,
    *,
    rule: str | None = None,
    parameters: Mapping[str, str] | None = None,
    as_json: bool,
) -> int:
    """Print whether an event matches a pattern, or which rules of a template it matches.

    Args:
        pattern: The pattern or a template as text, the path of a file, or ``-``.
        event: The event as JSON text, the path of a file, or ``-``.
        rule: The logical ID of the rule of the template whose pattern is meant; None for all rules.
        parameters: The values of parameters of the template, by name.
        as_json: Whether to print JSON.

    Returns:
        0 if the event matches, 1 if it does not, 2 if AWS would refuse a rule of the template.

    Raises:
        WrongInput: The pattern or the event cannot be read, or is not valid; or the template has no such rule.
        TemplateError: The template cannot be read or evaluated.
    """
    given_pattern, given_event = read(PATTERN=pattern, EVENT=event)
    template = read_template(given_pattern, parameters, rule, event=given_event)
    if template is None:
        compiled = _compiled(given_pattern, given_event)
        return _answer(given_pattern.title, compiled, read_event(given_event).event, as_json=as_json)
    put = read_event(given_event)
    if rule is None:
        from eventmock.commands.template_verdicts import tell

        return tell(template, put, only_with_pattern=True, as_json=as_json)
    from eventmock.commands.given_rules import verdict_of

    template.warn(rule)
    one = template.rule(rule)
    if one.rule.pattern is None:
        raise WrongInput(
            f"{one.place}: {rule} has no pattern, only the schedule {one.rule.schedule_expression}"
        )
    verdict = verdict_of(one.rule, put)
    return _answer(
        f"{one.place}: {rule}",
        one.rule.pattern,
        put.event,
        other_reason=None if verdict.matched else verdict.why,
        origin=one.origin,
        as_json=as_json,
    )


def _answer(  # noqa: PLR0913 - what was asked, and where it stands
    title: str,
    pattern: Pattern,
    event: ReadEvent,
    *,
    other_reason: str | None = None,
    origin: Mapping[str, Any] | None = None,
    as_json: bool,
) -> int:
    """Print whether an event matches a pattern, and return the exit code.

    Args:
        title: The name of the pattern in messages.
        pattern: The pattern.
        event: The event.
        other_reason: The reason why the rule does not see an event that its pattern matches; None if there is none.
        origin: Where the pattern comes from, as values that JSON can express.
        as_json: Whether to print JSON.
    """
    explanation = pattern.explain(event)
    unseen = other_reason if explanation.matched else None
    matched = explanation.matched and unseen is None
    if as_json:
        say_json(
            {
                **(origin or {}),
                "matched": matched,
                "why": unseen or str(explanation),
                "alternatives": explanation.alternatives,
                "fields": fields_of(explanation),
            }
        )
    elif matched:
        say("match")
    else:
        say("\n  ".join(["no match", *([unseen] if unseen else explanation.reasons)]))
    hinted = {field.path.split(".")[0] for field in explanation.fields if field.hint}
    for name, hint in unknown_fields(pattern).items():
        if name not in event.members and name not in hinted:
            say(f"warning: {title}: no event has a field {name!r}: {hint}", sys.stderr)
    if not explanation.matched:
        from eventmock.aws_events.rule_advice import about_pattern

        for note in about_pattern(pattern):
            say(f"warning: {title}: {note}", sys.stderr)
    return 0 if matched else 1


def _compiled(given_pattern: Document, given_event: Document) -> Pattern:
    try:
        return compile_pattern(given_pattern)
    except WrongInput as refusal:
        if is_pattern(given_event):
            raise WrongInput(f"{refusal}\n  {given_event.title} is a pattern: are the two swapped?") from None
        raise
