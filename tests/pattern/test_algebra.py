"""What follows from what, by hand and at random; `tests/fuzz/pattern_algebra.py` tries many more pairs."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import strategies
from eventmock.pattern import (
    Answer,
    EngineFailure,
    InvalidPattern,
    compile as compile_pattern,
    equivalent,
    implies,
    is_satisfiable,
    overlaps,
)

_spec = importlib.util.spec_from_file_location(
    "pattern_algebra", Path(__file__).parents[1] / "fuzz" / "pattern_algebra.py"
)
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)

ABSENT, PRESENT = {"exists": False}, {"exists": True}


def of(*terms):
    """A pattern with a list of terms on one path."""
    return {"v": list(terms)}


def assert_implies(a, b, expected):
    answer = implies(a, b)
    assert answer.holds is expected, answer
    assert (answer.witness is None) == expected
    if not expected:
        assert compile_pattern(a).matches(answer.witness)
        assert not compile_pattern(b).matches(answer.witness)


# One value on one path: for each operator, terms from narrow to wide

NARROWER = [
    ("a", {"prefix": "a"}),
    ("a", {"prefix": ""}),
    ("a", {"suffix": "a"}),
    ("a", {"equals-ignore-case": "A"}),
    ("a", {"wildcard": "*"}),
    ("a", {"wildcard": "a*"}),
    ("a", {"anything-but": "b"}),
    ("a", {"anything-but": [1, 2]}),
    ("a", PRESENT),
    ("10.0.0.1", {"cidr": "10.0.0.0/8"}),
    ("10.0.0.1", {"cidr": "::/0"}),
    ({"exactly": "10.0.0.1"}, "10.0.0.1"),
    (5, {"numeric": [">", 4]}),
    (5, {"anything-but": "5"}),
    (5, {"anything-but": {"wildcard": "*"}}),
    (None, PRESENT),
    (None, {"anything-but": "null"}),
    (True, {"anything-but": {"prefix": "t"}}),
    ({"prefix": "ab"}, {"prefix": "a"}),
    ({"prefix": "ab"}, {"wildcard": "a*"}),
    ({"prefix": "ab"}, {"prefix": {"equals-ignore-case": "AB"}}),
    ({"prefix": "ab"}, {"anything-but": {"prefix": "b"}}),
    ({"prefix": "ab"}, {"anything-but": ["b", "a"]}),
    ({"suffix": "ab"}, {"suffix": "b"}),
    ({"suffix": ".png"}, {"suffix": {"equals-ignore-case": ".PNG"}}),
    ({"suffix": "ab"}, {"anything-but": {"suffix": "a"}}),
    ({"equals-ignore-case": "AB"}, {"prefix": {"equals-ignore-case": "a"}}),
    ({"equals-ignore-case": "AB"}, {"wildcard": "*"}),
    ({"equals-ignore-case": "Straße"}, {"prefix": {"equals-ignore-case": "stra"}}),
    ({"wildcard": "a*b*c"}, {"wildcard": "a*c"}),
    ({"wildcard": "*ab*"}, {"wildcard": "*a*b*"}),
    ({"numeric": [">", 0, "<", 5]}, {"numeric": [">=", 0]}),
    ({"numeric": [">", 0, "<", 5]}, {"anything-but": [0, 5]}),
    ({"cidr": "10.0.0.0/24"}, {"cidr": "10.0.0.0/8"}),
    ({"cidr": "10.0.0.0/31"}, {"anything-but": "x"}),
    ({"anything-but": ["a", "b"]}, {"anything-but": "a"}),
    ({"anything-but": {"prefix": "a"}}, {"anything-but": {"prefix": "ab"}}),
    ({"anything-but": {"prefix": "a"}}, {"anything-but": "a"}),
    ({"anything-but": {"equals-ignore-case": "A"}}, {"anything-but": "a"}),
    ({"anything-but": {"wildcard": "*"}}, {"anything-but": {"suffix": "x"}}),
    ({"anything-but": "a"}, PRESENT),
]


@pytest.mark.parametrize(("narrow", "wide"), NARROWER)
def test_the_narrow_term_implies_the_wide_one_and_not_the_reverse(narrow, wide):
    assert_implies(of(narrow), of(wide), expected=True)
    assert_implies(of(wide), of(narrow), expected=False)
    answer = equivalent(of(narrow), of(wide))
    assert answer.holds is False
    assert answer.reason == "the second pattern matches this event, the first does not"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([5], [5.0]),
        ([5], [{"numeric": ["=", 5]}]),
        ([{"prefix": "a"}], [{"wildcard": "a*"}]),
        ([{"suffix": "a"}], [{"wildcard": "*a"}]),
        (["a*"], [{"wildcard": "a\\*"}]),
        ([{"prefix": ""}], [{"suffix": ""}]),
        ([{"prefix": "a"}, {"prefix": "ab"}], [{"prefix": "a"}]),
        ([PRESENT], ["a", {"anything-but": "a"}]),
        ([PRESENT, "a", None], [PRESENT]),
        ([{"numeric": ["<", 5]}, {"numeric": [">=", 5]}], [{"numeric": ["<=", 6]}, {"numeric": [">", 0]}]),
        ([{"cidr": "10.0.0.0/9"}, {"cidr": "10.128.0.0/9"}], [{"cidr": "10.0.0.0/8"}]),
        (["10.0.0.0", "10.0.0.1"], [{"cidr": "10.0.0.0/31"}]),
        (["10.0.0.1"], ["010.0.0.1"]),
        ([{"equals-ignore-case": "ab"}], ["ab", "AB", "aB", "Ab"]),
        ([{"equals-ignore-case": "1"}], ["1"]),
        ([{"equals-ignore-case": "\u212a"}], ["k", "\u212a"]),
        ([{"equals-ignore-case": "😀"}], ["??"]),
        ([{"equals-ignore-case": "ß"}], ["ß", "SS"]),
        ([{"anything-but": {"suffix": ["a", "ba"]}}], [{"anything-but": {"suffix": "a"}}]),
        ([ABSENT, "a"], ["a", ABSENT]),
    ],
)
def test_lists_that_are_written_differently_and_mean_the_same(one, other):
    assert equivalent(of(*one), of(*other)).holds is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["5"], [5]),
        (["1"], [True]),
        ([None], [ABSENT]),
        (["null"], [None]),
        (["a"], ["A"]),
        (["é"], ["e\u0301"]),
        (["10.0.0.1"], [{"exactly": "10.0.0.1"}]),
        ([{"equals-ignore-case": "i"}], [{"equals-ignore-case": "\u0131"}]),
        ([{"numeric": [">", 5]}], [{"numeric": [">=", 5]}]),
        ([9007199254740993], [9007199254740992]),
        ([9007199254740993], [9007199254740995]),
        ([{"wildcard": "*a*b"}], [{"wildcard": "*ab"}]),
        ([PRESENT], [{"anything-but": "other"}]),
        ([PRESENT], [{"prefix": ""}, {"numeric": ["<", 0]}, {"numeric": [">=", 0]}, True, False, None]),
    ],
)
def test_lists_that_nearly_mean_the_same(one, other):
    answer = equivalent(of(*one), of(*other))
    assert answer.holds is False
    assert compile_pattern(of(*one)).matches(answer.witness) != compile_pattern(of(*other)).matches(
        answer.witness
    )


def test_a_number_that_is_not_comparable_is_what_tells_all_numbers_from_all_comparable_ones():
    numbers = [{"numeric": ["<", 0]}, {"numeric": [">=", 0]}]
    answer = implies(of(PRESENT), of({"prefix": ""}, *numbers, True, False, None))
    assert answer.witness == {"v": -9007199254740993}


def test_no_double_lies_between_two_neighbours():
    assert not is_satisfiable(of({"numeric": [">", 1, "<", 1.0000000000000002]}))
    assert is_satisfiable(of({"numeric": [">", 1, "<", 1.0000000000000004]})).witness == {
        "v": 1.0000000000000002
    }
    assert not is_satisfiable('{"v": [1e309]}')


# Fields


def test_a_pattern_with_a_field_more_implies_the_one_without():
    assert_implies({"a": [1], "b": [2]}, {"b": [2]}, expected=True)
    assert_implies({"b": [2]}, {"a": [1], "b": [2]}, expected=False)


def test_a_witness_has_what_the_patterns_need_and_no_more():
    answer = overlaps({"source": ["shop"]}, {"detail": {"n": [{"numeric": [">", 0]}]}})
    assert answer == (True, {"source": "shop", "detail": {"n": 1}}, "both patterns match this event")
    answer = implies({"source": ["shop", "till"], "detail": {"n": [1]}}, {"source": ["shop"]})
    assert answer.witness == {"source": "till", "detail": {"n": 1}}


def test_a_value_of_each_of_two_patterns_can_be_in_one_array():
    answer = overlaps(of("a"), of("b"))
    assert answer.witness == {"v": ["a", "b"]}
    assert answer.reason == "both patterns match this event, which has several values in an array"


def test_a_single_value_is_preferred_to_an_array():
    assert overlaps({"$or": [{"v": ["a"]}, {"w": [1]}]}, of("b")).witness == {"v": "b", "w": 1}
    assert overlaps(of("a", "b"), of("b", "c")).witness == {"v": "b"}


def test_a_field_that_must_be_absent_and_present_keeps_patterns_apart():
    assert overlaps(of(ABSENT), of("a")).holds is False
    assert overlaps(of(ABSENT), of("a", ABSENT)).witness == {}
    assert overlaps(of(ABSENT, "a"), of("b")).witness == {"v": ["a", "b"]}
    assert overlaps({"a": [ABSENT], "b": [1]}, {"a": [1], "b": [1]}).holds is False


def test_a_leaf_beside_an_object_on_the_same_path():
    assert overlaps({"a": [1]}, {"a": {"b": [2]}}).witness == {"a": [1, {"b": 2}]}
    assert_implies({"a": [1], "a.b": [2]}, {"a": {"b": [2]}}, expected=True)


# $or


def test_alternatives_cover_what_none_of_them_covers_alone():
    either = {"$or": [{"v": [{"numeric": ["<", 5]}]}, {"v": [{"numeric": [">=", 5]}]}]}
    assert_implies(of({"numeric": [">", 0]}), either, expected=True)
    assert_implies(of({"numeric": [">", 0]}, "a"), either, expected=False)


def test_cases_on_several_paths_are_told_apart():
    whole = {"a": [1, 2], "b": [1, 2]}
    halves = {"$or": [{"a": [1], "b": [1, 2]}, {"a": [2], "b": [1]}]}
    answer = implies(whole, halves)
    assert answer.witness == {"a": 2, "b": 2}
    all_of_it = {"$or": [{"a": [1], "b": [1, 2]}, {"a": [2], "b": [1]}, {"b": [2]}]}
    assert implies(whole, all_of_it).holds is True


def test_each_alternative_of_the_first_pattern_counts():
    assert_implies({"$or": [{"a": [1]}, {"b": [1]}]}, {"a": [1]}, expected=False)
    assert_implies({"$or": [{"a": [1], "b": [2]}, {"a": [1]}]}, {"a": [1]}, expected=True)


def test_an_alternative_that_nothing_matches_does_not_count():
    nothing = {"numeric": [">", 1, "<", 1.0000000000000002]}
    assert_implies({"$or": [{"a": [nothing]}, {"b": [1]}]}, {"b": [1]}, expected=True)
    assert is_satisfiable({"$or": [{"a": [nothing]}, {"b": [1]}]}).witness == {"b": 1}


def test_a_field_is_there_or_it_is_not():
    assert_implies({"y": [1]}, {"$or": [{"v": [ABSENT]}, {"v": [PRESENT]}]}, expected=True)
    assert_implies({"y": [1]}, {"$or": [{"v": [ABSENT]}, {"v": [{"anything-but": 1}]}]}, expected=False)


# Arrays of objects


def test_absence_in_an_element_that_an_earlier_field_has_chosen_is_not_absence_in_the_event():
    here, anywhere = {"v": {"a": [1], "b": [ABSENT]}}, {"v": {"b": [ABSENT]}}
    answer = implies(here, anywhere)
    assert answer.witness == {"v": [{"a": 1}, {"b": "other"}]}
    assert_implies({"v": {"b": [1], "a": [ABSENT]}}, {"v": {"a": [ABSENT]}}, expected=True)


def test_patterns_overlap_in_two_elements_of_an_array():
    answer = overlaps({"v": {"a": [1], "b": [ABSENT]}}, {"v": {"b": [2]}})
    assert answer.witness == {"v": [{"a": 1}, {"b": 2}]}
    assert overlaps({"v": {"b": [1], "a": [ABSENT]}}, {"v": {"a": [2]}}).holds is False
    assert overlaps({"u": {"a": [1]}, "v": {"b": [ABSENT]}}, {"v": {"b": [2]}}).holds is False


def test_an_element_is_chosen_by_the_fields_in_the_order_of_their_paths():
    assert_implies({"v": {"a": [1]}}, {"v": {"a": [1], "b": [PRESENT, ABSENT]}}, expected=True)
    assert_implies({"v": {"b": [1]}}, {"v": {"b": [1], "a": [PRESENT, ABSENT]}}, expected=False)


def test_a_field_that_chooses_an_element_may_lie_beside_one_that_does_not():
    """Names with dots put a leaf on a path beside the arrays on it, so one field less looks into more elements."""
    answer = implies({"v": {"a": [1], "b": [2], "c": [ABSENT]}}, {"v": {"a": [1], "c": [ABSENT]}})
    assert answer.witness == {"v": [{"b": 2}, {"c": "other"}], "v.a": 1}


def test_a_last_field_that_takes_all_is_no_condition():
    assert_implies(
        {"v": {"a": [1], "b": [ABSENT]}},
        {"v": {"b": [ABSENT, PRESENT]}, "$or": [{"x": [1, ABSENT]}, {"x": [PRESENT]}]},
        expected=True,
    )


def test_the_same_array_holds_a_pattern_to_itself():
    pattern = {"v": {"a": [1], "b": [ABSENT], "c": [ABSENT, 2]}}
    assert equivalent(pattern, pattern).holds is True


# Events on a bus


@pytest.mark.parametrize(
    "pattern",
    [
        {"Source": ["shop"]},
        {"source": [1]},
        {"source": [ABSENT]},
        {"source": {"name": ["shop"]}},
        {"detail": ["shop"]},
        {"account": [123456789012]},
        {"resources": [{"anything-but": {"wildcard": "*"}}]},
        {"state": ["running"]},
    ],
)
def test_what_no_event_on_a_bus_can_have(pattern):
    assert is_satisfiable(pattern).holds is True
    assert is_satisfiable(pattern, on_a_bus=True).holds is False


@pytest.mark.parametrize(
    "pattern",
    [
        {"detail": {"source": [1]}},
        {"resources": ["a"]},
        {"resources": [ABSENT]},
        {"replay-name": [ABSENT]},
        {"replay-name": ["again"]},
        {"detail-type": [{"anything-but": "x"}]},
        {"detail.a": [ABSENT], "foo": [ABSENT]},
    ],
)
def test_what_an_event_on_a_bus_may_have(pattern):
    assert is_satisfiable(pattern, on_a_bus=True).holds is True


def test_an_event_on_a_bus_has_one_source():
    assert overlaps({"source": ["a"]}, {"source": ["b"]}).holds is True
    assert overlaps({"source": ["a"]}, {"source": ["b"]}, on_a_bus=True).holds is False
    assert overlaps({"source": ["ab"]}, {"source": [{"prefix": "a"}]}, on_a_bus=True).witness == {
        "source": "ab"
    }
    assert overlaps({"resources": ["a"]}, {"resources": ["b"]}, on_a_bus=True).holds is True
    every = {"$or": [{"source": ["a"]}, {"source": [{"anything-but": "a"}]}]}
    assert implies({"detail": {"v": [1]}}, every, on_a_bus=True).holds is True
    assert implies({"detail": {"v": [1]}}, every).witness == {"detail": {"v": 1}}


def test_the_detail_of_an_event_on_a_bus_is_no_array():
    here, anywhere = {"detail": {"a": [1], "b": [ABSENT]}}, {"detail": {"b": [ABSENT]}}
    assert implies(here, anywhere).holds is False
    assert implies(here, anywhere, on_a_bus=True).holds is True
    below = {"detail": {"v": {"a": [1], "b": [ABSENT]}}}, {"detail": {"v": {"b": [ABSENT]}}}
    assert implies(*below, on_a_bus=True).witness == {"detail": {"v": [{"a": 1}, {"b": "other"}]}}


# Answers


def test_an_answer_is_true_only_if_it_holds():
    assert Answer(True, None, "")
    assert not Answer(False, None, "")
    assert not Answer(None, None, "")


def test_patterns_may_be_text_mappings_or_compiled():
    assert implies('{"v": [1]}', compile_pattern({"v": [1, 2]}))


@pytest.mark.parametrize(
    ("given_pattern", "error"),
    [("{}", InvalidPattern), ({"v": [{"numeric": [">", 1.7976931348623157e308]}]}, EngineFailure)],
)
def test_a_pattern_that_aws_refuses_is_refused(given_pattern, error):
    with pytest.raises(error):
        is_satisfiable(given_pattern)
    with pytest.raises(error):
        implies(of(1), given_pattern)


def test_names_that_an_event_cannot_have_are_not_known():
    answer = is_satisfiable({"": [1]})
    assert answer.holds is None
    assert "empty name" in answer.reason
    assert is_satisfiable({"x.": [1]}).witness == {"x.": 1}


@pytest.mark.parametrize("name", ["a..b", "x." * 120 + "y"])
def test_names_that_cannot_be_nested_are_in_the_detail_of_an_event_on_a_bus(name):
    assert is_satisfiable({"detail": {name: [1]}}, on_a_bus=True).witness == {"detail": {name: 1}}


def test_a_path_with_an_empty_name_is_seen_by_one_of_the_patterns_only():
    answer = implies({"a..b": [1], "v": [1]}, {"v": [1]})
    assert answer == (None, None, "only one of the patterns looks below empty names of an event")
    assert implies({"a..b": [1], "c..d": [1]}, {"a..b": [1]}).holds is True


def test_a_text_that_is_an_address_as_well_may_not_be_found():
    ending = {"source": [{"suffix": ".77"}]}
    answer = overlaps({"source": [{"cidr": "10.0.0.0/8"}]}, ending, on_a_bus=True)
    assert answer.holds is None
    assert answer.reason.startswith("no value was found that is an IP address to one term")
    answer = implies({"v": [{"cidr": "10.0.0.0/8"}]}, {"v": [{"anything-but": {"suffix": ".77"}}]})
    assert answer.holds is None


def test_many_alternatives_that_exclude_one_another_are_not_known():
    first, second = ({"$or": [{"source": [f"{name}{n}"]} for n in range(600)]} for name in "ab")
    answer = overlaps(first, second, on_a_bus=True)
    assert answer == (None, None, "the patterns have too many combinations of fields and values")


def test_too_many_combinations_are_not_known():
    groups = [
        {"a": [number], "v": [{"wildcard": f"*{tens}{number}*"} for tens in range(3)]} for number in range(6)
    ]
    rest = [{"v": ["x"]}, {"v": [{"anything-but": "x"}]}]
    answer = implies({"v": [PRESENT, "x"]}, {"$or": [*groups, *rest]})
    assert answer == (None, None, "the texts of v have too many combinations")


def test_a_path_of_a_thousand_names():
    deep = ".".join(["n"] * 900)
    assert is_satisfiable({deep: [1]}).witness == {"n": {deep.removeprefix("n."): 1}}


def test_patterns_of_a_thousand_alternatives_are_compared():
    many = {"$or": [{"v": [number]} for number in range(1000)]}
    fewer = {"$or": [{"v": [number]} for number in range(999)]}
    assert implies(fewer, many).holds is True
    assert implies(many, fewer).witness == {"v": 999}


# At random


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.booleans())
def test_no_answer_is_contradicted_by_random_events(seed, on_a_bus):
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    first, second = fuzz.random_pair(random, fuzz.PATHS_ON_A_BUS if on_a_bus else fuzz.PATHS)
    checked = fuzz.Checked(first, second, on_a_bus=on_a_bus)
    values = fuzz.values_near(random, [first, second])
    make = fuzz.random_event_on_a_bus if on_a_bus else fuzz.random_event
    for _ in range(40):
        checked.meet(make(random, fuzz.paths_of(checked), values))


@settings(max_examples=100)
@given(strategies.patterns(), strategies.patterns(), st.data())
def test_no_answer_is_contradicted_by_events_made_for_the_patterns(first, second, data):
    checked = fuzz.Checked(first, second)
    for pattern in (first, second):
        if is_satisfiable(pattern):
            checked.meet(data.draw(strategies.matching_events(pattern)))


@given(strategies.patterns())
def test_a_pattern_implies_itself(pattern):
    assert implies(pattern, pattern).holds is True
