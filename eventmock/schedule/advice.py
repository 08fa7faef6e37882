"""Advice for the tester about a schedule that AWS accepts, and that may mean something else than it seems. Ours.

AWS counts weekdays from 1, Sunday; Unix from 0, Sunday, or 1, Monday. So ``1-5`` is Sunday to Thursday.

A schedule of EventBridge Scheduler has a time zone, in which some local times do not exist and others come twice.
`advice_about_schedule` names the next of each that the schedule meets.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eventmock.schedule.at import At
from eventmock.schedule.cron import Cron
from eventmock.schedule.cron_fields import DAY_OF_WEEK
from eventmock.schedule.expression import parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import Rate
from eventmock.schedule.time_zones import shifts
from eventmock.schedule.utc import as_utc

if TYPE_CHECKING:
    from datetime import tzinfo

    from eventmock.schedule.occurrences import Occurrences
    from eventmock.schedule.time_zones import Shift

_ITEM: Final = r"([1-7])(?:-([1-7]))?(/\d+|#\d|L)?"
_ORDINALS: Final = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_THE_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_BEFORE: Final = timedelta.resolution
_DAYS_LOOKED_AT: Final = 2 * 366
"""For how long shifts of clocks are looked at; most zones have four in this time."""


@lru_cache(maxsize=256)
def advice_on(expression: str) -> str:
    """Return advice about the expression of a rule's schedule; empty if there is none."""
    try:
        return advice_about(parse_for_rule(expression))
    except InvalidSchedule as refusal:
        return f"AWS would refuse it: {refusal.why}"


def advice_about(schedule: Rate | Cron, after: datetime | None = None) -> str:
    """Return advice about a schedule; empty if there is none.

    Args:
        schedule: The schedule.
        after: The moment after which it should fire, an aware datetime; None to leave out whether it fires.
    """
    if not isinstance(schedule, Cron):
        return ""
    _, _, day_of_month, month, day_of_week, year = schedule.fields
    if after is not None and schedule.next_after(after) is None:
        if schedule.next_after(_THE_BEGINNING) is None:
            days = f"day {day_of_month}" if day_of_week == "?" else f"weekday {day_of_week}"
            in_month = "" if month == "*" else f" in month {month}"
            of_year = "" if year == "*" else f" of year {year}"
            return f"there is no {days}{in_month}{of_year}"
        return f"all firings of year {year} are past"
    return _about_weekdays(day_of_week)


def advice_about_schedule(occurrences: Occurrences, after: datetime | None = None) -> str:
    """Return advice about a schedule of EventBridge Scheduler, with ``; `` between; empty if there is none.

    Args:
        occurrences: The schedule.
        after: The moment after which it should fire, an aware datetime; the moment of its creation if None.
    """
    after = as_utc(after or occurrences.since)
    timing, zone = occurrences.timing, occurrences.zone
    if occurrences.next_after(after) is None:
        return _why_it_never_fires(occurrences, after)
    if isinstance(timing, At):
        return _about_local_time(timing, occurrences)
    found = _shifts(occurrences, after)
    if isinstance(timing, Rate):
        if not found or timing.seconds % _DAY.total_seconds():
            return ""
        return f"a day is 24 hours, so its hour in {zone} changes on {found[0].begin:%Y-%m-%d}: a cron would keep it"
    first: dict[bool, str] = {}
    for shift in found:
        if text := _about_shift(timing, shift, str(zone)):
            first.setdefault(shift.is_forward, text)
    return "; ".join(filter(None, (advice_about(timing), *first.values())))


def _shifts(occurrences: Occurrences, after: datetime) -> list[Shift]:
    """Return the next shifts of clocks between StartDate and EndDate."""
    start, end, zone = occurrences.start, occurrences.end, occurrences.zone
    begin = after if start is None else max(after, as_utc(start))
    found = () if zone is UTC else _shifts_from(zone, begin)
    return [shift for shift in found if end is None or shift.moment <= end]


@lru_cache(maxsize=64)
def _shifts_from(zone: tzinfo, begin: datetime) -> tuple[Shift, ...]:
    """Return the next shifts of a zone. To find them takes a millisecond, and each report asks for the same ones."""
    return tuple(shifts(zone, begin, _DAYS_LOOKED_AT))


def _why_it_never_fires(occurrences: Occurrences, after: datetime) -> str:
    timing, zone = occurrences.timing, occurrences.zone
    if isinstance(timing, At):
        return "" if occurrences.moment is None else f"{timing.local.isoformat()} in {zone} is past"
    if occurrences.end is not None and replace(occurrences, end=None).next_after(after) is not None:
        is_past = occurrences.end <= after
        return "EndDate is past" if is_past else "EndDate is before the first firing"
    if isinstance(timing, Rate):
        return ""
    if timing.next_after(after) is None:
        return advice_about(timing, after)
    return f"clocks in {zone} skip each of its local times"


def _about_local_time(at: At, occurrences: Occurrences) -> str:
    """Return how the local time of ``at(...)`` is read if clocks skip it, or show it twice; empty if they do not."""
    moment, zone = occurrences.moment, occurrences.zone
    assert moment is not None
    shown = moment.astimezone(zone).replace(tzinfo=None)
    day, clock = f"{at.local:%Y-%m-%d}", at.local.time().isoformat()
    if shown != at.local:
        return f"{clock} does not exist on {day} in {zone}: it fires at {shown.time().isoformat()}"
    second = at.local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return "" if second == moment else f"{clock} comes twice on {day} in {zone}: the first counts"


def _about_shift(cron: Cron, shift: Shift, zone: str) -> str:
    """Return which local times of a cron expression a shift skips or repeats; empty if there are none."""
    begin, end = shift.begin.replace(tzinfo=UTC), shift.end.replace(tzinfo=UTC)
    met = list(cron.between(begin - _BEFORE, end - _BEFORE))
    if not met:
        return ""
    is_one = len(met) == 1
    times = f"{met[0]:%H:%M}" if is_one else f"{met[0]:%H:%M} to {met[-1]:%H:%M}"
    day = f"on {begin:%Y-%m-%d} in {zone}"
    if not shift.is_forward:
        return f"{times} {'comes' if is_one else 'come'} twice {day}: the first counts"
    midnight = begin.replace(hour=0, minute=0)
    is_all = list(cron.between(midnight - _BEFORE, midnight + _DAY - _BEFORE)) == met
    lost = "on that day" if is_all else "then"
    return f"{times} {'does' if is_one else 'do'} not exist {day}: no invocation {lost}"


def _about_weekdays(field: str) -> str:
    """Return what the numbers in a day-of-week field mean; empty if there are none."""
    found = [re.fullmatch(_ITEM, item) for item in field.split(",")]
    if not any(found):
        return ""
    items = [
        item if match is None else _named(*match.groups())
        for item, match in zip(field.split(","), found, strict=True)
    ]
    return f"day-of-week {field} is {', '.join(items)}: AWS counts from 1, Sunday"


def _named(first: str, last: str | None, more: str | None) -> str:
    name = DAY_OF_WEEK.names[int(first) - 1]
    if more == "L":
        return f"the last {name}"
    if more is not None and more.startswith("#"):
        return f"the {_ORDINALS.get(more[1:], more)} {name}"
    until = "" if last is None else f"-{DAY_OF_WEEK.names[int(last) - 1]}"
    return f"{name}{until}{more or ''}"
