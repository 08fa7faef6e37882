"""OpenAPI 3 documents: which of the schemas is the event's, and ``nullable``, which JSON Schema does not have.

Source: OpenAPI Specification 3.0.3 and 3.1.0. The Schema Registry of EventBridge exports 3.0.0, and names the schema of
the event ``AWSEvent`` (documented). Ours: an ``enum`` beside ``nullable: true`` also takes null, as authors mean it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eventmock.exceptions import SchemaError
from eventmock.schemas.subschemas import everywhere, mapped

EVENT: Final = "AWSEvent"
_PREFIX: Final = "#/components/schemas/"
_COMBINED: Final = ("$ref", "allOf", "anyOf", "oneOf")


def is_openapi(document: Mapping[str, Any]) -> bool:
    """Return whether a document is of OpenAPI, of any version."""
    return "openapi" in document or "swagger" in document


def read_openapi(document: Mapping[str, Any], place: str) -> tuple[dict[str, Any], str]:
    """Return an OpenAPI document without ``nullable``, and the name of the schema in it that is about the event.

    That is ``AWSEvent``, else the only schema to which no other one refers.

    Raises:
        SchemaError: The document is not of OpenAPI 3, or it is not clear which schema is about the event.
    """
    version = document.get("openapi", document.get("swagger"))
    if not str(version).startswith("3."):
        raise SchemaError(place, f"it is a document of OpenAPI {version!r}; wanted OpenAPI 3, or JSON Schema")
    components = document.get("components")
    given = components.get("schemas") if isinstance(components, Mapping) else None
    if not isinstance(given, Mapping) or not given:
        raise SchemaError(
            place, "the OpenAPI document has no components.schemas, where the schema of an event stands"
        )
    schemas = {
        name: without_nullable(one) if isinstance(one, Mapping) else one for name, one in given.items()
    }
    translated = {**document, "components": {"schemas": schemas}}
    name = EVENT if EVENT in schemas else _only_root(schemas, place)
    return translated, name


def _only_root(schemas: Mapping[str, Any], place: str) -> str:
    """Return the name of the only schema to which no other one refers."""
    named = {
        part["$ref"].removeprefix(_PREFIX)
        for name, schema in schemas.items()
        if isinstance(schema, Mapping)
        for part in everywhere(schema)
        if isinstance(part.get("$ref"), str) and part["$ref"] != _PREFIX + name
    }
    roots = [name for name in schemas if name not in named]
    if len(roots) != 1:
        raise SchemaError(
            place,
            f"components.schemas has no {EVENT}, and several others could be the event's: "
            f"{', '.join(roots or schemas)}; call the schema of the event {EVENT}",
        )
    return roots[0]


def without_nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that says in JSON Schema's words what ``nullable: true`` says, here and below."""
    plain = mapped(schema, without_nullable)
    if plain.pop("nullable", None) is not True:
        return plain
    if "type" not in plain or any(name in plain for name in _COMBINED):
        return {"anyOf": [plain, {"type": "null"}]}
    kinds = plain["type"] if isinstance(plain["type"], list) else [plain["type"]]
    plain["type"] = [*kinds, *(["null"] if "null" not in kinds else [])]
    if isinstance(plain.get("enum"), list) and None not in plain["enum"]:
        plain["enum"] = [*plain["enum"], None]
    return plain
