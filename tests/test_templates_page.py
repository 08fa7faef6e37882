"""The projects of the pages about templates pass, and their templates fail as the page shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from eventmock import TemplateError, mock_events

DOCS = Path(__file__).parents[1] / "docs"
INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\npythonpath = tests\neventmock_region = us-east-1\n"


def files_of(page):
    text = DOCS.joinpath(page).read_text("utf-8")
    return dict(
        re.findall(r"^```\{code-block\} \w+\n:caption: (\S+)\n\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    )


FILES = files_of("templates.md")
OTHERS = files_of("serverless-framework-and-terraform.md")
ERRORS = [
    text
    for text in re.findall(
        r"^```text\n(.*?)^```$", DOCS.joinpath("templates.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    if text.startswith("template.yaml:")
]

FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Code": {"S3Bucket": "code", "S3Key": "code.zip"},
        "Handler": "gate.handler",
        "Role": "arn:aws:iam::210987654321:role/gate",
        "Runtime": "python3.12",
    },
}


def stack_of_cdk(name, *needed):
    return {
        "type": "aws:cloudformation:stack",
        "environment": "aws://210987654321/eu-central-1",
        "properties": {"templateFile": f"{name}.template.json"},
        "dependencies": [*needed, f"{name}.assets"],
        "displayName": name,
    }


def cdk_out():
    """What `cdk synth` writes for an app of two stacks, shortened."""
    export = "Ferry:ExportsOutputRefBusEA7F1C2D1A2B3C4D"
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "ferry"}}
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventBusName": {"Fn::ImportValue": export},
            "EventPattern": {"detail": {"deck": ["car"]}},
            "State": "ENABLED",
            "Targets": [{"Arn": {"Fn::GetAtt": ["Gate1C7F3D4E", "Arn"]}, "Id": "Target0"}],
        },
    }
    files = {
        "manifest.json": {
            "version": "48.0.0",
            "artifacts": {
                "Boarding.assets": {"type": "cdk:asset-manifest", "properties": {}},
                "Boarding": stack_of_cdk("Boarding", "Ferry"),
                "Ferry.assets": {"type": "cdk:asset-manifest", "properties": {}},
                "Ferry": stack_of_cdk("Ferry"),
            },
        },
        "Ferry.template.json": {
            "Resources": {"BusEA7F1C2D": bus},
            "Outputs": {"Bus": {"Value": {"Ref": "BusEA7F1C2D"}, "Export": {"Name": export}}},
        },
        "Boarding.template.json": {"Resources": {"Gate1C7F3D4E": FUNCTION, "Boarded4C99A1B2": rule}},
    }
    return {f"cdk.out/{name}": json.dumps(content) for name, content in files.items()}


def packaged():
    """What `serverless package` writes for a function on a bus of its own, shortened."""
    function = {**FUNCTION, "Properties": {**FUNCTION["Properties"], "Handler": "src/ship.handler"}}
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventBusName": "orders",
            "EventPattern": {"source": ["shop"]},
            "Name": "shop-dev-ship-rule-1",
            "State": "ENABLED",
            "Targets": [{"Arn": {"Fn::GetAtt": ["ShipLambdaFunction", "Arn"]}, "Id": "shop-dev-ship-rule-1"}],
        },
        "DependsOn": "OrdersBus",
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "ServerlessDeploymentBucket": {"Type": "AWS::S3::Bucket"},
            "OrdersBus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}},
            "ShipLambdaFunction": function,
            "Shipdashdevdashshipdashrule1": rule,
        },
    }
    return {".serverless/cloudformation-template-update-stack.json": json.dumps(template)}


@pytest.fixture
def run(pytester):
    """Writes files and runs their tests."""

    def run_project(files, *flags):
        for name, text in files.items():
            file = pytester.path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        pytester.makeini(INI)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)

    return run_project


def test_the_project_of_the_page_passes(run, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    run({**FILES, **cdk_out()}).assert_outcomes(passed=9)


def test_the_projects_of_other_tools_pass(run):
    run({**OTHERS, **packaged()}).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("error", "right", "wrong"),
    [
        (ERRORS[0], "state: [PAID]", "state: [{prefixx: PA}]"),
        (ERRORS[1], "cron(0 2 * * ? *)", "cron(0 2 * * *)"),
    ],
)
def test_a_template_that_is_wrong_fails_as_the_page_shows_it(tmp_path, monkeypatch, error, right, wrong):
    monkeypatch.chdir(tmp_path)
    assert FILES["template.yaml"].count(right) == 1
    Path("template.yaml").write_text(FILES["template.yaml"].replace(right, wrong), encoding="utf-8")
    with mock_events() as backend, pytest.raises(TemplateError) as raised:
        backend.deploy("template.yaml", parameters={"Stage": "test"})
    assert str(raised.value) == error.rstrip("\n")


def test_the_errors_of_the_page_are_all_looked_at():
    assert len(ERRORS) == 2
