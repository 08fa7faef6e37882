"""Ranges are found by every number in them, whatever ranges lie around."""

import math
import random

from hypothesis import given, settings, strategies as st

from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.range_table import RangeTable, place_of


def found(table, number):
    stored = []
    table.find(leaf_of(number, ()), stored)
    return sorted(stored)


NUMBERS = st.sampled_from(
    [-1e308, -2.5, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, 1.5, 2.0, 3.0, 1e22]
) | st.floats(-4, 4)
ENDS = st.tuples(NUMBERS | st.just(-math.inf), NUMBERS | st.just(math.inf)).map(sorted).map(tuple)


@settings(deadline=None)
@given(st.lists(ENDS, unique=True), st.lists(NUMBERS, min_size=1), st.data())
def test_it_finds_the_ranges_that_hold_a_number(ranges, numbers, data):
    table = RangeTable()
    for ends in ranges:
        table.put(ends, ends)
    dropped = data.draw(st.sets(st.sampled_from(ranges))) if ranges else set()
    for ends in dropped:
        table.drop(ends)
    for number in numbers:
        assert found(table, number) == sorted(
            ends for ends in ranges if ends not in dropped and ends[0] <= number <= ends[1]
        )
    assert len(table) == len(ranges) - len(dropped)


def test_what_is_no_number_lies_in_no_range():
    table = RangeTable()
    table.put((-math.inf, math.inf), "all")
    assert found(table, 1) == ["all"]
    assert found(table, "1") == found(table, True) == found(table, None) == []


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_places_are_in_the_order_of_numbers(one, other):
    assert (place_of(one) < place_of(other)) == (one < other)


def test_finding_few_of_many_looks_at_few():
    chance = random.Random(1)  # noqa: S311 - not for secrets
    table = RangeTable()
    for _ in range(5000):
        low = chance.random()
        table.put((low, low + 1e-6), low)
    assert len(table._levels) < 40
    assert all(len(found(table, chance.random())) < 5 for _ in range(50))
