"""Schedules fire when a plain walk through the calendar says so; any text is read or refused."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock.schedule import InvalidSchedule, parse

# The oracle: what AWS documents, read in the plainest way. It shares nothing with eventmock.

MONTHS = [
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
]
WEEKDAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"]
SHORT_NAMES = {name[:3]: number for names in (MONTHS, WEEKDAYS) for number, name in enumerate(names, start=1)}


class Day(NamedTuple):
    year: int
    month: int
    day: int
    last: int
    weekday: int


def weekday(year, month, day):
    return date(year, month, day).isoweekday() % 7 + 1  # 1 is Sunday


LAST_YEAR = 2220  # later than any year asked for
CALENDAR = {
    (year, month): [
        Day(year, month, day, last, weekday(year, month, day))
        for last in [monthrange(year, month)[1]]
        for day in range(1, last + 1)
    ]
    for year in range(1969, LAST_YEAR + 1)
    for month in range(1, 13)
}
MINUTES_OF_A_DAY = [(hour, minute) for hour in range(24) for minute in range(60)]


def number(text):
    """The number that a number or a name stands for; what trails either means nothing."""
    digits = re.match("[0-9]+", text)
    return int(digits[0]) if digits else SHORT_NAMES[text[:3]]


def numbers(item, low, high):
    """What one item of a list picks: `*`, `a` or `a-b`, each with or without a step."""
    body, slash, step = item.partition("/")
    first, dash, last = body.partition("-")
    if body == "*":
        run = list(range(low, high + 1))
    elif dash and number(first) > number(last):
        run = [*range(number(first), high + 1), *range(low, number(last) + 1)]
    elif dash:
        run = list(range(number(first), number(last) + 1))
    elif slash:
        run = list(range(number(first), high + 1))
    else:
        run = [number(first)]
    if not slash:
        return run
    return run[:1] if int(step) == 0 else run[:: int(step)]


def field(text, low, high):
    return {picked for item in text.split(",") for picked in numbers(item, low, high)}


def nearest(wanted, today):
    """The day from Monday to Friday that is nearest to the wanted one, in today's month."""
    days = range(1, today.last + 1)
    working = [day for day in days if weekday(today.year, today.month, day) in range(2, 7)]
    return min(working, key=lambda day: abs(day - wanted))


def in_day_of_month(item):
    """The question whether a day fits one item of day-of-month."""
    if item == "L":
        return lambda today: today.day == today.last
    if item == "LW":
        return lambda today: today.day == nearest(today.last, today)
    if item.startswith("L-"):
        before = int(item[2:])
        return lambda today: today.day == today.last - before
    if re.fullmatch("[0-9]+W", item):
        wanted = int(item[:-1])
        return lambda today: wanted <= today.last and today.day == nearest(wanted, today)
    picked = numbers(item, 1, 31)
    return lambda today: today.day in picked


def in_day_of_week(item):
    """The question whether a day fits one item of day-of-week."""
    if item == "L":
        return lambda today: today.weekday == 7
    if re.fullmatch("[1-7]L", item):
        wanted = int(item[0])
        return lambda today: today.weekday == wanted and today.day + 7 > today.last
    if "#" in item:
        wanted, nth = number(item), int(item[-1])
        return lambda today: today.weekday == wanted and (today.day - 1) // 7 + 1 == nth
    picked = numbers(item, 1, 7)
    return lambda today: today.weekday in picked


def walk(expression, instant):
    """The first minute after the instant that fits: tries every day, then every minute of one that fits."""
    fields = expression.removeprefix("cron(").removesuffix(")").upper().split(" ")
    minutes, hours = field(fields[0], 0, 59), field(fields[1], 0, 23)
    months, years = field(fields[3], 1, 12), field(fields[5], 1970, 2199)
    if fields[2] == "?":
        questions = [in_day_of_week(item) for item in fields[4].split(",")]
    else:
        questions = [in_day_of_month(item) for item in fields[2].split(",")]
    first_day = instant.year, instant.month, instant.day
    fitting = {}  # of months that begin on the same weekday and have as many days, the same days fit
    for year, month in product(range(instant.year, LAST_YEAR + 1), range(1, 13)):
        if year not in years or month not in months:
            continue
        calendar = CALENDAR[year, month]
        alike = calendar[0].weekday, calendar[0].last
        if alike not in fitting:
            fitting[alike] = {today.day for today in calendar if any(fits(today) for fits in questions)}
        for today in calendar if fitting[alike] else []:
            if today >= first_day and today.day in fitting[alike]:
                for hour, minute in MINUTES_OF_A_DAY:
                    if hour in hours and minute in minutes:
                        moment = datetime(year, month, today.day, hour, minute, tzinfo=UTC)
                        if moment > instant:
                            return moment
    return None


def walk_rate(period, start, instant):
    """The first of start, start + period and so on after the instant: tries each. None after year 9999."""
    firing = start
    try:
        while firing <= instant:
            firing += timedelta(seconds=period)
    except OverflowError:
        return None
    return firing


# What is asked: texts of every form the grammar has, and instants where calendars are odd
#
# Hypothesis chooses seeds only: it takes longer over thirty choices than the walk over the answer.

SEEDS = st.integers(0, 2**24 - 1)
"""As many as Hypothesis takes each as often as another; of more it would prefer the small ones."""


def item(random, values):
    """One item, of these texts of values."""
    first, last, step = random.choice(values), random.choice(values), random.randint(0, 70)
    return random.choice(
        [first, "*", f"{first}-{last}", f"{first}-{last}/{step}", f"{first}/{step}", f"*/{step}"]
    )


def items(random, make, *arguments):
    """One item as often as a list of two or three."""
    return ",".join(make(random, *arguments) for _ in range(random.choice([1, 1, 2, 3])))


def digits(low, high):
    return [text for value in range(low, high + 1) for text in (f"{value}", f"{value:02}", f"{value}X")]


def names(full):
    return [text for name in full for text in (name, name[:3], name[:3])]


MINUTES, HOURS, DAYS_OF_MONTH = digits(0, 59), digits(0, 23), digits(1, 31)
NAMED_MONTHS, NAMED_WEEKDAYS = digits(1, 12) + names(MONTHS), digits(1, 7) + names(WEEKDAYS)


def months(random):
    return "*" if random.random() < 0.5 else items(random, item, NAMED_MONTHS)


def day_of_month(random):
    return random.choice(
        [
            item(random, DAYS_OF_MONTH),
            random.choice(["L", "LW"]),
            random.choice(["28", "29", "30", "31", "1-31W"]),
            f"L-{random.randint(1, 30)}",
            f"{random.randint(1, 31)}W",
        ]
    )


def day_of_week(random):
    return random.choice([item(random, NAMED_WEEKDAYS), f"{random.randint(1, 7)}L"])


def days(random):
    weekday_of_month = random.choice([*"1234567", *(name[:3] for name in WEEKDAYS)]), random.randint(1, 5)
    days_of_week = [items(random, day_of_week), "L", "{}#{}".format(*weekday_of_month)]
    return random.choice(
        [
            f"{items(random, day_of_month)} {months(random)} ?",
            f"? {months(random)} {random.choice(days_of_week)}",
            random.choice(
                ["29 2 ?", "? FEB 2#5", "? 2 SUN#5", "29W 2 ?", "L-28 2 ?", "30 2 ?", "31 4,6,9,NOV ?"]
            ),
        ]
    )


def years(random, year):
    """Years about this one: before it, after it and beyond 2199 too."""
    first, length, step = year + random.randint(-3, 8), random.randint(0, 9), random.randint(0, 70)
    form = random.choice(["*/{2}", "{0}", "{0}X", "{1},{0}", "{0}-{1}", "{0}-{1}/{2}", "{3}/{2}"])
    return random.choice(["*", form.format(first, first + length, step, min(first, 2199))])


def cron_about(year, random):
    case = random.choice([str.upper, str.lower, str.title])
    fields = items(random, item, MINUTES), items(random, item, HOURS), days(random), years(random, year)
    return f"cron({case(' '.join(fields))})"


ODD_YEARS = [1970, 1999, 2000, 2095, 2096, 2100, 2103, 2199]
FIRST_INSTANT, AFTER_LAST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOMENTS = (AFTER_LAST_INSTANT - FIRST_INSTANT) // timedelta.resolution


def any_instant(random):
    """Any instant as often as one about the end of a month."""
    if random.random() < 0.5:
        return FIRST_INSTANT + timedelta.resolution * random.randrange(MOMENTS)
    year = random.choice([random.randint(1970, 2199), random.choice(ODD_YEARS)])
    month = random.randint(0, 12)
    apart = random.choice([timedelta.resolution, timedelta(seconds=1), timedelta(minutes=1), timedelta(0)])
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) - apart


def cron_and_instant(random):
    instant = any_instant(random)
    return cron_about(instant.year, random), instant


INSTANTS = SEEDS.map(lambda seed: any_instant(Random(seed)))  # noqa: S311 - nothing is secret
CRONS_AND_INSTANTS = SEEDS.map(lambda seed: cron_and_instant(Random(seed)))  # noqa: S311 - nothing is secret
UNITS = {"minute": 60, "hour": 3600, "day": 86400}


@st.composite
def rates(draw):
    """An expression and its period in seconds."""
    value = draw(st.integers(1, 100) | st.integers(1, 2**31 - 1))
    unit = draw(st.sampled_from(list(UNITS)))
    return f"rate({value} {unit}{'s' if value > 1 else ''})", value * UNITS[unit]


SMALL = st.sampled_from([timedelta(0), timedelta.resolution, timedelta(seconds=1), timedelta(seconds=61)])
NOISE = st.one_of(
    st.text("0123456789*?,-/#LWlwXx() ", max_size=3),
    st.text(max_size=2),
    st.sampled_from("\t\n\x00\ud800\u0661\u00b2\u0131\u00df\uff11"),
    st.sampled_from(
        ["FRIDAY", "jan", "minutes", "hour", "cron(", "rate(", "2147483648", "9" * 30, "0" * 200]
    ),
)


@st.composite
def noise(draw):
    """An expression with pieces put in, cut out or replaced."""
    text = draw(SEEDS.map(lambda seed: cron_about(2026, Random(seed))) | rates().map(lambda rate: rate[0]))  # noqa: S311 - nothing is secret
    for piece in draw(st.lists(NOISE, min_size=1, max_size=3)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + piece + text[place + draw(st.integers(0, 3)) :]
    return text


def thoroughly(max_examples):
    return settings(
        max_examples=max_examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )


@pytest.mark.parametrize("seed", range(11))
def test_a_cron_fires_next_when_the_walk_says_so(seed):
    random = Random(seed)  # noqa: S311 - nothing is secret
    for _ in range(500):
        expression, instant = cron_and_instant(random)
        cron = parse(expression)
        found = cron.next_after(instant)
        assert found == walk(expression, instant), (expression, instant)
        if found is not None:
            assert cron.next_after(found) == walk(expression, found), (expression, found)


@thoroughly(1_000)
@given(rates(), INSTANTS, st.integers(-1, 300), SMALL)
def test_a_rate_fires_next_when_the_walk_says_so(rate, start, periods, apart):
    expression, period = rate
    instant = start + timedelta(seconds=min(period, 10**7)) * periods - apart
    assert parse(expression).next_after(instant, start=start) == walk_rate(period, start, instant)
    assert parse(expression).next_after(start) == walk_rate(period, start, start)


@thoroughly(500)
@given(CRONS_AND_INSTANTS, rates(), st.timedeltas(timedelta(days=-30), timedelta(days=4000)), INSTANTS)
def test_a_span_holds_what_asking_again_and_again_finds(asked, rate, length, start):
    cron, after = asked
    for schedule in (parse(cron), parse(rate[0])):
        span = list(islice(schedule.between(after, after + length, start=start), 50))
        firing = after
        for found in span:
            firing = schedule.next_after(firing, start=start)
            assert found == firing
        following = schedule.next_after(firing, start=start)
        assert len(span) == 50 or following is None or following > after + length
        if span:
            assert list(schedule.between(after, span[-1], start=start)) == span
            assert list(schedule.between(span[0], span[-1], start=start)) == span[1:]


@thoroughly(1_000)
@given(noise(), INSTANTS)
def test_any_text_is_read_or_refused_in_the_words_of_aws(text, instant):
    refused = None
    try:
        schedule = parse(text)
    except InvalidSchedule as refusal:
        refused = str(refusal)
    if refused is None:
        firing = schedule.next_after(instant)
        assert schedule.expression == text
        assert firing is None or firing > instant
    else:
        assert refused == "Parameter ScheduleExpression is not valid."
