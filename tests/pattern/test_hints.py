"""Advice about fields that an event does not satisfy. Advice about refused patterns: tests/commands."""

from __future__ import annotations

import pytest

from eventmock.pattern import compile as compile_pattern


def hint(pattern, **event):
    explanation = compile_pattern(pattern).explain({"source": "shop"} | event)
    assert not explanation.matched
    assert str(explanation) == explanation.text + (f" ({explanation.hint})" if explanation.hint else "")
    return explanation.hint


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ({"sorce": ["shop"]}, "no event has a field 'sorce': did you mean 'source'?"),
        ({"detail_type": ["order"]}, "no event has a field 'detail_type': did you mean 'detail-type'?"),
        (
            {"state": ["PAID"]},
            "no event has a field 'state': what PutEvents takes as Detail stands in 'detail'",
        ),
        ({"account": ["1"]}, ""),
        ({"detail": {"state": ["PAID"]}}, "the event has detail.State"),
        ({"detail": {"total": ["PAID"]}}, ""),
        ({"detail": {"ordr": {"id": [1]}}}, "the event has detail.order"),
        ({"detail": {"order": {"ID": [1]}}}, "the event has detail.order.id"),
        ({"detail": {"lines": {"SKU": [1]}}}, "the event has detail.lines.sku"),
        (
            {"detail": {"total": {"numeric": [">", 0]}}},
            'an operator stands in a list: "total": [{"numeric": ...}]',
        ),
    ],
)
def test_a_missing_field(pattern, told):
    assert hint(pattern, detail={"State": "PAID", "order": {"id": 1}, "lines": [{"sku": 1}]}) == told


@pytest.mark.parametrize(
    ("held", "wanted", "told"),
    [
        ("5", [5], 'the event has the text "5", the pattern wants 5 without quotes'),
        ("5.0", [5], 'the event has the text "5.0", the pattern wants 5 without quotes'),
        (["x", "5"], [5], 'the event has the text "5", the pattern wants 5 without quotes'),
        ("true", [True], 'the event has the text "true", the pattern wants true without quotes'),
        (5, ["5"], "the event has 5 without quotes, the pattern wants it in quotes"),
        (False, ["false"], "the event has false without quotes, the pattern wants it in quotes"),
        ("5", [{"numeric": [">", 1]}], 'the event has the text "5", and numeric compares numbers'),
        ("paid", ["PAID"], 'they differ only in case; see {"equals-ignore-case": ...}'),
        ("PAID ", ["PAID"], "they differ only in blanks at an end"),
        ("NEW", ["PAID"], ""),
        (4, [5], ""),
        ("4", [5], ""),
        ("[" * 5000, [5], ""),
    ],
)
def test_another_value(held, wanted, told):
    assert hint({"detail": {"x": wanted}}, detail={"x": held}) == told


def test_it_is_short():
    for pattern, event in (
        ({"detail": {"x": [int("1" * 900)]}}, {"x": "1" * 900}),
        ({"detail": {"x": ["1" * 900]}}, {"x": int("1" * 900)}),
        ({"detail": {"y" * 900: {"prefix": ["a"]}}}, {}),
        ({"x" * 900: ["a"]}, {}),
    ):
        assert 0 < len(hint(pattern, detail=event)) < 250


def test_an_object_that_is_no_event_may_have_any_field():
    assert compile_pattern({"sorce": [1]}).explain({"a": 1}).hint == ""


def test_a_satisfied_field_has_none():
    explanation = compile_pattern({"source": ["shop"], "detail": {"x": [5]}}).explain(
        {"source": "shop", "detail": {"x": "5"}}
    )
    assert [bool(field.hint) for field in explanation.fields] == [False, True]
