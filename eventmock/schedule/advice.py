"""Advice for the tester about a schedule that AWS accepts, and that may mean something else than it seems. Ours.

AWS counts weekdays from 1, Sunday; Unix from 0, Sunday, or 1, Monday. So ``1-5`` is Sunday to Thursday.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eventmock.schedule.cron import Cron
from eventmock.schedule.cron_fields import DAY_OF_WEEK
from eventmock.schedule.expression import parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule

if TYPE_CHECKING:
    from eventmock.schedule.rate import Rate

_ITEM: Final = r"([1-7])(?:-([1-7]))?(/\d+|#\d|L)?"
_ORDINALS: Final = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_THE_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)


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
    day_of_month, month, day_of_week, year = _days_of(schedule.expression)
    if after is not None and schedule.next_after(after) is None:
        if schedule.next_after(_THE_BEGINNING) is None:
            days = f"day {day_of_month}" if day_of_week == "?" else f"weekday {day_of_week}"
            in_month = "" if month == "*" else f" in month {month}"
            of_year = "" if year == "*" else f" of year {year}"
            return f"there is no {days}{in_month}{of_year}"
        return f"all firings of year {year} are past"
    return _about_weekdays(day_of_week)


def _days_of(expression: str) -> list[str]:
    """Return the last four fields of an accepted ``cron(...)``; EventBridge Scheduler lets the year be left out."""
    fields = expression[len("cron(") : -1].upper().replace(", ", " ").removesuffix(",").split(" ")
    return [*fields, "*"][2:6]


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
