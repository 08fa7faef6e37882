from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmock.schedule import Occurrences, parse_for_rule, parse_for_schedule, time_zone
from eventmock.schedule.advice import advice_about, advice_about_schedule, advice_on

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


def on_schedule(expression, zone="UTC", after=None, **dates):
    found = Occurrences(timing=parse_for_schedule(expression), zone=time_zone(zone), since=NOW, **dates)
    return advice_about_schedule(found, after)


class TestASchedule:
    @pytest.mark.parametrize(
        ("expression", "zone", "told"),
        [
            (
                "cron(30 2 * * ?)",
                "Europe/Berlin",
                "02:30 does not exist on 2026-03-29 in Europe/Berlin: no invocation on that day; "
                "02:30 comes twice on 2026-10-25 in Europe/Berlin: the first counts",
            ),
            (
                "CRON(0/15 * * * ? *)",
                "Europe/Berlin",
                "02:00 to 02:45 do not exist on 2026-03-29 in Europe/Berlin: no invocation then; "
                "02:00 to 02:45 come twice on 2026-10-25 in Europe/Berlin: the first counts",
            ),
            (
                "cron(0 0 * * ?)",
                "America/Santiago",  # clocks are shifted at midnight
                "00:00 does not exist on 2026-09-06 in America/Santiago: no invocation on that day",
            ),
            (
                "cron(15 2 * * ?)",
                "Australia/Lord_Howe",  # by half an hour
                "02:15 does not exist on 2026-10-04 in Australia/Lord_Howe: no invocation on that day",
            ),
            (
                "cron(30 2 * 3 ? 2027)",
                "Europe/Berlin",
                "02:30 does not exist on 2027-03-28 in Europe/Berlin: no invocation on that day",
            ),
            ("cron(0 3 * * ?)", "Europe/Berlin", ""),
            ("cron(59 1 * * ?)", "Europe/Berlin", ""),
            ("cron(30 2 * * ?)", "Asia/Kolkata", ""),
            ("cron(30 2 * * ?)", "UTC", ""),
        ],
    )
    def test_local_times_that_are_skipped_or_come_twice_are_named(self, expression, zone, told):
        assert on_schedule(expression, zone) == told

    def test_weekdays_as_numbers_are_named_first(self):
        told = on_schedule("cron(30 2 ? * 1-5)", "Europe/Berlin")
        assert told.startswith(
            "day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday; 02:30 does not exist on "
        )
        assert on_schedule("cron(30 9 ? * 1-5)") == "day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday"

    @pytest.mark.parametrize(
        ("expression", "zone", "told"),
        [
            (
                "at(2027-03-14T02:30:00)",
                "America/New_York",
                "02:30:00 does not exist on 2027-03-14 in America/New_York: it fires at 03:30:00",
            ),
            (
                "at(2027-11-07T01:30)",
                "America/New_York",
                "01:30:00 comes twice on 2027-11-07 in America/New_York: the first counts",
            ),
            ("at(2027-11-07T02:00)", "America/New_York", ""),
            ("at(2027-11-07T01:30)", "UTC", ""),
        ],
    )
    def test_how_such_a_local_time_of_at_is_read(self, expression, zone, told):
        assert on_schedule(expression, zone) == told

    def test_a_rate_of_days_does_not_keep_the_local_hour(self):
        told = "a day is 24 hours, so its hour in Europe/Berlin changes on 2026-03-29: a cron would keep it"
        assert on_schedule("rate(1 day)", "Europe/Berlin") == told
        assert on_schedule("rate(48 hours)", "Europe/Berlin") == told
        assert on_schedule("rate(1 hour)", "Europe/Berlin") == ""
        assert on_schedule("rate(1 day)", "Asia/Kolkata") == ""
        assert on_schedule("rate(1 day)") == ""

    @pytest.mark.parametrize(
        ("expression", "zone", "dates", "told"),
        [
            ("at(2020-01-01T00:00)", "Asia/Tokyo", {}, "2020-01-01T00:00:00 in Asia/Tokyo is past"),
            ("cron(0 12 31 2 ?)", "Asia/Tokyo", {}, "there is no day 31 in month 2"),
            ("cron(0 0 1 1 ? 2020)", "UTC", {}, "all firings of year 2020 are past"),
            ("rate(1 day)", "UTC", {"end": NOW - timedelta(days=1)}, "EndDate is past"),
            (
                "cron(0 9 1 7 ?)",
                "UTC",
                {"end": datetime(2026, 2, 1, tzinfo=UTC)},
                "EndDate is before the first firing",
            ),
            (
                "cron(30 2 ? 3 1L)",
                "Europe/Berlin",
                {},
                "clocks in Europe/Berlin skip each of its local times",
            ),
            ("rate(2147483647 days)", "UTC", {"start": NOW - timedelta(days=1)}, ""),
        ],
    )
    def test_why_it_never_fires(self, expression, zone, dates, told):
        assert on_schedule(expression, zone, **dates) == told

    def test_it_is_about_what_comes_after_a_moment(self):
        later = datetime(2028, 1, 1, tzinfo=UTC)
        assert on_schedule("cron(30 2 * * ?)", "Europe/Berlin", later).startswith(
            "02:30 does not exist on 2028-03-26"
        )
        assert on_schedule("at(2027-01-01T00:00)", after=later) == "2027-01-01T00:00:00 in UTC is past"

    def test_it_is_about_what_lies_between_the_dates(self):
        summer, winter = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
        twice = "02:30 comes twice on 2026-10-25 in Europe/Berlin: the first counts"
        assert on_schedule("cron(30 2 * * ?)", "Europe/Berlin", start=summer, end=winter) == twice
        assert on_schedule("cron(30 2 * * ?)", "Europe/Berlin", end=summer - timedelta(days=9)) == ""
        assert on_schedule("rate(1 day)", "Europe/Berlin", end=summer - timedelta(days=9)) == ""

    @pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Tokyo", "Etc/GMT+12"])
    @pytest.mark.parametrize("expression", ["rate(1 day)", "cron(30 2 * * ? 9999)", "at(9999-12-31T23:00)"])
    def test_at_the_ends_of_time_nothing_is_raised(self, expression, zone):
        for after in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
            assert isinstance(on_schedule(expression, zone, after), str)
