from __future__ import annotations

import pytest

from eventmock.schemas.openapi import without_nullable


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({"type": "string"}, {"type": "string"}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"nullable": True, "minimum": 1}, {"anyOf": [{"minimum": 1}, {"type": "null"}]}),
        ({"$ref": "#/x", "nullable": True}, {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}),
        (
            {"type": "object", "allOf": [{"$ref": "#/x"}], "nullable": True},
            {"anyOf": [{"type": "object", "allOf": [{"$ref": "#/x"}]}, {"type": "null"}]},
        ),
        (
            {"properties": {"nullable": {"type": "boolean"}}},
            {"properties": {"nullable": {"type": "boolean"}}},
        ),
        ({"enum": [{"nullable": True, "type": "x"}]}, {"enum": [{"nullable": True, "type": "x"}]}),
        (
            {"items": {"type": "number", "nullable": True}, "additionalProperties": False},
            {"items": {"type": ["number", "null"]}, "additionalProperties": False},
        ),
        (
            {"oneOf": [{"type": "number", "nullable": True}]},
            {"oneOf": [{"type": ["number", "null"]}]},
        ),
    ],
)
def test_nullable_is_said_in_the_words_of_json_schema(given, plain):
    assert without_nullable(given) == plain
