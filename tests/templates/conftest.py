"""Templates of a test, read from a file and evaluated in a stack whose resources are made up."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from eventmock.templates.evaluated import MadeUp
from eventmock.templates.evaluation import Evaluation, Stack
from eventmock.templates.source import read_source
from eventmock.templates.template import expand

ACCOUNT = "111122223333"


class MadeUpResources:
    """What ``Ref`` and ``Fn::GetAtt`` give: the texts ``ref-of-Queue`` and ``Arn-of-Queue``.

    Nothing is known of the attribute ``Anything``.
    """

    def ref(self, logical_id):
        return f"ref-of-{logical_id}"

    def attribute(self, logical_id, name):
        if name == "Unknown":
            raise LookupError(f"{logical_id} has no attribute Unknown")
        if name == "Anything":
            return MadeUp(f"{name}-of-{logical_id}")
        return ["one", "two"] if name == "List" else f"{name}-of-{logical_id}"


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return the source of a text, which stands in a file of the working directory."""
    monkeypatch.chdir(tmp_path)

    def read(text, name="template.yaml"):
        (tmp_path / name).write_text(dedent(text), encoding="utf-8")
        return read_source(name)

    return read


@pytest.fixture
def expanded(read):
    """Return the template of a text, or of a mapping."""

    def expanded(template, parameters=(), region="us-east-1"):
        source = read(template) if isinstance(template, str) else read_source(template)
        return expand(source, dict(parameters), account=ACCOUNT, region=region)

    return expanded


@pytest.fixture
def evaluated(expanded):
    """Return the evaluation of a text, or of a mapping."""

    def evaluated(template, parameters=(), imports=(), dynamic=(), outputs=(), region="us-east-1"):
        return Evaluation(
            expanded(template, parameters, region),
            Stack("shop", f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/shop/1", ACCOUNT, region),
            dict(parameters),
            resources=MadeUpResources(),
            imports=dict(imports).__getitem__,
            resolve=dict(dynamic).__getitem__,
            outputs_of=dict(outputs).__getitem__,
        )

    return evaluated


@pytest.fixture
def value(evaluated):
    """Return the evaluated value of a YAML text as the property ``Value`` of the resource ``Thing``."""

    def value(text, *sections, **world):
        template = ["Resources:", "  Queue: {Type: AWS::SQS::Queue}", "  Thing:", "    Type: AWS::SQS::Queue"]
        template += ["    Properties:", "      Value:", indent(dedent(text), " " * 8)]
        evaluation = evaluated("\n".join([*template, *map(dedent, sections)]), **world)
        return evaluation.properties("Thing").get("Value", "left out")

    return value
