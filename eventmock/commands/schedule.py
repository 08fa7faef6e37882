"""``schedule``: when the schedule of a rule, or one of EventBridge Scheduler, fires next; or those of a template."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from eventmock.clock import Clock
from eventmock.commands.documents import STANDARD_INPUT, Document, WrongInput, read
from eventmock.commands.firings import firings_of_rule, firings_of_schedule
from eventmock.commands.given_schedule import TemplateSchedule
from eventmock.commands.given_template import SUFFIXES, read_template
from eventmock.commands.output import say, say_json
from eventmock.schedule import (
    InvalidSchedule,
    InvalidTimeZone,
    Occurrences,
    parse_for_rule,
    parse_for_schedule,
    time_zone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from eventmock.commands.firings import Firings
    from eventmock.commands.given_template import GivenTemplate, TemplateRule

DISABLED: Final = "DISABLED"
RULE: Final = "rule"
SCHEDULE: Final = "schedule"
_AT: Final = "at(...) is EventBridge Scheduler's; rules take rate(value unit) and cron(six fields)"


class AsSchedule(NamedTuple):
    """What the command line says of a schedule of EventBridge Scheduler beside its expression.

    Attributes:
        reader: Who is to read the expression: ``rule``, ``schedule``, or None if the expression decides.
        timezone: The name of the time zone; None if it is not given.
        start: StartDate, an aware datetime; None if it is not given.
        end: EndDate, an aware datetime; None if it is not given.
    """

    reader: Literal["rule", "schedule"] | None = None
    timezone: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def options(self) -> list[str]:
        """The options that are given, without that for the reader."""
        given = {"--timezone": self.timezone, "--start-date": self.start, "--end-date": self.end}
        return [name for name, value in given.items() if value is not None]


def run(  # noqa: PLR0913 - what the command line takes
    expression: str,
    count: int,
    after: datetime | None,
    *,
    given: AsSchedule = AsSchedule(),  # noqa: B008 - a named tuple does not change
    rule: str | None = None,
    parameters: Mapping[str, str] | None = None,
    as_json: bool,
) -> int:
    """Print the next firings of a schedule expression, or of the rules and schedules of a template.

    An expression is read as rules do if they take it and nothing is given that only EventBridge Scheduler has. Else it
    is read as Scheduler does.

    Args:
        expression: ``rate(...)``, ``cron(...)`` or ``at(...)``; or a template as text, the path of a file, or ``-``.
        count: The greatest number of firings to print.
        after: An aware datetime; only firings after it are printed. It is also the time at which the rule or schedule
            was made, from when a rate counts. If None, the present.
        given: The options for a schedule of EventBridge Scheduler.
        rule: The logical ID of the rule or schedule of the template that is meant; None for all that have a schedule.
        parameters: The values of parameters of the template, by name.
        as_json: Whether to print JSON.

    Returns:
        0 if the expression fires, or one of the template that is not disabled; 1 if none ever does; 2 if AWS would
        refuse the schedule of a rule, or a schedule, of the template.

    Raises:
        WrongInput: AWS would refuse the expression or the time zone; or the template cannot be read, or has no such
            rule. Or options are given that do not go together.
        TemplateError: The template cannot be read or evaluated.
    """
    start = after or Clock().now()
    document = _document(expression)
    template = read_template(document, parameters, rule, now=start)
    if template is None:
        firings = _of_expression(document, expression, given, start)
        if as_json:
            data = firings.data(count)
            say_json(data)
            return 0 if data["firings"] else 1
        return 0 if firings.tell(count) else 1
    if given.reader is not None or given.options:
        option = "--for" if given.reader is not None else given.options[0]
        raise WrongInput(f"{option} is for an expression, but {template.title} is a template, which says it")
    if rule is None:
        return _of_template(template, count, start, as_json=as_json)
    template.warn(rule)
    return _of_one(template.scheduled(rule), count, start, as_json=as_json)


def _document(expression: str) -> Document:
    """Return the document that an argument names; the argument itself if it ends like an expression or names none."""
    is_named = expression == STANDARD_INPUT or expression.lower().endswith(SUFFIXES)
    if not expression.rstrip().endswith(")") and (is_named or os.path.exists(expression)):  # noqa: PTH110 - takes any text
        return read(EXPRESSION=expression)[0]
    return Document("EXPRESSION", expression)


def _of_expression(document: Document, expression: str, given: AsSchedule, after: datetime) -> Firings:
    """Return the firings of an expression."""
    by_rules, by_scheduler = _refusal(parse_for_rule, expression), _refusal(parse_for_schedule, expression)
    if by_rules and by_scheduler and (document.path is not None or document.text != expression):
        raise WrongInput(f"{document.title} is neither a schedule expression nor a template")
    is_at = expression.lower().startswith("at(")
    is_schedules_own = is_at or bool(given.options) or (by_rules is not None and by_scheduler is None)
    reader = given.reader or (SCHEDULE if is_schedules_own else RULE)
    why_no_rule = _AT if is_at else by_rules.why if by_rules else ""
    why_no_schedule = by_scheduler.why if by_scheduler else ""
    refusal, why = (by_rules, why_no_rule) if reader == RULE else (by_scheduler, why_no_schedule)
    if refusal:
        raise WrongInput(f"EXPRESSION: ValidationException: {refusal}\n  {why}")
    if reader == SCHEDULE:
        note = f"a rule would refuse it: {why_no_rule}" if why_no_rule else ""
        return _of_schedule(expression, given, after, note)
    if given.options:
        raise WrongInput(f"{given.options[0]} is for schedules of EventBridge Scheduler; rules are in UTC")
    note = f"EventBridge Scheduler would refuse it: {why_no_schedule}" if why_no_schedule else ""
    return firings_of_rule(parse_for_rule(expression), after, note)


def _refusal(read: Callable[[str], object], expression: str) -> InvalidSchedule | None:
    """Return the refusal of an expression; None if it is accepted."""
    try:
        read(expression)
    except InvalidSchedule as refusal:
        return refusal
    return None


def _of_schedule(expression: str, given: AsSchedule, after: datetime, note: str) -> Firings:
    """Return the firings of an expression that EventBridge Scheduler accepts."""
    if given.start is not None and given.end is not None and given.start >= given.end:
        raise WrongInput(
            "--start-date, --end-date: ValidationException: "
            "The StartDate you specify must come before the EndDate."
        )
    timezone = given.timezone or "UTC"
    try:
        zone = time_zone(timezone)
    except InvalidTimeZone as invalid:
        raise WrongInput(f"--timezone: ValidationException: {invalid}\n  {invalid.why}") from None
    timing = parse_for_schedule(expression)
    schedule = Occurrences(timing=timing, zone=zone, since=after, start=given.start, end=given.end)
    return firings_of_schedule(schedule, timezone, note)


def _of_template(template: GivenTemplate, count: int, after: datetime, *, as_json: bool) -> int:
    """Print the firings of the rules and schedules of a template, and return the exit code."""
    template.warn()
    rules = [one for one in template.rules if one.has_schedule]
    every: list[TemplateRule | TemplateSchedule] = [*rules, *template.schedules]
    accepted = [one for one in every if one.refused is None]
    refused = [one for one in every if one.refused is not None]
    if as_json:
        answers = [(one, _data(one, count, after)) for one in accepted]
        fire = [bool(answer["firings"]) and one.state != DISABLED for one, answer in answers]
        say_json(
            {
                "rules": [answer for one, answer in answers if _kind(one) == RULE],
                "schedules": [answer for one, answer in answers if _kind(one) == SCHEDULE],
                "refused": [{**one.origin, "name": one.name, "why": one.refused} for one in refused],
            }
        )
    else:
        fire = [_tell(one, count, after) for one in accepted]
        for one in refused:
            say(f"{one.logical_id}  {one.place}  invalid  {one.refused}")
        if not every:
            say("there are no rules with a schedule")
    if refused:
        return 2
    return 0 if any(fire) else 1


def _of_one(one: TemplateRule | TemplateSchedule, count: int, after: datetime, *, as_json: bool) -> int:
    """Print the firings of one rule or schedule of a template, and return the exit code."""
    if not one.expression:
        raise WrongInput(f"{one.place}: {one.logical_id} has no schedule, only a pattern")
    if as_json:
        data = _data(one, count, after)
        say_json(data)
        fires = bool(data["firings"])
    else:
        fires = _firings(one, after).tell(count)
        if one.state == DISABLED:
            say(f"  the {_kind(one)} is DISABLED")
    return 0 if fires and one.state != DISABLED else 1


def _tell(one: TemplateRule | TemplateSchedule, count: int, after: datetime) -> bool:
    """Print the firings of a rule or schedule of a template, and return whether it fires."""
    disabled = one.state == DISABLED
    say(f"{one.logical_id}  {one.place}  {one.expression}{f'  the {_kind(one)} is DISABLED' * disabled}")
    return _firings(one, after).tell(count, indent="  ") and not disabled


def _kind(one: TemplateRule | TemplateSchedule) -> str:
    return SCHEDULE if isinstance(one, TemplateSchedule) else RULE


def _data(one: TemplateRule | TemplateSchedule, count: int, after: datetime) -> dict[str, Any]:
    return {**one.origin, "name": one.name, "state": one.state, **_firings(one, after).data(count)}


def _firings(one: TemplateRule | TemplateSchedule, after: datetime) -> Firings:
    if isinstance(one, TemplateSchedule):
        return firings_of_schedule(one.occurrences(after), one.timezone)
    return firings_of_rule(parse_for_rule(one.expression), after)
