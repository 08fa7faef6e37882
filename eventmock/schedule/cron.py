"""cron(...): the firings of a cron expression, found without walking through the minutes.

What it is: `Cron`, which jumps year, month, day, hour and minute. What it is not: the grammar
(cron_fields.py) or the meaning of `L`, `W` and `#` (month_days.py).

How it stays fast: the Gregorian calendar repeats every 400 years and its years come in 14 kinds (leap or not,
by the weekday of 1 January). Which kinds hold a firing, and so which years do, is worked out once, when the
expression is read; one that never fires has no such year, and is answered as quickly as any other.

Source: "Cron expressions" in the EventBridge user guide: UTC, one-minute resolution. Recorded: events carry
the exact minute; the first firing is strictly after creation; a year in the past is valid.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from eventmock.schedule.cron_fields import (
    HOURS,
    LAST_YEAR,
    MINUTES,
    MONTH,
    read_days,
    read_numbers,
    read_years,
    six_fields,
)
from eventmock.schedule.month_days import DayRule, MonthShape
from eventmock.schedule.utc import as_utc

_CYCLE = 400
_COMMON_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_LENGTHS = (31, 29, *_COMMON_LENGTHS[2:])


def _kind(year: int) -> int:
    """Number the kind of a year, 0-13: the weekday of 1 January (0 is Monday), plus 7 in a leap year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 1, 1).weekday() + 7 * leap


def _shapes(kind: int) -> tuple[MonthShape, ...]:
    """Answer the shapes of the twelve months of a kind of year."""
    lengths = _LEAP_LENGTHS if kind >= 7 else _COMMON_LENGTHS
    return tuple(
        MonthShape(length, (kind + 1 + sum(lengths[:month])) % 7 + 1) for month, length in enumerate(lengths)
    )


_KINDS = tuple(_kind(2000 + year) for year in range(_CYCLE))
_SHAPES = tuple(_shapes(kind) for kind in range(14))

_FiringDays = tuple[tuple[int, tuple[int, ...]], ...]
"""The months of one kind of year that hold firing days, each with its days, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A cron expression that AWS accepts.

    `expression` is the text as given; `minutes`, `hours` and `months` are the numbers it picks, ascending;
    `days` the rules any of which picks a day; `years` one range an item of the year field.
    """

    expression: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[DayRule, ...]
    months: tuple[int, ...]
    years: tuple[range, ...]
    _days_by_kind: tuple[_FiringDays, ...] = field(init=False, repr=False, compare=False)
    _firing_years: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_shape: dict[MonthShape, tuple[int, ...]] = {}
        for shapes in _SHAPES:
            for month in self.months:
                shape = shapes[month - 1]
                if shape not in by_shape:
                    by_shape[shape] = tuple(sorted({day for rule in self.days for day in rule.days(shape)}))
        days_by_kind = tuple(
            tuple((month, days) for month in self.months if (days := by_shape[shapes[month - 1]]))
            for shapes in _SHAPES
        )
        picked = bytearray(LAST_YEAR + 1)
        for years in self.years:
            picked[years.start : years.stop : years.step] = b"\1" * len(years)
        fires = bytes(bool(days_by_kind[kind]) for kind in _KINDS) * (LAST_YEAR // _CYCLE + 1)
        object.__setattr__(self, "_days_by_kind", days_by_kind)
        object.__setattr__(self, "_firing_years", _both(picked, fires))

    def next_after(self, instant: datetime, *, start: datetime | None = None) -> datetime | None:
        """Answer the first firing strictly after `instant` and `start`: a whole minute in UTC.

        Returns:
            The firing, or None when the expression never fires again (before year 10000).

        Raises:
            ValueError: a datetime is naive.
        """
        after = as_utc(instant) if start is None else max(as_utc(instant), as_utc(start))
        try:
            earliest = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
        except OverflowError:
            return None
        today = earliest.date()
        day = self._next_day(today)
        if day == today:
            time = self._next_time(earliest.hour, earliest.minute)
            if time is not None:
                return _moment(day, *time)
            day = None if today == date.max else self._next_day(today + timedelta(days=1))
        return None if day is None else _moment(day, self.hours[0], self.minutes[0])

    def between(
        self, after: datetime, until: datetime, *, start: datetime | None = None
    ) -> Iterator[datetime]:
        """Iterate over the firings after `after` and `start`, up to and including `until`, in order.

        Neighbouring spans therefore share no firing and lose none.

        Raises:
            ValueError: a datetime is naive.
        """
        last = as_utc(until)
        firing = self.next_after(after, start=start)
        return self._up_to(last, firing)

    def _up_to(self, last: datetime, firing: datetime | None) -> Iterator[datetime]:
        while firing is not None and firing <= last:
            yield firing
            firing = self.next_after(firing)

    def _next_time(self, hour: int, minute: int) -> tuple[int, int] | None:
        """Answer the first hour and minute of a firing day that is not before these."""
        position = bisect_left(self.hours, hour)
        if position < len(self.hours) and self.hours[position] == hour:
            later = bisect_left(self.minutes, minute)
            if later < len(self.minutes):
                return hour, self.minutes[later]
            position += 1
        return (self.hours[position], self.minutes[0]) if position < len(self.hours) else None

    def _next_day(self, day: date) -> date | None:
        """Answer the first firing day that is not before this one."""
        year = self._next_year(day.year)
        if year == day.year:
            for month, days in self._days_by_kind[_KINDS[year % _CYCLE]]:
                if month > day.month:
                    return date(year, month, days[0])
                if month == day.month and days[-1] >= day.day:
                    return date(year, month, days[bisect_left(days, day.day)])
            year = self._next_year(day.year + 1)
        if year is None:
            return None
        month, days = self._days_by_kind[_KINDS[year % _CYCLE]][0]
        return date(year, month, days[0])

    def _next_year(self, year: int) -> int | None:
        """Answer the first year, not before this one, that holds a firing."""
        found = self._firing_years.find(1, year)
        return None if found < 0 else found


def _both(left: bytes | bytearray, right: bytes) -> bytes:
    """Answer 1 where both hold 1; of one length."""
    return (int.from_bytes(left) & int.from_bytes(right)).to_bytes(len(right))


def _moment(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def parse_cron(expression: str) -> Cron:
    """Read ``cron(minutes hours day-of-month month day-of-week year)``.

    Raises:
        InvalidSchedule: AWS would refuse it; `.why` says what was wrong with the first bad field.
    """
    minutes, hours, day_of_month, month, day_of_week, year = six_fields(expression)
    return Cron(
        expression=expression,
        minutes=read_numbers(minutes, MINUTES),
        hours=read_numbers(hours, HOURS),
        months=read_numbers(month, MONTH),
        days=read_days(day_of_month, day_of_week),
        years=read_years(year),
    )
