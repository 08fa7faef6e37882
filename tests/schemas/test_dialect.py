from __future__ import annotations

import pytest

from eventmock.schemas.dialect import in_new_words, references_stand_alone


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "enum": ["A"], "nullable": True}, {"type": ["string", "null"], "enum": ["A", None]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"minimum": 0, "exclusiveMinimum": True}, {"exclusiveMinimum": 0}),
        ({"maximum": 9, "exclusiveMaximum": False}, {"maximum": 9}),
        ({"exclusiveMaximum": 9}, {"exclusiveMaximum": 9}),
        ({"items": [{"type": "string"}], "additionalItems": False},
         {"prefixItems": [{"type": "string"}], "items": False}),
        ({"items": {"type": "string"}}, {"items": {"type": "string"}}),
        ({"$ref": "#/a", "minimum": 1}, {"$ref": "#/a", "minimum": 1}),
        ({"properties": {"a": {"minimum": 0, "exclusiveMinimum": True}}},
         {"properties": {"a": {"exclusiveMinimum": 0}}}),
        ({"enum": [{"nullable": True, "type": "x"}]}, {"enum": [{"nullable": True, "type": "x"}]}),
    ],
)  # fmt: skip
def test_old_words_become_new_ones(old, new):
    written = in_new_words(old, alone=False)
    written.pop("nullable", None)
    assert written == new


def test_what_stands_beside_a_reference_is_ignored_in_old_dialects():
    schema = {"$ref": "#/a", "minimum": 1}
    assert in_new_words(schema, alone=True) == {"$ref": "#/a"}
    nullable = in_new_words({"$ref": "#/a", "nullable": True}, alone=True)
    assert nullable == {"anyOf": [{"$ref": "#/a"}, {"type": "null"}]}


@pytest.mark.parametrize(
    ("document", "answer"),
    [
        ({"$schema": "http://json-schema.org/draft-04/schema#"}, True),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, True),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, False),
        ({"openapi": "3.0.3"}, True),
        ({"openapi": "3.1.0"}, False),
        ({}, False),
    ],
)
def test_the_dialect_says_whether_references_stand_alone(document, answer):
    assert references_stand_alone(document) is answer
