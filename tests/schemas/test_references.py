from __future__ import annotations

import pytest

from eventmock import SchemaError
from eventmock.schemas.references import reached, resolved, target_of

DOCUMENT = {
    "$id": "https://shop.example/schemas/order.json",
    "title": "root",
    "$defs": {
        "Money": {"title": "money", "$anchor": "money"},
        "a/b~c d": {"title": "odd"},
        "Line": {"title": "line", "$id": "line.json", "$defs": {"Sku": {"title": "sku"}}},
        "Old": {"title": "old", "id": "#old"},
        "Name": {"title": "name", "properties": {"id": {}, "$id": {"title": "a property"}}},
    },
    "anyOf": [{"title": "first"}, False],
    "default": ["no schema"],
}


@pytest.mark.parametrize(
    ("reference", "title"),
    [
        ("#", "root"),
        ("", "root"),
        ("order.json", "root"),
        ("#/$defs/Money", "money"),
        ("https://shop.example/schemas/order.json#/$defs/Money", "money"),
        ("#money", "money"),
        ("#old", "old"),
        ("#/$defs/a~1b~0c%20d", "odd"),
        ("#/anyOf/0", "first"),
        ("line.json", "line"),
        ("line.json#/$defs/Sku", "sku"),
        ("#/$defs/Name/properties/$id", "a property"),
    ],
)
def test_a_reference_names_a_part_of_the_document(reference, title):
    assert target_of(DOCUMENT, reference, "a.json")["title"] == title


def test_true_and_false_are_schemas_too():
    assert target_of(DOCUMENT, "#/anyOf/1", "a.json") is False


@pytest.mark.parametrize("reference", ["#/$defs/Mony", "#/anyOf/2", "#/anyOf/x", "#/default", "#nowhere"])
def test_a_reference_to_no_schema_is_refused(reference):
    with pytest.raises(SchemaError) as caught:
        target_of(DOCUMENT, reference, "a.json")
    assert str(caught.value) == f"a.json: $ref {reference!r}: the document has no such part"


@pytest.mark.parametrize(
    "reference", ["money.json", "https://example.com/x#/a", "file:///etc/passwd", "/x.json#"]
)
def test_no_other_document_is_fetched(reference):
    with pytest.raises(SchemaError, match="is to another document, and eventmock fetches none"):
        target_of(DOCUMENT, reference, "a.json")


def test_references_are_followed_to_their_end():
    document = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": {"type": "object"}, "d": {"$ref": "#/d"}}
    assert resolved(document["a"], document, "a.json") == {"type": "object"}
    with pytest.raises(SchemaError, match=r"^a.json: \$ref '#/d' leads to itself$"):
        resolved(document["d"], document, "a.json")


def test_what_is_reached_is_found_once_and_what_no_reference_uses_is_not_looked_at():
    document = {
        "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"$ref": "#"}},
        "$defs": {"A": {"items": {"$ref": "#/$defs/A"}}, "Unused": {"$ref": "https://example.com/x"}},
    }
    assert list(reached(document, document, "a.json")) == [document, document["$defs"]["A"]]
