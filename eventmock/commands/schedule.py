"""``schedule``: when a rule with a schedule fires next, or the rules of a template."""

from __future__ import annotations

import os
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from eventmock.clock import Clock
from eventmock.commands.documents import STANDARD_INPUT, Document, WrongInput, read
from eventmock.commands.given_template import SUFFIXES, read_template
from eventmock.commands.instants import text_of
from eventmock.commands.output import say, say_json
from eventmock.schedule import Cron, InvalidSchedule, Rate, parse_for_rule
from eventmock.schedule.advice import advice_about

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from eventmock.commands.given_template import GivenTemplate, TemplateRule

DISABLED: Final = "DISABLED"
_AT: Final = "at(...) is EventBridge Scheduler's; rules take rate(value unit) and cron(six fields)"


def run(  # noqa: PLR0913 - what the command line takes
    expression: str,
    count: int,
    after: datetime | None,
    *,
    rule: str | None = None,
    parameters: Mapping[str, str] | None = None,
    as_json: bool,
) -> int:
    """Print the next firings of a schedule expression, or of the rules of a template that have one.

    Args:
        expression: ``rate(...)`` or ``cron(...)``; or a template as text, the path of a file, or ``-``.
        count: The greatest number of firings to print.
        after: An aware datetime; only firings after it are printed. For a rate, it is the time at which its rule was
            made. If None, the present.
        rule: The logical ID of the rule of the template that is meant; None for all that have a schedule.
        parameters: The values of parameters of the template, by name.
        as_json: Whether to print JSON.

    Returns:
        0 if the expression fires, or that of a rule of the template which is not disabled; 1 if none ever does; 2 if
        AWS would refuse the schedule of a rule of the template.

    Raises:
        WrongInput: AWS would refuse the expression; or the template cannot be read, or has no such rule.
        TemplateError: The template cannot be read or evaluated.
    """
    start = after or Clock().now()
    given = _document(expression)
    template = read_template(given, parameters, rule)
    if template is not None:
        if rule is None:
            return _of_template(template, count, start, as_json=as_json)
        template.warn(rule)
        return _of_rule(template.rule(rule), count, start, as_json=as_json)
    try:
        parse_for_rule(expression)
    except InvalidSchedule as refusal:
        if given.path is not None or given.text != expression:
            raise WrongInput(f"{given.title} is neither a schedule expression nor a template") from None
        why = _AT if expression.startswith("at(") else refusal.why
        raise WrongInput(f"EXPRESSION: ValidationException: {refusal}\n  {why}") from None
    if as_json:
        data = _data(expression, start, count)
        say_json(data)
        return 0 if data["firings"] else 1
    return 0 if _tell(expression, start, count) else 1


def _document(expression: str) -> Document:
    """Return the document that an argument names; the argument itself if it ends like an expression or names none."""
    is_named = expression == STANDARD_INPUT or expression.lower().endswith(SUFFIXES)
    if not expression.rstrip().endswith(")") and (is_named or os.path.exists(expression)):  # noqa: PTH110 - takes any text
        return read(EXPRESSION=expression)[0]
    return Document("EXPRESSION", expression)


def _of_template(template: GivenTemplate, count: int, start: datetime, *, as_json: bool) -> int:
    """Print the firings of the rules of a template that have a schedule, and return the exit code."""
    template.warn()
    for logical_id, place in template.schedules:
        text = "is a schedule of EventBridge Scheduler, which eventmock does not serve yet"
        say(f"warning: {place}: {logical_id} {text}", sys.stderr)
    rules = [one for one in template.rules if one.has_schedule]
    refused = [one for one in rules if one.refused is not None]
    accepted = [one for one in rules if one.refused is None]
    if as_json:
        answers = [_data_of_rule(one, count, start) for one in accepted]
        fire = [answer["firings"] and answer["state"] != DISABLED for answer in answers]
        say_json(
            {
                "rules": answers,
                "refused": [{**one.origin, "name": one.rule.name, "why": one.refused} for one in refused],
                "not_served": [
                    {"logical_id": logical_id, "file": place.file, "line": place.line}
                    for logical_id, place in template.schedules
                ],
            }
        )
    else:
        fire = [_tell_rule(one, count, start) for one in accepted]
        for one in refused:
            say(f"{one.logical_id}  {one.place}  invalid  {one.refused}")
        if not rules:
            say("there are no rules with a schedule")
    if refused:
        return 2
    return 0 if any(fire) else 1


def _of_rule(one: TemplateRule, count: int, start: datetime, *, as_json: bool) -> int:
    """Print the firings of one rule of a template, and return the exit code."""
    expression = one.rule.schedule_expression
    if expression is None:
        raise WrongInput(f"{one.place}: {one.logical_id} has no schedule, only a pattern")
    if as_json:
        data = _data_of_rule(one, count, start)
        say_json(data)
        fires = bool(data["firings"])
    else:
        fires = _tell(expression, start, count)
        if one.rule.state == DISABLED:
            say("  the rule is DISABLED")
    return 0 if fires and one.rule.state != DISABLED else 1


def _tell_rule(one: TemplateRule, count: int, start: datetime) -> bool:
    """Print the firings of a rule of a template, and return whether it fires."""
    disabled = one.rule.state == DISABLED
    expression = str(one.rule.schedule_expression)
    say(f"{one.logical_id}  {one.place}  {expression}{'  the rule is DISABLED' * disabled}")
    return _tell(expression, start, count, indent="  ") and not disabled


def _data_of_rule(one: TemplateRule, count: int, start: datetime) -> dict[str, Any]:
    about = {**one.origin, "name": one.rule.name, "state": one.rule.state}
    return {**about, **_data(str(one.rule.schedule_expression), start, count)}


def _tell(expression: str, start: datetime, count: int, indent: str = "") -> bool:
    """Print the firings of an expression, each as soon as it is known, and return whether there is one."""
    schedule = parse_for_rule(expression)
    is_rate = isinstance(schedule, Rate)
    counts = "for a rule made at {}, from when a rate counts:" if is_rate else "after {}:"
    told = 0
    for told, firing in enumerate(islice(_firings(schedule, start), count), 1):
        if told == 1:
            say(indent + counts.format(text_of(start)))
        say(f"{indent}  {text_of(firing)}  {firing:%a}")
    if told == 0:
        say(f"{indent}{expression} never fires after {text_of(start)}")
    elif told < count:
        say(f"{indent}  and never again")
    advice = advice_about(schedule, start)
    if advice:
        say(f"{indent}  {advice}")
    return told > 0


def _data(expression: str, start: datetime, count: int) -> dict[str, Any]:
    schedule = parse_for_rule(expression)
    return {
        "expression": expression,
        "after": text_of(start),
        "firings": [text_of(firing) for firing in islice(_firings(schedule, start), count)],
        "advice": advice_about(schedule, start) or None,
    }


def _firings(schedule: Rate | Cron, start: datetime) -> Iterator[datetime]:
    firing = schedule.next_after(start)
    while firing is not None:
        yield firing
        firing = schedule.next_after(firing, start=start)
