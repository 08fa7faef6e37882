from __future__ import annotations

import json

from hypothesis import given, strategies as st

from eventmock.coverage.data import Covered
from eventmock.coverage.pattern_text import LONGEST_LIST, pattern_pieces
from eventmock.pattern.compiled import Pattern
from eventmock.pattern.points import PatternPoints
from eventmock.services.coverage import Point

NAMES = st.text(st.characters(categories=["L", "N"], codec="utf-8"), max_size=6).map("f{}".format)
VALUES = st.lists(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=30), min_size=1, max_size=6
)
FIELDS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3)
PATTERNS = st.builds(
    lambda fields, branches: {"detail": fields | ({"$or": branches} if branches else {})},
    FIELDS,
    st.lists(FIELDS, min_size=2, max_size=3) | st.just([]),
)


def covered(pattern, tried=()):
    text = json.dumps(pattern)
    one = Covered(kind="rule", account="1", region="r", place="b", identity=text, origin=None)
    one.definition = {"EventPattern": text}
    one.points = {point.key: Point(*point) for point in PatternPoints(Pattern(text)).points}
    one.tried = set(tried)
    return one


@given(PATTERNS)
def test_the_pieces_are_the_pattern(pattern):
    text = "".join(text for text, _ in pattern_pieces(covered(pattern)))
    assert json.loads(text) == pattern


@given(PATTERNS)
def test_each_point_has_one_piece_with_its_mark(pattern):
    one = covered(pattern)
    marks = [mark for _, mark in pattern_pieces(one) if mark != "plain"]
    kinds = [point.kind for point in one.points.values()]
    assert marks.count("missed") == kinds.count("value") + kinds.count("branch")
    assert marks.count("unrefused") == kinds.count("refusal")
    one.tried = set(one.points)
    marks = [mark for _, mark in pattern_pieces(one) if mark != "plain"]
    assert marks == ["tried"] * (kinds.count("value") + kinds.count("branch"))


def test_a_list_that_was_never_the_only_reason_of_a_refusal_is_marked_at_its_name():
    pieces = pattern_pieces(covered({"source": ["shop"]}, ["/source/0"]))
    assert pieces == [
        ("{", "plain"),
        ("\n  ", "plain"),
        ('"source"', "unrefused"),
        (": ", "plain"),
        ("[", "plain"),
        ("", "plain"),
        ('"shop"', "tried"),
        ("]", "plain"),
        ("\n}", "plain"),
    ]


def test_a_long_list_has_a_line_for_each_value():
    values = ["x" * 30, "y" * 30, "z" * 30]
    text = "".join(text for text, _ in pattern_pieces(covered({"source": values})))
    assert max(map(len, text.splitlines())) < LONGEST_LIST
    assert text.splitlines()[2:5] == [f'    "{value}"{"," * (value[0] != "z")}' for value in values]


def test_kinds_of_points_that_do_not_count_have_no_mark():
    one = covered({"source": ["shop"]})
    one.keep({"value"})
    assert [text for text, mark in pattern_pieces(one) if mark != "plain"] == ['"shop"']


def test_a_subject_without_a_pattern_has_no_text():
    one = covered({"source": ["shop"]})
    one.definition = {"ScheduleExpression": "rate(1 hour)"}
    assert pattern_pieces(one) == []
