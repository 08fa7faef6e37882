"""The firings of cron expressions, by hand and against an oracle that walks the calendar."""

from datetime import UTC, datetime
from itertools import islice

import pytest

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
        ("cron(0 0 1 1 ? 2199-2201/2)", [at(2199, 1, 1), at(2201, 1, 1)]),
        ("cron(0 0 29 2 ? *)", [at(2028, 2, 29), at(2032, 2, 29)]),
        ("cron(0 0 29 2 ? 2100-2800/100)", [at(2400, 2, 29), at(2800, 2, 29)]),
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
        "cron(0 0 29 2 ? 2100/100)",
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


def test_every_year_begins_with_1970_and_ends_with_2199():
    minutely = parse("cron(* * * * ? *)")
    assert minutely.next_after(at(1, 1, 1)) == at(1970, 1, 1)
    assert minutely.next_after(at(2199, 12, 31, 23, 58)) == at(2199, 12, 31, 23, 59)
    assert minutely.next_after(at(2199, 12, 31, 23, 59)) is None


def test_time_ends_with_9999():
    minutely = parse("cron(* * * * ? 9999)")
    assert minutely.next_after(at(9999, 12, 31, 23, 58)) == at(9999, 12, 31, 23, 59)
    assert minutely.next_after(at(9999, 12, 31, 23, 59)) is None
    assert parse("cron(0 0 * * ? 9999)").next_after(at(9999, 12, 31)) is None


def test_equal_expressions_are_equal_and_hashable():
    assert parse("cron(0 12 * * ? *)") == parse("cron(0 12 * * ? *)")
    assert len({parse("cron(0 12 * * ? *)"), parse("cron(0 12 * * ? *)")}) == 1
