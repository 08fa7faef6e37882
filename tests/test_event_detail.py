from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from eventmock.event_detail import MalformedDetail, read_detail

DEEPEST = "[" * 999 + "]" * 999
LONGEST = "1" * 1000


def test_an_object_is_read():
    assert read_detail('{"a": [1, 1.5, "x", null]}') == {"a": [1, 1.5, "x", None]}


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"x": {"a": 1, "a": 2}}', '{"a": 1e309}', '{"a": -1e309}']
)
def test_where_values_would_lose_something_there_are_none(text):
    assert read_detail(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "null",
        "[]",
        '"text"',
        "{",
        "{} {}",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1, "a": 2',
        "[1e309]",
    ],
)
def test_what_is_no_object_is_malformed(text):
    with pytest.raises(MalformedDetail):
        read_detail(text)


def test_a_thousand_digits_are_within_the_limits():
    assert read_detail(f'{{"a": {LONGEST}}}') == {"a": int(LONGEST)}


def test_a_thousand_levels_are_within_the_limits():
    value = read_detail(f'{{"a": {DEEPEST}}}')
    assert value is None or list(value) == ["a"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NEW", "it is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"a": NaN}', "it is no JSON: NaN is no JSON"),
        ("[]", "it is a list, wanted an object"),
        ('"text"', "it is text, wanted an object"),
        ("1", "it is a number, wanted an object"),
        ("1.5", "it is a number, wanted an object"),
        ("true", "it is true or false, wanted an object"),
        ('{"a": 1e999} x', "a Detail must be JSON: there is text behind its end"),
    ],
)
def test_it_is_said_why_it_is_malformed(text, why):
    with pytest.raises(MalformedDetail) as caught:
        read_detail(text)
    assert str(caught.value) == why


def test_a_number_that_python_does_not_read_is_said_to_be_too_long():
    with pytest.raises(MalformedDetail, match="at most 1000 digits"):
        read_detail(f'{{"a": {"1" * 5000}}}')


@pytest.mark.parametrize(
    "text",
    [f'{{"a": [{DEEPEST}]}}', f'{{"a": 1{LONGEST}}}', f'{{"a": 1, "a": [{DEEPEST}]}}', '{"a": ' * 200_000],
    ids=["levels", "digits", "levels and names", "unfinished"],
)
def test_beyond_the_limits_it_is_malformed(text):
    with pytest.raises(MalformedDetail):
        read_detail(text)


VALUES = st.recursive(st.integers() | st.text(max_size=5) | st.none(), st.lists, max_leaves=5)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_any_object_is_read_as_json_reads_it(value):
    assert read_detail(json.dumps(value)) == value
