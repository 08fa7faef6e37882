"""JSON of any depth is read and written as Python's own functions do where they can."""

import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.values import deep_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


def deep(value, levels, kind):
    for level in range(levels):
        value = [value] if kind == "arrays" or (kind == "mixed" and level % 2) else {"a": value}
    return value


def text_of(value, levels, kind):
    arrays = [kind == "arrays" or (kind == "mixed" and level % 2) for level in range(levels)]
    before = ["[" if is_array else '{"a": ' for is_array in reversed(arrays)]
    after = ["]" if is_array else "}" for is_array in arrays]
    return "".join([*before, json.dumps(value), *after])


def bottom_of(value):
    levels = 0
    while isinstance(value, (list, dict)):
        (value,) = value if isinstance(value, list) else value.values()
        levels += 1
    return levels, value


@pytest.mark.parametrize("kind", ["arrays", "objects", "mixed"])
@pytest.mark.parametrize("levels", [49, 50, 51, 1000, 100_000])
def test_a_deep_text_is_read_and_written(levels, kind):
    text = text_of(5, levels, kind)
    value = deep_json.loads(text)
    assert bottom_of(value) == (levels, 5)
    assert deep_json.dumps(value) == text


@settings(deadline=None)
@given(VALUES, VALUES, st.sampled_from(["arrays", "objects", "mixed"]), st.sampled_from([None, 1]))
def test_what_is_beside_the_depth_is_read_as_python_reads_it(value, beside, kind, indent):
    inner = json.dumps([value, beside], indent=indent)
    text = text_of(0, 1500, kind).replace("0", inner, 1) if inner else ""
    levels, found = 0, deep_json.loads(text)
    while levels < 1500:
        (found,) = found if isinstance(found, list) else found.values()
        levels += 1
    assert found == [value, beside]


@given(VALUES)
def test_a_value_is_written_as_python_writes_it(value):
    assert deep_json.dumps(value) == json.dumps(value)
    assert deep_json.dumps(value, separators=(",", ":")) == json.dumps(value, separators=(",", ":"))


@given(st.text('{}[]":,1a\\ ', max_size=12))
def test_what_is_no_json_is_none_at_any_depth(inner):
    text = "[" * 1500 + inner + "]" * 1500
    try:
        json.loads(
            "[" * 20 + inner + "]" * 20
        )  # Python's own reads this depth; the inner text may close and open lists
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - any
            deep_json.loads(text)
    else:
        deep_json.loads(text)


@pytest.mark.parametrize(
    "text", ["[" * 5000, '{"a":' * 5000, "[" * 5000 + "]" * 4999 + "}", "[" * 3000 + "]" * 3001]
)
def test_an_unfinished_text_is_no_json(text):
    with pytest.raises(json.JSONDecodeError):
        deep_json.loads(text)


def test_hooks_see_what_lies_deep():
    decoder = json.JSONDecoder(object_pairs_hook=list, parse_int=str)
    (member,) = deep_json.loads('{"a": 1, "a": [2]}'.join(["[" * 1500, "]" * 1500]), decoder)[0:1]
    while isinstance(member, list) and len(member) == 1:
        (member,) = member
    assert member == [("a", "1"), ("a", ["2"])]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (None, None),
        ({"a": [1, 2.5, "x", True, None, (1, {"b": {}})]}, None),
        (object(), ""),
        (
            {"items": [{"price": 1}, {"price": Decimal(9)}], "at": datetime(2026, 1, 1)},
            "['items'][1]['price']",
        ),
        ([(), ({1},)], "[1][0]"),
        ({1: b""}, "[1]"),
    ],
)
def test_the_place_that_json_cannot_express(value, place):
    assert deep_json.place_without_json(value) == place


@given(VALUES)
def test_json_has_no_such_place(value):
    assert deep_json.place_without_json(value) is None
