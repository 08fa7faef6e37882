"""Each term on single values."""

import pytest

from eventmock.pattern import compile as compile_pattern, read_event
from eventmock.pattern.terms import Absent


def satisfied(term, value):
    return compile_pattern({"v": [term]}).matches({"v": value})


def test_a_prefix_never_matches_a_number():
    assert satisfied({"prefix": "1"}, "12")
    assert not satisfied({"prefix": "1"}, 12)


@pytest.mark.parametrize("operator", ["prefix", "suffix"])
def test_an_empty_affix_matches_every_string_and_nothing_else(operator):
    assert satisfied({operator: ""}, "")
    assert not satisfied({operator: ""}, None)


def test_a_suffix_is_the_end():
    assert satisfied({"suffix": ".png"}, "a.png")
    assert not satisfied({"suffix": ".png"}, "a.png ")


@pytest.mark.parametrize(
    ("wanted", "equal", "different"),
    [
        ("Straße", ["STRASSE", "straße"], ["strasse"]),
        ("K", ["k", "K"], ["\u212a"]),
        ("\u0130", ["\u0130", "i\u0307"], ["i", "I"]),
        ("\u01c5", ["\u01c6", "\u01c4"], ["\u01c5"]),
        ("\u0131", ["\u0131", "I"], ["i"]),
        ("😀", ["??"], ["😀"]),
    ],
)
def test_case_is_ignored_by_the_patterns_letters(wanted, equal, different):
    for form, before, behind in (
        ({"equals-ignore-case": wanted}, "", ""),
        ({"prefix": {"equals-ignore-case": wanted}}, "", "x"),
        ({"suffix": {"equals-ignore-case": wanted}}, "x", ""),
    ):
        assert all(satisfied(form, before + text + behind) for text in equal)
        assert not any(satisfied(form, before + text + behind) for text in different)


@pytest.mark.parametrize(
    ("wildcard", "text", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "anything\n", True),
        ("a*b", "ab", True),
        ("a*a", "a", False),
        ("*ab*c", "xabyabzc", True),
        ("a*b*c", "acb", False),
        ("*a*b*", "ba", False),
        ("*x*y", "", False),
        ("\\*\\\\", "*\\", True),
        ("\\*", "a", False),
    ],
)
def test_stars_stand_for_anything(wildcard, text, expected):
    assert satisfied({"wildcard": wildcard}, text) is expected


def test_a_wildcard_never_matches_a_number():
    assert not satisfied({"wildcard": "*"}, 1)


def test_numbers_are_compared_by_value_and_kept_apart_from_strings_and_booleans():
    assert satisfied(300, 3e2)
    assert not satisfied(1, "1")
    assert not satisfied(1, True)
    assert not satisfied(True, 1)
    assert satisfied(None, None)


def test_a_number_beyond_doubles_matches_its_own_text_only():
    assert satisfied(2**53 + 1, 2**53 + 1)
    assert not satisfied(2**53 + 1, 2**53)
    assert satisfied(10**22, 10**22)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        (["=", 5], [5, 5.0], [4, "5"]),
        ([">", 5], [6], [5]),
        ([">=", 5], [5], [4]),
        (["<", 5], [4], [5]),
        (["<=", 5], [5], [6]),
        ([">", 0, "<=", 5], [1, 5], [0, 6, 2**53 + 1]),
    ],
)
def test_a_numeric_range_holds_comparable_numbers(bounds, inside, outside):
    assert all(satisfied({"numeric": bounds}, number) for number in inside)
    assert not any(satisfied({"numeric": bounds}, number) for number in outside)


def test_a_string_that_is_an_address_is_compared_as_one():
    assert satisfied("10.0.0.1", "010.0.0.1")
    assert satisfied("10.0.0.1", "::ffff:a00:1")
    assert not satisfied({"exactly": "10.0.0.1"}, "010.0.0.1")
    assert satisfied({"exactly": "10.0.0.1"}, "10.0.0.1")


def test_a_block_reads_addresses_and_the_text_of_numbers():
    assert satisfied({"cidr": "10.0.0.77/24"}, "10.0.0.200")
    assert satisfied({"cidr": "16.0.0.0/4"}, 15)
    assert not satisfied({"cidr": "0.0.0.0/0"}, True)
    assert not satisfied({"cidr": "0.0.0.0/0"}, None)
    assert satisfied({"cidr": "0.0.0.0/0"}, 5.5)


@pytest.mark.parametrize(
    ("term", "others", "given"),
    [
        ("abc", ["xyz", 1, "1", None, True], ["abc"]),
        ([1, 2], ["abc", "1", None], [1, 1.0]),
        ({"prefix": ["a", "b"]}, ["xyz", 1], ["abc", "b"]),
        ({"suffix": "c"}, ["c ", 1], ["abc"]),
        ({"wildcard": "*"}, [1, None], ["abc", ""]),
        ({"equals-ignore-case": "ß"}, ["ss", "😀"], ["SS", "ß"]),
        (["10.0.0.1"], ["010.0.0.1"], ["10.0.0.1"]),
    ],
)
def test_anything_but_is_satisfied_by_all_else(term, others, given):
    assert all(satisfied({"anything-but": term}, value) for value in others)
    assert not any(satisfied({"anything-but": term}, value) for value in given)


def test_one_other_value_in_an_array_is_enough_for_anything_but():
    assert satisfied({"anything-but": "a"}, ["a", "b"])
    assert not satisfied({"anything-but": "a"}, ["a"])
    assert not satisfied({"anything-but": "a"}, [])


@pytest.mark.parametrize(("term", "value", "other"), [("x", "x", "y"), (1, 1.0, True), (None, None, False)])
def test_exact_terms_can_be_asked_one_by_one(term, value, other):
    (exact,) = compile_pattern({"v": [term]}).alternatives[0].fields[0].terms
    assert exact.matches(read_event({"v": value}).leaves["v"][0])
    assert not exact.matches(read_event({"v": other}).leaves["v"][0])


def test_absent_is_satisfied_by_no_leaf():
    assert not Absent().matches(object())


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("PAID", '"PAID"'),
        ("10.0.0.1", '"10.0.0.1"'),
        ({"exactly": "x"}, '"x"'),
        (300, "300"),
        (None, "null"),
        ({"prefix": "x"}, 'prefix "x"'),
        ({"suffix": "x"}, 'suffix "x"'),
        ({"prefix": {"equals-ignore-case": "x"}}, 'prefix equals-ignore-case "x"'),
        ({"suffix": {"equals-ignore-case": "x"}}, 'suffix equals-ignore-case "x"'),
        ({"equals-ignore-case": "x"}, 'equals-ignore-case "x"'),
        ({"wildcard": "a*"}, 'wildcard "a*"'),
        ({"numeric": [">", 5, "<=", 10]}, "numeric > 5 and <= 10"),
        ({"cidr": "10.0.0.0/8"}, 'cidr "10.0.0.0/8"'),
        ({"anything-but": "a"}, 'anything-but "a"'),
        ({"anything-but": ["b", "a"]}, 'anything-but ["b", "a"]'),
        ({"anything-but": [1.0]}, "anything-but [1.0]"),
        ({"anything-but": {"prefix": "a"}}, 'anything-but prefix "a"'),
        ({"exists": True}, "exists: true"),
        ({"exists": False}, "exists: false"),
    ],
)
def test_a_term_is_readable(term, text):
    (field,) = compile_pattern({"v": [term]}).alternatives[0].fields
    assert str(field.terms[0]) == text
