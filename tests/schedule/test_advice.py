from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventmock.schedule import parse_for_rule
from eventmock.schedule.advice import advice_about, advice_on

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("cron(0 18 ? * 1-5 *)", "day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday"),
        ("cron(0, 18, ?, *, 1-5, *)", "day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday"),
        ("cron(0 18 ? * 2,FRI,7 *)", "day-of-week 2,FRI,7 is MON, FRI, SAT: AWS counts from 1, Sunday"),
        ("cron(0 18 ? * 6#3 *)", "day-of-week 6#3 is the third FRI: AWS counts from 1, Sunday"),
        ("cron(0 18 ? * 6L *)", "day-of-week 6L is the last FRI: AWS counts from 1, Sunday"),
        ("cron(0 18 ? * 1/2 *)", "day-of-week 1/2 is SUN/2: AWS counts from 1, Sunday"),
        ("cron(0 18 ? * MON-FRI *)", ""),
        ("cron(0 18 1-5 * ? *)", ""),
        ("cron(0 18 ? * * *)", ""),
        ("rate(1 day)", ""),
    ],
)
def test_numbers_for_weekdays_are_named(expression, told):
    assert advice_about(parse_for_rule(expression), NOW) == told
    assert advice_on(expression) == told


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("cron(0 12 31 2 ? *)", "there is no day 31 in month 2"),
        ("cron(0 12 30 FEB ? 2027)", "there is no day 30 in month FEB of year 2027"),
        ("cron(0 12 29 2 ? 2026)", "there is no day 29 in month 2 of year 2026"),
        ("cron(0 0 1 1 ? 2020)", "all firings of year 2020 are past"),
        ("cron(0 0 ? 2 2#5 2026)", "there is no weekday 2#5 in month 2 of year 2026"),
    ],
)
def test_why_it_never_fires(expression, told):
    assert advice_about(parse_for_rule(expression), NOW) == told


def test_an_expression_that_aws_refuses():
    assert advice_on("cron(0 18 * * 1-5 *)").startswith("AWS would refuse it: day-of-month and day-of-week: ")
