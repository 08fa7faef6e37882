"""The mistakes that a person could make in a schedule, each as an expression that has this one mistake.

The likely ones: a day next to the right one, since AWS counts weekdays from Sunday, 1, and Unix from Monday; an hour
next to the right one, since AWS counts in UTC and people in their own time; a rate with another number or unit. A
schedule of EventBridge Scheduler may also have no time zone, or one nearby. Source: ours.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.schedule.at import At
from eventmock.schedule.cron import Cron
from eventmock.schedule.cron_fields import DAY_OF_MONTH, DAY_OF_WEEK, HOURS
from eventmock.schedule.expression import parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.occurrences import Occurrences
from eventmock.schedule.scheduler_expression import parse_for_schedule
from eventmock.schedule.time_zones import time_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eventmock.schedule.cron_fields import Field
    from eventmock.schedule.rate import Rate

ANOTHER_DAY: Final = "another day"
ANOTHER_HOUR: Final = "another hour"
ANOTHER_RATE: Final = "another rate"
ANOTHER_ZONE: Final = "another time zone"

_UTC: Final = "UTC"
_ZONES_NEARBY: Final = {
    "Africa": ("Africa/Johannesburg", "Africa/Lagos"),
    "America": ("America/New_York", "America/Chicago"),
    "Asia": ("Asia/Kolkata", "Asia/Singapore"),
    "Australia": ("Australia/Sydney", "Australia/Perth"),
    "Europe": ("Europe/London", "Europe/Berlin"),
    "US": ("US/Eastern", "US/Central"),
}
"""Two zones of each area that many people live in, with different offsets: one of them is not the right one."""
_NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)

_OTHER_UNIT: Final = {"minute": "hour", "hour": "day", "day": "hour"}
_NAME_OR_NUMBER: Final = "[A-Z]{3}|[0-9]+"
_MOST_FIRINGS: Final = 5000
"""How many firings of two schedules are compared."""
_HOUR, _DAY_OF_MONTH, _DAY_OF_WEEK = 1, 2, 4
"""The places of fields of cron."""


class ScheduleMutation(NamedTuple):
    """A mistake in a schedule.

    Attributes:
        kind: The kind of mistake, such as ``another day``.
        expression: The expression with the mistake, which AWS accepts.
    """

    kind: str
    expression: str


class MutationOfSchedule(NamedTuple):
    """A mistake in a schedule of EventBridge Scheduler.

    Attributes:
        kind: The kind of mistake, such as ``another time zone``.
        expression: The expression, which AWS accepts.
        timezone: The name of the time zone.
    """

    kind: str
    expression: str
    timezone: str


def mutations(expression: str) -> Iterator[ScheduleMutation]:
    """Yield the mistakes that a person could make in the schedule of a rule; no two have the same text.

    Args:
        expression: The expression of a rule.

    Raises:
        InvalidSchedule: AWS refuses the expression.
    """
    schedule = parse_for_rule(expression)
    seen = {expression}
    if isinstance(schedule, Cron):
        seen.add(_cron(schedule.fields))
        found = _of_cron(schedule.fields)
    else:
        found = _of_rate(schedule)
    for mutation in found:
        if mutation.expression not in seen and _is_accepted(mutation.expression):
            seen.add(mutation.expression)
            yield mutation


def mutations_of_schedule(
    expression: str, timezone: str, after: datetime = _NEW_YEAR
) -> Iterator[MutationOfSchedule]:
    """Yield the mistakes that a person could make in a schedule of EventBridge Scheduler; each fires differently.

    Args:
        expression: The expression.
        timezone: The name of the time zone.
        after: The moment after which firings are compared, an aware datetime.

    Raises:
        InvalidSchedule: AWS refuses the expression.
        InvalidTimeZone: AWS does not know the time zone.
    """
    right = _occurrences(expression, timezone, after)
    seen = {(expression, timezone)}
    for mutation in _of_schedule(right.timing, timezone):
        if mutation[1:] in seen:
            continue
        seen.add(mutation[1:])
        try:
            mistaken = _occurrences(*mutation[1:], after)
        except InvalidSchedule:
            continue
        if _differ(right, mistaken, after):
            yield mutation


def _occurrences(expression: str, timezone: str, after: datetime) -> Occurrences:
    return Occurrences(timing=parse_for_schedule(expression), zone=time_zone(timezone), since=after)


def _differ(one: Occurrences, other: Occurrences, after: datetime) -> bool:
    """Return whether two schedules fire at different moments. Those of ``at(...)`` may be before `after`."""
    if isinstance(one.timing, At) or isinstance(other.timing, At):
        return one.moment != other.moment
    if one.zone == other.zone and fire_alike(one.timing, other.timing):
        return False
    return first_difference(one, other, after) is not None


def first_difference(
    one: Rate | Cron | Occurrences, other: Rate | Cron | Occurrences, after: datetime
) -> tuple[datetime, bool] | None:
    """Return the first moment at which only one of two schedules fires.

    Args:
        one: A schedule.
        other: Another schedule.
        after: The moment from which firings count, an aware datetime. The rate of a rule begins at it.

    Returns:
        The moment, and whether the first schedule fires at it; None if none was found among the next firings.
    """
    following, following_other = _following(one, after), _following(other, after)
    firing, another = following(after), following_other(after)
    for _ in range(_MOST_FIRINGS):
        if firing != another:
            first = another is None or (firing is not None and firing < another)
            moment = firing if first else another
            assert moment is not None
            return moment, first
        if firing is None or another is None:
            return None
        firing, another = following(firing), following_other(another)
    return None


def _following(schedule: Rate | Cron | Occurrences, after: datetime) -> Callable[[datetime], datetime | None]:
    """Return a function that returns the first firing after a moment."""
    if isinstance(schedule, Occurrences):
        return schedule.next_after
    return partial(schedule.next_after, start=after)


def fire_alike(one: Rate | Cron, other: Rate | Cron) -> bool:
    """Return whether it is certain that two schedules always fire at the same moments."""
    if isinstance(one, Cron) and isinstance(other, Cron):
        return one.moments == other.moments
    return not isinstance(one, Cron) and not isinstance(other, Cron) and one.seconds == other.seconds


def _is_accepted(expression: str) -> bool:
    try:
        parse_for_rule(expression)
    except InvalidSchedule:
        return False
    return True


def _of_rate(rate: Rate) -> Iterator[ScheduleMutation]:
    for value, unit in ((rate.value, _OTHER_UNIT[rate.unit]), (rate.value + 1, rate.unit)):
        yield ScheduleMutation(ANOTHER_RATE, f"rate({value} {unit}{'' if value == 1 else 's'})")


def _of_schedule(schedule: At | Rate | Cron, timezone: str) -> Iterator[MutationOfSchedule]:
    """Yield the mistakes in a schedule, also some that AWS refuses and some that fire as the schedule does."""
    if isinstance(schedule, At):
        yield from (MutationOfSchedule(*one, timezone) for one in _of_at(schedule))
    elif isinstance(schedule, Cron):
        has_year = len(schedule.expression.split(" ")) == 6
        for kind, expression in _of_cron(schedule.fields):
            same_form = expression if has_year else f"{expression.removesuffix(' *)')})"
            yield MutationOfSchedule(kind, same_form, timezone)
    else:
        yield from (MutationOfSchedule(*one, timezone) for one in _of_rate(schedule))
        return  # a time zone does not change a rate
    if timezone != _UTC:
        nearby = [one for one in _ZONES_NEARBY.get(timezone.partition("/")[0], ()) if one != timezone]
        for zone in (_UTC, *nearby[:1]):
            yield MutationOfSchedule(ANOTHER_ZONE, schedule.expression, zone)


def _of_at(at: At) -> Iterator[ScheduleMutation]:
    for kind, by in (
        (ANOTHER_DAY, timedelta(days=1)),
        (ANOTHER_DAY, timedelta(days=-1)),
        (ANOTHER_HOUR, timedelta(hours=1)),
        (ANOTHER_HOUR, timedelta(hours=-1)),
    ):
        try:
            yield ScheduleMutation(kind, f"at({(at.local + by).isoformat()})")
        except OverflowError:  # before the year 1, or after the year 9999
            continue


def _cron(fields: Sequence[str]) -> str:
    return f"cron({' '.join(fields)})"


def _of_cron(fields: Sequence[str]) -> Iterator[ScheduleMutation]:
    def changed(kind: str, new: dict[int, str]) -> ScheduleMutation:
        return ScheduleMutation(kind, _cron([new.get(at, old) for at, old in enumerate(fields)]))

    of_month, of_week = fields[_DAY_OF_MONTH], fields[_DAY_OF_WEEK]
    for day in _other_weekdays(of_week):
        yield changed(ANOTHER_DAY, {_DAY_OF_WEEK: day})
    for day in _other_days(of_month):
        yield changed(ANOTHER_DAY, {_DAY_OF_MONTH: day})
    if of_month[:1] in "*?" and of_week[:1] in "*?":
        yield changed(ANOTHER_DAY, {_DAY_OF_MONTH: "?", _DAY_OF_WEEK: "MON-FRI"})
    for by in (1, -1):
        yield changed(ANOTHER_HOUR, {_HOUR: _shifted(fields[_HOUR], HOURS, by)})
    minutes, slash, _ = fields[0].partition("/")
    if slash:
        yield changed(ANOTHER_RATE, {0: minutes.replace("*", "0")})


def _other_weekdays(text: str) -> Iterator[str]:
    if "#" in text:
        day, _, number = text.partition("#")
        yield f"{day}#{int(number) + 1 if int(number) < 4 else int(number) - 1}"
        yield f"{_shifted(day, DAY_OF_WEEK, 1)}#{number}"
        return
    yield from _with_longer_ranges(text, DAY_OF_WEEK)
    yield _shifted(text, DAY_OF_WEEK, 1)
    yield _shifted(text, DAY_OF_WEEK, -1)
    yield from _with_an_item_less(text)
    if text == "L":
        yield "FRI"


def _other_days(text: str) -> Iterator[str]:
    yield from _with_longer_ranges(text, DAY_OF_MONTH)
    yield _shifted(text, DAY_OF_MONTH, 1)
    yield from _with_an_item_less(text)
    if text.endswith("W"):
        yield text.removesuffix("W")
    if text.startswith("L"):
        yield "30"
        yield "1"


def _with_longer_ranges(text: str, field: Field) -> Iterator[str]:
    """Yield a field with the end of a range one later, for each of its ranges."""
    for found in re.finditer(rf"-({_NAME_OR_NUMBER})", text):
        yield f"{text[: found.start(1)]}{_shifted(found[1], field, 1)}{text[found.end(1) :]}"


def _with_an_item_less(text: str) -> Iterator[str]:
    items = text.split(",")
    if len(items) > 1:
        yield from (",".join(items[:at] + items[at + 1 :]) for at in range(len(items)))


def _shifted(text: str, field: Field, by: int) -> str:
    """Return the text of a field with each number and name shifted, but not its steps. The first follows the last."""
    size = field.highest - field.lowest + 1

    def shift(found: re.Match[str]) -> str:
        if found[0].isdigit():
            return str((int(found[0]) - field.lowest + by) % size + field.lowest)
        if found[0] not in field.names:
            return found[0]
        return field.names[(field.names.index(found[0]) + by) % size]

    return re.sub(rf"(?<![/\dA-Z#])(?:{_NAME_OR_NUMBER})", shift, text)
