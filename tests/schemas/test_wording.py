"""Violations in plain words."""

from __future__ import annotations

import pytest

from eventmock.schemas.documents import DRAFT_4, Names, event_schema
from eventmock.schemas.validation import EventValidator
from eventmock.schemas.wording import shown

CARD = {
    "type": "object",
    "properties": {"kind": {"const": "card"}, "number": {"type": "string"}},
    "required": ["number"],
}
BANK = {
    "type": "object",
    "properties": {"kind": {"const": "bank"}, "iban": {"type": "string"}},
    "required": ["iban"],
}


def violations(schema, value, **more):
    document = {"properties": {"a": schema}, **more}
    validator = EventValidator(event_schema(document, "a.json", given=Names("shop", "Paid")))
    event = {"version": "0", "id": "1", "detail-type": "Paid", "source": "shop", "account": "123456789012"}
    event |= {"time": "2026-01-01T00:00:00Z", "region": "us-east-1", "resources": [], "detail": {"a": value}}
    return validator.violations(event)


def texts(schema, value, **more):
    return [str(one) for one in violations(schema, value, **more)]


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        ({"type": "number"}, "12.50", 'detail.a held "12.50", wanted a number'),
        ({"type": ["string", "null"]}, 1, "detail.a held 1, wanted a text or null"),
        ({"type": "array"}, {}, "detail.a held {}, wanted a list"),
        ({"enum": ["NEW", "PAID"]}, "OLD", 'detail.a held "OLD", wanted one of ["NEW", "PAID"]'),
        (
            {"enum": list(range(20))},
            99,
            "detail.a held 99, wanted one of [0, 1, 2, 3, 4, 5, 6, 7 and 12 more]",
        ),
        ({"enum": ["PAID"]}, "OLD", 'detail.a held "OLD", wanted "PAID"'),
        ({"const": {"b": 1}}, None, 'detail.a held null, wanted {"b": 1}'),
        ({"minimum": 1}, 0, "detail.a held 0, wanted a number of at least 1"),
        ({"maximum": 1}, 2, "detail.a held 2, wanted a number of at most 1"),
        ({"exclusiveMinimum": 0}, 0, "detail.a held 0, wanted a number above 0"),
        ({"exclusiveMaximum": 0}, 0, "detail.a held 0, wanted a number below 0"),
        ({"multipleOf": 5}, 3, "detail.a held 3, wanted a multiple of 5"),
        ({"minLength": 2}, "é", 'detail.a held "é", wanted a text with at least 2 characters'),
        ({"maxLength": 2}, "abc", 'detail.a held "abc", wanted a text with at most 2 characters'),
        (
            {"pattern": "^a"},
            "b",
            'detail.a held "b", wanted a text in which the regular expression "^a" is found',
        ),
        (
            {"format": "date-time"},
            "x",
            'detail.a held "x", wanted a date and time such as 2026-01-31T12:00:00Z',
        ),
        ({"format": "idn-email"}, "x", 'detail.a held "x", wanted a text of the format idn-email'),
        ({"minItems": 1}, [], "detail.a held [], wanted a list with at least 1 elements"),
        ({"maxItems": 1}, [1, 2], "detail.a held [1, 2], wanted a list with at most 1 elements"),
        ({"uniqueItems": True}, [1, 1], "detail.a held [1, 1], wanted no element twice"),
        ({"minProperties": 1}, {}, "detail.a held {}, wanted an object with at least 1 members"),
        ({"maxProperties": 0}, {"b": 1}, 'detail.a held {"b": 1}, wanted an object with at most 0 members'),
        ({"not": {"type": "null"}}, None, "detail.a held null, wanted anything but null"),
        ({"not": {"minimum": 1}}, 2, 'detail.a held 2, wanted a value that is not valid by {"minimum": 1}'),
        (False, 1, "detail.a held 1, wanted no value"),
        (
            {"items": {"properties": {"b": {"type": "string"}}}},
            [{}, {"b": 1}],
            "detail.a[1].b held 1, wanted a text",
        ),
        ({"required": ["b"]}, {}, "detail.a.b is absent, wanted it present"),
        (
            {"required": ["b"], "properties": {"b": {"type": "integer"}}},
            {},
            "detail.a.b is absent, wanted a whole number",
        ),
        (
            {"dependentRequired": {"b": ["c"]}},
            {"b": 1},
            "detail.a held {\"b\": 1}, wanted what dependentRequired says: 'c' is a dependency of 'b'",
        ),
        ({"contains": {"type": "null"}}, [1], "detail.a held [1], wanted what contains says: *"),
        ({"type": "number"}, "x" * 100, 'detail.a held "' + "x" * 76 + "..., wanted a number"),
        ({"additionalProperties": False}, {"b": 1}, "detail.a.b held 1, but the schema has no such member"),
        ({"unevaluatedProperties": False}, {"b": 1}, "detail.a.b held 1, but the schema has no such member"),
        (
            {"properties": {"total": {}}, "patternProperties": {"^x": {}}, "additionalProperties": False},
            {"totl": 1, "x1": 1},
            "detail.a.totl held 1, but the schema has no such member; did you mean 'total'?",
        ),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "detail.a held 1, wanted a text or null"),
        (
            {"anyOf": [{"type": "number"}, {"enum": ["free"]}]},
            "x",
            'detail.a held "x", wanted a number or "free"',
        ),
        ({"oneOf": [CARD, BANK]}, {"kind": "bank", "number": "1"}, "detail.a.iban is absent, wanted a text"),
        ({"anyOf": [CARD, {"type": "null"}]}, {"kind": "card"}, "detail.a.number is absent, wanted a text"),
        (
            {"anyOf": [CARD, BANK]},
            {},
            "detail.a held {}, which fits none of 2 alternatives; of the nearest: "
            "detail.a.number is absent, wanted a text",
        ),
        (
            {"oneOf": [{"minimum": 1}, {"minimum": 2}]},
            3,
            "detail.a held 3, wanted just one of 2 alternatives (oneOf) to fit, and several do",
        ),
        (
            {"if": {"type": "string"}, "then": {"minLength": 2}},
            "a",
            'detail.a held "a", wanted a text with at least 2 *',
        ),
    ],
)
def test_a_violation_says_the_path_what_was_held_and_what_is_wanted(like, schema, value, text):
    [said] = texts(schema, value)
    assert like(said, text)


def test_a_missing_member_and_an_unknown_one_with_a_similar_name_are_seen_together():
    schema = {
        "properties": {"total": {"type": "number"}},
        "required": ["total"],
        "additionalProperties": False,
    }
    assert texts(schema, {"totl": 1}) == [
        "detail.a.total is absent, wanted a number (the event has detail.a.totl)",
        "detail.a.totl held 1, but the schema has no such member; did you mean 'total'?",
    ]


def test_what_breaks_a_consumer_comes_first_and_unknown_members_last():
    schema = {
        "additionalProperties": False,
        "properties": {"b": {"minimum": 1}, "c": {"type": "string"}, "d": {"type": "null"}},
        "required": ["d", "e"],
    }
    assert [one.path for one in violations(schema, {"x": 1, "b": 0, "c": 1})] == [
        "detail.a.c",
        "detail.a.d",
        "detail.a.e",
        "detail.a.b",
        "detail.a.x",
    ]


def test_what_is_violated_twice_is_said_once():
    one = {"type": "string"}
    assert texts({"allOf": [one, {"$ref": "#/$defs/One"}]}, 1, **{"$defs": {"One": one}}) == [
        "detail.a held 1, wanted a text"
    ]


def test_a_violation_has_its_parts():
    [one] = violations({"type": "number"}, "12.50")
    assert (one.path, one.held, one.keyword, one.place) == ("detail.a", "12.50", "type", "a.json")


def test_the_bounds_of_draft_4_may_be_excluded():
    schema = {"minimum": 1, "exclusiveMinimum": True, "maximum": 5, "exclusiveMaximum": True}
    assert texts(schema, 1, **{"$schema": DRAFT_4}) == ["detail.a held 1, wanted a number above 1"]
    assert texts(schema, 5, **{"$schema": DRAFT_4}) == ["detail.a held 5, wanted a number below 5"]


def test_a_value_of_any_depth_can_be_shown():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) == "a value that is nested deeply"
    while deep:  # or else Python takes it apart by recursion
        deep = deep.pop()
