"""Which numbers can be compared."""

import pytest

from eventmock.pattern.doubles import comparable, comparable_integer, java_text


@pytest.mark.parametrize(
    ("text", "double"),
    [
        ("300", 300.0),
        ("3.00E+2", 300.0),
        ("-0", 0.0),
        ("0e999999999999", 0.0),
        ("4.9e-324", 5e-324),
        ("5e-324", None),
        ("1e309", None),
        ("1e-400", None),
        ("9007199254740993", None),
        ("1.0000000000000001", None),
        ("1e22", 1e22),
    ],
)
def test_a_number_is_comparable_if_it_is_its_doubles_shortest_text(text, double):
    assert comparable(text) == double


def test_small_integers_are_always_comparable():
    assert comparable_integer(-(2**53)) == -(2.0**53)
    assert comparable_integer(2**53 + 1) is None


@pytest.mark.parametrize(
    ("double", "text"),
    [
        (15.0, "15.0"),
        (0.0, "0.0"),
        (12345678.0, "1.2345678E7"),
        (-1e10, "-1.0E10"),
        (0.0001, "1.0E-4"),
        (5e-324, "4.9E-324"),
        (float("inf"), "inf"),
    ],
)
def test_doubles_are_written_as_java_does(double, text):
    assert java_text(double) == text
