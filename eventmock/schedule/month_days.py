"""The days of a month that a cron expression selects: by day, by weekday, and by the forms with `L`, `W` and `#`.

Each form is a small class, which returns the days that it selects from a month. The grammar is in cron_fields.py, the
search for the next firing in cron.py.

Of a month, only its shape matters: how many days it has, and its first weekday. There are 28 shapes, so the days of a
rule are found once for each shape. Weekdays are AWS's numbers: 1 is Sunday, 7 is Saturday.

Source: "Cron expressions" in the EventBridge user guide; `L-3` and `LW` from an emulator tested against AWS.
Inferred: a day that the month does not have (`31W` in April, `L-30` in February) selects nothing there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SATURDAY = 7


@dataclass(frozen=True, slots=True)
class MonthShape:
    """The shape of a month: its `length` in days (28-31), and the weekday of its `first` day (1-7, 1 is Sunday)."""

    length: int
    first: int

    def weekday(self, day: int) -> int:
        """Return the weekday (1 is Sunday) of a day of this month."""
        return (self.first + day - 2) % 7 + 1

    def nearest_weekday(self, day: int) -> int:
        """Return the day of this month, from Monday to Friday, that is nearest to `day` (1 to `length`)."""
        match self.weekday(day):
            case 7:
                return day - 1 if day > 1 else day + 2
            case 1:
                return day + 1 if day < self.length else day - 2
            case _:
                return day


class DayRule(Protocol):
    """A rule that selects days of a month, made from an item of a day-of-month or day-of-week field."""

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return the days of the month (from 1) that the rule selects, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """`1`, `1-15`, `*/2` in day-of-month: the days with these numbers."""

    numbers: frozenset[int]

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return the numbers that are days of the month."""
        return [number for number in self.numbers if number <= month.length]


@dataclass(frozen=True, slots=True)
class LastDay:
    """`L` and `L-3` (`before` is 3) in day-of-month; with `weekday`, `LW`."""

    before: int = 0
    weekday: bool = False

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return the day, or nothing if `before` is not less than the length of the month."""
        day = month.length - self.before
        if day < 1:
            return ()
        return (month.nearest_weekday(day) if self.weekday else day,)


@dataclass(frozen=True, slots=True)
class NearestWeekday:
    """`15W` in day-of-month: the day from Monday to Friday nearest to the 15th, in the same month."""

    day: int

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return the nearest weekday, or nothing if the month does not have the day itself."""
        return (month.nearest_weekday(self.day),) if self.day <= month.length else ()


@dataclass(frozen=True, slots=True)
class Weekdays:
    """`2-6`, `MON-FRI`, `*` in day-of-week: all days with these weekdays."""

    numbers: frozenset[int]

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return all days whose weekday is one of the numbers."""
        return [day for day in range(1, month.length + 1) if month.weekday(day) in self.numbers]


@dataclass(frozen=True, slots=True)
class LastWeekday:
    """`6L` in day-of-week: the last Friday."""

    number: int

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return the day with that weekday among the last seven days."""
        return [day for day in range(month.length - 6, month.length + 1) if month.weekday(day) == self.number]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`3#2` in day-of-week: the second (`occurrence`, 1-5) Tuesday (`number`). Not every month has a fifth Tuesday."""

    number: int
    occurrence: int

    def days(self, month: MonthShape) -> Iterable[int]:
        """Return the day, or nothing if the month does not have so many of this weekday."""
        week = range(7 * self.occurrence - 6, min(7 * self.occurrence, month.length) + 1)
        return [day for day in week if month.weekday(day) == self.number]
