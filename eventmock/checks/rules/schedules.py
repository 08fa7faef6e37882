"""Rules about schedules: of rules, and of EventBridge Scheduler."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.checks.stated_times import EVERY_DAY, period, stated, words
from eventmock.checks.subject import DEFAULT_BUS, Schedule
from eventmock.checks.table import rule
from eventmock.schedule import (
    At,
    Cron,
    InvalidSchedule,
    InvalidTimeZone,
    Occurrences,
    Rate,
    parse_for_rule,
    parse_for_schedule,
    time_zone,
)
from eventmock.schedule.advice import advice_about, advice_about_schedule
from eventmock.values.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from eventmock.checks.finding import Found
    from eventmock.checks.stated_times import Stated
    from eventmock.checks.subject import Sender, Subject
    from eventmock.deployment.stack import StackResource

_EXPRESSION: Final = "ScheduleExpression"
_ZONE: Final = "ScheduleExpressionTimezone"
_WINDOW: Final = "FlexibleTimeWindow"
_COMMENT: Final = re.compile(r"(?:^|\s)#+\s*(?P<text>.*)$")
_OLDEST_START: Final = timedelta(minutes=5)
_DAYS_LOOKED_AT: Final = 400
_FIRINGS_LOOKED_AT: Final = 100
_MINUTE: Final = timedelta(minutes=1)


class _Scheduled(NamedTuple):
    """A rule with a schedule, or a schedule of EventBridge Scheduler.

    Attributes:
        sender: The rule or the schedule.
        expression: The expression.
        timing: What it means; None if AWS refuses it.
        why: Why AWS refuses it; empty if it does not.
    """

    sender: Sender
    expression: str
    timing: At | Rate | Cron | None
    why: str = ""

    @property
    def resource(self) -> StackResource:
        """The resource."""
        return self.sender.resource

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule."""
        return not isinstance(self.sender, Schedule)


def _scheduled(subject: Subject) -> Iterator[_Scheduled]:
    for one in (*subject.rules, *subject.schedules):
        expression = one.resource.properties.get(_EXPRESSION)
        if not isinstance(expression, str) or not expression or subject.is_made_up(one.resource, _EXPRESSION):
            continue
        try:
            timing = (parse_for_schedule if isinstance(one, Schedule) else parse_for_rule)(expression)
            yield _Scheduled(one, expression, timing)
        except InvalidSchedule as refusal:
            yield _Scheduled(one, expression, None, refusal.why)


def _occurrences(subject: Subject, one: _Scheduled, now: datetime) -> Occurrences | None:
    """Return the occurrences of a schedule that is made now; None if they are not known, or AWS refuses the dates."""
    given = one.resource.properties
    dates = [given.get(name) for name in ("StartDate", "EndDate")]
    start, end = (read_moment(date) for date in dates)
    is_made_up = any(subject.is_made_up(one.resource, name) for name in (_ZONE, "StartDate", "EndDate"))
    if one.timing is None or is_made_up or [start is None, end is None] != [date is None for date in dates]:
        return None
    if start is not None and end is not None and start >= end:
        return None
    zone = _zone_of(one.resource)
    if zone is None:
        return None
    return Occurrences(timing=one.timing, zone=zone, since=now, start=start, end=end)


def _zone_of(resource: StackResource) -> tzinfo | None:
    """Return the time zone of a schedule; None if there is no such zone."""
    try:
        return time_zone(str(resource.properties.get(_ZONE, "UTC")))
    except InvalidTimeZone:
        return None


def _of_scheduler(subject: Subject, now: datetime) -> Iterator[tuple[_Scheduled, Occurrences]]:
    """Yield the schedules of EventBridge Scheduler whose occurrences are known."""
    for one in _scheduled(subject):
        occurrences = None if one.is_rule else _occurrences(subject, one, now)
        if occurrences is not None:
            yield one, occurrences


@rule("refused-schedule", "error", "A schedule expression that AWS refuses.")
def refused_schedule(subject: Subject) -> Iterator[Found]:
    """Yield the schedule expressions that AWS refuses."""
    for one in _scheduled(subject):
        if one.timing is None:
            yield _refused(subject, one, one.why)
    now = datetime.now(UTC)
    for one, occurrences in _of_scheduler(subject, now):
        if isinstance(one.timing, Cron) and replace(occurrences, end=None).first() is None:
            yield _refused(subject, one, advice_about_schedule(occurrences, now))


def _refused(subject: Subject, one: _Scheduled, why: str) -> Found:
    said = f"Invalid Schedule Expression {one.expression}."
    return subject.found(
        one.resource,
        _EXPRESSION,
        what=f"{one.expression}: {why}",
        production="the deployment fails: "
        f"{'Parameter ScheduleExpression is not valid.' if one.is_rule else said}",
        instead=_instead_of(one),
    )


def _instead_of(one: _Scheduled) -> str:
    """Return what to write in place of an expression that AWS refuses."""
    forms = (
        "rate(value unit), such as rate(5 minutes), or cron(minutes hours day-of-month month day-of-week year), such "
        "as cron(0 9 ? * MON-FRI *)"
    )
    if not one.is_rule:
        return f"{forms}, or at(yyyy-mm-ddThh:mm:ss)"
    try:
        timing = parse_for_schedule(one.expression)
    except InvalidSchedule:
        return forms
    if isinstance(timing, At):
        return f"{one.expression} in an AWS::Scheduler::Schedule; rules take rate(...) and cron(...) only"
    tidy = (
        f"rate({timing.value} {timing.unit}{'s' * (timing.value != 1)})"
        if isinstance(timing, Rate)
        else forms
    )
    return f"{tidy}; only an AWS::Scheduler::Schedule takes {one.expression}"


@rule("unknown-time-zone", "error", "A time zone of a schedule that there is not, such as `Europe/Berln`.")
def unknown_time_zone(subject: Subject) -> Iterator[Found]:
    """Yield the time zones of schedules that AWS does not know."""
    for one in subject.schedules:
        name = one.resource.properties.get(_ZONE)
        if not isinstance(name, str) or subject.is_made_up(one.resource, _ZONE):
            continue
        try:
            time_zone(name)
        except InvalidTimeZone as refusal:
            yield subject.found(
                one.resource,
                _ZONE,
                what=refusal.why,
                production=f"the deployment fails: {refusal}",
                instead="a name of the IANA data base in its exact letters, such as Europe/Berlin or UTC",
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


@rule(
    "schedule-never-fires",
    "warning",
    "A schedule that never fires, such as one on 31 February or one that is past.",
)
def schedule_never_fires(subject: Subject) -> Iterator[Found]:
    """Yield the schedules that have no firing after now, and that AWS takes."""
    now = datetime.now(UTC)
    for one in _scheduled(subject):
        if one.is_rule and isinstance(one.timing, Cron) and one.timing.next_after(now) is None:
            yield _never_firing(subject, one, advice_about(one.timing, now))
    for one, occurrences in _of_scheduler(subject, now):
        is_refused = isinstance(one.timing, Cron) and replace(occurrences, end=None).first() is None
        if occurrences.first() is None and not is_refused:
            yield _never_firing(subject, one, advice_about_schedule(occurrences, now))


def _never_firing(subject: Subject, one: _Scheduled, why: str) -> Found:
    return subject.found(
        one.resource,
        "EndDate" if why.startswith("EndDate") else _EXPRESSION,
        what=f"{one.expression}: {why}",
        production="it deploys, and never fires",
        instead="a date that there is, and that is to come; `eventmock schedule` prints the next firings",
    )


@rule(
    "start-date-is-past",
    "warning",
    "A StartDate that is past: no new schedule can be made with it.",
)
def start_date_is_past(subject: Subject) -> Iterator[Found]:
    """Yield the schedules of which the StartDate is more than five minutes past. For ``at(...)`` it does not count."""
    now = datetime.now(UTC)
    for one, occurrences in _of_scheduler(subject, now):
        start = occurrences.start
        if start is not None and start < now - _OLDEST_START and not isinstance(one.timing, At):
            yield subject.found(
                one.resource,
                "StartDate",
                what=f"the StartDate is {one.resource.properties['StartDate']}",
                production="a stack that has the schedule keeps it; the deployment of a new one fails: "
                "The StartDate you specify cannot be earlier than 5 minutes ago.",
                instead="no StartDate, or one that is to come",
            )


@rule(
    "local-time-is-skipped",
    "warning",
    "A schedule at a local time that its time zone skips when clocks are put forward, such as 02:30.",
)
def local_time_is_skipped(subject: Subject) -> Iterator[Found]:
    """Yield the schedules that do not fire on a day, or fire at another time, because of a shift of clocks."""
    now = datetime.now(UTC)
    for one, occurrences in _of_scheduler(subject, now):
        advice = advice_about_schedule(occurrences, now).split("; ")
        skipped = next(
            (part for part in advice if part.endswith("on that day") or "it fires at" in part), None
        )
        if skipped is not None:
            what, _, then = skipped.rpartition(": ")
            yield subject.found(
                one.resource,
                _EXPRESSION,
                what=f"{one.expression}: {what}",
                production=then,
                instead="a local time that clocks do not skip, such as 04:30; or UTC",
            )


@rule(
    "window-longer-than-period",
    "warning",
    "A flexible time window that is longer than the time from one firing to the next.",
)
def window_longer_than_period(subject: Subject) -> Iterator[Found]:
    """Yield the schedules of which one invocation may come after the next one."""
    now = datetime.now(UTC)
    for one, occurrences in _of_scheduler(subject, now):
        given = one.resource.properties.get(_WINDOW)
        minutes = given.get("MaximumWindowInMinutes") if isinstance(given, dict) else None
        shortest = _shortest_period(occurrences)
        if not str(minutes).isdecimal() or shortest is None or subject.is_made_up(one.resource, _WINDOW):
            continue
        if timedelta(minutes=int(str(minutes))) > shortest:
            yield subject.found(
                one.resource,
                _WINDOW,
                "MaximumWindowInMinutes",
                what=f"the window is {minutes} minutes long, and firings are {shortest // _MINUTE} minutes apart",
                production="invocations come close together, and in another order than the times for which they are "
                "scheduled",
                instead=f"at most {shortest // _MINUTE} minutes, or Mode: 'OFF'",
            )


def _shortest_period(occurrences: Occurrences) -> timedelta | None:
    """Return the shortest time from one of the next firings to the one after it; None if there is one at most."""
    if isinstance(occurrences.timing, Rate):
        return timedelta(seconds=occurrences.timing.seconds)
    moments: list[datetime] = []
    moment = occurrences.first()
    while moment is not None and len(moments) < _FIRINGS_LOOKED_AT:
        moments.append(moment)
        moment = occurrences.next_after(moment)
    return min((later - earlier for earlier, later in pairwise(moments)), default=None)


@rule("weekdays-of-unix", "warning", "Weekdays 1-5 in a cron expression: AWS counts from 1, Sunday.")
def weekdays_of_unix(subject: Subject) -> Iterator[Found]:
    """Yield the cron expressions whose weekdays are 1-5, which Unix counts from Monday."""
    for one in _scheduled(subject):
        if isinstance(one.timing, Cron) and _has_weekdays_of_unix(one.timing):
            yield subject.found(
                one.resource,
                _EXPRESSION,
                what=f"{one.expression}: {advice_about(one.timing)}",
                production="it fires on Sundays, and not on Fridays",
                instead="MON-FRI as the day of the week",
            )


def _has_weekdays_of_unix(cron: Cron) -> bool:
    return cron.fields[4] in ("1-5", "1,2,3,4,5")


@rule(
    "schedule-unlike-its-description",
    "warning",
    "A schedule that fires on other days, or at other hours, than its comment or description says.",
)
def schedule_unlike_its_description(subject: Subject) -> Iterator[Found]:
    """Yield the schedules that differ from what the template says about them in words."""
    for one in _scheduled(subject):
        timing, zone = one.timing, _zone_of(one.resource)
        if (
            timing is None
            or isinstance(timing, At)
            or zone is None
            or subject.is_made_up(one.resource, _ZONE)
        ):
            continue
        if isinstance(timing, Cron) and _has_weekdays_of_unix(timing):
            continue
        for text in _texts_about(subject, one.resource):
            difference = _difference(timing, text, zone)
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
    """Yield the comments on the line of a schedule, right above it and above its resource, and the description."""
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


def _difference(schedule: Rate | Cron, text: str, zone: tzinfo) -> str | None:
    """Return how a schedule differs from what a text says about it; None if it does not.

    Args:
        schedule: The schedule.
        text: The text.
        zone: The time zone of the schedule. The words of the text mean its local times, unless they are in UTC.
    """
    if isinstance(schedule, Rate):
        said = period(text)
        if said is None or said == schedule.seconds:
            return None
        return f"it fires every {schedule.value} {schedule.unit}{'s' * (schedule.value > 1)}"
    clear = stated(text)
    if clear is None:
        return None
    if zone is not UTC and clear.is_utc:
        return None
    if clear.hours and clear.hours.isdisjoint(schedule.hours):
        return _other_hours(schedule, clear, zone)
    return None if clear.days is None else _other_days(schedule, clear, clear.days, zone)


def _other_hours(schedule: Cron, said: Stated, zone: tzinfo) -> str | None:
    """Return at which hours a schedule fires, unless a time zone that the text does not name may explain them."""
    is_half_a_day_off = {(hour + 12) % 24 for hour in schedule.hours} == said.hours
    if len(schedule.hours) > 2 or not (said.is_utc or is_half_a_day_off):
        return None
    return (
        f"it fires at {' and '.join(f'{hour:02}:{schedule.minutes[0]:02}' for hour in schedule.hours)} {zone}"
    )


def _other_days(schedule: Cron, said: Stated, days: frozenset[int], zone: tzinfo) -> str | None:
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
        or (zone is UTC and _is_day_elsewhere(schedule, said, on, days))
    ):
        return None
    return f"it fires on {words(on)}" if on != EVERY_DAY else "it fires every day"


def _is_day_elsewhere(schedule: Cron, said: Stated, on: frozenset[int], days: frozenset[int]) -> bool:
    """Return whether the text may name the days of another time zone: early in UTC it is yesterday in America."""
    if said.is_utc or said.hours:
        return False
    yesterday = {(day - 1) % 7 for day in on} == days and schedule.hours[-1] <= 7
    return yesterday or ({(day + 1) % 7 for day in on} == days and schedule.hours[0] >= 15)
