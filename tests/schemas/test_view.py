from __future__ import annotations

import pytest

from eventmock.schemas.event_schema import EventSchema
from eventmock.schemas.view import SchemaView

DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {
        "Total": {"$anchor": "total", "type": "number"},
        "a/b ~c": {"type": "boolean"},
        "List": {"prefixItems": [{"type": "string"}]},
    },
}


@pytest.fixture
def view():
    return SchemaView(EventSchema(None, "order", {}, DOCUMENT, "order.json"))


@pytest.mark.parametrize(
    ("reference", "value", "other"),
    [
        ("#/$defs/Total", 1, "x"),
        ("#total", 1, "x"),
        ("#/$defs/a~1b%20~0c", True, "x"),
        ("#/$defs/List/prefixItems/0", "x", 1),
    ],
)
def test_references_within_the_document_are_followed(view, reference, value, other):
    schemas = ({"$ref": reference},)
    assert view.admits(schemas, value)
    assert not view.admits(schemas, other)


@pytest.mark.parametrize(
    "reference", ["#/$defs/Nothing", "#nothing", "other.json#/a", "#/$defs/List/prefixItems/7"]
)
def test_a_reference_that_leads_nowhere_says_nothing(view, reference):
    assert view.admits(({"$ref": reference},), "anything")


def test_the_schema_of_the_whole_document_can_be_meant():
    tree = {"type": "object", "properties": {"child": {"$ref": "#"}, "n": {"type": "number"}}}
    view = SchemaView(EventSchema(None, "order", {"properties": {"detail": tree}}, tree, "order.json"))
    assert not view.admits((tree,), {"child": {"child": {"n": "x"}}})
    assert view.admits((tree,), {"child": {"child": {"n": 1}}})


@pytest.mark.parametrize(
    ("schema", "value", "admitted"),
    [
        ({"type": "integer"}, 1.0, True),
        ({"type": "integer"}, 1.5, False),
        ({"const": 1}, True, False),
        ({"const": 1}, 1.0, True),
        ({"enum": [{"a": [1]}]}, {"a": [1]}, True),
        ({"enum": [{"a": [1]}]}, {"a": [2]}, False),
        ({"type": "array", "minItems": 2}, [1], False),
        ({"type": "array", "items": {"type": "string"}}, ["x", 1], False),
        ({"required": ["a"]}, {}, False),
        ({"required": ["a"]}, "no object", True),
        ({"type": "object", "minProperties": 1}, {}, False),
        ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 3, False),
        ({"multipleOf": 0.1}, 0.3, True),
        ({"multipleOf": 3}, 7, False),
        ({"type": "string", "pattern": "("}, "x", True),
    ],
)
def test_values_are_admitted_as_far_as_is_known(view, schema, value, admitted):
    assert view.admits((schema,), value) is admitted
