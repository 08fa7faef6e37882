"""The wording of places."""

import pytest

from eventmock.pattern.refusals import EngineFailure, InvalidPattern, Place


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("abc", 0, 1, 1),
        ("abc", 3, 1, 4),
        ("a\nbc", 3, 2, 2),
        ("a\r\nbc", 4, 2, 2),
        ("a\rbc", 3, 2, 2),
        ("😀b", 1, 1, 3),
    ],
)
def test_columns_count_utf16_units_and_all_line_ends(text, offset, line, column):
    place = Place.of(text, offset)
    assert (place.line, place.column) == (line, column)


def test_at_most_500_units_of_the_pattern_are_shown():
    assert (
        str(Place("x" * 501, 1, 2))
        == f'[Source: (String)"{"x" * 500}"[truncated 1 chars]; line: 1, column: 2]'
    )
    assert "truncated" not in str(Place("x" * 500, 1, 2))


def test_half_a_pair_and_control_characters_are_not_shown_as_they_are():
    assert '"\\u0009\\u007F\n?"' in str(Place("\t\x7f\n\ud800", 1, 1))
    assert str(Place("x" * 499 + "😀", 1, 1)).count("?") == 1


def test_a_reason_may_have_several_places():
    place = Place("x", 1, 1)
    assert str(InvalidPattern("no", place, place)) == (
        f"Event pattern is not valid. Reason: no\n at {place}\n at {place}"
    )


def test_an_engine_failure_is_an_invalid_pattern_without_words():
    assert isinstance(EngineFailure("broken"), InvalidPattern)
    assert str(EngineFailure("broken")) == ""
