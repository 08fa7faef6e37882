"""The mistakes that a person could make in a pattern, of each kind and at random."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings, strategies as st

from eventmock.pattern import InvalidPattern, compile as compile_pattern
from eventmock.pattern.difference import difference
from eventmock.pattern.mutations import mutations

_spec = importlib.util.spec_from_file_location(
    "pattern_algebra", Path(__file__).parents[1] / "fuzz" / "pattern_algebra.py"
)
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)

KINDS = {
    "value dropped",
    "field dropped",
    "branch dropped",
    "matcher flipped",
    "another value",
    "prefix for equality",
    "anything-but for a value",
    "off by one",
}
SOURCE = ["shop"]


def mistakes(*terms, event=None):
    """The kinds and texts of the mistakes in a list of terms of the field `v`, and what stands there instead."""
    event = {"source": "shop", **(event or {})}
    found = {}
    for mutation in mutations({"source": SOURCE, "v": list(terms)}, event):
        pattern = json.loads(mutation.pattern)
        if pattern.get("source") == SOURCE and "v" in pattern:
            found.setdefault(mutation.kind, []).append(pattern["v"])
    return found


def texts(pattern, event=None):
    return [mutation.text for mutation in mutations(pattern, event)]


class TestValues:
    def test_each_value_of_a_list_may_be_missing(self):
        assert mistakes("a", "b")["value dropped"] == [["b"], ["a"]]

    def test_the_only_value_may_not(self):
        assert "value dropped" not in mistakes("a")

    def test_a_text_may_become_a_prefix_and_ignore_its_case(self):
        found = mistakes("PAID")
        assert found["prefix for equality"] == [[{"prefix": "PAID"}]]
        assert found["matcher flipped"] == [[{"equals-ignore-case": "PAID"}]]
        assert found["anything-but for a value"] == [[{"anything-but": "PAID"}]]

    def test_a_whole_list_may_be_excluded(self):
        assert mistakes(1, 2)["anything-but for a value"] == [
            [{"anything-but": [1, 2]}],
            [{"anything-but": 1}, 2],
            [1, {"anything-but": 2}],
        ]

    @pytest.mark.parametrize(
        ("value", "wrong"),
        [
            ("PAID", ["paid"]),
            ("orders", ["Orders", "order"]),
            ("order", ["Order", "orders"]),
            ("OrderPlaced", ["orderplaced"]),
            ("order-placed", ["Order-placed", "order-placeds"]),
            ("Order Placed", ["order placed", "OrderPlaced"]),
            ("eu-1", ["Eu-1", "eu_1"]),
            ("2024", ["2025"]),
            ("", ["s"]),
            ("?", ["?s"]),
            (5, [6, "5"]),
            (1.5, [1.6, "1.5"]),
            (True, [False, "true"]),
            (None, ["null"]),
        ],
    )
    def test_a_value_may_be_another(self, value, wrong):
        assert mistakes(value)["another value"] == [[one] for one in wrong]

    def test_a_value_of_the_same_field_elsewhere_comes_first(self):
        pattern = {"$or": [{"v": ["NEW"], "a": [1]}, {"v": ["PAID"], "b": [1]}]}
        assert 'v: "NEW" instead of "PAID" in $or branch 2' in texts(pattern)
        assert 'v: "PAID" instead of "NEW" in $or branch 1' in texts(pattern)

    def test_a_value_of_the_event_too(self):
        assert [{"prefix": "order-17"}] in mistakes({"prefix": "order-"}, event={"v": "order-17"})[
            "another value"
        ]
        assert [{"anything-but": "REAL"}] in mistakes({"anything-but": "TEST"}, event={"v": "REAL"})[
            "another value"
        ]

    def test_null_may_be_absence(self):
        assert mistakes(None)["matcher flipped"] == [[{"exists": False}]]


class TestMatchers:
    @pytest.mark.parametrize(
        ("term", "instead"),
        [
            ({"exists": True}, [[{"exists": False}]]),
            ({"exists": False}, [[{"exists": True}], [None]]),
            ({"anything-but": "a"}, [["a"]]),
            ({"anything-but": ["a", "b"]}, [["a", "b"]]),
            ({"anything-but": 5}, [[5]]),
            (
                {"anything-but": {"prefix": "a"}},
                [[{"prefix": "a"}], [{"anything-but": "a"}], [{"anything-but": {"suffix": "a"}}]],
            ),
            ({"anything-but": {"wildcard": "a*"}}, [[{"wildcard": "a*"}], [{"anything-but": "a*"}]]),
            ({"prefix": "a"}, [["a"], [{"suffix": "a"}]]),
            ({"suffix": "a"}, [["a"], [{"prefix": "a"}]]),
            ({"equals-ignore-case": "a"}, [["a"]]),
            ({"wildcard": "a*b"}, [["a*b"], [{"prefix": "a"}]]),
            ({"wildcard": "*b"}, [["*b"], [{"suffix": "b"}]]),
            ({"numeric": [">", 5]}, [[{"numeric": ["<", 5]}]]),
            ({"numeric": ["<=", 5]}, [[{"numeric": [">=", 5]}]]),
            ({"numeric": [">", 1, "<=", 5]}, [[{"numeric": ["<=", 1]}, {"numeric": [">", 5]}]]),
            (
                {"prefix": {"equals-ignore-case": "a"}},
                [[{"prefix": "a"}], [{"suffix": {"equals-ignore-case": "a"}}], [{"equals-ignore-case": "a"}]],
            ),
            ({"cidr": "10.0.0.0/24"}, [["10.0.0.0"]]),
        ],
    )
    def test_a_matcher_may_be_flipped(self, term, instead):
        assert mistakes(term)["matcher flipped"] == instead

    @pytest.mark.parametrize("name", ["prefix", "suffix", "wildcard", "equals-ignore-case"])
    def test_what_a_matcher_wants_may_be_excluded(self, name):
        assert mistakes({name: "a"})["anything-but for a value"] == [[{"anything-but": {name: "a"}}]]

    def test_a_value_that_is_excluded_may_be_missing(self):
        assert mistakes({"anything-but": ["a", "b"]})["value dropped"] == [
            [{"anything-but": ["b"]}],
            [{"anything-but": ["a"]}],
        ]

    def test_an_excluded_text_may_become_a_prefix(self):
        found = mistakes({"anything-but": ["a"]})["prefix for equality"]
        assert found == [[{"anything-but": {"prefix": ["a"]}}]]


class TestNumbers:
    @pytest.mark.parametrize(
        ("numeric", "instead"),
        [
            ([">", 5], [[">=", 5], [">", 6], [">", 4]]),
            (["<=", 5], [["<", 5], ["<=", 6], ["<=", 4]]),
            (["=", 5], [["=", 6], ["=", 4]]),
            ([">=", 0.05], [[">", 0.05], [">=", 0.06], [">=", 0.04]]),
            ([">", 1e3], [[">=", 1e3], [">", 1001], [">", 999]]),
            (
                [">=", 1, "<", 2],
                [
                    [">", 1, "<", 2],
                    [">=", 0, "<", 2],
                    [">=", 1, "<=", 2],
                    [">=", 1, "<", 3],
                ],
            ),
        ],
    )
    def test_a_bound_may_be_off_by_one(self, numeric, instead):
        assert mistakes({"numeric": numeric})["off by one"] == [[{"numeric": one}] for one in instead]

    def test_a_bound_of_a_range_may_be_missing(self):
        assert mistakes({"numeric": [">=", 1, "<", 2]})["value dropped"] == [
            [{"numeric": [">=", 1]}],
            [{"numeric": ["<", 2]}],
        ]

    def test_a_block_of_addresses_may_be_off_by_a_bit(self):
        found = mistakes({"cidr": "10.0.0.0/24"})
        assert found["off by one"] == [[{"cidr": "10.0.0.0/23"}], [{"cidr": "10.0.0.0/25"}]]
        assert found["another value"] == [[{"cidr": "10.0.0.0/16"}]]

    def test_a_number_that_no_double_equals_keeps_its_text(self):
        text = '{"a": [0.10000000000000000001], "b": [1, 2]}'
        assert '{"a": [0.10000000000000000001], "b": [2]}' in [one.pattern for one in mutations(text)]


class TestFields:
    def test_a_field_may_be_missing_with_the_objects_that_are_empty_without_it(self):
        pattern = {"source": ["a"], "detail": {"x": {"y": [{"exists": True}]}}}
        assert '{"source": ["a"]}' in [one.pattern for one in mutations(pattern)]
        assert "detail.x.y is missing" in texts(pattern)

    def test_the_only_field_may_not_as_aws_refuses_a_pattern_without_fields(self):
        assert "field dropped" not in {one.kind for one in mutations({"detail": {"a": ["b"]}})}

    def test_a_branch_of_three_may_be_missing(self):
        branches = [{"a": [1]}, {"b": [1]}, {"c": [1]}]
        assert [
            json.loads(one.pattern) for one in mutations({"$or": branches}) if one.kind == "branch dropped"
        ] == [
            {"$or": branches[1:]},
            {"$or": [branches[0], branches[2]]},
            {"$or": branches[:2]},
        ]

    def test_of_two_branches_the_other_one_stands_without_or(self):
        pattern = {"source": ["s"], "$or": [{"a": [1]}, {"b": [1]}], "x": [1]}
        found = [json.loads(one.pattern) for one in mutations(pattern) if one.kind == "branch dropped"]
        assert found == [{"source": ["s"], "b": [1], "x": [1]}, {"source": ["s"], "a": [1], "x": [1]}]

    def test_or_twice_if_its_name_is_in_the_object_already(self):
        pattern = {"a": ["x"], "$or": [{"a": [1]}, {"b": [1]}]}
        found = [json.loads(one.pattern) for one in mutations(pattern) if one.kind == "branch dropped"]
        assert found == [{"a": ["x"], "b": [1]}, {"a": ["x"], "$or": [{"a": [1]}, {"a": [1]}]}]

    def test_a_branch_is_named_by_its_fields(self):
        pattern = {"detail": {"$or": [{"a": [1]}, {"b": {"c": [1]}, "d": [1]}]}}
        assert "$or branch 2 (detail.b.c, detail.d) is missing" in texts(pattern)
        assert "detail.d is missing in $or branch 2" in texts(pattern)

    def test_or_is_named_by_its_fields_too(self):
        pattern = {"source": ["s"], "detail": {"$or": [{"a": [1]}, {"a": [2]}, {"b": [1]}]}}
        assert "$or (detail.a, detail.b) is missing" in texts(pattern)

    def test_equal_mistakes_in_two_branches_have_different_texts(self):
        found = texts({"$or": [{"v": [1, 2]}, {"v": [1, 2], "w": [1]}]})
        assert len(found) == len(set(found))


class TestAll:
    def test_no_kind_is_missing(self):
        pattern = {"source": ["a", "b"], "$or": [{"n": [{"numeric": [">", 1]}]}, {"x": [{"exists": True}]}]}
        assert {one.kind for one in mutations(pattern)} == KINDS

    def test_a_long_list_has_some_of_each_kind(self):
        found = mistakes(*(f"value-{number}" for number in range(100)))
        assert {kind: len(lists) for kind, lists in found.items()} == {
            "value dropped": 12,
            "anything-but for a value": 6,
            "prefix for equality": 6,
            "matcher flipped": 6,
            "another value": 6,
        }

    def test_a_pattern_that_aws_refuses_is_refused(self):
        with pytest.raises(InvalidPattern):
            list(mutations({"a": []}))

    def test_the_words_name_the_field(self):
        assert texts({"detail": {"state": ["PAID"]}}) == [
            'detail.state: prefix "PAID" instead of "PAID"',
            'detail.state: equals-ignore-case "PAID" instead of "PAID"',
            'detail.state: anything-but "PAID" instead of "PAID"',
            'detail.state: "paid" instead of "PAID"',
        ]

    @settings(max_examples=40)
    @given(st.integers(0, 1_000_000))
    def test_each_mistake_is_another_pattern_that_aws_accepts_and_its_verdict_is_true(self, seed):
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        pattern = fuzz.random_pattern(random, fuzz.PATHS_ON_A_BUS)
        assume(is_accepted(pattern))
        whole = compile_pattern(pattern)
        values = fuzz.values_near(random, [pattern])
        events = [fuzz.random_event_on_a_bus(random, fuzz.PATHS_ON_A_BUS, values) for _ in range(30)]
        found = list(mutations(pattern, events[0]))
        assert found == list(mutations(pattern, events[0]))
        assert (
            len({json.dumps(pattern, ensure_ascii=False), *(one.pattern for one in found)}) == len(found) + 1
        )
        for mutation in random.sample(found, min(6, len(found))):
            mistaken = compile_pattern(mutation.pattern)
            for known in (None, events[0]):
                verdict = difference(whole, mistaken, known)
                if verdict.event is not None:
                    assert verdict.proof is None
                    assert whole.matches(verdict.event) is verdict.matched_by_first
                    assert mistaken.matches(verdict.event) is not verdict.matched_by_first
                    assert fuzz.may_be_on_a_bus(verdict.event)
                elif verdict.proof is not None:
                    assert [whole.matches(one) for one in events] == [mistaken.matches(one) for one in events]


def is_accepted(pattern):
    """Whether AWS accepts a pattern."""
    try:
        compile_pattern(pattern)
    except InvalidPattern:
        return False
    return True
