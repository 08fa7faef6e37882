"""rate(value unit)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from eventmock.schedule import InvalidSchedule, parse

CREATED = datetime(2026, 11, 21, 22, 18, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "value", "unit", "seconds"),
    [
        ("rate(1 minute)", 1, "minute", 60),
        ("rate(90 minutes)", 90, "minute", 5_400),
        ("rate(1 hour)", 1, "hour", 3_600),
        ("rate(2 days)", 2, "day", 172_800),
        ("rate(007 days)", 7, "day", 604_800),
        ("rate(2147483647 days)", 2147483647, "day", 2147483647 * 86_400),
    ],
)
def test_a_rate_knows_its_value_unit_and_period(expression, value, unit, seconds):
    rate = parse(expression)
    assert (rate.value, rate.unit, rate.seconds) == (value, unit, seconds)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("rate()", "rate: '' is not a value, one space and a unit"),
        ("rate(10)", "rate: '10' is not a value, one space and a unit"),
        ("rate( 10 minutes )", "rate: ' 10 minutes ' is not a value, one space and a unit"),
        ("rate(10\tminutes)", "rate: '10\\tminutes' is not a value, one space and a unit"),
        ("rate(foo minutes)", "value: 'foo' is not a whole number above zero"),
        ("rate(-10 minutes)", "value: '-10' is not a whole number above zero"),
        ("rate(+1 minute)", "value: '+1' is not a whole number above zero"),
        ("rate(1.5 hours)", "value: '1.5' is not a whole number above zero"),
        ("rate(\u0661 minute)", "value: '\u0661' is not a whole number above zero"),
        ("rate(0 minutes)", "value: 0 is outside 1-2147483647"),
        ("rate(2147483648 minutes)", "value: 2147483648 is outside 1-2147483647"),
        ("rate(10 seconds)", "unit: 'seconds' is not minute(s), hour(s) or day(s), in lower case"),
        ("rate(10 MINUTES)", "unit: 'MINUTES' is not minute(s), hour(s) or day(s), in lower case"),
        ("rate(10 minutess)", "unit: 'minutess' is not minute(s), hour(s) or day(s), in lower case"),
        ("rate(1 minutes)", "unit: 1 minutes does not agree; wanted 1 minute"),
        ("rate(10 hour)", "unit: 10 hour does not agree; wanted 10 hours"),
    ],
)
def test_a_refused_rate_says_why(expression, why):
    with pytest.raises(InvalidSchedule) as refusal:
        parse(expression)
    assert refusal.value.why == why


def test_firings_keep_the_second_the_schedule_started():
    rate = parse("rate(1 minute)")
    assert list(rate.between(CREATED, CREATED + timedelta(minutes=2, seconds=59))) == [
        datetime(2026, 11, 21, 22, 19, 16, tzinfo=UTC),
        datetime(2026, 11, 21, 22, 20, 16, tzinfo=UTC),
    ]


def test_before_the_start_the_start_is_next():
    assert parse("rate(1 day)").next_after(CREATED - timedelta(days=9), start=CREATED) == CREATED


def test_the_start_itself_is_followed_by_one_period():
    assert parse("rate(1 day)").next_after(CREATED, start=CREATED) == CREATED + timedelta(days=1)


def test_without_a_start_the_schedule_starts_at_the_instant():
    assert parse("rate(90 minutes)").next_after(CREATED) == CREATED + timedelta(minutes=90)


def test_a_span_excludes_its_beginning_and_includes_its_end():
    hourly = parse("rate(1 hour)")
    end = CREATED + timedelta(hours=2)
    assert list(hourly.between(CREATED, end, start=CREATED)) == [CREATED + timedelta(hours=1), end]


def test_a_span_that_begins_before_the_start_holds_the_start():
    earlier = CREATED - timedelta(days=1)
    assert list(parse("rate(1 hour)").between(earlier, CREATED, start=CREATED)) == [CREATED]


@pytest.mark.parametrize(
    "expression", ["rate(2147483647 days)", "rate(8000000 days)", "rate(2147483647 minutes)"]
)
def test_a_firing_beyond_the_last_year_is_none(expression):
    late = datetime(9000, 1, 1, tzinfo=UTC)
    assert parse(expression).next_after(late, start=late) is None
    assert list(parse(expression).between(late, datetime.max.replace(tzinfo=UTC))) == []


@given(
    st.integers(2, 500),
    st.sampled_from(["minutes", "hours", "days"]),
    st.timedeltas(timedelta(0), timedelta(days=1500)),
)
def test_the_next_firing_is_the_first_multiple_of_the_period_after_the_instant(value, unit, passed):
    period = timedelta(**{unit: value})
    naive = CREATED
    while naive <= CREATED + passed:
        naive += period * max(1, ((CREATED + passed - naive) // period) // 2)
    assert parse(f"rate({value} {unit})").next_after(CREATED + passed, start=CREATED) == naive
