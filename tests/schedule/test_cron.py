"""The firings of cron expressions, by hand and against an oracle that walks the calendar."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.schedule import parse


def at(*numbers):
    return datetime(*numbers, tzinfo=UTC)


NOW = at(2026, 11, 21, 1, 30, 12)  # a Saturday


@pytest.mark.parametrize(
    ("expression", "firings"),
    [
        ("cron(* * * * ? *)", [at(2026, 11, 21, 1, 31), at(2026, 11, 21, 1, 32)]),
        ("cron(15 12 * * ? *)", [at(2026, 11, 21, 12, 15), at(2026, 11, 22, 12, 15)]),
        ("cron(15 1 * * ? *)", [at(2026, 11, 22, 1, 15), at(2026, 11, 23, 1, 15)]),
        ("cron(0 18 ? * MON-FRI *)", [at(2026, 11, 23, 18), at(2026, 11, 24, 18)]),
        ("cron(0/30 0-2 ? * SAT *)", [at(2026, 11, 21, 2), at(2026, 11, 21, 2, 30), at(2026, 11, 28)]),
        ("cron(0 2 ? * SAT#3 *)", [at(2026, 11, 21, 2), at(2026, 12, 19, 2)]),
        ("cron(0 0 ? * 3#5 *)", [at(2026, 12, 29), at(2027, 3, 30)]),
        ("cron(0 0 ? * 6L *)", [at(2026, 11, 27), at(2026, 12, 25)]),
        ("cron(0 0 ? * 2#1 *)", [at(2026, 12, 7), at(2027, 1, 4)]),
        ("cron(0 0 ? * L *)", [at(2026, 11, 28), at(2026, 12, 5)]),
        ("cron(0 0 L * ? *)", [at(2026, 11, 30), at(2026, 12, 31)]),
        ("cron(0 0 L-3 * ? *)", [at(2026, 11, 27), at(2026, 12, 28)]),
        ("cron(0 0 LW * ? *)", [at(2026, 11, 30), at(2026, 12, 31), at(2027, 1, 29)]),
        ("cron(0 0 15W * ? *)", [at(2026, 12, 15), at(2027, 1, 15), at(2027, 2, 15)]),
        ("cron(0 0 1,L * ? *)", [at(2026, 11, 30), at(2026, 12, 1), at(2026, 12, 31)]),
        ("cron(0 22-1 * * ? *)", [at(2026, 11, 21, 22), at(2026, 11, 21, 23), at(2026, 11, 22)]),
        ("cron(0 0 31 * ? *)", [at(2026, 12, 31), at(2027, 1, 31), at(2027, 3, 31)]),
        ("cron(0 0 1 NOV-FEB ? *)", [at(2026, 12, 1), at(2027, 1, 1), at(2027, 2, 1), at(2027, 11, 1)]),
        ("cron(0 20 * * ? 2500)", [at(2500, 1, 1, 20), at(2500, 1, 2, 20)]),
        ("cron(0 0 1 1 ? 2030,2028)", [at(2028, 1, 1), at(2030, 1, 1)]),
        ("cron(0 0 1 1 ? 2199/2)", [at(2199, 1, 1), at(2201, 1, 1)]),
        ("cron(0 0 29 2 ? *)", [at(2028, 2, 29), at(2032, 2, 29)]),
        ("cron(0 0 29 2 ? 2100/100)", [at(2400, 2, 29), at(2800, 2, 29)]),
        ("cron(0 0 ? 2 1#5 *)", [at(2032, 2, 29), at(2060, 2, 29)]),
    ],
)
def test_the_next_firings(expression, firings):
    found = list(islice(parse(expression).between(NOW, at(9999, 12, 31)), len(firings)))
    assert found == firings


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 0 31 2 ? *)",
        "cron(0 0 30 FEB ? *)",
        "cron(0 0 31 4,6,9,11 ? *)",
        "cron(0 0 29 2 ? 2100)",
        "cron(0 0 29 2 ? 2001/2)",
        "cron(0 0 31W 2 ? *)",
        "cron(0 0 L-29 2 ? *)",
        "cron(15 10 ? * 6L 2002-2005)",
        "cron(0/5 5 ? JAN 1-5 2022)",
        "cron(0 0 1 1 ? 99999999999999999999)",
        "cron(0 0 1 1 ? 0)",
    ],
)
def test_what_never_fires_again_answers_none(expression):
    assert parse(expression).next_after(NOW) is None
    assert list(parse(expression).between(NOW, at(9999, 12, 31))) == []


def test_a_firing_is_strictly_after_the_instant():
    noon = parse("cron(0 12 * * ? *)")
    assert noon.next_after(at(2026, 1, 1, 11, 59, 59)) == at(2026, 1, 1, 12)
    assert noon.next_after(at(2026, 1, 1, 12)) == at(2026, 1, 2, 12)


def test_a_firing_is_strictly_after_the_start():
    noon = parse("cron(0 12 * * ? *)")
    assert noon.next_after(NOW, start=at(2030, 1, 1, 12)) == at(2030, 1, 2, 12)
    assert noon.next_after(NOW, start=at(2020, 1, 1)) == at(2026, 11, 21, 12)
    assert list(noon.between(NOW, at(2030, 1, 2, 12), start=at(2030, 1, 1))) == [
        at(2030, 1, 1, 12),
        at(2030, 1, 2, 12),
    ]


def test_a_span_excludes_its_beginning_and_includes_its_end():
    noon = parse("cron(0 12 * * ? *)")
    assert list(noon.between(at(2026, 1, 1, 12), at(2026, 1, 3, 12))) == [
        at(2026, 1, 2, 12),
        at(2026, 1, 3, 12),
    ]
    assert list(noon.between(at(2026, 1, 3, 12), at(2026, 1, 1, 12))) == []


def test_time_begins_in_1970_and_ends_with_9999():
    minutely = parse("cron(* * * * ? *)")
    assert minutely.next_after(at(1, 1, 1)) == at(1970, 1, 1)
    assert minutely.next_after(at(9999, 12, 31, 23, 58)) == at(9999, 12, 31, 23, 59)
    assert minutely.next_after(at(9999, 12, 31, 23, 59)) is None
    assert parse("cron(0 0 * * ? *)").next_after(at(9999, 12, 31)) is None


def test_equal_expressions_are_equal_and_hashable():
    assert parse("cron(0 12 * * ? *)") == parse("cron(0 12 * * ? *)")
    assert len({parse("cron(0 12 * * ? *)"), parse("cron(0 12 * * ? *)")}) == 1


# The oracle: every strategy draws a field's text together with the plainest test of whether a moment fits it.

DAY_NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


def last_of(moment):
    return ((moment.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def weekday(moment):
    return moment.isoweekday() % 7 + 1


@st.composite
def number_items(draw, low, high):
    first, last, step = draw(st.integers(low, high)), draw(st.integers(low, high)), draw(st.integers(1, high))
    wrapped = [*range(first, high + 1), *range(low, last + 1)]
    run = list(range(first, last + 1)) if first <= last else wrapped
    return draw(
        st.sampled_from(
            [
                ("*", range(low, high + 1)),
                (str(first), [first]),
                (f"{first}-{last}", run),
                (f"{first}-{last}/{step}", run[::step]),
                (f"{first}/{step}", range(first, high + 1, step)),
                (f"*/{step}", range(low, high + 1, step)),
                (f"{first}/0", [first]),
            ]
        )
    )


@st.composite
def numbers(draw, low, high):
    items = draw(st.lists(number_items(low, high), min_size=1, max_size=3))
    return ",".join(text for text, _ in items), {number for _, picked in items for number in picked}


def near(moment, day):
    """Whether the moment is the weekday nearest to `day`, found by trying nearer days first."""
    if day < 1 or day > last_of(moment):
        return False
    for distance in (0, -1, 1, -2, 2):
        if 1 <= day + distance <= last_of(moment):
            candidate = moment.replace(day=day + distance)
            if candidate.isoweekday() <= 5:
                return candidate.day == moment.day
    raise AssertionError


@st.composite
def days(draw):
    kind = draw(st.integers(0, 8))
    day, number, nth = draw(st.integers(1, 31)), draw(st.integers(1, 7)), draw(st.integers(1, 5))
    if kind == 0:
        text, picked = draw(numbers(1, 31))
        return text, "?", lambda moment: moment.day in picked
    if kind == 1:
        text, picked = draw(numbers(1, 7))
        return "?", text, lambda moment: weekday(moment) in picked
    name = draw(st.sampled_from([str(number), DAY_NAMES[number - 1], DAY_NAMES[number - 1].lower()]))
    return [
        (f"{day}W", "?", lambda moment: near(moment, day)),
        (f"L-{day - 1}", "?", lambda moment: moment.day == last_of(moment) - (day - 1)),
        ("LW", "?", lambda moment: near(moment, last_of(moment))),
        ("?", "L", lambda moment: weekday(moment) == 7),
        ("?", f"{name}L", lambda moment: weekday(moment) == number and moment.day + 7 > last_of(moment)),
        ("?", f"{name}#{nth}", lambda moment: weekday(moment) == number and (moment.day - 1) // 7 + 1 == nth),
        (f"L,{day}", "?", lambda moment: moment.day in {day, last_of(moment)}),
    ][kind - 2]


@st.composite
def crons(draw):
    minute, minutes = draw(numbers(0, 59))
    hour, hours = draw(numbers(0, 23))
    month, months = draw(numbers(1, 12))
    day_of_month, day_of_week, fits_day = draw(days())
    first = draw(st.integers(2018, 2032))
    year, years = draw(
        st.sampled_from(
            [
                ("*", range(1970, 2200)),
                (str(first), [first]),
                (f"{first}-{first + 3}", range(first, first + 4)),
                (f"{first}/3", range(first, 2200, 3)),
                (f"{first},2025", [first, 2025]),
            ]
        )
    )

    def fits_date(moment):
        return moment.year in years and moment.month in months and fits_day(moment)

    def fits_time(moment):
        return moment.hour in hours and moment.minute in minutes

    return f"cron({minute} {hour} {day_of_month} {month} {day_of_week} {year})", fits_date, fits_time


INSTANTS = st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
HORIZON_DAYS = 500


def walk(instant, fits_date, fits_time):
    """The first fitting minute after the instant, trying every day and every minute of a fitting day."""
    moment = instant.replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = instant + timedelta(days=HORIZON_DAYS)
    while moment <= end:
        if not fits_date(moment):
            moment = moment.replace(hour=0, minute=0) + timedelta(days=1)
        elif fits_time(moment):
            return moment
        else:
            moment += timedelta(minutes=1)
    return None


@settings(max_examples=200, deadline=None)
@given(crons(), INSTANTS)
def test_the_next_firing_is_the_one_found_by_walking(cron, instant):
    expression, fits_date, fits_time = cron
    found = parse(expression).next_after(instant)
    walked = walk(instant, fits_date, fits_time)
    if walked is None:
        assert found is None or found > instant + timedelta(days=HORIZON_DAYS)
    else:
        assert found == walked


@settings(max_examples=50, deadline=None)
@given(crons(), INSTANTS)
def test_a_span_holds_exactly_the_minutes_that_fit(cron, instant):
    expression, fits_date, fits_time = cron
    start = instant.replace(second=0, microsecond=0)
    minutes = [start + timedelta(minutes=count) for count in range(1, 2 * 24 * 60 + 1)]
    wanted = [minute for minute in minutes if fits_date(minute) and fits_time(minute)]
    assert list(parse(expression).between(start, minutes[-1])) == wanted
