"""A new database of AWS's schemas changes what it knows, and nothing else."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path

import pytest

PATH = Path(__file__).with_name("refresh_catalogue.py")
TEXT = {"type": {"type": "string"}, "required": True}


@pytest.fixture
def module():
    spec = importlib.util.spec_from_file_location("refresh_catalogue", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def database(properties, detail_type="Thing", **more):
    types = {"root": properties, **more}
    return {
        "eventTypeDefinition": {
            "entities": [{"$id": name, "name": name, "properties": held} for name, held in types.items()]
        },
        "event": {
            "entities": [
                {"source": "aws.x", "detailType": detail_type, "rootProperty": {"$ref": "root"}},
            ]
        },
    }


def test_without_a_schema_nothing_changes(module):
    known = dict(json.loads(line) for line in module.CATALOGUE.read_text("utf-8").splitlines())
    nothing = {"eventTypeDefinition": {"entities": []}, "event": {"entities": []}}
    assert module.lines_of(module.refreshed(known, nothing)) == module.CATALOGUE.read_text("utf-8")


def test_kinds_are_read(module):
    inner = {"type": {"type": "ref", "reference": {"$ref": "inner"}}}
    properties = {
        "a": TEXT,
        "b": {"type": {"type": "array", "element": {"type": "integer"}}},
        "c": {"type": {"type": "map", "element": {"type": "boolean"}}},
        "d": {"type": {"type": "json"}},
        "e": {"type": {"type": "union", "types": []}},
        "f": inner,
    }
    made = module.refreshed(
        {}, database(properties, inner={"self": inner, "n": {"type": {"type": "number"}}})
    )
    assert made == {
        "aws.x": {
            "Thing": {
                "members": {
                    "a!": "text",
                    "b": ["number"],
                    "c": {"*": "flag"},
                    "d": "any",
                    "e": "any",
                    "f": {"self": "any", "n": "number"},
                },
                "whole": True,
            }
        }
    }


def test_what_the_catalogue_has_beside_a_schema_stays(module):
    members = {"a": "number", "m": {"*": "text"}, "n": {"*": "any"}, "old": {"x": "text"}}
    known = {"aws.a": {"Other": {}}, "aws.x": {"Name": {}, "Thing": {"members": members, "values": {"a": 1}}}}
    inner = {"type": {"type": "ref", "reference": {"$ref": "inner"}}}
    schemas = database({"a": TEXT, "m": inner, "n": inner, "new": TEXT}, inner={"b": TEXT})
    assert module.refreshed(known, schemas) == {
        "aws.a": {"Other": {}},
        "aws.x": {
            "Name": {},
            "Thing": {
                "members": {
                    "a!": "any",
                    "m": {"*": "text"},
                    "n": {"b!": "text"},
                    "new!": "text",
                    "old": {"x": "text"},
                },
                "values": {"a": 1},
                "whole": True,
            },
        },
    }


def test_an_empty_schema_and_those_of_cloudtrail(module):
    assert module.refreshed({}, database({})) == {"aws.x": {"Thing": {"members": {}, "whole": True}}}
    assert module.refreshed({}, database({"a": TEXT}, "AWS API Call via CloudTrail")) == {}


def test_the_file_is_written(module, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "CATALOGUE", tmp_path / "catalogue.jsonl")
    module.CATALOGUE.write_text('["aws.y",{"Name":{}}]\n', "utf-8")
    packed = tmp_path / "db.json.gz"
    packed.write_bytes(gzip.compress(json.dumps({"schema": database({"a": TEXT})}).encode()))
    module.main(str(packed))
    assert module.CATALOGUE.read_text("utf-8") == (
        '["aws.x",{"Thing":{"members":{"a!":"text"},"whole":true}}]\n["aws.y",{"Name":{}}]\n'
    )
