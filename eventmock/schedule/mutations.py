"""The mistakes that a person could make in a schedule, each as an expression that has this one mistake.

The likely ones: a day next to the right one, since AWS counts weekdays from Sunday, 1, and Unix from Monday; an hour
next to the right one, since AWS counts in UTC and people in their own time; a rate with another number or unit.
Source: ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.schedule.cron import Cron
from eventmock.schedule.cron_fields import DAY_OF_MONTH, DAY_OF_WEEK, HOURS, six_fields
from eventmock.schedule.expression import parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from eventmock.schedule.cron_fields import Field
    from eventmock.schedule.rate import Rate

ANOTHER_DAY: Final = "another day"
ANOTHER_HOUR: Final = "another hour"
ANOTHER_RATE: Final = "another rate"

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
        fields = six_fields(expression.replace(", ", " ").replace(",)", ")"))
        seen.add(_cron(fields))
        found = _of_cron(fields)
    else:
        found = _of_rate(schedule)
    for mutation in found:
        if mutation.expression not in seen and _is_accepted(mutation.expression):
            seen.add(mutation.expression)
            yield mutation


def first_difference(one: Rate | Cron, other: Rate | Cron, after: datetime) -> tuple[datetime, bool] | None:
    """Return the first moment at which only one of two schedules fires.

    Args:
        one: A schedule.
        other: Another schedule.
        after: The moment from which firings count, an aware datetime. A rate begins at it.

    Returns:
        The moment, and whether the first schedule fires at it; None if none was found among the next firings.
    """
    firing, another = one.next_after(after, start=after), other.next_after(after, start=after)
    for _ in range(_MOST_FIRINGS):
        if firing != another:
            first = another is None or (firing is not None and firing < another)
            moment = firing if first else another
            assert moment is not None
            return moment, first
        if firing is None:
            return None
        firing = one.next_after(firing, start=after)
        another = other.next_after(another or after, start=after)
    return None


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
