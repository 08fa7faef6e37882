from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, strategies as st

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.leaves import Leaf
from eventmock.schemas.text_search import TooManyTexts, text_that_satisfies


def term_of(written):
    [alternative] = compile_pattern({"a": [written]}).alternatives
    return alternative.written[0].terms[0]


def search(expressions, written, lengths=(0, math.inf), **options):
    return text_that_satisfies(expressions, term_of(written), lengths=lengths, **options)


@pytest.mark.parametrize(
    ("expression", "term", "text"),
    [
        ("^[0-9]{3}$", {"prefix": "12"}, "120"),
        ("^[0-9]{3}$", {"prefix": "a"}, None),
        ("^ORD-[0-9]+$", {"equals-ignore-case": "ord-7"}, "ORD-7"),
        ("^ord-[0-9]{2}$", {"wildcard": "*-1*2"}, "ord-12"),
        ("^ord-[0-9]{2}$", {"wildcard": "*-1*2*3"}, None),
        ("b", {"prefix": "a"}, "ab"),
        ("^(red|green)$", {"suffix": "n"}, "green"),
        (r"^\w+@\w+\.com$", {"suffix": ".org"}, None),
        (r"^\S+$", {"prefix": " "}, None),
        ("^[^0-9]*$", {"suffix": "1"}, None),
        ("^a?b*?c+$", {"prefix": "bb"}, "bbc"),
        ("^.{70,}$", {"prefix": "x"}, "x" + "a" * 59),
        ("(?=a)b", {"prefix": "z"}, "z"),
        ("(?i)abc", {"prefix": "z"}, "z"),
        ("(", {"prefix": "z"}, "z"),
        (r"\bword", {"prefix": "z"}, "z"),
    ],
)
def test_a_text_that_satisfies_an_expression_and_a_term_is_found_if_there_is_one(expression, term, text):
    assert search([expression], term) == text


def test_lengths_count_and_so_do_expressions_of_whole_texts():
    assert search([], {"prefix": "abc"}, lengths=(0, 2)) is None
    assert search([], {"prefix": "ab"}, lengths=(4, 5)) == "abaa"
    assert search(["b"], {"prefix": "a"}, whole=["[ab]{3}"]) == "aab"


def test_what_anything_but_excludes_is_not_satisfied():
    assert search(["^(A|B)$"], {"anything-but": ["A"]}, is_negated=True) == "B"
    assert search(["^[AB]{1}\\Z"], {"anything-but": {"prefix": ["A", "B"]}}, is_negated=True) is None


def test_a_search_that_is_too_long_is_given_up():
    stars = {"wildcard": "*" + "*".join("abcdefgh") + "*"}
    with pytest.raises(TooManyTexts):
        search([f"{one}.{{20}}{one}.{{20}}{one}" for one in "abcd"], stars)


@given(
    st.sampled_from(["^[0-9]{2}$", "^a+b?$", "b$", "^(ab|ba)*$", "^[^a]", r"^\w-\d$", "x|^y"]),
    st.sampled_from(
        [
            {"prefix": "a"},
            {"suffix": "b"},
            {"wildcard": "*a*"},
            {"equals-ignore-case": "AB"},
            {"wildcard": "*-1*"},
        ]
    ),
    st.text("ab01x-\n", max_size=6),
)
def test_no_text_satisfies_both_if_none_was_found(expression, term, text):
    found = search([expression], term)
    matched = re.search(expression, text) is not None and term_of(term).matches(Leaf(text, text, None))
    assert not (matched and found is None)
    if found is not None:
        assert re.search(expression, found)
        assert term_of(term).matches(Leaf(found, found, None))
