"""Events that only one of two patterns matches, similar to an event that a person knows."""

from __future__ import annotations

import copy

import pytest

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.difference import difference, share_no_event

EVENT = {
    "version": "0",
    "id": "1",
    "detail-type": "order",
    "source": "shop",
    "account": "123456789012",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": ["arn"],
    "detail": {
        "state": "PAID",
        "total": 120,
        "items": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}],
        "tags": ["x"],
    },
}


def told(first, second, known=EVENT):
    return difference(compile_pattern(first), compile_pattern(second), known)


def changed(**detail):
    return {**EVENT, "detail": {**EVENT["detail"], **detail}}


def of(**detail):
    return {"source": ["shop"], "detail": detail}


def test_the_known_event_itself_if_only_one_matches_it():
    found = told(of(state=["PAID"]), of(state=["paid"]))
    assert found.event == EVENT
    assert found.event is not EVENT
    assert found.matched_by_first


@pytest.mark.parametrize(
    ("first", "second", "event", "by_first"),
    [
        ({"state": ["PAID"]}, {"state": [{"prefix": "PAID"}]}, changed(state="PAIDx"), False),
        (
            {"total": [{"numeric": [">=", 100]}]},
            {"total": [{"numeric": [">", 100]}]},
            changed(total=100),
            True,
        ),
        ({"state": ["PAID", "NEW"]}, {"state": ["PAID"]}, changed(state="NEW"), True),
        (
            {"state": ["PAID"], "items": {"sku": ["a"]}},
            {"state": ["PAID"], "items": {"sku": ["a", "c"]}},
            changed(items=[{"sku": "c", "n": 1}, {"sku": "c", "n": 2}]),
            False,
        ),
        ({"tags": ["x"]}, {"tags": ["x", "y"]}, changed(tags=["y"]), False),
        ({"state": ["PAID"]}, {"state": ["PAID"], "new": [{"exists": False}]}, changed(new="other"), True),
    ],
)
def test_only_what_is_needed_is_changed(first, second, event, by_first):
    before = copy.deepcopy(EVENT)
    found = told(of(**first), of(**second))
    assert found.matched_by_first is by_first
    assert found.event == event
    assert before == EVENT


def test_what_must_be_absent_is_taken_away():
    found = told(of(total=[{"exists": True}]), of(total=[{"exists": True}, {"exists": False}]))
    assert found.event["detail"] == {
        name: value for name, value in EVENT["detail"].items() if name != "total"
    }
    found = told({"source": ["shop"], "resources": ["arn"]}, {"source": ["shop"]})
    assert found.event["resources"] == []


def test_without_a_known_event_it_is_the_smallest_one():
    found = told(of(state=["PAID"]), of(state=["paid"]), known=None)
    assert found.event == {"source": "shop", "detail": {"state": "PAID"}}


def test_patterns_that_match_the_same_events_have_a_proof():
    found = told(of(state=[{"wildcard": "*x"}]), of(state=[{"suffix": "x"}]))
    assert found.event is None
    assert found.proof == "each value and absence that the first pattern accepts, the second accepts too"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"source": ["a"]}, {"source": ["b"]}, True),
        ({"source": ["a"]}, {"source": ["a", "b"]}, False),
        (of(state=["a"]), of(state=["b"]), True),  # apart from {"state": ["a", "b"]}
        (of(state=["a"]), of(state=[{"prefix": "a"}]), False),
        (of(state=["a"]), of(other=["b"]), False),
        (of(state=[{"numeric": [">=", 5]}]), of(state=[{"numeric": ["<=", 5]}]), False),
        (of(state=[{"exists": True}]), of(state=[{"exists": False}]), True),
        ({"resources": ["a"]}, {"resources": [{"prefix": "a"}]}, False),
    ],
)
def test_patterns_may_share_no_event(one, other, expected):
    assert share_no_event(compile_pattern(one), compile_pattern(other)) is expected
