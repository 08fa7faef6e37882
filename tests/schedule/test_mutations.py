"""The mistakes that a person could make in a schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmock.schedule import (
    InvalidSchedule,
    InvalidTimeZone,
    Occurrences,
    parse_for_rule,
    parse_for_schedule,
    time_zone,
)
from eventmock.schedule.mutations import fire_alike, first_difference, mutations, mutations_of_schedule

START = datetime(2026, 1, 1, tzinfo=UTC)
EXPRESSIONS = {
    "rate(5 minutes)": {"another rate": ["rate(5 hours)", "rate(6 minutes)"]},
    "rate(1 hour)": {"another rate": ["rate(1 day)", "rate(2 hours)"]},
    "rate(1 day)": {"another rate": ["rate(1 hour)", "rate(2 days)"]},
    "cron(0 8 ? * MON-FRI *)": {
        "another day": ["cron(0 8 ? * MON-SAT *)", "cron(0 8 ? * TUE-SAT *)", "cron(0 8 ? * SUN-THU *)"],
        "another hour": ["cron(0 9 ? * MON-FRI *)", "cron(0 7 ? * MON-FRI *)"],
    },
    "cron(0 8 ? * 2 *)": {
        "another day": ["cron(0 8 ? * 3 *)", "cron(0 8 ? * 1 *)"],
        "another hour": ["cron(0 9 ? * 2 *)", "cron(0 7 ? * 2 *)"],
    },
    "cron(0 0 ? * SAT,SUN *)": {
        "another day": [
            "cron(0 0 ? * SUN,MON *)",
            "cron(0 0 ? * FRI,SAT *)",
            "cron(0 0 ? * SUN *)",
            "cron(0 0 ? * SAT *)",
        ],
        "another hour": ["cron(0 1 ? * SAT,SUN *)", "cron(0 23 ? * SAT,SUN *)"],
    },
    "cron(0 8 ? * MON#1 *)": {
        "another day": ["cron(0 8 ? * MON#2 *)", "cron(0 8 ? * TUE#1 *)"],
        "another hour": ["cron(0 9 ? * MON#1 *)", "cron(0 7 ? * MON#1 *)"],
    },
    "cron(0 8 ? * FRIL *)": {
        "another day": ["cron(0 8 ? * SATL *)", "cron(0 8 ? * THUL *)"],
        "another hour": ["cron(0 9 ? * FRIL *)", "cron(0 7 ? * FRIL *)"],
    },
    "cron(0 8 * * ? *)": {
        "another day": ["cron(0 8 ? * MON-FRI *)"],
        "another hour": ["cron(0 9 * * ? *)", "cron(0 7 * * ? *)"],
    },
    "cron(0 0 15 * ? *)": {
        "another day": ["cron(0 0 16 * ? *)"],
        "another hour": ["cron(0 1 15 * ? *)", "cron(0 23 15 * ? *)"],
    },
    "cron(0 0 L * ? *)": {
        "another day": ["cron(0 0 30 * ? *)", "cron(0 0 1 * ? *)"],
        "another hour": ["cron(0 1 L * ? *)", "cron(0 23 L * ? *)"],
    },
    "cron(0 0 15W * ? *)": {
        "another day": ["cron(0 0 16W * ? *)", "cron(0 0 15 * ? *)"],
        "another hour": ["cron(0 1 15W * ? *)", "cron(0 23 15W * ? *)"],
    },
    "cron(0/15 9-17 ? * 2-6 *)": {
        "another day": [
            "cron(0/15 9-17 ? * 2-7 *)",
            "cron(0/15 9-17 ? * 3-7 *)",
            "cron(0/15 9-17 ? * 1-5 *)",
        ],
        "another hour": ["cron(0/15 10-18 ? * 2-6 *)", "cron(0/15 8-16 ? * 2-6 *)"],
        "another rate": ["cron(0 9-17 ? * 2-6 *)"],
    },
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_schedule_has_the_likely_mistakes(expression):
    found = {}
    for kind, mistaken in mutations(expression):
        found.setdefault(kind, []).append(mistaken)
    assert found == EXPRESSIONS[expression]


def test_the_expression_itself_is_no_mistake_of_it():
    expressions = [one.expression for one in mutations("cron(0, 8, ?, *, mon-fri, *)")]
    assert "cron(0 8 ? * MON-FRI *)" not in expressions
    assert len(set(expressions)) == len(expressions)


def test_a_schedule_that_aws_refuses_is_refused():
    with pytest.raises(InvalidSchedule):
        list(mutations("cron(0 8 * * * *)"))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_first_difference_is_the_first_firing_of_only_one(expression):
    one = parse_for_rule(expression)
    for _, mistaken in mutations(expression):
        other = parse_for_rule(mistaken)
        moment, is_of_first = first_difference(one, other, START)
        just_before = moment - timedelta(seconds=1)
        firings = [set(each.between(START, moment, start=START)) for each in (one, other)]
        assert (moment in firings[0], moment in firings[1]) == (is_of_first, not is_of_first)
        earlier = [set(each.between(START, just_before, start=START)) for each in (one, other)]
        assert earlier[0] == earlier[1]
        assert not fire_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cron(0 8 ? * SUN-SAT *)", "cron(0 8 * * ? *)"),
        ("cron(0 8 ? * 1,7 *)", "cron(0 8 ? * SAT-SUN *)"),
        ("rate(60 minutes)", "rate(1 hour)"),
    ],
)
def test_schedules_that_fire_alike(one, other):
    schedules = parse_for_rule(one), parse_for_rule(other)
    assert fire_alike(*schedules)
    assert first_difference(*schedules, START) is None


def test_a_rate_and_a_cron_are_not_proven_to_fire_alike():
    assert not fire_alike(parse_for_rule("rate(1 hour)"), parse_for_rule("cron(0 * * * ? *)"))


def test_two_schedules_that_never_fire_again_do_not_differ():
    past = parse_for_rule("cron(0 8 1 1 ? 2020)"), parse_for_rule("cron(0 9 1 1 ? 2020)")
    assert first_difference(*past, START) is None
    assert not fire_alike(*past)


SCHEDULES = {
    ("cron(0 8 ? * MON-FRI)", "Europe/Paris"): {
        "another day": ["cron(0 8 ? * MON-SAT)", "cron(0 8 ? * TUE-SAT)", "cron(0 8 ? * SUN-THU)"],
        "another hour": ["cron(0 9 ? * MON-FRI)", "cron(0 7 ? * MON-FRI)"],
        "another time zone": ["UTC", "Europe/London"],
    },
    ("CRON(0 8 * * ? *)", "Europe/London"): {
        "another day": ["cron(0 8 ? * MON-FRI *)"],
        "another hour": ["cron(0 9 * * ? *)", "cron(0 7 * * ? *)"],
        "another time zone": ["UTC", "Europe/Berlin"],
    },
    ("cron(0 8 * * ? *)", "UTC"): {
        "another day": ["cron(0 8 ? * MON-FRI *)"],
        "another hour": ["cron(0 9 * * ? *)", "cron(0 7 * * ? *)"],
    },
    ("cron(0 8 * * ? *)", "Pacific/Auckland"): {
        "another day": ["cron(0 8 ? * MON-FRI *)"],
        "another hour": ["cron(0 9 * * ? *)", "cron(0 7 * * ? *)"],
        "another time zone": ["UTC"],
    },
    ("cron(0 8 * * ? *)", "Africa/Abidjan"): {  # which has the time of UTC
        "another day": ["cron(0 8 ? * MON-FRI *)"],
        "another hour": ["cron(0 9 * * ? *)", "cron(0 7 * * ? *)"],
        "another time zone": ["Africa/Johannesburg"],
    },
    ("cron(0/10 * * * ?)", "Asia/Tokyo"): {  # at any offset of whole hours it fires at the same moments
        "another day": ["cron(0/10 * ? * MON-FRI)"],
        "another rate": ["cron(0 * * * ?)"],
    },
    ("rate(1 minutes)", "Europe/Berlin"): {"another rate": ["rate(1 hour)", "rate(2 minutes)"]},
    ("rate(60minute)", "UTC"): {"another rate": ["rate(60 hours)", "rate(61 minutes)"]},
    ("at(2027-03-01T00:00)", "America/New_York"): {
        "another day": ["at(2027-03-02T00:00:00)", "at(2027-02-28T00:00:00)"],
        "another hour": ["at(2027-03-01T01:00:00)", "at(2027-02-28T23:00:00)"],
        "another time zone": ["UTC", "America/Chicago"],
    },
    ("at(2020-03-01T00:00:00)", "UTC"): {
        "another day": ["at(2020-03-02T00:00:00)", "at(2020-02-29T00:00:00)"],
        "another hour": ["at(2020-03-01T01:00:00)", "at(2020-02-29T23:00:00)"],
    },
    ("at(2027-11-07T01:00)", "America/Chicago"): {
        "another day": ["at(2027-11-08T01:00:00)", "at(2027-11-06T01:00:00)"],
        "another hour": ["at(2027-11-07T02:00:00)", "at(2027-11-07T00:00:00)"],
        "another time zone": ["UTC", "America/New_York"],
    },
    ("at(9999-12-31T23:30:00)", "UTC"): {
        "another day": ["at(9999-12-30T23:30:00)"],
        "another hour": ["at(9999-12-31T22:30:00)"],
    },
}


@pytest.mark.parametrize(("expression", "timezone"), SCHEDULES)
def test_a_schedule_of_scheduler_has_the_likely_mistakes(expression, timezone):
    found = {}
    for kind, mistaken, zone in mutations_of_schedule(expression, timezone):
        is_zone = kind == "another time zone"
        assert (mistaken if is_zone else zone) == (expression if is_zone else timezone)
        found.setdefault(kind, []).append(zone if is_zone else mistaken)
    assert found == SCHEDULES[expression, timezone]


@pytest.mark.parametrize(("expression", "timezone"), SCHEDULES)
def test_each_of_them_fires_at_other_moments(expression, timezone):
    long_ago = datetime(2019, 1, 1, tzinfo=UTC)

    def occurrences(expression, timezone):
        return Occurrences(timing=parse_for_schedule(expression), zone=time_zone(timezone), since=long_ago)

    one = occurrences(expression, timezone)
    for _, mistaken, zone in mutations_of_schedule(expression, timezone):
        other = occurrences(mistaken, zone)
        moment, is_of_first = first_difference(one, other, long_ago)
        fires = [each.next_after(moment - timedelta(seconds=1)) == moment for each in (one, other)]
        assert fires == [is_of_first, not is_of_first]


def test_an_hour_that_is_skipped_may_be_the_one_that_it_is_read_as():
    found = [one.expression for one in mutations_of_schedule("at(2027-03-14T02:30:00)", "America/New_York")]
    assert "at(2027-03-14T03:30:00)" not in found  # at 02:30 it is 03:30
    assert "at(2027-03-14T01:30:00)" in found


def test_what_scheduler_refuses_has_no_mistakes():
    with pytest.raises(InvalidSchedule):
        list(mutations_of_schedule("rate(1 second)", "UTC"))
    with pytest.raises(InvalidTimeZone):
        list(mutations_of_schedule("rate(1 day)", "Europe/Berln"))
