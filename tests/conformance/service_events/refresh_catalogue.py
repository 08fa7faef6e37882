"""Write new schemas of AWS into the catalogue of `eventmock.aws_events`.

    npm pack @aws-cdk/aws-service-spec && tar xzf aws-cdk-aws-service-spec-*.tgz
    python tests/conformance/service_events/refresh_catalogue.py package/db.json.gz

A type that has a schema gets its members, and keeps the members and kinds that samples had beside it. Samples and
values are the project's own and stay; the tests say which of them no longer fit. Types without a schema stay as they
are. The package is AWS's (Apache-2.0); only names, kinds and what is required are taken from it.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parents[3] / "eventmock" / "aws_events" / "catalogue.jsonl"
KINDS = {"string": "text", "number": "number", "integer": "number", "boolean": "flag", "json": "any"}
ANYTHING = {"*": "any"}
OPTIONAL = {"aws.s3": ["source-ip-address"]}
"""Members that a schema requires although the documentation says that some events lack them."""


def refreshed(catalogue: dict[str, Any], database: dict[str, Any]) -> dict[str, Any]:
    """Return the catalogue with the shapes of a database.

    Args:
        catalogue: The types by detail-type, by source.
        database: The ``schema`` of the package's database.
    """
    definitions = {one["$id"]: one for one in database["eventTypeDefinition"]["entities"]}
    shapes: dict[tuple[str, str], Any] = {}
    for event in database["event"]["entities"]:
        pair = event["source"], event["detailType"]
        shape = shape_of(event["rootProperty"]["$ref"], definitions, ())
        shape = {} if shape == ANYTHING else shape
        for name in OPTIONAL.get(event["source"], ()):
            if f"{name}!" in shape:
                shape[name] = shape.pop(f"{name}!")
        shapes[pair] = merged(shapes[pair], shape, may_lack=True) if pair in shapes else shape
    result = {source: dict(types) for source, types in catalogue.items()}
    for (source, name), shape in shapes.items():
        if not name.endswith(" via CloudTrail"):
            known = result.setdefault(source, {}).get(name, {})
            seen = known.get("members")
            members = shape if seen is None else merged(shape, seen, may_lack=False)
            result[source][name] = {**known, "members": members, "whole": True}
    return {source: dict(sorted(types.items())) for source, types in sorted(result.items())}


def shape_of(reference: str, definitions: dict[str, Any], around: tuple[str, ...]) -> dict[str, Any]:
    """Return the shape of an object of the database. An object inside itself may be anything."""
    members = {}
    for name, member in definitions[reference]["properties"].items():
        required = "!" if member.get("required") else ""
        members[name + required] = _shape_of_type(member["type"], definitions, (*around, reference))
    return members or ANYTHING


def _shape_of_type(kind: dict[str, Any], definitions: dict[str, Any], around: tuple[str, ...]) -> Any:
    name = kind["type"]
    if name in KINDS:
        return KINDS[name]
    if name == "array":
        return [_shape_of_type(kind["element"], definitions, around)]
    if name == "map":
        return {"*": _shape_of_type(kind["element"], definitions, around)}
    reference = kind["reference"]["$ref"] if name == "ref" else None
    return "any" if reference is None or reference in around else shape_of(reference, definitions, around)


def merged(schema: Any, other: Any, *, may_lack: bool) -> Any:
    """Return a shape with all members of two shapes. Where their kinds differ, any is right.

    Args:
        schema: The first shape, which says what is required.
        other: The second shape.
        may_lack: Whether a member that one of them does not require is not required.
    """
    if schema == other or (isinstance(schema, dict) and "*" in schema):
        return schema
    if isinstance(schema, dict) and isinstance(other, dict):
        if "*" in other:
            return schema if other == ANYTHING else other
        first, second = _by_name(schema), _by_name(other)
        result = {}
        for name in [*first, *(name for name in second if name not in first)]:
            is_required = name in first and first[name][0]
            if may_lack:
                is_required = is_required and name in second and second[name][0]
            shapes = [members[name][1] for members in (first, second) if name in members]
            shape = shapes[0] if len(shapes) == 1 else merged(*shapes, may_lack=may_lack)
            result[name + "!" * is_required] = shape
        return result
    if isinstance(schema, list) and isinstance(other, list):
        return [merged(schema[0], other[0], may_lack=may_lack)]
    return "any"


def _by_name(shape: dict[str, Any]) -> dict[str, tuple[bool, Any]]:
    return {name.removesuffix("!"): (name.endswith("!"), inner) for name, inner in shape.items()}


def lines_of(catalogue: dict[str, Any]) -> str:
    """Return the text of a catalogue."""
    pairs = (json.dumps(pair, separators=(",", ":"), ensure_ascii=False) for pair in catalogue.items())
    return "".join(f"{line}\n" for line in pairs)


def main(database: str) -> None:
    """Write the catalogue anew.

    Args:
        database: The path of ``db.json.gz``.
    """
    known = dict(json.loads(line) for line in CATALOGUE.read_text("utf-8").splitlines())
    schema = json.loads(gzip.decompress(Path(database).read_bytes()))["schema"]
    CATALOGUE.write_text(lines_of(refreshed(known, schema)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
