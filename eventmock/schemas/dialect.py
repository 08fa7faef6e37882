"""Schemas of older dialects, written in the words of JSON Schema 2020-12.

So what reads a schema has to know one dialect. The dialects are JSON Schema from draft 4 on, and OpenAPI 3.
Source: the specifications of JSON Schema (draft 4 to 2020-12) and OpenAPI 3.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCES_STAND_ALONE: Final = re.compile(r"draft-0[34567]")
_ONLY_WITH_BOUND: Final = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def references_stand_alone(document: Mapping[str, Any]) -> bool:
    """Return whether the dialect of a document ignores what stands beside a ``$ref``: drafts to 7, OpenAPI 3.0."""
    dialect = document.get("$schema")
    if isinstance(dialect, str):
        return _REFERENCES_STAND_ALONE.search(dialect) is not None
    return str(document.get("openapi", "")).startswith("3.0")


def in_new_words(schema: Any, *, alone: bool) -> Any:
    """Return a copy of a schema, or of a document of schemas, in the words of JSON Schema 2020-12.

    Pointers into the schema lead to the same parts of the copy.

    Args:
        schema: The schema or document.
        alone: Whether what stands beside a ``$ref`` is ignored.
    """
    if isinstance(schema, list):
        return [in_new_words(one, alone=alone) for one in schema]
    if not isinstance(schema, dict):
        return schema
    copy: dict[str, Any] = {}
    for name, value in schema.items():
        copy[name] = value if name in ("enum", "const") else in_new_words(value, alone=alone)
    if isinstance(copy.get("$ref"), str) and alone:
        return _nullable({"$ref": copy["$ref"]}) if copy.get("nullable") is True else {"$ref": copy["$ref"]}
    for strict, bound in _ONLY_WITH_BOUND.items():
        if isinstance(copy.get(strict), bool):
            is_strict = copy.pop(strict)
            if is_strict and bound in copy:
                copy[strict] = copy.pop(bound)
    if isinstance(copy.get("items"), list):
        copy["prefixItems"] = copy.pop("items")
        if "additionalItems" in copy:
            copy["items"] = copy.pop("additionalItems")
    return _nullable(copy) if copy.get("nullable") is True else copy


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that admits null too, as OpenAPI 3.0 says it of ``nullable``."""
    if "$ref" in schema:
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]}
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
        if isinstance(schema.get("enum"), list):
            schema["enum"] = [*schema["enum"], None]
    return schema
