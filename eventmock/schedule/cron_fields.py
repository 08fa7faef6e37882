"""The grammar of cron(minutes hours day-of-month month day-of-week year), field by field.

The functions here read the text of a field into numbers and day rules, or refuse it with a reason. The search for
firings is in cron.py.

Source: "Cron expressions" in the EventBridge user guide for the grammar; the refusals are recorded from AWS.
From an emulator that was tested against captures of AWS: letters may have any case; `TUESDAY` is `TUE`; characters
after a number or a name are ignored (`33x`, and also the `W` of `1-31W`); ranges wrap, except those of years; `/0` and
steps longer than the field select only the start. A year outside 1970-2199 is accepted (measured: 2500); `*` and
`2020/5` still end with 2199, as documented.

Inferred, not recorded: days may be listed together with `L` and `W` forms (`1,L` selects both); `FRIL` is `6L`;
`L-3W` is the weekday nearest to `L-3` (from Quartz's manual); `/5` without a start, empty list items and
anything but printable ASCII are refused.
"""

import re
from dataclasses import dataclass, field as dataclass_field

from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.month_days import (
    SATURDAY,
    DayRule,
    DaysOfMonth,
    LastDay,
    LastWeekday,
    NearestWeekday,
    NthWeekday,
    Weekdays,
)

LAST_YEAR = 9999
"""The last year of Python's datetime. Later years are accepted, but have no firings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One of the six fields: its title in messages, its bounds, and names for its numbers.

    `letters` are the letters that have a meaning after a value. If `bounded` is False, numbers may be out of bounds.
    """

    title: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    bounded: bool = True
    letters: str = ""
    wanted: str = dataclass_field(init=False)

    def __post_init__(self) -> None:
        names = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        object.__setattr__(self, "wanted", f"{self.lowest}-{self.highest}{names}")


MINUTES = Field(title="minutes", lowest=0, highest=59)
HOURS = Field(title="hours", lowest=0, highest=23)
DAY_OF_MONTH = Field(title="day-of-month", lowest=1, highest=31, letters="LW")
MONTH = Field(
    title="month",
    lowest=1,
    highest=12,
    names=("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
DAY_OF_WEEK = Field(
    title="day-of-week",
    lowest=1,
    highest=7,
    names=("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
    letters="L",
)
YEAR = Field(title="year", lowest=1970, highest=2199, bounded=False)


@dataclass(frozen=True, slots=True)
class Span:
    """One list item: each `step`-th number from `first` to `last`; None for `last` is the last number of the field."""

    first: int
    last: int | None
    step: int


def six_fields(expression: str) -> list[str]:
    """Return the fields of ``cron(...)``, in upper case.

    Raises:
        InvalidSchedule: There are not six fields of printable ASCII, separated by single spaces.
    """
    body = expression.removeprefix("cron(").removesuffix(")")
    if not (body.isascii() and body.isprintable()):
        raise InvalidSchedule(f"cron: {body!r} holds other characters than printable ASCII")
    fields = body.upper().split(" ") if body else []
    if "" in fields:
        raise InvalidSchedule(f"cron: {body!r} holds a blank too many; wanted six fields, one space apart")
    if len(fields) != 6:
        unix = ": the sixth is the year, and one of the two for days is ?" if len(fields) == 5 else ""
        count = f"{len(fields)} field{'' if len(fields) == 1 else 's'}"
        raise InvalidSchedule(f"cron: {body!r} has {count}; wanted six, one space apart{unix}")
    return fields


def read_numbers(text: str, field: Field) -> tuple[int, ...]:
    """Return the numbers that a minutes, hours or month field selects, ascending.

    Raises:
        InvalidSchedule: The field is not valid.
    """
    return tuple(
        sorted({number for item in text.split(",") for number in _numbers(_span(item, field), field)})
    )


def read_years(text: str) -> tuple[range, ...]:
    """Return the years that a year field selects, an ascending range for each list item, up to `LAST_YEAR`.

    Raises:
        InvalidSchedule: The field is not valid, such as a range whose first year is after its last.
    """
    return tuple(_years(_span(item, YEAR)) for item in text.split(","))


def read_days(day_of_month: str, day_of_week: str) -> tuple[DayRule, ...]:
    """Return the rules that select days. A day is selected if one of the rules selects it.

    Raises:
        InvalidSchedule: A field is not valid, or not exactly one of the two fields is `?`.
    """
    match day_of_month == "?", day_of_week == "?":
        case True, True:
            raise InvalidSchedule("day-of-month and day-of-week: both are ?; wanted ? in exactly one of them")
        case False, True:
            return _days_of_month(day_of_month)
        case True, False:
            return _days_of_week(day_of_week)
        case _:
            _days_of_month(day_of_month)
            _days_of_week(day_of_week)
            meant = ""  # a * beside another value stands for no condition
            if "*" in (day_of_month, day_of_week):
                meant = (
                    f", such as {day_of_month} and ?"
                    if day_of_week == "*"
                    else f", such as ? and {day_of_week}"
                )
            raise InvalidSchedule(
                f"day-of-month and day-of-week: {day_of_month} and {day_of_week} are both set; "
                f"wanted ? in exactly one of them{meant}"
            )


def _days_of_month(text: str) -> tuple[DayRule, ...]:
    rules: list[DayRule] = []
    numbers: set[int] = set()
    for item in text.split(","):
        if item.startswith("L"):
            rules.append(_last_day(item))
        elif nearest := re.fullmatch("([0-9]+)W", item):
            rules.append(NearestWeekday(_within(nearest[1], DAY_OF_MONTH)))
        else:
            numbers.update(_numbers(_span(item, DAY_OF_MONTH), DAY_OF_MONTH))
    if numbers:
        rules.append(DaysOfMonth(frozenset(numbers)))
    return tuple(rules)


def _last_day(item: str) -> LastDay:
    form = re.fullmatch("L(?:-([0-9]+))?(.*)", item)
    assert form is not None
    before, rest = form.groups()
    trails = before is not None and _ignorable(rest) and not rest.startswith(("L", "W"))
    if rest != "W" and rest and not trails:
        raise InvalidSchedule(f"day-of-month: {item} is not L, LW or L-0 to L-30")
    if before is not None and int(before) > 30:
        raise InvalidSchedule(f"day-of-month: {before} in {item} is outside 0-30")
    return LastDay(int(before or 0), rest == "W")


def _days_of_week(text: str) -> tuple[DayRule, ...]:
    if "#" in text:
        return (_nth_weekday(text),)
    rules: list[DayRule] = []
    numbers: set[int] = set()
    for item in text.split(","):
        if item == "L":
            numbers.add(SATURDAY)
        elif last := re.fullmatch("([0-9]+|[A-Z]{3})L", item):
            rules.append(LastWeekday(_value(last[1], DAY_OF_WEEK)))
        else:
            numbers.update(_numbers(_span(item, DAY_OF_WEEK), DAY_OF_WEEK))
    if numbers:
        rules.append(Weekdays(frozenset(numbers)))
    return tuple(rules)


def _nth_weekday(text: str) -> NthWeekday:
    if "," in text or text.count("#") > 1:
        raise InvalidSchedule(f"day-of-week: {text} holds more than the one day that # allows")
    day, _, occurrence = text.partition("#")
    if not re.fullmatch("[1-5]", occurrence):
        raise InvalidSchedule(
            f"day-of-week: {occurrence!r} in {text} is not 1-5, the occurrence within the month"
        )
    return NthWeekday(_value(day, DAY_OF_WEEK), int(occurrence))


def _span(item: str, field: Field) -> Span:
    """Read one list item: `*`, `a` or `a-b`, each with or without `/step`."""
    title = field.title
    if not item:
        raise InvalidSchedule(f"{title}: an item of the list is empty; wanted {field.wanted}")
    if "?" in item:
        raise InvalidSchedule(
            f"{title}: ? in {item} is out of place; wanted alone, in day-of-month or day-of-week"
        )
    if "#" in item:
        raise InvalidSchedule(f"{title}: # in {item} is out of place; wanted in day-of-week")
    body, slash, step_text = item.partition("/")
    step = 1
    if slash:
        digits = re.fullmatch("([0-9]+)(.*)", step_text)
        if digits is None or not _ignorable(digits[2]):
            raise InvalidSchedule(f"{title}: {step_text!r} in {item} is not a step; wanted a number after /")
        step = int(digits[1])
    if body == "*":
        return Span(field.lowest, None, step)
    first, dash, last = body.partition("-")
    if not first or (dash and not last):
        raise InvalidSchedule(f"{title}: {item} lacks a value; wanted {field.wanted}")
    if dash:
        return Span(_value(first, field), _value(last, field, ends_range=True), step)
    start = _value(first, field)
    return Span(start, None if slash else start, step)


def _value(text: str, field: Field, *, ends_range: bool = False) -> int:
    """Read one number or name. Characters after it are ignored, unless they have a meaning in this field."""
    digits = re.fullmatch("([0-9]+)(.*)", text)
    name, trail, meaningful = (
        ("", digits[2], ("L", "W")) if digits else (text[:3], text[3:], tuple(field.letters))
    )
    if digits is None and name not in field.names:
        raise InvalidSchedule(f"{field.title}: {text!r} is not {field.wanted}")
    if not _ignorable(trail):
        raise InvalidSchedule(f"{field.title}: {text} is not one number or name; wanted {field.wanted}")
    if trail.startswith(meaningful) and not ends_range:
        raise InvalidSchedule(
            f"{field.title}: {trail[0]} in {text} has no meaning here; wanted {field.wanted}"
        )
    return _within(digits[1], field) if digits else field.lowest + field.names.index(name)


def _within(digits: str, field: Field) -> int:
    number = int(digits)
    if field.bounded and not field.lowest <= number <= field.highest:
        raise InvalidSchedule(f"{field.title}: {digits} is outside {field.lowest}-{field.highest}")
    return number


def _ignorable(trail: str) -> bool:
    return not re.search(r"[-,*/?#]", trail)


def _numbers(span: Span, field: Field) -> list[int]:
    """Return the numbers of a span. If its last number is below its first, it goes on at the field's first number."""
    if span.step == 0:
        return [span.first]
    size = field.highest - field.lowest + 1
    last = field.highest if span.last is None else span.last
    if last < span.first:
        last += size
    return [
        (number - field.lowest) % size + field.lowest for number in range(span.first, last + 1, span.step)
    ]


def _years(span: Span) -> range:
    last = max(span.first, YEAR.highest) if span.last is None else span.last
    if last < span.first:
        raise InvalidSchedule(f"year: {span.first}-{last} runs backwards; years do not wrap")
    if span.step == 0:
        last = span.first
    return range(span.first, min(last, LAST_YEAR) + 1, span.step or 1)
