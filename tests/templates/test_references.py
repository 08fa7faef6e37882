from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from eventmock.templates.references import CircleError, References, ordered


def references(node, *, taken=True):
    found = References(lambda name, _path: name == "Yes").of(node, (), taken=taken)
    return [(one.name, one.path, one.taken) for one in found]


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"Ref": "A"}, [("A", ("Ref",))]),
        ({"a": [{"b": {"Ref": "A"}}, 1]}, [("A", ("a", 0, "b", "Ref"))]),
        ({"Fn::GetAtt": "A.B.C"}, [("A", ("Fn::GetAtt",))]),
        ({"Fn::GetAtt": ["A", "B"]}, [("A", ("Fn::GetAtt",))]),
        ({"Fn::GetAtt": ["A", {"Ref": "P"}]}, [("A", ("Fn::GetAtt",)), ("P", ("Fn::GetAtt", 1, "Ref"))]),
        ({"Fn::Sub": "${A} ${B.C} ${!D} $E"}, [("A", ("Fn::Sub",)), ("B", ("Fn::Sub",))]),
        (
            {"Fn::Sub": ["${A} ${B}", {"B": {"Ref": "C"}}]},
            [("C", ("Fn::Sub", 1, "B", "Ref")), ("A", ("Fn::Sub", 0))],
        ),
        ({"Fn::Join": ["", ["a", {"Ref": "A"}]]}, [("A", ("Fn::Join", 1, 1, "Ref"))]),
        ({"Ref": ["A"]}, []),
        ({"Ref": "A", "b": "c"}, []),
        ({"Fn::Sub": 1, "Fn::GetAtt": 1, "Fn::If": 1}, []),
        ({"Fn::GetAtt": []}, []),
        ({"Fn::If": [1]}, []),
        ({"Fn::If": [["Yes"], {"Ref": "A"}, {"Ref": "B"}]}, []),
        ({"Fn::Sub": ["${A:-b} ${}", 1]}, []),
        ({"Fn::Sub": "${A:-b} ${}"}, []),
        ({"Fn::Sub": "${ A } ${B.C }"}, [("A", ("Fn::Sub",)), ("B", ("Fn::Sub",))]),
        ("Ref", []),
    ],
)
def test_refs_attributes_and_variables_are_found(node, found):
    assert references(node) == [(*one, True) for one in found]


def test_the_branch_that_is_not_taken_is_marked():
    node = {
        "Fn::If": [
            "No",
            {"Fn::If": ["Yes", {"Ref": "A"}, {"Ref": "B"}]},
            {"Fn::If": ["Yes", {"Ref": "C"}, {"Ref": "D"}]},
        ]
    }
    assert [(name, taken) for name, _, taken in references(node)] == [
        ("A", False), ("B", False), ("C", True), ("D", False)
    ]  # fmt: skip


def test_in_what_is_not_used_no_condition_is_asked_for():
    def is_true(_name, _path):
        raise AssertionError

    found = References(is_true).of({"Fn::If": ["X", {"Ref": "A"}, 1]}, (), taken=False)
    assert [one.taken for one in found] == [False]


def test_names_stay_in_their_order_where_nothing_is_needed():
    assert ordered({"b": [], "a": [], "c": []}) == ["b", "a", "c"]


def test_what_is_needed_comes_before():
    assert ordered({"a": ["c"], "b": [], "c": ["d"], "d": []}) == ["d", "c", "a", "b"]


@pytest.mark.parametrize(
    ("needs", "circle"),
    [
        ({"a": ["a"]}, ["a"]),
        ({"a": ["b"], "b": ["a"]}, ["a", "b"]),
        ({"x": ["a"], "a": ["b"], "b": ["y", "c"], "c": ["a"], "y": []}, ["a", "b", "c"]),
    ],
)
def test_a_circle_is_named(needs, circle):
    with pytest.raises(CircleError) as raised:
        ordered(needs)
    assert raised.value.circle == circle


def test_a_long_chain_is_ordered():
    assert ordered({number: [number + 1] if number < 5000 else [] for number in range(5001)}) == list(
        range(5000, -1, -1)
    )


@given(st.permutations(range(8)), st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))))
def test_each_name_comes_after_all_that_it_needs(names, pairs):
    needs = {name: [other for one, other in sorted(pairs) if one == name and other < one] for name in names}
    order = ordered(needs)
    assert sorted(order) == sorted(names)
    for name, needed in needs.items():
        assert all(order.index(one) < order.index(name) for one in needed)
