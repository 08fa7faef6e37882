from __future__ import annotations

import pytest

from eventmock.checks.common_events import common_event, may_meet
from eventmock.pattern import compile as compile_pattern


def compiled(*patterns):
    return [compile_pattern(one) for one in patterns]


@pytest.mark.parametrize(
    "patterns",
    [
        [{"source": ["a"]}],
        [{"source": ["a"]}, {"detail": {"n": [1]}}],
        [{"source": ["a"]}, {"detail": {"n": [1]}}, {"detail": {"m": [{"prefix": "x"}]}}],
        [{"detail": {"n": [{"numeric": [">", 5]}]}}, {"source": [{"prefix": ""}]}, {"detail": {"n": [7, 1]}}],
        [{"resources": ["r"]}, {"source": ["a"]}],
    ],
)
def test_an_event_that_all_match_is_found(patterns):
    event = common_event(compiled(*patterns))
    assert event is not None
    assert all(one.matches(event) for one in compiled(*patterns))


@pytest.mark.parametrize(
    "patterns",
    [
        [{"source": [{"exists": False}]}],
        [{"source": ["a"]}, {"source": ["b"]}],
        [{"source": ["a", "b"]}, {"source": ["b", "c"]}, {"source": ["a", "c"]}],
        [{"detail": {"n": [1]}}, {"detail": {"n": [2]}}],  # only by an array
        [{"resources": ["a"]}, {"resources": ["b"]}],
        [{"detail": {"n": [1]}}, {"detail": {"n": [{"exists": False}]}}],
    ],
)
def test_patterns_that_no_event_without_arrays_matches_have_none(patterns):
    assert common_event(compiled(*patterns)) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"source": ["a"]}, {"source": ["b"]}, False),
        ({"source": ["a", "b"]}, {"source": ["b"]}, True),
        ({"source": ["a"]}, {"source": [{"prefix": "b"}]}, True),
        ({"source": ["a"]}, {"detail": {"n": [1]}}, True),
        ({"source": ["a"], "detail-type": ["x"]}, {"source": ["a"], "detail-type": ["y"]}, False),
        ({"$or": [{"source": ["a"]}, {"source": ["b"]}]}, {"source": ["c"]}, False),
        ({"$or": [{"source": ["a"]}, {"detail": {"n": [1]}}]}, {"source": ["c"]}, True),
        ({"source": ["a", "a"]}, {"source": ["b"]}, False),
    ],
)
def test_sources_and_detail_types_keep_patterns_apart(one, other, expected):
    assert may_meet(*compiled(one, other)) is expected
