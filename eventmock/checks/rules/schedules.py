"""Rules about schedules: of rules, and of EventBridge Scheduler."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.checks.stated_times import EVERY_DAY, period, stated, words
from eventmock.checks.subject import DEFAULT_BUS, RULE, SCHEDULE
from eventmock.checks.table import rule
from eventmock.schedule import Cron, InvalidSchedule, Rate, parse, parse_for_rule
from eventmock.schedule.advice import advice_about

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.checks.finding import Found
    from eventmock.checks.stated_times import Stated
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource

_EXPRESSION: Final = "ScheduleExpression"
_COMMENT: Final = re.compile(r"(?:^|\s)#+\s*(?P<text>.*)$")
_AT: Final = re.compile(r"(?i:at)\(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?\)")
_LOOSE_RATE: Final = re.compile(r"(\d+) ?(minute|hour|day)s?\)")
_DAYS_LOOKED_AT: Final = 400


class _Scheduled(NamedTuple):
    """A resource with a schedule.

    Attributes:
        resource: The rule, or the schedule of EventBridge Scheduler.
        expression: The expression.
        schedule: What it means; None if AWS refuses it, or for ``at(...)``.
        why: Why AWS refuses it; empty if it does not.
    """

    resource: StackResource
    expression: str
    schedule: Rate | Cron | None
    why: str = ""


def _scheduled(subject: Subject) -> Iterator[_Scheduled]:
    for resource in subject.of_type(RULE, SCHEDULE):
        expression = resource.properties.get(_EXPRESSION)
        if not isinstance(expression, str) or not expression or subject.is_made_up(resource, _EXPRESSION):
            continue
        is_rule = resource.type == RULE
        if not is_rule and _AT.fullmatch(expression):
            continue
        try:
            schedule = parse_for_rule(expression) if is_rule else parse(_as_of_rule(expression))
            yield _Scheduled(resource, expression, schedule)
        except InvalidSchedule as refusal:
            yield _Scheduled(resource, expression, None, refusal.why)


def _as_of_rule(expression: str) -> str:
    """Return an expression of EventBridge Scheduler as rules spell it.

    Source: scheduler section 6. Scheduler takes any letters' case of the keyword, any number with either form of the
    unit, also without a blank, and cron without a year (recorded, or seen on AWS by others).
    """
    keyword, parenthesis, rest = expression.partition("(")
    rate = _LOOSE_RATE.fullmatch(rest)
    if rate is not None:
        number = int(rate[1])
        rest = f"{number} {rate[2]}{'s' * (number != 1)})"
    elif keyword.lower() == "cron" and len(rest.split(" ")) == 5:
        rest = f"{rest.removesuffix(')')} *)"
    return keyword.lower() + parenthesis + rest


@rule("refused-schedule", "error", "A schedule expression that AWS refuses.")
def refused_schedule(subject: Subject) -> Iterator[Found]:
    """Yield the schedule expressions that AWS refuses."""
    for one in _scheduled(subject):
        if one.schedule is None:
            at = one.expression.startswith("at(") and one.resource.type == RULE
            yield subject.found(
                one.resource,
                _EXPRESSION,
                what=f"{one.expression}: {one.why}",
                production="the deployment fails: Parameter ScheduleExpression is not valid.",
                instead="at(...) in an AWS::Scheduler::Schedule; rules take rate(...) and cron(...) only"
                if at
                else "rate(value unit), such as rate(5 minutes), or cron(minutes hours day-of-month month "
                "day-of-week year), such as cron(0 9 ? * MON-FRI *)",
            )


@rule("schedule-on-custom-bus", "error", "A rule with a schedule on another bus than the default bus.")
def schedule_on_custom_bus(subject: Subject) -> Iterator[Found]:
    """Yield the rules with a schedule that are not on the default bus."""
    for one in subject.rules:
        if one.schedule is not None and one.bus != DEFAULT_BUS:
            yield subject.found(
                one.resource,
                "EventBusName",
                what=f'the rule has the schedule {one.schedule}, and is on bus "{one.bus}"',
                production="the deployment fails: ScheduleExpression is supported only on the default event bus.",
                instead="no EventBusName; a target that is the bus can pass the event on",
            )


@rule("schedule-never-fires", "warning", "A schedule that never fires, such as one on 31 February.")
def schedule_never_fires(subject: Subject) -> Iterator[Found]:
    """Yield the schedules that have no firing after now."""
    now = datetime.now(UTC)
    for one in _scheduled(subject):
        if isinstance(one.schedule, Cron) and one.schedule.next_after(now) is None:
            yield subject.found(
                one.resource,
                _EXPRESSION,
                what=f"{one.expression}: {advice_about(one.schedule, now)}",
                production="it deploys, and never fires",
                instead="a date that there is; `eventmock schedule` prints the next firings",
            )


@rule("weekdays-of-unix", "warning", "Weekdays 1-5 in a cron expression: AWS counts from 1, Sunday.")
def weekdays_of_unix(subject: Subject) -> Iterator[Found]:
    """Yield the cron expressions whose weekdays are 1-5, which Unix counts from Monday."""
    for one in _scheduled(subject):
        if isinstance(one.schedule, Cron) and _has_weekdays_of_unix(one.expression):
            yield subject.found(
                one.resource,
                _EXPRESSION,
                what=f"{one.expression}: {advice_about(one.schedule)}",
                production="it fires on Sundays, and not on Fridays",
                instead="MON-FRI as the day of the week",
            )


def _has_weekdays_of_unix(expression: str) -> bool:
    return expression.rstrip(")").replace(", ", " ").split(" ")[4] in ("1-5", "1,2,3,4,5")


@rule(
    "schedule-unlike-its-description",
    "warning",
    "A schedule that fires on other days, or at other hours, than its comment or description says.",
)
def schedule_unlike_its_description(subject: Subject) -> Iterator[Found]:
    """Yield the schedules that differ from what the template says about them in words."""
    for one in _scheduled(subject):
        if one.schedule is None or (isinstance(one.schedule, Cron) and _has_weekdays_of_unix(one.expression)):
            continue
        for text in _texts_about(subject, one.resource):
            difference = _difference(one.schedule, text)
            if difference is not None:
                yield subject.found(
                    one.resource,
                    _EXPRESSION,
                    what=f'{one.expression}; it says "{text}"',
                    production=difference,
                    instead="a schedule that fires as it says, or words for what it does",
                )
                break


def _texts_about(subject: Subject, resource: StackResource) -> Iterator[str]:
    """Yield the comments on the line of a schedule, right above it and above its resource, and the description.

    A schedule in a time zone of its own has none here, as the words may mean that zone.
    """
    if "ScheduleExpressionTimezone" in resource.properties:
        return
    lines = (subject.template.source.text or "").splitlines()
    line = subject.place(resource, _EXPRESSION).line
    if line is not None and lines:
        own = _COMMENT.search(lines[line - 1]) if line <= len(lines) else None
        yield from [] if own is None else [own["text"]]
        yield from _comments_above(lines, line)
        yield from _comments_above(lines, subject.place(resource).line or line)
    description = resource.properties.get("Description")
    if isinstance(description, str):
        yield description


def _comments_above(lines: Sequence[str], line: int) -> Iterator[str]:
    """Yield the comments on the lines right above a line, the nearest first."""
    for text in reversed(lines[: line - 1]):
        comment = _COMMENT.match(text.strip())
        if comment is None:
            return
        yield comment["text"]


def _difference(schedule: Rate | Cron, text: str) -> str | None:
    """Return how a schedule differs from what a text says about it; None if it does not."""
    if isinstance(schedule, Rate):
        said = period(text)
        if said is None or said == schedule.seconds:
            return None
        return f"it fires every {schedule.value} {schedule.unit}{'s' * (schedule.value > 1)}"
    clear = stated(text)
    if clear is None:
        return None
    if clear.hours and clear.hours.isdisjoint(schedule.hours):
        return _other_hours(schedule, clear)
    return None if clear.days is None else _other_days(schedule, clear, clear.days)


def _other_hours(schedule: Cron, said: Stated) -> str | None:
    """Return at which hours a schedule fires, unless a time zone that the text does not name may explain them."""
    is_half_a_day_off = {(hour + 12) % 24 for hour in schedule.hours} == said.hours
    if len(schedule.hours) > 2 or not (said.is_utc or is_half_a_day_off):
        return None
    return f"it fires at {' and '.join(f'{hour:02}:{schedule.minutes[0]:02}' for hour in schedule.hours)} UTC"


def _other_days(schedule: Cron, said: Stated, days: frozenset[int]) -> str | None:
    """Return on which days a schedule fires, if they are not those of the text."""
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    calendar = [start + timedelta(days=number) for number in range(_DAYS_LOOKED_AT)]
    once_a_day = replace(schedule, minutes=(1,), hours=(0,))
    fired = {moment.date() for moment in once_a_day.between(start, start + timedelta(days=_DAYS_LOOKED_AT))}
    on = frozenset(day.weekday() for day in fired)
    if fired != {day.date() for day in calendar if day.weekday() in on}:
        return f"it fires on {len(fired)} of the next {_DAYS_LOOKED_AT} days"
    if (
        on == days
        or not on
        or (said.is_loose and len(on) >= 5)
        or _is_day_elsewhere(schedule, said, on, days)
    ):
        return None
    return f"it fires on {words(on)}" if on != EVERY_DAY else "it fires every day"


def _is_day_elsewhere(schedule: Cron, said: Stated, on: frozenset[int], days: frozenset[int]) -> bool:
    """Return whether the text may name the days of another time zone: early in UTC it is yesterday in America."""
    if said.is_utc or said.hours:
        return False
    yesterday = {(day - 1) % 7 for day in on} == days and schedule.hours[-1] <= 7
    return yesterday or ({(day + 1) % 7 for day in on} == days and schedule.hours[0] >= 15)
