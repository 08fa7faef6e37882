"""Whole patterns on whole events: arrays, absences, and a deliberately naive matcher that agrees."""

import json
import time

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.pattern import compile as compile_pattern


def matches(pattern, detail):
    return compile_pattern({"detail": pattern}).matches({"detail": detail})


@pytest.mark.parametrize(
    ("pattern", "detail", "expected"),
    [
        ({"a": [1, 2], "b": ["x"]}, {"a": 2, "b": "x", "c": 0}, True),
        ({"a": [1, 2], "b": ["x"]}, {"a": 2}, False),
        ({"v": {"a": [1], "b": [2]}}, {"v": [{"a": 1, "b": 2}]}, True),
        ({"v": {"a": [1], "b": [2]}}, {"v": [{"a": 1}, {"b": 2}]}, False),
        ({"v": {"a": [1], "b": [2]}}, {"v": [[{"a": 1}, {"b": 2}]]}, False),
        ({"v": {"a": [1], "b": [2]}}, {"v": {"a": [1, 9], "b": [8, 2]}}, True),
        ({"v": {"a": [1]}, "w": {"a": [2]}}, {"v": [{"a": 1}], "w": [{"a": 2}]}, True),
        ({"v": {"a": [1], "c": {"d": [3]}}}, {"v": [{"a": 1, "c": [{"d": 2}, {"d": 3}]}]}, True),
    ],
)
def test_chosen_leaves_agree_about_array_positions(pattern, detail, expected):
    assert matches(pattern, detail) is expected


@pytest.mark.parametrize(
    ("pattern", "apart", "together"),
    [
        ({"a": [{"exists": False}], "b": [2]}, False, False),
        ({"a": [1], "b": [{"exists": False}]}, True, False),
        ({"a": [{"exists": False}]}, False, False),
    ],
)
def test_an_absence_is_judged_where_earlier_paths_have_fixed_the_position(pattern, apart, together):
    assert matches({"v": pattern}, {"v": [{"a": 1}, {"b": 2}]}) is apart
    assert matches({"v": pattern}, {"v": [{"a": 1, "b": 0}, {"b": 2}]}) is together


def test_an_absence_or_a_value():
    assert matches({"v": [{"exists": False}, "x"]}, {})
    assert matches({"v": [{"exists": False}, "x"]}, {"v": "x"})
    assert not matches({"v": [{"exists": False}, "x"]}, {"v": "y"})


def test_any_alternative_is_enough():
    pattern = {"$or": [{"a": [1]}, {"b": [2]}]}
    assert matches(pattern, {"b": 2})
    assert not matches(pattern, {"a": 2, "b": 1})


def test_a_list_shared_by_alternatives_is_made_ready_once():
    first, second = compile_pattern({"a": [1], "$or": [{"b": [1]}, {"c": [1]}]}).alternatives
    assert first.fields[0] is second.fields[0]


def test_long_arrays_do_not_take_long():
    pattern = {name: {"x": [1], "y": [2], "z": [{"exists": False}]} for name in "abcdefgh"}
    elements = [{"x": 1, "z": 0} for _ in range(1000)] + [{"x": 1, "y": 2}]
    begun = time.perf_counter()
    assert matches(pattern, dict.fromkeys("abcdefgh", elements))
    assert not matches(pattern, {**dict.fromkeys("abcdefg", elements), "h": elements[:-1]})
    assert time.perf_counter() - begun < 5


# The naive matcher: every choice, one after the other


def naive_leaves(value, path="", positions=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from naive_leaves(inner, f"{path}.{name}" if path else name, positions)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            inside = positions if not isinstance(element, (dict, list)) else (*positions, (id(value), index))
            yield from naive_leaves(element, path, inside)
    else:
        yield path, value, dict(positions)


def naive_choice(fields, leaves, fixed):
    if not fields:
        return True
    (path, terms), *later = fields
    consistent = [
        (value, {**fixed, **positions})
        for held, value, positions in leaves
        if held == path and all(fixed.get(array, index) == index for array, index in positions.items())
    ]
    if {"exists": False} in terms and not consistent and naive_choice(later, leaves, fixed):
        return True
    return any(value in terms and naive_choice(later, leaves, chosen) for value, chosen in consistent)


def naive_matches(pattern, event):
    return naive_choice(
        sorted(naive_fields(pattern, ""), key=lambda field: field[0]), list(naive_leaves(event)), {}
    )


def naive_fields(pattern, path):
    for name, inner in pattern.items():
        if isinstance(inner, dict):
            yield from naive_fields(inner, f"{path}{name}.")
        else:
            yield f"{path}{name}", inner


NAMES = st.sampled_from("abc")
VALUES = st.sampled_from(["x", "y", "z"])
LISTS = st.lists(VALUES | st.just({"exists": False}), min_size=1, max_size=2)
PATTERNS = st.recursive(
    st.dictionaries(NAMES, LISTS, min_size=1, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | LISTS, min_size=1, max_size=3),
    max_leaves=3,
)
EVENTS = st.dictionaries(
    NAMES,
    st.recursive(
        VALUES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=10,
    ),
    max_size=3,
)


@settings(max_examples=500)
@given(PATTERNS, EVENTS)
def test_the_naive_matcher_agrees(pattern, event):
    event = json.loads(json.dumps(event))
    assert compile_pattern(pattern).matches(event) is naive_matches(pattern, event)


@settings(max_examples=500)
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), LISTS, min_size=2), st.data())
def test_the_naive_matcher_agrees_on_arrays_of_objects(fields, data):
    elements = st.dictionaries(NAMES, VALUES | st.lists(VALUES, max_size=2), max_size=3)
    arrays = st.lists(elements | st.lists(elements, max_size=2), max_size=4)
    event = json.loads(json.dumps({"v": data.draw(arrays), "w": data.draw(arrays)}))
    pattern = {"v": fields, "w": fields}
    assert compile_pattern(pattern).matches(event) is naive_matches(pattern, event)
