from __future__ import annotations

import pytest

from eventmock.pattern import compile as compile_pattern
from eventmock.schemas.event_schema import EventSchema
from eventmock.schemas.satisfaction import Unnamed, can_satisfy, ends
from eventmock.schemas.view import SchemaView
from eventmock.schemas.words import said_about

NUMBER = {"type": "number"}
TEXT = {"type": "string"}


def view_of(detail, **document):
    event = {"type": "object", "properties": {"detail": detail}}
    return SchemaView(EventSchema("shop", "order", event, {**document, "detail": detail}, "shop/order.json"))


def members(**properties):
    return {"type": "object", "properties": properties}


def can(view, detail, unnamed=Unnamed.ALL):
    [alternative] = compile_pattern({"detail": detail}).alternatives
    return can_satisfy(view, alternative.written, unnamed)


@pytest.mark.parametrize(
    ("schema", "possible", "impossible"),
    [
        (NUMBER, [1, {"exists": True}, {"anything-but": [1]}, {"numeric": [">", 5]}],
         ["1", True, None, {"prefix": "1"}]),
        ({"type": "integer", "minimum": 1, "maximum": 3}, [2, {"numeric": ["<", 2]}, {"anything-but": [1, 2]}],
         [0, 2.5, {"numeric": [">", 3]}, {"numeric": [">", 1, "<", 2]}, {"anything-but": [1, 2, 3]}]),
        ({"type": "number", "exclusiveMinimum": 0}, [0.1], [0, {"numeric": ["<=", 0]}]),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, [0.1], [0]),
        ({"type": "number", "multipleOf": 5}, [10, {"numeric": [">", 4, "<", 6]}], [7, {"numeric": [">", 5, "<", 10]}]),
        ({"type": "number", "multipleOf": 0.1}, [0.3, 1.1], [0.25]),
        (TEXT, ["x", {"suffix": "x"}, {"cidr": "10.0.0.0/8"}, "10.0.0.1"], [1, {"numeric": ["=", 1]}]),
        ({"type": "string", "maxLength": 2}, ["ab", {"prefix": "ab"}, {"wildcard": "a*b"}],
         ["abc", {"prefix": "abc"}, {"wildcard": "a*b*c"}, {"suffix": {"equals-ignore-case": "abc"}}]),
        ({"type": "string", "pattern": "^ORD-[0-9]{4}$"},
         ["ORD-0001", {"equals-ignore-case": "ord-0001"}, {"prefix": "ORD"}],
         ["ORD-1", {"prefix": "ord"}, {"suffix": "x"}, {"wildcard": "*-*-*"}, {"cidr": "10.0.0.0/8"}]),
        ({"type": "string", "pattern": "(?=ab)a"}, [{"prefix": "z"}, "ab"], ["zz"]),
        ({"type": "string", "format": "date"}, ["2026-01-15", {"prefix": "2026-"}], ["2026", {"suffix": "Z"}]),
        ({"type": "string", "format": "uuid"}, [{"prefix": "a1"}], [{"prefix": "x"}, "10.0.0.1"]),
        ({"type": "string", "format": "colour"}, ["red", {"prefix": "r"}], [1]),
        ({"enum": ["A", "B", 1, None]}, ["A", 1, None, {"anything-but": ["A", "B"]}, {"exists": True}],
         ["C", True, 2, {"prefix": "C"}]),
        ({"const": "A"}, ["A"], ["B", {"anything-but": "A"}]),
        ({"type": "boolean"}, [True, False, {"anything-but": [1]}], ["true", None, 1]),
        ({"type": ["string", "null"]}, ["x", None], [1, True]),
        ({"type": "string", "nullable": True}, ["x", None], [1]),
        ({"anyOf": [NUMBER, {"const": "none"}]}, [1, "none"], ["some", None]),
        ({"oneOf": [NUMBER, {"type": "boolean"}]}, [1, True], ["x"]),
        ({"allOf": [NUMBER, {"minimum": 5}]}, [5], [4, "x"]),
        ({"allOf": [{"enum": ["A", "B"]}, {"enum": ["B", "C"]}]}, ["B"], ["A", "C"]),
        ({"if": {"const": "A"}, "then": True, "else": {"type": "number"}}, ["A", 1], ["B"]),
        ({"not": {"const": "A"}}, ["A", "B"], []),
        ({"$ref": "#/$defs/State"}, ["NEW"], ["OLD"]),
        ({"$ref": "#/$defs/Nowhere"}, ["anything", 1], []),
        ({"$ref": "other.json"}, ["anything", 1], []),
        ({"type": "array", "items": NUMBER}, [1, {"exists": False}], ["x"]),
        ({"type": "array", "items": {"type": "array", "items": NUMBER}}, [1], ["x"]),
        ({"type": "array", "prefixItems": [TEXT], "items": NUMBER}, ["x", 1], [True]),
        ({"type": "array", "items": [TEXT, NUMBER]}, ["x", 1, True], []),
        ({"type": "array", "maxItems": 0}, [{"exists": False}], ["x", {"exists": True}]),
        ({"type": "object"}, [{"exists": False}], ["x", {"exists": True}]),
        ({}, ["x", 1, None, {"exists": False}], []),
        (True, ["x", 1], []),
        (False, [{"exists": False}], ["x", {"exists": True}]),
    ],
)  # fmt: skip
def test_a_term_is_judged_by_the_schema_of_its_value(schema, possible, impossible):
    view = view_of(members(a=schema), **{"$defs": {"State": {"enum": ["NEW", "PAID"]}}})
    assert [term for term in possible if not can(view, {"a": [term]})] == []
    assert [term for term in impossible if can(view, {"a": [term]})] == []


def test_absence_is_impossible_only_if_the_member_is_always_there():
    absent = {"a": {"b": [{"exists": False}]}}
    whole = {"type": "object", "required": ["b"], "properties": {"b": NUMBER}}
    assert not can(view_of({**members(a=whole), "required": ["a"]}), absent)
    assert can(view_of(members(a=whole)), absent)
    assert can(view_of({**members(a={**whole, "type": ["object", "null"]}), "required": ["a"]}), absent)
    assert can(
        view_of({**members(a={"type": "array", "items": whole, "minItems": 1}), "required": ["a"]}), absent
    )
    assert can(view_of({**members(a={**whole, "properties": {"b": {}}}), "required": ["a"]}), absent)


def test_members_that_an_open_schema_does_not_name_count_as_asked():
    view = view_of(members(total=NUMBER, free={"type": "object"}))
    answers = {one: can(view, {"totl": [1]}, one) for one in Unnamed}
    assert answers == {Unnamed.ALL: True, Unnamed.IN_FREE_OBJECTS: False, Unnamed.NONE: False}
    answers = {one: can(view, {"free": {"any": [1]}}, one) for one in Unnamed}
    assert answers == {Unnamed.ALL: True, Unnamed.IN_FREE_OBJECTS: True, Unnamed.NONE: False}


@pytest.mark.parametrize(
    ("detail", "name", "possible", "impossible"),
    [
        ({**members(a=NUMBER), "additionalProperties": False}, "b", [], [1, "x"]),
        ({**members(a=NUMBER), "additionalProperties": TEXT}, "b", ["x"], [1]),
        ({**members(a=NUMBER), "patternProperties": {"^x-": TEXT}}, "x-id", ["x"], [1]),
        ({"allOf": [members(a=NUMBER)], "unevaluatedProperties": False}, "b", [], [1]),
        ({"allOf": [members(a=NUMBER)], "unevaluatedProperties": False}, "a", [1], ["x"]),
        ({**members(), "type": "object", "propertyNames": {"maxLength": 3}}, "long", [], [1]),
        ({"const": {"a": 1}}, "a", [1], [2]),
        ({"enum": [{"a": 1}, {"a": "x"}]}, "a", [1, "x"], [True]),
    ],
)
def test_rules_for_members_without_a_schema_of_their_own(detail, name, possible, impossible):
    view = view_of(detail)
    assert [term for term in possible if not can(view, {name: [term]})] == []
    assert [term for term in impossible if can(view, {name: [term]})] == []


def test_a_name_with_dots_is_found_if_the_schema_names_it():
    view = view_of({**members(**{"a.b": TEXT, "a": members(b=NUMBER)})})
    assert can(view, {"a": {"b": ["x"]}})
    assert can(view, {"a": {"b": [1]}})
    assert not can(view, {"a": {"b": [True]}})
    assert can(view_of({"type": "object", "additionalProperties": NUMBER}), {"a": {"b": [1]}})


def test_fields_are_judged_together():
    payment = {
        "oneOf": [
            {
                **members(kind={"const": "bank"}, iban=TEXT),
                "required": ["kind", "iban"],
                "additionalProperties": False,
            },
            {**members(kind={"const": "cash"}), "additionalProperties": False},
        ]
    }
    view = view_of(members(payment=payment))
    assert can(view, {"payment": {"kind": ["bank"], "iban": ["x"]}})
    assert not can(view, {"payment": {"kind": ["cash"], "iban": ["x"]}})
    assert can(view, {"payment": {"kind": ["cash"], "iban": [{"exists": False}]}})
    in_array = view_of(members(payments={"type": "array", "items": payment}))
    assert not can(in_array, {"payments": {"kind": ["cash"], "iban": ["x"]}})


def test_recursive_schemas_end():
    node = members(name=TEXT, children={"type": "array", "items": {"$ref": "#/$defs/Node"}})
    view = view_of({"$ref": "#/$defs/Node"}, **{"$defs": {"Node": node}})
    assert can(view, {"children": {"children": {"name": ["x"]}}})
    assert not can(view, {"children": {"children": {"name": [1]}}})
    endless = view_of(
        {"$ref": "#/$defs/A"}, **{"$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}, members(a=NUMBER)]}}}
    )
    assert not can(endless, {"a": ["x"]})
    nested = view_of(
        members(a={"$ref": "#/$defs/L"}),
        **{"$defs": {"L": {"type": "array", "items": {"$ref": "#/$defs/L"}}}},
    )
    assert not can(nested, {"a": [1]})


def test_too_many_alternatives_say_nothing():
    choice = {"anyOf": [{"const": number} for number in range(20)]}
    view = view_of(members(a={"allOf": [choice, choice, choice, {"type": "number"}]}))
    assert can(view, {"a": [99]})
    assert not can(view, {"a": ["x"]})


def test_the_envelope_is_known_without_a_schema():
    view = view_of({})
    [alternative] = compile_pattern({"account": [12]}).alternatives
    assert not can_satisfy(view, alternative.written)
    [alternative] = compile_pattern({"resources": [{"prefix": "arn:"}]}).alternatives
    assert can_satisfy(view, alternative.written)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "number", "minimum": 0, "exclusiveMaximum": 10}, "number from 0 below 10"),
        ({"type": "integer", "exclusiveMinimum": 0}, "integer above 0"),
        ({"type": "number", "multipleOf": 0.5}, "number in steps of 0.5"),
        ({"type": "string", "minLength": 1, "maxLength": 3}, "text of 1 to 3 characters"),
        ({"type": "string", "maxLength": 3}, "text of at most 3 characters"),
        ({"type": "string", "minLength": 3}, "text of at least 3 characters"),
        ({"type": "string", "format": "date"}, "text in the format date"),
        ({"type": ["string", "null"]}, "text or null"),
        ({"enum": ["A", "B"]}, 'one of "A", "B"'),
        ({"enum": list(range(8))}, "one of 0, 1, 2, 3, 4, 5 and 2 more"),
        ({"const": 1}, "only 1"),
        ({"anyOf": [{"const": "A"}, {"type": "boolean"}]}, 'only "A" or true or false'),
        ({"type": "object"}, "an object"),
        ({}, "anything"),
        (False, "nothing"),
    ],
)
def test_what_a_schema_says_in_words(schema, said):
    assert said_about(ends(view_of(members(a=schema)), "detail.a")) == said
