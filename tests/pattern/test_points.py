"""What an event tries of a pattern."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, strategies as st

from eventmock import strategies
from eventmock.pattern import InvalidPattern, compile as compile_pattern, read_event
from eventmock.pattern.points import PointsOfPatterns, Refusal


def points_of(pattern):
    return PointsOfPatterns().of(json.dumps(pattern))


def keys_of(pattern, event):
    """The points of a pattern; whether an event matches it, and the keys of the points that it tries."""
    patterns = PointsOfPatterns()
    points, event = patterns.of(json.dumps(pattern)), read_event(event)
    reading = patterns.read(event, into_empty_names=points.looks_below_empty_names)
    taken = points.taken_by(reading, points.taken)
    for key in points.refusals:
        patterns.look_for(Refusal(json.dumps(pattern), key))
    nearly = {refusal.key for refusal in patterns.nearly_matching(event)} | points.alone
    return points, bool(taken), taken or nearly


def tried(pattern, event):
    """Whether an event matches, and the words of the points that it tries."""
    points, matches, keys = keys_of(pattern, event)
    return matches, {point.text for point in points.points if point.key in keys}


def test_a_list_has_a_point_for_each_value_and_one_for_its_refusal():
    found = points_of({"source": ["shop"], "detail": {"state": ["PAID", {"prefix": "RE"}]}}).points
    assert [(point.kind, point.text) for point in found] == [
        ("value", 'source "shop"'),
        ("refusal", "source refuses"),
        ("value", 'detail.state "PAID"'),
        ("value", 'detail.state prefix "RE"'),
        ("refusal", "detail.state refuses"),
    ]


def test_a_branch_of_or_is_a_point_with_the_paths_inside():
    found = points_of({"detail": {"$or": [{"a": [1]}, {"b": [2], "c": [3]}]}}).points
    assert [point.text for point in found if point.kind == "branch"] == [
        "$or branch 1 (detail.a)",
        "$or branch 2 (detail.b, detail.c)",
    ]


def test_points_come_in_the_order_of_the_text():
    found = points_of({"z": [1], "$or": [{"b": [2]}, {"a": [3]}], "a.b": [4]}).points
    assert [point.key for point in found if point.kind != "refusal"] == [
        *("/z/0", "/$or/0", "/$or/0/b/0", "/$or/1", "/$or/1/a/0", "/a.b/0"),
    ]


def test_the_place_of_a_point_leads_to_it():
    pattern = {"detail": {"$or": [{"a": ["x", "y"]}, {"b": [{"exists": False}]}]}}
    for point in points_of(pattern).points:
        value = pattern
        for piece in point.where:
            value = value[piece]
        assert isinstance(value, list) == (point.kind == "refusal")


def test_a_list_that_takes_presence_and_absence_cannot_refuse():
    found = points_of({"a": [{"exists": True}, {"exists": False}]}).points
    assert {point.kind for point in found} == {"value"}


def test_a_slash_in_a_name_makes_no_other_key():
    found = points_of({"a/b": [1], "a": {"b": [2]}}).points
    assert len({point.key for point in found}) == 4


def test_text_after_the_pattern_is_not_read():
    assert len(PointsOfPatterns().of('{"a": [1]} and more').points) == 2


def test_an_event_that_matches_tries_the_values_by_which_it_does():
    pattern = {"source": ["shop", "store"], "detail": {"state": ["PAID", {"prefix": "P"}, {"suffix": "X"}]}}
    assert tried(pattern, {"source": "shop", "detail": {"state": "PAID"}}) == (
        True,
        {'source "shop"', 'detail.state "PAID"', 'detail.state prefix "P"'},
    )


def test_absence_is_tried_by_an_event_without_the_field():
    pattern = {"a": [1], "b": [{"exists": False}, 2]}
    assert tried(pattern, {"a": 1}) == (True, {"a 1", "b exists: false"})
    assert tried(pattern, {"a": 1, "b": 2}) == (True, {"a 1", "b 2"})


def test_a_refusal_is_tried_by_an_event_that_all_other_lists_take():
    pattern = {"source": ["shop"], "detail": {"state": ["PAID"]}}
    assert tried(pattern, {"source": "shop", "detail": {"state": "NEW"}}) == (False, {"detail.state refuses"})
    assert tried(pattern, {"source": "bank", "detail": {"state": "PAID"}}) == (False, {"source refuses"})


def test_an_event_that_two_lists_refuse_tries_neither():
    assert tried({"source": ["shop"], "detail": {"state": ["PAID"]}}, {"source": "bank"}) == (False, set())


def test_an_event_tries_each_branch_by_which_it_matches():
    pattern = {"$or": [{"a": [1]}, {"b": [2]}, {"c": [3]}]}
    matches, texts = tried(pattern, {"a": 1, "c": 3})
    assert matches
    assert texts == {"$or branch 1 (a)", "a 1", "$or branch 3 (c)", "c 3"}


def test_values_in_different_elements_of_an_array_are_not_tried():
    pattern = {"items": {"name": ["tea", "pot"], "count": [1]}}
    event = {"items": [{"name": "tea", "count": 1}, {"name": "pot", "count": 2}]}
    assert tried(pattern, event) == (True, {'items.name "tea"', "items.count 1"})


def test_of_lists_that_disagree_about_elements_each_refuses():
    pattern = {"items": {"name": ["tea"], "count": [2]}}
    event = {"items": [{"name": "tea", "count": 1}, {"name": "pot", "count": 2}]}
    assert tried(pattern, event) == (False, {"items.name refuses", "items.count refuses"})


@pytest.mark.parametrize("depth", [30, 990])
def test_a_deep_pattern_has_points(depth):
    text = '{"a":' * depth + "[1]" + "}" * depth
    assert [point.kind for point in PointsOfPatterns().of(text).points] == ["value", "refusal"]


def test_the_list_of_a_pattern_that_has_no_other_refuses_each_event_that_does_not_match():
    assert tried({"source": ["shop"]}, {"source": "bank"}) == (False, {"source refuses"})
    pattern = {"$or": [{"a": [1]}, {"b": [2], "c": [3]}]}
    assert tried(pattern, {"b": 2}) == (False, {"a refuses", "c refuses"})


def test_a_list_in_whose_place_a_branch_has_another_one_counts_without_that():
    pattern = {"a": [1], "$or": [{"a": [2]}, {"b": [3]}]}
    assert tried(pattern, {"a": 2}) == (True, {"$or branch 1 (a)", "a 2"})
    assert tried(pattern, {"a": 5, "b": 3}) == (False, {"a refuses"})
    assert tried(pattern, {"a": 5}) == (False, set())


def test_refusals_are_found_while_they_are_looked_for():
    patterns = PointsOfPatterns()
    texts = [json.dumps({"source": ["shop"], "detail": {name: [1]}}) for name in "ab"]
    refusals = [Refusal(text, key) for text in texts for key in ("/source", "/detail/a", "/detail/b")]
    for refusal in refusals:
        patterns.look_for(refusal)
        patterns.look_for(refusal)
    event = {"source": "bank", "detail": {"a": 1}}
    assert patterns.nearly_matching(event) == [refusals[0]]
    patterns.stop_looking(refusals[0])
    assert patterns.nearly_matching(event) == []
    patterns.look_for(refusals[0])
    assert patterns.nearly_matching(event) == [refusals[0]]


ALTERNATIVES = st.sampled_from(
    [
        {"$or": [{"a": [1, 2]}, {"b": ["x"]}]},
        {"a": [1], "$or": [{"b": ["x", {"prefix": "y"}]}, {"c": [{"exists": False}]}]},
        {"d": {"a": [1, {"numeric": [">", 5]}], "b": [{"anything-but": "x"}]}},
        {"d": {"a": [1, 2], "$or": [{"b": ["x"]}, {"c": [{"exists": False}, 3]}]}},
        {"a": [1], "$or": [{"a": [2, 6], "b": ["x"]}, {"c": [{"exists": False}]}]},
        {
            "d": {"a": [1]},
            "$or": [{"d": {"a": [{"exists": False}]}}, {"a": [1], "$or": [{"a": [2]}, {"b": ["x"]}]}],
        },
        {"$or": [{"a": [1]}, {"b": ["x"]}], "a": [2]},
    ]
)
SCALARS = st.sampled_from([1, 2, 6, "x", "yz", "q"])
OBJECTS = st.dictionaries(st.sampled_from("abc"), SCALARS, max_size=3)
EVENTS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys("abc", SCALARS), "d": OBJECTS | st.lists(OBJECTS)}
)


def without(pattern, where):
    """A pattern without the part at a place; None if AWS refuses what is left."""
    left = copy.deepcopy(pattern)
    around = left
    for piece in where[:-1]:
        around = around[piece]
    del around[where[-1]]
    return left


def only(value, where):
    """A pattern whose list has only the value at a place, and whose branches are those in which the list counts.

    These are the branches on the way to it. Of an `$or` that is written later, they are those that have no list of the
    same path, which would stand in its place. None if there are no such branches.
    """
    piece, *rest = where
    if not rest:
        return [value[piece]]
    if piece == "$or":
        branch = only(value["$or"][rest[0]], rest[1:])
        return None if branch is None else {**value, "$or": [branch, branch]}
    inside = only(value[piece], rest)
    left = {**value, piece: inside}
    names = list(value)
    if "$or" in names[names.index(piece) :]:
        path = [name for name in where if isinstance(name, str) and name != "$or"]
        branches = [branch for branch in value["$or"] if not has(branch, path)]
        left["$or"] = branches * 2 if len(branches) == 1 else branches
    return None if inside is None or left.get("$or") == [] else left


def has(value, path):
    """Whether an object of a pattern has a list of a path, also in some branch."""
    if any(has(branch, path) for branch in value.get("$or", ())):
        return True
    first, *rest = path
    if not rest:
        return isinstance(value.get(first), list)
    return isinstance(value.get(first), dict) and has(value[first], rest)


@given(pattern=ALTERNATIVES | strategies.patterns(), event=EVENTS | strategies.events())
def test_points_agree_with_the_engine(pattern, event):
    points, matches, keys = keys_of(pattern, event)
    assert matches == compile_pattern(pattern).matches(event)
    for point in points.points:
        if point.kind == "value":
            narrower = only(pattern, point.where)
            try:
                expected = narrower is not None and compile_pattern(narrower).matches(event)
            except InvalidPattern:  # a wildcard of a branch that is there twice is too complex
                continue
            assert (point.key in keys) == (matches and expected), point
        elif point.kind == "refusal" and not matches:
            try:
                wider = compile_pattern(without(pattern, point.where))
            except InvalidPattern:  # nothing was left of an object
                continue
            assert (point.key in keys) == wider.matches(event), point
