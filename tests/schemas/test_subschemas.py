from __future__ import annotations

from eventmock.schemas.subschemas import below, everywhere, mapped

A, B, C, D = ({"title": name} for name in "ABCD")
SCHEMA = {
    "properties": {"enum": A, "b": True},
    "items": [B],
    "allOf": [{"not": C}],
    "dependencies": {"a": ["b"], "b": D},
    "enum": [{"type": "x"}],
    "additionalProperties": False,
    "default": {"items": {}},
}


def test_the_schemas_below_a_schema_are_found_and_values_are_not():
    assert sorted(map(str, below(SCHEMA))) == sorted(map(str, [A, B, {"not": C}, D]))
    assert C in list(everywhere(SCHEMA))


def test_a_changed_copy_has_all_else_as_it_was():
    changed = mapped(SCHEMA, lambda schema: schema.get("title", "other"))
    assert changed == SCHEMA | {
        "properties": {"enum": "A", "b": True},
        "items": ["B"],
        "allOf": ["other"],
        "dependencies": {"a": ["b"], "b": "D"},
    }
