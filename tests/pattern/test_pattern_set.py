"""The set of patterns as its users hold it: names, replacing, refusals, and what sharing must not confuse."""

import json

import pytest

from eventmock import pattern
from eventmock.pattern import PatternSet


def set_of(**rules):
    patterns = PatternSet()
    for name, rule in rules.items():
        patterns.add(name, rule)
    return patterns


PAID = {"detail": {"state": ["PAID"]}}
NEW = {"detail": {"state": ["NEW"]}}


def test_names_come_sorted_and_each_once():
    patterns = set_of(z=PAID, a={"$or": [PAID, {"detail": {"state": [{"prefix": "P"}]}}]}, b=NEW)
    assert patterns.matching({"detail": {"state": "PAID"}}) == ["a", "z"]


def test_patterns_may_be_text_objects_or_compiled_and_events_too():
    patterns = set_of(text=json.dumps(PAID), object=PAID, compiled=pattern.compile(PAID))
    event = {"detail": {"state": "PAID"}}
    everything = ["compiled", "object", "text"]
    assert patterns.matching(event) == everything
    assert patterns.matching(json.dumps(event)) == everything
    assert patterns.matching(pattern.read_event(event)) == everything


def test_a_pattern_replaces_the_one_of_its_name():
    patterns = set_of(rule=PAID)
    patterns.add("rule", NEW)
    assert len(patterns) == 1
    assert patterns.matching({"detail": {"state": "PAID"}}) == []
    assert patterns.matching({"detail": {"state": "NEW"}}) == ["rule"]


def test_a_refused_pattern_changes_nothing():
    patterns = set_of(rule=PAID)
    with pytest.raises(pattern.InvalidPattern):
        patterns.add("rule", {"detail": {"state": []}})
    assert patterns.matching({"detail": {"state": "PAID"}}) == ["rule"]


def test_removing_what_is_not_there_is_a_key_error():
    patterns = set_of(rule=PAID)
    patterns.remove("rule")
    with pytest.raises(KeyError):
        patterns.remove("rule")
    assert "rule" not in patterns


def test_it_is_a_collection_of_names():
    patterns = set_of(b=PAID, a=NEW)
    assert list(patterns) == ["b", "a"]
    assert "a" in patterns
    assert len(patterns) == 2


def test_a_pattern_that_has_an_alternative_twice_is_removed_whole():
    twice = {"$or": [PAID, PAID]}
    patterns = set_of(one=twice, other=PAID)
    patterns.remove("one")
    assert patterns.matching({"detail": {"state": "PAID"}}) == ["other"]


def test_patterns_below_empty_names_see_more_of_an_event_than_others():
    patterns = set_of(below={"a": {"": {"b": [1]}}, "c": [1]}, other={"c": [1]})
    assert patterns.matching({"a": {"": {"b": 1}}, "c": 1}) == ["below", "other"]
    assert patterns.matching({"c": 1}) == ["other"]
    absent = set_of(rule={"a.": [{"exists": False}]})
    assert absent.matching({"a": {"": 1}}) == ["rule"]


def test_one_true_and_the_text_of_one_are_three_values():
    patterns = set_of(number={"a": [1]}, true={"a": [True]}, text={"a": ["1"]})
    assert patterns.matching({"a": 1.0}) == ["number"]
    assert patterns.matching({"a": True}) == ["true"]
    assert patterns.matching({"a": "1"}) == ["text"]


def test_array_positions_are_agreed_about():
    patterns = set_of(
        both={"v": {"a": [1], "b": [2]}},
        first={"v": {"a": [1]}},
        alone={"v": {"a": [1], "b": [{"exists": False}]}},
    )
    assert patterns.matching({"v": [{"a": 1, "b": 2}]}) == ["both", "first"]
    assert patterns.matching({"v": [{"a": 1}, {"b": 2}]}) == ["alone", "first"]


def test_only_what_patterns_ask_about_is_read():
    patterns = set_of(rule=PAID)
    assert patterns.matching({"detail": {"state": "PAID"}, "other": object()}) == ["rule"]
    with pytest.raises(pattern.InvalidEvent, match="JSON values only, not object"):
        patterns.matching({"detail": {"state": object()}})
    with pytest.raises(pattern.InvalidEvent, match="must be a string"):
        patterns.matching({"detail": {1: 2}})
    with pytest.raises(pattern.InvalidEvent, match="must be a JSON object"):
        patterns.matching("[]")


def test_an_array_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(pattern.InvalidEvent, match="1001 levels"):
        set_of(rule={"a": [1]}).matching({"a": endless})


def test_what_is_removed_is_forgotten():
    patterns = PatternSet()
    for turn in range(2):
        for number in range(200):
            patterns.add(
                f"{number}", {"a": ["x"], "b": [{"prefix": f"{number}"}], "c": [{"numeric": ["<", number]}]}
            )
        assert patterns.matching({"a": "x", "b": "17", "c": -1 + turn}) == ["1", "17"]
        for name in list(patterns):
            patterns.remove(name)
        assert patterns.matching({"a": "x", "b": "17", "c": 0}) == []
    index = patterns._named_only
    assert (index._fields, index._alternatives, index._sharing._counts) == ({}, {}, {})
    assert index._paths._start.following == {}


def test_many_conditions_alike_do_not_make_endless_nodes():
    alike = {f"f{number}": ["x"] for number in range(300)}
    patterns = set_of(**{f"r{number}": {**alike, "g": [{"exists": False}, number]} for number in range(40)})
    event = {f"f{number}": "x" for number in range(300)}
    assert patterns.matching({**event, "g": 7}) == ["r7"]
    assert len(patterns.matching(event)) == 40
    for name in list(patterns):
        patterns.remove(name)
    assert len(patterns) == 0
