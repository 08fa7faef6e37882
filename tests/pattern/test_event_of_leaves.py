"""Events made of leaves."""

from __future__ import annotations

import pytest

from eventmock.pattern import read_event
from eventmock.pattern.event_of_leaves import Placed, event_of, names_of


@pytest.mark.parametrize(
    ("leaves", "arrays", "event"),
    [
        ([], (), {}),
        ([Placed(("a", "b"), 1), Placed(("a", "c"), None)], (), {"a": {"b": 1, "c": None}}),
        ([Placed(("a",), "x"), Placed(("a",), "y")], (), {"a": ["x", "y"]}),
        ([Placed(("a",), "x"), Placed(("a", "b"), 1)], (), {"a": ["x", {"b": 1}]}),
        (
            [Placed(("a", "b"), 1), Placed(("a", "c"), 2, element=1), Placed(("d",), 3, element=1)],
            [("a",)],
            {"a": [{"b": 1}, {"c": 2}], "d": 3},
        ),
        (
            [Placed(("a",), 1), Placed(("a", "c"), 2), Placed(("a",), 3, element=1)],
            [("a",)],
            {"a": [[1, {"c": 2}], [3]]},
        ),
        ([Placed(("a.b",), 1), Placed(("a", "b"), 2)], (), {"a.b": 1, "a": {"b": 2}}),
    ],
)
def test_an_event_has_its_leaves_where_they_are_wanted(leaves, arrays, event):
    assert event_of(leaves, arrays) == event


def test_a_leaf_in_an_array_has_a_position():
    event = event_of([Placed(("a",), 1), Placed(("a", "b"), 2, element=1)], [("a",)])
    [value], [below] = read_event(event).leaves["a"], read_event(event).leaves["a.b"]
    assert value.element.array == below.element.array
    assert value.element is not below.element


def test_with_empty_names_or_very_many_all_but_the_first_are_one_name():
    assert names_of("a.b") == ("a", "b")
    assert names_of("a..b") == ("a", ".b")
    assert names_of(".a") == (".a",)
    assert names_of(".".join("a" * 200)) == ("a", ".".join("a" * 199))
