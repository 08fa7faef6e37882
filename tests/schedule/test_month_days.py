"""What L, W and # pick from a month, against the calendar."""

from calendar import monthrange
from datetime import date

import pytest

from eventmock.schedule.month_days import (
    DaysOfMonth,
    LastDay,
    LastWeekday,
    MonthShape,
    NearestWeekday,
    NthWeekday,
    Weekdays,
)

ALL_SHAPES = [(year, month) for year in range(2000, 2028) for month in range(1, 13)]


def shape(year, month):
    return MonthShape(monthrange(year, month)[1], date(year, month, 1).isoweekday() % 7 + 1)


def days(rule, year, month):
    return sorted(rule.days(shape(year, month)))


def test_sunday_is_1_and_saturday_is_7():
    november = shape(2026, 11)
    assert november.weekday(1) == 1
    assert november.weekday(21) == 7


def test_a_day_the_month_lacks_is_not_picked():
    assert days(DaysOfMonth(frozenset({1, 29, 31})), 2026, 2) == [1]
    assert days(NearestWeekday(31), 2026, 4) == []
    assert days(LastDay(before=30), 2026, 2) == []


@pytest.mark.parametrize(
    ("day", "year", "month", "picked"),
    [
        (16, 2026, 11, 16),  # a Monday stays
        (14, 2026, 11, 13),  # Saturday goes back
        (15, 2026, 11, 16),  # Sunday goes on
        (1, 2026, 8, 3),  # Saturday the 1st may not leave the month
        (31, 2026, 5, 29),  # nor may Sunday the 31st
        (1, 2026, 11, 2),
        (31, 2026, 10, 30),
    ],
)
def test_w_is_the_nearest_weekday_within_the_month(day, year, month, picked):
    assert days(NearestWeekday(day), year, month) == [picked]


def test_lw_is_the_last_day_from_monday_to_friday():
    for year, month in ALL_SHAPES:
        length = monthrange(year, month)[1]
        wanted = max(day for day in range(1, length + 1) if date(year, month, day).isoweekday() <= 5)
        assert days(LastDay(weekday=True), year, month) == [wanted]
        assert days(LastDay(), year, month) == [length]
        assert days(LastDay(before=3), year, month) == [length - 3]


def test_weekday_rules_agree_with_the_calendar():
    for year, month in ALL_SHAPES:
        length = monthrange(year, month)[1]
        fridays = [day for day in range(1, length + 1) if date(year, month, day).isoweekday() == 5]
        assert days(Weekdays(frozenset({6})), year, month) == fridays
        assert days(LastWeekday(6), year, month) == fridays[-1:]
        for occurrence in range(1, 6):
            assert days(NthWeekday(6, occurrence), year, month) == fridays[occurrence - 1 : occurrence]
