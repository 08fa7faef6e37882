from __future__ import annotations

import json
from textwrap import dedent

import pytest

BAD = """
    Parameters:
      Stage: {Type: String}
    Resources:
      Log:
        Type: AWS::Logs::LogGroup
      Written: {Type: "AWS::Logs::ResourcePolicy", Properties: {PolicyName: events, PolicyDocument: "{}"}}
      Ship:
        Type: AWS::Events::Rule
        Properties:
          Name: !Sub ship-${Stage}
          EventPattern:
            source: shop
          Targets:
            - Id: log
              Arn: !GetAtt Log.Arn
              DeadLetterConfig: {Arn: "arn:aws:sqs:us-east-1:123456789012:letters"}
"""
WARNED = BAD.replace("source: shop", "source: [shop]")
SOUND = WARNED.replace("!GetAtt Log.Arn", "arn:aws:sqs:us-east-1:123456789012:parcel")
NOTED = SOUND.replace('DeadLetterConfig: {Arn: "arn:aws:sqs:us-east-1:123456789012:letters"}', "Input: '1'")


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A function that writes a template into the working directory, and returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="template.yaml"):
        (tmp_path / name).write_text(dedent(text).lstrip("\n"), "utf-8")
        return name

    return write


def test_an_error_is_shown_whole_and_the_exit_code_is_1(command, template):
    assert command("check", template(BAD)) == (
        1,
        'template.yaml:12: error: Ship: AWS refuses the pattern {"source": "shop"} [refused-pattern]\n'
        '  in production: the deployment fails: Event pattern is not valid. Reason: "source" must be an object or an '
        "array\n"
        '  instead: wanted values stand in a list: "source": ["..."]\n'
        "\n"
        'template.yaml:15: warning: Ship: target "log" is '
        "arn:aws:logs:us-east-1:123456789012:log-group:${Log}:* [log-group-arn-ends-in-star]\n"
        "  in production: it deploys, and no event ever arrives in the log group\n"
        "  instead: !Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Log}\n"
        "\n"
        "1 error, 1 warning in template.yaml\n"
        "  made-up values stand for parameter Stage: --parameters gives real ones\n",
        "",
    )


def test_a_sound_template_has_one_line_and_the_exit_code_is_0(command, template):
    name = template(SOUND)
    assert command("check", name, "--parameters", "Stage=test") == (0, "nothing found in template.yaml\n", "")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (BAD, {"error": 1, "warning": 1, "note": 1, "never": 0}),
        (WARNED, {"error": 0, "warning": 1, "note": 1, "never": 0}),
        (NOTED, {"error": 0, "warning": 0, "note": 1, "never": 0}),
        (SOUND, {"error": 0, "warning": 0, "note": 0, "never": 0}),
    ],
    ids=["error", "warning", "note", "nothing"],
)
def test_fail_on_says_from_which_severity_on_the_exit_code_is_1(command, template, text, codes):
    name = template(text)
    assert {one: command("check", name, "--fail-on", one)[0] for one in codes} == codes
    assert command("check", name)[0] == codes["error"]


def test_several_templates_know_each_others_buses(command, template):
    bus = template(
        "Resources: {Orders: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}}", "bus.yaml"
    )
    rule = template(
        SOUND.replace("          EventPattern", "          EventBusName: orders\n          EventPattern")
    )
    assert "[unknown-bus]" in command("check", rule)[1]
    assert "[unknown-bus]" not in command("check", bus, rule)[1]


def test_a_parameter_that_is_given_has_its_value(command, template):
    text = SOUND.replace("source: [shop]", "source: [!Ref Stage]")
    assert "[star-in-plain-text]" in command("check", template(text), "--parameters", "Stage=sh*")[1]
    assert "[star-in-plain-text]" not in command("check", template(text))[1]


def test_account_and_region_are_those_of_the_stack(command, template):
    out = command("check", template(BAD), "--account", "210987654321", "--region", "eu-west-1")[1]
    assert "arn:aws:logs:eu-west-1:210987654321:log-group:" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.yaml"], "error: nowhere.yaml: there is no such file"),
        (["order.json"], "error: order.json: it is not a template"),
        (["template.yaml", "--parameters", "Stage"], "usage: python -m eventmock check"),
        (["template.yaml", "--events", "nowhere"], "error: --events: no such file"),
        (["template.yaml", "--region", "Frankfurt"], "error: "),
        (["template.yaml", "--parameters", "Stag=x"], "error: --parameters: "),
    ],
)
def test_wrong_input_is_2(command, template, arguments, says):
    template(SOUND)
    template('{"source": "shop"}', "order.json")
    code, out, error = command("check", *arguments)
    assert (code, out) == (2, "")
    assert error.startswith(says)


def test_events_are_checked_with(command, template, tmp_path):
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "order.json").write_text('[{"source": "shop"}, {"source": "bank"}]')
    code, out, _ = command("check", template(SOUND), "--events", "events", "--parameters", "Stage=x")
    assert code == 0
    assert out == (
        "nothing found in template.yaml\n"
        "events/order.json: note: no rule matches order.json, event 2; the nearest, Ship: "
        'source held "bank", wanted one of ["shop"] [event-without-rule]\n'
        "  in production: the event goes to no target, and PutEvents still succeeds\n"
        "  instead: a rule that matches it, or no such event\n"
        "\n"
        "1 note in events/order.json\n"
    )


def test_the_other_formats(command, template):
    name = template(BAD)
    found = json.loads(command("check", name, "--format", "json")[1])
    assert found["counts"] == {"error": 1, "warning": 1, "note": 0}
    log = json.loads(command("check", name, "--format", "sarif")[1])
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == [
        "refused-pattern",
        "log-group-arn-ends-in-star",
    ]
    code, out, _ = command("check", name, "--format", "github")
    assert code == 1
    assert [line.split("::")[1] for line in out.splitlines()] == [
        "error file=template.yaml,line=12,title=refused-pattern",
        "warning file=template.yaml,line=15,title=log-group-arn-ends-in-star",
    ]


def test_a_template_without_findings_gives_github_nothing(command, template):
    assert command("check", template(SOUND), "--format", "github") == (0, "", "")


def test_the_output_of_a_cdk_app_is_all_its_stacks(command, template, tmp_path):
    (tmp_path / "cdk.out").mkdir()
    queue = {"Type": "AWS::SQS::Queue"}
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {"EventBusName": "orders", "EventPattern": {"source": ["a"]}},
    }
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}
    stacks = {"Bus": {"Bus": bus}, "Rules": {"Rule": rule}, "Other": {"Queue": queue}}
    artifacts = {}
    for name, resources in stacks.items():
        file = f"{name}.template.json"
        (tmp_path / "cdk.out" / file).write_text(json.dumps({"Resources": resources}), "utf-8")
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://123456789012/eu-west-1",
            "properties": {"templateFile": file},
        }
    manifest = {"version": "38.0.0", "artifacts": artifacts}
    (tmp_path / "cdk.out" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    code, out, error = command("check", "cdk.out")
    assert (code, error) == (0, "")
    assert [line.partition(" in ")[0] for line in out.splitlines() if line.endswith(".json")] == [
        "1 note",
        "1 note",
        "nothing found",
    ]
    assert "[unknown-bus]" not in out


def test_a_folder_that_is_no_output_of_the_cdk_is_wrong_input(command, template, tmp_path):
    code, _, error = command("check", str(tmp_path))
    assert code == 2
    assert "manifest.json" in error
