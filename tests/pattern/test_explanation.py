"""The text and the data that say why an event did not match."""

import pytest

from eventmock.pattern import compile as compile_pattern


def explained(pattern, detail):
    return compile_pattern({"detail": pattern}).explain({"detail": detail})


@pytest.mark.parametrize(
    ("pattern", "detail", "text"),
    [
        ({"state": ["PAID"]}, {"state": "NEW"}, 'detail.state held "NEW", wanted one of ["PAID"]'),
        ({"state": ["PAID"]}, {}, 'detail.state is absent, wanted one of ["PAID"]'),
        ({"id": [{"prefix": "ord-"}]}, {"id": "x-1"}, 'detail.id held "x-1", wanted prefix "ord-"'),
        ({"tags": ["x"]}, {"tags": ["a", "b"]}, 'detail.tags held "a", "b", wanted one of ["x"]'),
        ({"x": [{"exists": False}]}, {"x": 3}, "detail.x held 3, wanted it absent"),
        ({"x": [{"exists": True}]}, {}, "detail.x is absent, wanted it present"),
        (
            {"n": ["a", {"numeric": [">", 5]}, None]},
            {"n": False},
            'detail.n held false, wanted one of ["a", numeric > 5, null]',
        ),
        ({"a": [1], "b": [2]}, {"a": 1, "b": 3}, "detail.b held 3, wanted one of [2]"),
        (
            {"v": {"a": [1], "b": [2]}, "w": [0]},
            {"v": [{"a": 1}, {"b": 2}], "w": 0},
            "detail.v.a and detail.v.b each match, but only in different array elements",
        ),
        (
            {"v": {"a": [1], "b": [{"exists": False}]}},
            {"v": [{"a": 1, "b": 2}]},
            "detail.v.b held 2, wanted it absent",
        ),
        (
            {"$or": [{"a": [1], "b": [2]}, {"c": [3], "d": [4], "e": [5]}]},
            {"c": 3, "d": 4, "e": 0},
            "nearest of 2 alternatives: detail.e held 0, wanted one of [5]",
        ),
    ],
)
def test_the_first_thing_that_stopped_the_match_is_told(pattern, detail, text):
    explanation = explained(pattern, detail)
    assert not explanation.matched
    assert str(explanation) == text


def test_every_field_is_given_as_data():
    explanation = explained({"b": [2, {"prefix": "x"}], "a": [1]}, {"a": 1, "b": [3, 4]})
    assert [(field.path, field.wanted, field.held, field.satisfied) for field in explanation.fields] == [
        ("detail.b", ("2", 'prefix "x"'), (3, 4), False),
        ("detail.a", ("1",), (1,), True),
    ]
    assert explanation.alternatives == 1


def test_a_match_is_explained_too():
    explanation = explained({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2})
    assert (explanation.matched, str(explanation), explanation.alternatives) == (True, "the event matches", 2)
    assert [(field.path, field.satisfied) for field in explanation.fields] == [("detail.b", True)]


def test_a_line_stays_short():
    long = explained({"name" * 30: ["w" * 50] * 50}, {"name" * 30: ["v" * 300] * 50})
    assert len(str(long)) <= 160
    assert "and 49 more, wanted one of [" in str(long)
    other = explained({"$or": [{"x": [{"wildcard": "w" * 300}]}, {"y": [1]}]}, {"x": "v" * 300})
    assert len(str(other)) <= 160


def test_many_values_are_counted():
    explanation = explained({"tags": ["x"]}, {"tags": list(range(1000))})
    assert str(explanation).startswith("detail.tags held 0, 1, 2, ")
    assert " more, wanted one of [" in str(explanation)


def test_many_fields_at_odds_stay_in_one_line():
    fields = {f"{letter * 40}": [number] for number, letter in enumerate("abcdef")}
    event = [{f"{letter * 40}": number} for number, letter in enumerate("abcdef")]
    text = str(explained({"v": fields}, {"v": event}))
    assert len(text) <= 160
    assert text.endswith("each match, but only in different array elements")
