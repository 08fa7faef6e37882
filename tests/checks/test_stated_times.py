from __future__ import annotations

import pytest

from eventmock.checks.stated_times import EVERY_DAY, period, stated, words

WEEKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("every Monday", {0}),
        ("Mondays and Thursdays", {0, 3}),
        ("MON-FRI", WEEKDAYS),
        ("Mon to Fri", WEEKDAYS),
        ("Friday through Monday", {4, 5, 6, 0}),
        ("Runs every weekday", WEEKDAYS),
        ("on working days", WEEKDAYS),
        ("weekends", {5, 6}),
        ("daily at 9", EVERY_DAY),
        ("nightly cleanup", EVERY_DAY),
        ("every day at noon UTC", EVERY_DAY),
    ],
)
def test_days_are_read(text, days):
    found = stated(text)
    assert found is not None
    assert found.days == days


@pytest.mark.parametrize(
    "text",
    [
        "every day except Sunday",
        "every other Monday",
        "first Monday of the month",
        "not on Mondays",
        "every day but Friday",
        "Monday 9am EST",
        "every Monday in Europe/Berlin",
        "Mondays, UTC+2",
        "due by Friday",
        "daily or every Monday",
        "sends the report",
        "Sun Microsystems",
        "the 1st, a Monday",
        "was every Monday before",
    ],
)
def test_a_text_that_is_not_clear_states_no_days(text):
    found = stated(text)
    assert found is None or found.days is None


@pytest.mark.parametrize(
    ("text", "hours", "is_utc"),
    [
        ("at 9am", {9}, False),
        ("at 9 PM UTC", {21}, True),
        ("12 a.m. and 12 p.m.", {0, 12}, False),
        ("midnight", {0}, False),
        ("at 18:30 GMT", {18}, True),
        ("daily at 9", set(), False),
    ],
)
def test_hours_are_read(text, hours, is_utc):
    found = stated(text)
    assert found is not None
    assert (found.hours, found.is_utc) == (hours, is_utc)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("every 5 minutes", 300),
        ("every five minutes", 300),
        ("Every 15-minute poll", 900),
        ("every hour", 3600),
        ("hourly", 3600),
        ("every day", 86400),
        ("once every 2 weeks", 1209600),
        ("every 5 minutes, or hourly", None),
        ("no longer every 5 minutes", None),
        ("polls", None),
    ],
)
def test_a_period_is_read(text, seconds):
    assert period(text) == seconds


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({0}, "Monday"),
        ({0, 2}, "Monday and Wednesday"),
        ({0, 2, 4}, "Monday, Wednesday and Friday"),
        (WEEKDAYS, "Monday to Friday"),
        ({6, 0, 1, 2, 3}, "Sunday to Thursday"),
        ({5, 6}, "Saturday and Sunday"),
        (EVERY_DAY, "every day"),
    ],
)
def test_days_are_written(days, text):
    assert words(frozenset(days)) == text
