"""The grammar of a cron expression: what each field reads as, and the words of each refusal."""

import pytest

from eventmock.schedule import InvalidSchedule, parse
from eventmock.schedule.cron_fields import (
    HOURS,
    MINUTES,
    MONTH,
    read_days,
    read_numbers,
    read_years,
)
from eventmock.schedule.month_days import (
    DaysOfMonth,
    LastDay,
    LastWeekday,
    NearestWeekday,
    NthWeekday,
    Weekdays,
)


@pytest.mark.parametrize(
    ("text", "field", "numbers"),
    [
        ("5", MINUTES, (5,)),
        ("35,5,5", MINUTES, (5, 35)),
        ("*", HOURS, tuple(range(24))),
        ("0/15", MINUTES, (0, 15, 30, 45)),
        ("*/15", MINUTES, (0, 15, 30, 45)),
        ("50/5", MINUTES, (50, 55)),
        ("33/61", MINUTES, (33,)),
        ("33/0", MINUTES, (33,)),
        ("*/0", MINUTES, (0,)),
        ("10-20/0", MINUTES, (10,)),
        ("10-20/5", MINUTES, (10, 15, 20)),
        ("8-8", HOURS, (8,)),
        ("20-2", HOURS, (0, 1, 2, 20, 21, 22, 23)),
        ("20-3/2", HOURS, (0, 2, 20, 22)),
        ("21-3/2", HOURS, (1, 3, 21, 23)),
        ("1-5,20/2", HOURS, (1, 2, 3, 4, 5, 20, 22)),
        ("33X", MINUTES, (33,)),
        ("1X-5Y/2Z", MINUTES, (1, 3, 5)),
        ("1-30W", MINUTES, tuple(range(1, 31))),
        ("007", MINUTES, (7,)),
        ("JAN", MONTH, (1,)),
        ("JANUARY,JUN/3", MONTH, (1, 6, 9, 12)),
        ("NOV-FEB", MONTH, (1, 2, 11, 12)),
        ("NOVEMBER-2", MONTH, (1, 2, 11, 12)),
    ],
)
def test_numbers_of_a_field(text, field, numbers):
    assert read_numbers(text, field) == numbers


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022", [2022]),
        ("2002-2005", [2002, 2003, 2004, 2005]),
        ("2020-2030/5", [2020, 2025, 2030]),
        ("2022/0", [2022]),
        ("2022/99999999999999999999", [2022]),
        ("2195/2", [2195, 2197, 2199]),
        ("2500/2", [2500]),
        ("9997-10001/2", [9997, 9999]),
        ("1960", [1960]),
        ("2500", [2500]),
        ("10000", []),
        ("2022,2024", [2022, 2024]),
        ("*", list(range(1970, 2200))),
        ("*/100", [1970, 2070, 2170]),
    ],
)
def test_only_years_that_are_named_lie_outside_1970_to_2199(text, years):
    assert [year for span in read_years(text) for year in span] == years


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("L", (LastDay(),)),
        ("L-3", (LastDay(before=3),)),
        ("L-3X", (LastDay(before=3),)),
        ("LW", (LastDay(weekday=True),)),
        ("L-3W", (LastDay(before=3, weekday=True),)),
        ("15W", (NearestWeekday(15),)),
        ("1,L,15W", (LastDay(), NearestWeekday(15), DaysOfMonth(frozenset({1})))),
        ("1-3W", (DaysOfMonth(frozenset({1, 2, 3})),)),
        ("30-2", (DaysOfMonth(frozenset({30, 31, 1, 2})),)),
        ("20/5", (DaysOfMonth(frozenset({20, 25, 30})),)),
    ],
)
def test_rules_of_a_day_of_month(text, rules):
    assert read_days(text, "?") == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("1", (Weekdays(frozenset({1})),)),
        ("SUN", (Weekdays(frozenset({1})),)),
        ("TUESDAY", (Weekdays(frozenset({3})),)),
        ("L", (Weekdays(frozenset({7})),)),
        ("FRI-MON", (Weekdays(frozenset({6, 7, 1, 2})),)),
        ("FRIDAY-MONDAY", (Weekdays(frozenset({6, 7, 1, 2})),)),
        ("2-6/2", (Weekdays(frozenset({2, 4, 6})),)),
        ("MON-FRI/2", (Weekdays(frozenset({2, 4, 6})),)),
        ("6L", (LastWeekday(6),)),
        ("FRIL", (LastWeekday(6),)),
        ("6L,2", (LastWeekday(6), Weekdays(frozenset({2})))),
        ("3#2", (NthWeekday(3, 2),)),
        ("SAT#3", (NthWeekday(7, 3),)),
    ],
)
def test_rules_of_a_day_of_week(text, rules):
    assert read_days("?", text) == rules


def test_case_is_ignored():
    assert parse("cron(0 0 ? jan-Mar friDAY *)").days == (Weekdays(frozenset({6})),)
    assert parse("cron(0 0 lw * ? *)").days == (LastDay(weekday=True),)


BOTH = "wanted ? in exactly one of them"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ("", "cron: '' has 0 fields; wanted six, one space apart"),
        ("INVALID", "cron: 'INVALID' has 1 field; wanted six, one space apart"),
        (
            "0 0 * * ?",
            "cron: '0 0 * * ?' has 5 fields; wanted six, one space apart: "
            "the sixth is the year, and one of the two for days is ?",
        ),
        ("0 0 * * ? * *", "cron: '0 0 * * ? * *' has 7 fields; wanted six, one space apart"),
        ("0  0 * * ? *", "cron: '0  0 * * ? *' holds a blank too many; wanted six fields, one space apart"),
        (" 0 0 * * ? *", "cron: ' 0 0 * * ? *' holds a blank too many; wanted six fields, one space apart"),
        ("0\t0 * * ? * *", "cron: '0\\t0 * * ? * *' holds other characters than printable ASCII"),
        ("0 0 ? * FR\u0131 *", "cron: '0 0 ? * FR\u0131 *' holds other characters than printable ASCII"),
        ("71 8 1 * ? *", "minutes: 71 is outside 0-59"),
        ("0-60 8 1 * ? *", "minutes: 60 is outside 0-59"),
        ("60/2 8 1 * ? *", "minutes: 60 is outside 0-59"),
        ("0 24 * * ? *", "hours: 24 is outside 0-23"),
        ("0 dummy ? * MON-FRI *", "hours: 'DUMMY' is not 0-23"),
        ("0 MON * * ? *", "hours: 'MON' is not 0-23"),
        ("0 0 * 13 ? *", "month: 13 is outside 1-12"),
        ("0 0 * FOO ? *", "month: 'FOO' is not 1-12 or JAN-DEC"),
        ("0 0 32 * ? *", "day-of-month: 32 is outside 1-31"),
        ("0 0 32W * ? *", "day-of-month: 32 is outside 1-31"),
        ("0 0 L-31 * ? *", "day-of-month: 31 in L-31 is outside 0-30"),
        ("0 0 LX * ? *", "day-of-month: LX is not L, LW or L-0 to L-30"),
        ("0 0 L-3/2 * ? *", "day-of-month: L-3/2 is not L, LW or L-0 to L-30"),
        ("0 0 L-3L * ? *", "day-of-month: L-3L is not L, LW or L-0 to L-30"),
        ("0 0 W * ? *", "day-of-month: 'W' is not 1-31"),
        ("0 0 6L * ? *", "day-of-month: L in 6L has no meaning here; wanted 1-31"),
        ("0 0 1W-5 * ? *", "day-of-month: W in 1W has no meaning here; wanted 1-31"),
        ("0 0 ? * 8 *", "day-of-week: 8 is outside 1-7"),
        ("0 0 ? * 0 *", "day-of-week: 0 is outside 1-7"),
        ("0 0 ? * NOT *", "day-of-week: 'NOT' is not 1-7 or SUN-SAT"),
        ("0 0 ? * LW *", "day-of-week: 'LW' is not 1-7 or SUN-SAT"),
        ("0 0 ? * 3W *", "day-of-week: W in 3W has no meaning here; wanted 1-7 or SUN-SAT"),
        ("0 0 ? * FRIL/2 *", "day-of-week: L in FRIL has no meaning here; wanted 1-7 or SUN-SAT"),
        ("0 0 ? * 9L *", "day-of-week: 9 is outside 1-7"),
        ("0 0 ? * 3#1,6#3 *", "day-of-week: 3#1,6#3 holds more than the one day that # allows"),
        ("0 0 ? * 3#1,6 *", "day-of-week: 3#1,6 holds more than the one day that # allows"),
        ("0 0 ? * 3#1#2 *", "day-of-week: 3#1#2 holds more than the one day that # allows"),
        ("0 0 ? * 3#6 *", "day-of-week: '6' in 3#6 is not 1-5, the occurrence within the month"),
        ("0 0 ? * 8#1 *", "day-of-week: 8 is outside 1-7"),
        ("0 0 ? * 2-3#1 *", "day-of-week: 2-3 is not one number or name; wanted 1-7 or SUN-SAT"),
        ("3#2 0 * * ? *", "minutes: # in 3#2 is out of place; wanted in day-of-week"),
        ("? 0 * * ? *", "minutes: ? in ? is out of place; wanted alone, in day-of-month or day-of-week"),
        (
            "0 0 ?,1 * ? *",
            "day-of-month: ? in ? is out of place; wanted alone, in day-of-month or day-of-week",
        ),
        ("1,,2 0 * * ? *", "minutes: an item of the list is empty; wanted 0-59"),
        ("/5 0 * * ? *", "minutes: /5 lacks a value; wanted 0-59"),
        ("-5 0 * * ? *", "minutes: -5 lacks a value; wanted 0-59"),
        ("5- 0 * * ? *", "minutes: 5- lacks a value; wanted 0-59"),
        ("1-5-9 0 * * ? *", "minutes: 5-9 is not one number or name; wanted 0-59"),
        ("0/ 0 * * ? *", "minutes: '' in 0/ is not a step; wanted a number after /"),
        ("0/5/5 0 * * ? *", "minutes: '5/5' in 0/5/5 is not a step; wanted a number after /"),
        ("5L 0 * * ? *", "minutes: L in 5L has no meaning here; wanted 0-59"),
        ("0 0 * * ? 2025-2020", "year: 2025-2020 runs backwards; years do not wrap"),
        ("0 0 * * ? x", "year: 'X' is not 1970-2199"),
        ("0 1 * * * *", f"day-of-month and day-of-week: * and * are both set; {BOTH}, such as * and ?"),
        ("0 1 5 * * *", f"day-of-month and day-of-week: 5 and * are both set; {BOTH}, such as 5 and ?"),
        ("0 1 * * FRI *", f"day-of-month and day-of-week: * and FRI are both set; {BOTH}, such as ? and FRI"),
        ("0 1 5 * FRI *", f"day-of-month and day-of-week: 5 and FRI are both set; {BOTH}"),
        ("0 1 ? * ? *", f"day-of-month and day-of-week: both are ?; {BOTH}"),
        ("7 20 * * NOT *", "day-of-week: 'NOT' is not 1-7 or SUN-SAT"),
    ],
)
def test_a_refused_cron_says_why(fields, why):
    with pytest.raises(InvalidSchedule) as refusal:
        parse(f"cron({fields})")
    assert refusal.value.why == why
