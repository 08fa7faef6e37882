"""Which days of a month a cron expression means: plain days, weekdays, and what `L`, `W` and `#` say.

What it is: one small class a meaning; each answers the days it picks from a month. What it is not: their
grammar (cron_fields.py) or the search for the next one (cron.py).

A month here is only its shape: how many days it has and on which weekday it begins. There are 28 shapes, so a
rule is worked out once per shape and never again. Weekdays are AWS's numbers: 1 is Sunday, 7 is Saturday.

Source: "Cron expressions" in the EventBridge user guide; `L-3` and `LW` from an emulator tested against AWS.
Inferred: a day the month does not have (`31W` in April, `L-30` in February) picks nothing there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SATURDAY = 7


@dataclass(frozen=True, slots=True)
class MonthShape:
    """A month as day rules see it: its `length` in days (28-31), the weekday of its `first` day (1-7)."""

    length: int
    first: int

    def weekday(self, day: int) -> int:
        """Answer the weekday (1 is Sunday) of a day of this month."""
        return (self.first + day - 2) % 7 + 1

    def nearest_weekday(self, day: int) -> int:
        """Answer the day from Monday to Friday nearest to `day` (1 to `length`) without leaving the month."""
        match self.weekday(day):
            case 7:
                return day - 1 if day > 1 else day + 2
            case 1:
                return day + 1 if day < self.length else day - 2
            case _:
                return day


class DayRule(Protocol):
    """One meaning of a day-of-month or day-of-week field."""

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer the days of the month, 1 to its length, that the rule picks; in any order."""
        ...


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """`1`, `1-15`, `*/2` in day-of-month: these numbers, where the month has them."""

    numbers: frozenset[int]

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer the numbers the month has."""
        return [number for number in self.numbers if number <= month.length]


@dataclass(frozen=True, slots=True)
class LastDay:
    """`L`, `L-3` (`before` is 3) and, with `weekday`, `LW` in day-of-month."""

    before: int = 0
    weekday: bool = False

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer the one day, if the month reaches back that far."""
        day = month.length - self.before
        if day < 1:
            return ()
        return (month.nearest_weekday(day) if self.weekday else day,)


@dataclass(frozen=True, slots=True)
class NearestWeekday:
    """`15W` in day-of-month: the day from Monday to Friday nearest to the 15th, in the same month."""

    day: int

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer the one day, if the month has the day it is near to."""
        return (month.nearest_weekday(self.day),) if self.day <= month.length else ()


@dataclass(frozen=True, slots=True)
class Weekdays:
    """`2-6`, `MON-FRI`, `*` in day-of-week: every such weekday."""

    numbers: frozenset[int]

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer every day whose weekday is among the numbers."""
        return [day for day in range(1, month.length + 1) if month.weekday(day) in self.numbers]


@dataclass(frozen=True, slots=True)
class LastWeekday:
    """`6L` in day-of-week: the last Friday."""

    number: int

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer the one day in the last seven."""
        return [day for day in range(month.length - 6, month.length + 1) if month.weekday(day) == self.number]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`3#2` in day-of-week: the second (`occurrence`, 1-5) Tuesday (`number`); a fifth may be missing."""

    number: int
    occurrence: int

    def days(self, month: MonthShape) -> Iterable[int]:
        """Answer the one day, if the month has that many."""
        week = range(7 * self.occurrence - 6, min(7 * self.occurrence, month.length) + 1)
        return [day for day in week if month.weekday(day) == self.number]
