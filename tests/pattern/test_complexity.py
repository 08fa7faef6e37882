"""The limit on wildcards."""

import json
import time

import pytest

from eventmock.pattern.complexity import is_too_complex
from eventmock.pattern.syntax import alternatives


def too_complex(pattern):
    return is_too_complex(alternatives(json.dumps(pattern)))


def in_one_list(*wildcards):
    return {"a": [{"wildcard": wildcard} for wildcard in wildcards]}


@pytest.mark.parametrize(
    ("pattern", "refused"),
    [
        (in_one_list("*a*a*a*a*a"), False),
        (in_one_list("*a*a*a*a*a*a"), True),
        (in_one_list(*["*a"] * 9), False),
        (in_one_list(*["*a"] * 10), True),
        (in_one_list(*["*:"] * 30), False),
        (in_one_list(*(f"*:stack/{number}/*" for number in range(3))), False),
        (in_one_list(*(f"*:stack/{number}/*" for number in range(4))), True),
        (in_one_list(*(f"*a{number}" for number in range(30))), True),
        (in_one_list(*(f"{number}*x" for number in range(30))), True),
        (in_one_list("*:*:*:*:*:event-bus/*"), True),
        (
            {"a": [{"anything-but": {"wildcard": ["*0*", "*1*", "*2*", "*3*", "*4*", "*5*", "*6*", "*7*"]}}]},
            False,
        ),
        ({"a": ["x"], "b": [1]}, False),
        ({"a": [2**53 + 1, 5], "b": [{"wildcard": "*x"}]}, False),
    ],
)
def test_more_than_ten_strings_alive_at_once_are_refused(pattern, refused):
    assert too_complex(pattern) is refused


def test_alternatives_meet_in_one_tree_if_their_earlier_paths_share_terms():
    heavy = [{"wildcard": "*a*a*a*b"}]
    assert too_complex({"$or": [{"a": [1], "b": heavy}, {"a": [1], "b": heavy}]})
    assert not too_complex({"$or": [{"a": [1], "b": heavy}, {"a": [2], "b": heavy}]})


def test_what_lies_only_behind_an_absence_is_not_measured():
    heavy = [{"wildcard": "*a*a*a*a*a*a"}]
    assert not too_complex({"a": [{"exists": False}], "b": heavy})
    assert too_complex({"a": [{"exists": True}], "b": heavy})


def test_many_stars_are_measured_in_time():
    words = ["alpha", "beta", "gamma", "delta", "omega", "sigma", "kappa", "theta"]
    pattern = {f"f{number}": [{"wildcard": f"{word}-*-{word}*end"} for word in words] for number in range(8)}
    begun = time.perf_counter()
    too_complex(pattern)
    assert time.perf_counter() - begun < 5


def test_alternatives_without_wildcards_take_no_part():
    assert not too_complex({"$or": [{"a": [{"wildcard": "*x"}]}, {"a": ["x"]}]})
