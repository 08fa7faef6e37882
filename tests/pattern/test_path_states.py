"""The states of the paths of two patterns."""

from __future__ import annotations

import pytest

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.path_states import ABSENT, ComparedPatterns


def compared(a, b=None, *, on_a_bus=False):
    first = compile_pattern(a)
    return ComparedPatterns(first, first if b is None else compile_pattern(b), on_a_bus=on_a_bus)


def fields_of(pattern):
    return [field for alternative in pattern.alternatives for field in alternative.fields]


def test_a_state_stands_for_all_values_that_satisfy_the_same_fields():
    both = compared({"v": ["a", "b"]}, {"v": ["b", {"prefix": "c"}]})
    states = both.states("v")
    first, second = (both.wanted(field) for pattern in (both.a, both.b) for field in fields_of(pattern))
    assert states.value(first & ~second) == "a"
    assert states.value(first & second) == "b"
    assert states.value(second & ~first) == "c"
    assert states.value(states.every & ~first & ~second) == "other"
    assert states.every.bit_count() == 4


def test_absence_is_a_state_where_it_is_wanted():
    one = compared({"v": [1, {"exists": False}], "w": [1]})
    absent, present = (one.wanted(field) & ABSENT for field in fields_of(one.a))
    assert (absent, present) == (ABSENT, 0)


def test_values_that_satisfy_few_fields_come_first():
    both = compared({"v": ["a", "b"]}, {"v": ["b", "c"]})
    states = both.states("v")
    assert states.some_values(states.every) == ["other", "a", "c", "b"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("source", {"other"}), ("detail", set()), ("detail.x", {"other"}), ("x", set()), ("source.x", set())],
)
def test_what_a_path_of_an_event_on_a_bus_may_have(path, expected):
    on_a_bus = compared({path: [{"exists": True}]}, on_a_bus=True).states(path)
    assert set(on_a_bus.some_values(on_a_bus.every)) == expected


def test_paths_can_share_an_array_that_lies_around_both():
    one = compared({"detail": {"v": {"a": [1], "b": [1]}, "w": [1]}, "x": [1]})
    assert one.before("detail.w", ["detail.v.a", "x"]) == {"detail.v.a"}
    assert one.before("detail.v.a", ["detail.v.b", "detail.w"]) == set()
    on_a_bus = compared({"detail": {"v": {"a": [1], "b": [1]}, "w": [1]}}, on_a_bus=True)
    assert on_a_bus.before("detail.w", ["detail.v.a"]) == set()
    assert on_a_bus.before("detail.v.b", ["detail.v.a"]) == {"detail.v.a"}
