"""The text of an event is read by Python's `json` only if the exact reader finds the same in it."""

import json
from unittest import mock

import pytest
from hypothesis import example, given, strategies as st

from eventmock.pattern import InvalidEvent, leaves, read_event
from eventmock.pattern.event_text import plain_values

LONG = "1" * 1000


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        ' {"a": [1, -0, -0.0, 1.5e3, 123456789012345678901234567890, "\\ud800", "é", null, true]}\n',
        json.dumps({"a": "1x" * 600, "b": "[{" * 600}),
        json.dumps({"a": [{}] * 1100}),
        f'{{"a": {"[" * 300}1{"]" * 300}}}',
    ],
    ids=["empty", "small", "long strings", "many objects", "deep"],
)
def test_plain_text_is_read(text):
    assert plain_values(text, 1001) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"x": [{"a": 1, "\\u0061": 2}]}',
        '{"a": 1e309}',
        '{"a": -1e309}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        f'{{"a": {LONG}1}}',
        f'{{"a": {LONG[:200]}.{LONG[:801]}}}',
        f'{{"a": 1e-{LONG}}}',
        "[1]",
        '"a"',
        "1",
        "",
        '{"a": 1',
        '{"a": 1} x',
        "\ufeff{}",
        '{"a": "\n"}',
        f'{{"a": {"[" * 100_000}}}',
    ],
)
def test_any_other_text_is_left_to_the_exact_reader(text):
    assert plain_values(text, 1001) is None


@pytest.mark.parametrize(("opening", "closing"), ["[]", ('{"a":', "}")])
def test_text_beyond_the_depth_is_left_to_the_exact_reader(opening, closing):
    def nested(levels):
        return f'{{"a":{opening * (levels - 1)}[]{closing * (levels - 1)},"b":"{"[" * 20}"}}'

    assert plain_values(nested(9), 10) is not None
    assert plain_values(nested(10), 10) is None


# Beside the exact reader

SPACE = st.sampled_from(["", "", " ", "\n\t\r "])
DIGITS = st.text("0123456789", min_size=1, max_size=3) | st.integers(495, 1005).map("7".__mul__)
NUMBERS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-"]),
    st.just("0") | DIGITS.map("1{}".format),
    st.just("") | DIGITS.map(".{}".format),
    st.just("") | st.builds("{}{}".format, st.sampled_from(["e", "E+", "e-"]), DIGITS),
)
STRINGS = st.text(max_size=3).map(json.dumps) | st.sampled_from(
    ['"\\ud83d"', '"\\ud83d\\ude00"', '"\ud83d\ude00"', '"\ud83d"', '"\\/\\u0041"', '"é"']
)
WORDS = st.sampled_from(["true", "false", "null", "NaN", "-Infinity"])
NAMES = st.sampled_from(['"a"', '"b"', '"a.b"', '""', '"\\u0061"', '"é"'])


def objects(values):
    members = st.builds("{}{}{}:{}".format, SPACE, NAMES, SPACE, values)
    return st.lists(members, max_size=4).map(lambda found: f"{{{','.join(found)}}}")


def arrays(values):
    return st.lists(values, max_size=3).map(lambda found: f"[{','.join(found)}]")


VALUES = st.recursive(
    NUMBERS | STRINGS | WORDS,
    lambda inner: st.builds("{}{}{}".format, SPACE, objects(inner) | arrays(inner), SPACE),
    max_leaves=8,
)
ODD = [
    "{",
    "}",
    "[",
    "]",
    '"',
    ":",
    ",",
    "0",
    "+",
    ".",
    "e",
    "x",
    "\\",
    "\\x",
    "\t",
    "\x00",
    "\ufeff",
    "Infinity",
]


@st.composite
def broken(draw, texts):
    """A text of which a piece is missing, or has another in its place."""
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.just("") | st.sampled_from(ODD)) + text[start + draw(st.integers(0, 3)) :]


TEXTS = objects(VALUES) | broken(objects(VALUES)) | VALUES


def found_in(text, deepest):
    """The members and leaves that a reading of a text finds, or its error."""
    try:
        event = read_event(text, deepest)
    except InvalidEvent as error:
        return str(error)
    return repr(event.members), {
        path: [(repr(leaf.value), repr(leaf.key)) for leaf in held] for path, held in event.leaves.items()
    }


@given(TEXTS, st.sampled_from([2, 3, 1001, 1001]))
@example('{"a": [{"b": 1, "b": 2}]}', 1001)
@example('{"a": 1e309}', 1001)
@example('{"a": NaN}', 1001)
@example(f'{{"a": {"[" * 1001}1{"]" * 1001}}}', 1001)
@example(f'{{"a": {"[" * 1000}1{"]" * 1000}}}', 1001)
@example(f'{{"a": {LONG[:200]}.{LONG[:801]}}}', 1001)
@example(f'{{"a": {LONG}1}}', 1001)
def test_it_is_read_as_by_the_exact_reader(text, deepest):
    fast = found_in(text, deepest)
    with mock.patch.object(leaves, "plain_values", return_value=None):
        assert fast == found_in(text, deepest)
