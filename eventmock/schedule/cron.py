"""The firings of a cron expression, found without a look at each minute.

`Cron` goes from the year to the month, day, hour and minute of the next firing. The grammar is in cron_fields.py, the
meaning of `L`, `W` and `#` in month_days.py.

The Gregorian calendar repeats every 400 years, and has 14 kinds of years: leap years or not, by the weekday of
1 January. When an expression is read, the kinds of years that have a firing are found, and so the years. An expression
that never fires has no such year, so the answer about it is as fast as any other.

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
    """Return the kind of a year, 0-13: the weekday of 1 January (0 is Monday), plus 7 in a leap year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 1, 1).weekday() + 7 * leap


def _shapes(kind: int) -> tuple[MonthShape, ...]:
    """Return the shapes of the twelve months of a kind of year."""
    lengths = _LEAP_LENGTHS if kind >= 7 else _COMMON_LENGTHS
    return tuple(
        MonthShape(length, (kind + 1 + sum(lengths[:month])) % 7 + 1) for month, length in enumerate(lengths)
    )


_KINDS = tuple(_kind(2000 + year) for year in range(_CYCLE))
_SHAPES = tuple(_shapes(kind) for kind in range(14))

_FiringDays = tuple[tuple[int, tuple[int, ...]], ...]
"""The months of one kind of year that have firing days, each with these days, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A cron expression that AWS accepts.

    Attributes:
        expression: The text as given.
        fields: The six fields of the text, in upper case.
        minutes: The minutes that the expression selects, ascending.
        hours: The hours that the expression selects, ascending.
        months: The months that the expression selects, ascending.
        days: The rules that select days; a day is selected if one of them selects it.
        years: The years that the expression selects, one range for each item of the year field.
    """

    expression: str
    fields: tuple[str, ...]
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

    @property
    def moments(self) -> object:
        """A value that two expressions share if and only if they have the same firings, and at least one."""
        return self.minutes, self.hours, self._days_by_kind, self._firing_years

    def next_after(self, instant: datetime, *, start: datetime | None = None) -> datetime | None:
        """Return the first firing strictly after `instant` and `start`: a whole minute in UTC.

        Returns:
            The firing, or None if the expression does not fire again before the year 10000.

        Raises:
            ValueError: A datetime is naive.
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
        """Yield the firings after `after` and `start`, up to and including `until`, in order.

        So no firing is in two adjacent intervals, and none is lost between them.

        Raises:
            ValueError: A datetime is naive.
        """
        last = as_utc(until)
        firing = self.next_after(after, start=start)
        return self._up_to(last, firing)

    def _up_to(self, last: datetime, firing: datetime | None) -> Iterator[datetime]:
        while firing is not None and firing <= last:
            yield firing
            firing = self.next_after(firing)

    def _next_time(self, hour: int, minute: int) -> tuple[int, int] | None:
        """Return the first hour and minute of a firing day that are not before the given ones."""
        position = bisect_left(self.hours, hour)
        if position < len(self.hours) and self.hours[position] == hour:
            later = bisect_left(self.minutes, minute)
            if later < len(self.minutes):
                return hour, self.minutes[later]
            position += 1
        return (self.hours[position], self.minutes[0]) if position < len(self.hours) else None

    def _next_day(self, day: date) -> date | None:
        """Return the first firing day that is not before a day."""
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
        """Return the first year with a firing that is not before a year."""
        found = self._firing_years.find(1, year)
        return None if found < 0 else found


def _both(left: bytes | bytearray, right: bytes) -> bytes:
    """Return bytes that are 1 where both arguments are 1, and otherwise 0. Both have the same length."""
    return (int.from_bytes(left) & int.from_bytes(right)).to_bytes(len(right))


def _moment(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def parse_cron(expression: str) -> Cron:
    """Read ``cron(minutes hours day-of-month month day-of-week year)``.

    Raises:
        InvalidSchedule: AWS would refuse the expression; `.why` says what is wrong with the first bad field.
    """
    fields = six_fields(expression)
    minutes, hours, day_of_month, month, day_of_week, year = fields
    return Cron(
        expression=expression,
        fields=tuple(fields),
        minutes=read_numbers(minutes, MINUTES),
        hours=read_numbers(hours, HOURS),
        months=read_numbers(month, MONTH),
        days=read_days(day_of_month, day_of_week),
        years=read_years(year),
    )
