from __future__ import annotations

from decimal import Decimal
from unittest.mock import ANY

import pytest
from hypothesis import example, given, strategies as st

from eventmock.backend.assertions.differences import MISSING, Difference, cut, differences, text_of


class Even:
    """What a matcher is: something that only has an ``==``."""

    def __eq__(self, other):
        return isinstance(other, int) and other % 2 == 0

    __hash__ = None

    def __repr__(self):
        return "Even()"


def told(found, wanted):
    return [str(one) for one in differences(found, wanted, "detail")]


@pytest.mark.parametrize(
    ("found", "wanted", "lines"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": {"c": [1, 2]}}, {"b": {"c": [1, 2]}, "a": 1.0}, []),
        ("NEW", "PAID", ['detail held "NEW", wanted "PAID"']),
        ({"state": "NEW"}, {"state": "PAID"}, ['detail.state held "NEW", wanted "PAID"']),
        ({"a": {"b": None}}, {"a": {"b": False}}, ["detail.a.b held null, wanted false"]),
        ({}, {"total": 3}, ["detail.total is missing, wanted 3"]),
        ({"note": "x"}, {}, ['detail.note held "x", not wanted']),
        ({"n": "3"}, {"n": 3}, ['detail.n held "3", wanted 3']),
        (
            {"n": [1, 2]},
            {"n": (1, 2)},
            ["detail.n held [1, 2], wanted (1, 2) (a tuple never equals a JSON list)"],
        ),
        ({"n": {}}, {"n": []}, ["detail.n held {}, wanted []"]),
        ({"n": [1]}, {"n": {"a": 1}}, ['detail.n held [1], wanted {"a": 1}']),
        (
            {"new": 1, "b": 2},
            {"old": 1, "b": 3},
            ["detail.old is missing, wanted 1", "detail.b held 2, wanted 3", "detail.new held 1, not wanted"],
        ),
    ],
)
def test_a_line_for_each_place(found, wanted, lines):
    assert told(found, wanted) == lines


@pytest.mark.parametrize(
    ("found", "wanted", "lines"),
    [
        ([1, 2, 3], [1, 5, 3], ["detail[1] held 2, wanted 5"]),
        ([{"q": 1}], [{"q": 2}], ["detail[0].q held 1, wanted 2"]),
        ([1, 2], [1], ["detail[1] held 2, not wanted"]),
        ([1, 2, 3], [1], ["detail[1:] held [2, 3], not wanted"]),
        ([1], [1, 2], ["detail[1] is missing, wanted 2"]),
        ([1], [0, 2, 3], ["detail[0] held 1, wanted 0", "detail[1:] is missing, wanted [2, 3]"]),
    ],
)
def test_arrays_are_compared_by_index_and_told_which_is_longer(found, wanted, lines):
    assert told(found, wanted) == lines


def test_an_object_that_only_has_an_equality_is_asked_at_any_depth():
    wanted = {"n": Even(), "list": [ANY, Even()], "about": pytest.approx(0.3), "price": Decimal("1.5")}
    assert told({"n": 2, "list": ["x", 4], "about": 0.1 + 0.2, "price": 1.5}, wanted) == []
    assert told({"n": 3, "list": ["x", 5], "about": 0.4, "price": 1.5}, wanted) == [
        "detail.n held 3, wanted Even()",
        "detail.list[1] held 5, wanted Even()",
        "detail.about held 0.4, wanted 0.3 ± 3.0e-07",
    ]


def test_what_is_wanted_is_asked_first():
    class Loose(dict):
        def __eq__(self, other):
            return "a" in other

        __hash__ = None

    assert told({"inner": {"a": 1, "b": 2}}, {"inner": Loose(a=3)}) == []


def test_equal_members_of_unequal_objects_are_told_as_a_whole():
    class Never(dict):
        def __eq__(self, other):
            return False

        __hash__ = None

    assert told({"a": 1}, Never(a=1)) == ["detail held {\"a\": 1}, wanted {'a': 1}"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, 1.5, True, None, "ü\n"]}, '{"a": [1, 1.5, true, null, "ü\\n"]}'),
        ({"any": ANY, "even": [Even()]}, '{"any": <ANY>, "even": [Even()]}'),
        ({1}, "{1}"),
    ],
)
def test_a_value_is_spelled_as_json_spells_it(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc...")],
)
def test_a_long_text_keeps_its_beginning(text, room, shown):
    assert cut(text, room) == shown
    assert len(shown) <= room


def test_of_two_long_texts_one_sees_where_they_begin_to_differ():
    [line] = told({"text": "a" * 300 + "b" + "c" * 300}, {"text": "a" * 300 + "X" + "c" * 300})
    assert line == (f"detail.text held ...aaaaaaaab{'c' * 42}..., wanted ...aaaaaaaaX{'c' * 42}...")
    assert len(line) <= 140


def test_a_long_text_beside_a_short_one_is_cut():
    [line] = told({"text": "x" * 500}, {"text": ""})
    assert line == f'detail.text held "{"x" * 53}..., wanted ""'


@pytest.mark.parametrize(
    "difference",
    [
        Difference("p" * 300, "x" * 300, "y" * 300),
        Difference("p" * 300, MISSING, "y" * 300),
        Difference("p" * 300, "x" * 300, MISSING),
    ],
)
def test_no_line_is_too_long(difference):
    line = str(difference)
    assert len(line) <= 140
    assert line.startswith("..." + "p" * 47 + " ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)


def leaves(value, path="detail"):
    """Path to value of all that has nothing inside; the naive oracle."""
    inside = []
    if isinstance(value, dict):
        inside = [(f"{path}.{name}", one) for name, one in value.items()]
    if isinstance(value, list):
        inside = [(f"{path}[{index}]", one) for index, one in enumerate(value)]
    if not inside:
        return {path: value}
    return {place: leaf for each, one in inside for place, leaf in leaves(one, each).items()}


@given(JSON, JSON)
@example([], {})
@example({"a": []}, {"a": [[]]})
def test_values_differ_where_they_are_not_equal(found, wanted):
    told = list(differences(found, wanted, "detail"))
    assert (told == []) == (found == wanted)
    paths = [one.path for one in told]
    assert len(set(paths)) == len(paths)
    assert all(one.found != one.wanted for one in told)


@given(JSON, JSON)
def test_a_leaf_that_both_have_is_told_exactly_if_it_differs(found, wanted):
    told = {one.path for one in differences(found, wanted, "detail")}
    one, other = leaves(found), leaves(wanted)
    for path in one.keys() & other.keys():
        assert (path in told) == (one[path] != other[path])


@given(JSON)
def test_a_value_does_not_differ_from_itself(value):
    assert list(differences(value, value, "detail")) == []
