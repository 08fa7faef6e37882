from __future__ import annotations

import pytest

from eventmock.pattern import compile as compile_pattern
from eventmock.schemas import validity
from eventmock.schemas.event_schema import EventSchema
from eventmock.schemas.examples import Wish, exactly, example, matching_event
from eventmock.schemas.view import SchemaView


def view_of(detail, source="shop", **document):
    event = {"type": "object", "required": ["detail"], "properties": {"detail": detail}}
    return SchemaView(EventSchema(source, "order", event, {**document, "detail": detail}, "shop/order.json"))


def members(*required, **properties):
    return {"type": "object", "required": list(required), "properties": properties}


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (TEXT, "text"),
        ({"type": "string", "minLength": 6}, "textttt"[:6]),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "string", "format": "uuid"}, "a1b2c3d4-5678-40ab-8def-111122223333"),
        ({"type": "string", "pattern": "^ORD-[0-9]{3}$"}, "ORD-000"),
        ({"type": "string", "examples": ["from the schema"]}, "from the schema"),
        ({"type": "number", "default": 7}, 7),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, 1.5),
        ({"type": "integer", "multipleOf": 4, "minimum": 9}, 12),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"const": {"b": [1]}}, {"b": [1]}),
        ({"type": "array", "minItems": 2, "items": {"enum": ["A"]}}, ["A", "A"]),
        ({"type": "array"}, []),
        (members("b", b=TEXT), {"b": "text"}),
        (members(b=TEXT), {}),
        ({"oneOf": [{"type": "number", "minimum": 10}, {"type": "number", "maximum": 5}]}, 10),
    ],
)
def test_an_example_has_what_the_schema_requires(schema, value):
    shown = example(view_of(members("a", a=schema)))
    assert shown == {"source": "shop", "detail-type": "order", "detail": {"a": value}}


def test_an_example_satisfies_the_fields_of_a_pattern():
    pattern = compile_pattern(
        {
            "source": [{"prefix": "sh"}],
            "account": ["210987654321"],
            "detail": {
                "total": [{"numeric": [">", 5]}],
                "lines": {"sku": [{"suffix": "-1"}]},
                "old": [{"exists": False}],
            },
        }
    )
    lines = {"type": "array", "items": members("sku", sku={"type": "string", "pattern": "^[a-z]+-[0-9]$"})}
    view = view_of(members(total={"type": "integer"}, lines=lines, old=TEXT), source=None)
    assert matching_event(pattern, view) == {
        "source": "sh",
        "detail-type": "order",
        "detail": {"total": 6, "lines": [{"sku": "a-1"}]},
        "account": "210987654321",
    }


def test_an_example_is_near_to_another_event():
    near = {"source": "shop", "detail-type": "order", "detail": {"id": "o-1", "total": 5, "free": {"x": 1}}}
    view = view_of(members("id", "total", id=TEXT, total=TEXT))
    assert example(view, near=near)["detail"] == {"id": "o-1", "total": "5", "free": {"x": 1}}
    wish = Wish.of(exactly("detail.id", "o-1"), holds=False)
    assert example(view, [wish], near=near)["detail"]["id"] == "text"


def test_where_none_can_be_made_there_is_none():
    assert example(view_of(members("a", a=False))) is None
    assert example(view_of(members("a", a={"not": {}}))) is None
    assert matching_event(compile_pattern({"detail": {"a": [1]}}), view_of(members(a=TEXT))) is None
    endless = {"$ref": "#/$defs/Node"}
    node = members("next", next={"$ref": "#/$defs/Node"})
    assert example(view_of(endless, **{"$defs": {"Node": node}})) is None


def test_without_jsonschema_examples_are_checked_as_far_as_is_known(monkeypatch):
    schema = members("a", a={"type": "number", "not": {"const": 1}})
    assert example(view_of(schema))["detail"]["a"] != 1
    monkeypatch.setattr(validity, "find_spec", lambda _: None)
    assert example(view_of(schema))["detail"]["a"] == 1
    assert example(view_of(members("a", a=False))) is None


def test_references_into_the_document_and_out_of_it_are_validated():
    view = view_of(
        members("a", a={"$ref": "#/$defs/A"}), **{"$defs": {"A": {"type": "number", "not": {"const": 1}}}}
    )
    assert not view.is_valid({"detail": {"a": 1}})
    assert view.is_valid({"detail": {"a": 2}})
    assert view_of(members(a={"$ref": "https://example.com/other.json"})).is_valid({"detail": {"a": 1}})
