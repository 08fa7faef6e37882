"""Boxes that cover a domain, and what they leave."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from eventmock.pattern.box_cover import Steps, TooManySteps, uncovered

PATHS = "abc"


def choices(domain):
    """All choices of one state for each path of a domain, each state as its bit."""
    of_paths = [[1 << bit for bit in range(4) if domain[path] >> bit & 1] for path in domain]
    return {tuple(zip(domain, choice, strict=True)) for choice in product(*of_paths)}


def test_a_box_that_has_all_states_leaves_nothing():
    assert list(uncovered({"a": 0b11, "b": 0b1}, [{"a": 0b111}], Steps())) == []


def test_no_box_leaves_the_whole_domain():
    assert list(uncovered({"a": 0b11}, [], Steps())) == [{"a": 0b11}]


def test_two_halves_cover_a_domain_together():
    halves = [{"a": 0b01}, {"a": 0b10, "b": 0b11}]
    assert list(uncovered({"a": 0b11, "b": 0b11}, halves, Steps())) == []
    assert list(uncovered({"a": 0b11, "b": 0b111}, halves, Steps())) == [{"a": 0b10, "b": 0b100}]


def test_a_search_with_too_many_steps_is_given_up():
    boxes = [dict.fromkeys("abcdefgh", 1 << bit) for bit in range(8)]
    with pytest.raises(TooManySteps):
        list(uncovered(dict.fromkeys("abcdefgh", 0xFF), boxes, Steps(10)))


@given(
    st.fixed_dictionaries({path: st.integers(1, 15) for path in PATHS}),
    st.lists(st.dictionaries(st.sampled_from(PATHS), st.integers(0, 15), min_size=1), max_size=5),
)
def test_the_parts_are_exactly_what_lies_outside_of_all_boxes(domain, boxes):
    outside = {
        choice
        for choice in choices(domain)
        if not any(all(dict(choice)[path] & box[path] for path in box) for box in boxes)
    }
    parts = list(uncovered(domain, boxes, Steps()))
    assert sum(len(choices(part)) for part in parts) == len(outside)
    assert {choice for part in parts for choice in choices(part)} == outside
