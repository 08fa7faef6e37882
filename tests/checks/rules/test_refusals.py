from __future__ import annotations

import pytest

TEMPLATE = """
Parameters:
  Stage: {Type: String}
  Count: {Type: Number}
Resources:
  Queue:
    Type: AWS::SQS::Queue
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [shop]}
      Targets:
        - {Id: one, Arn: 'arn:aws:sqs:us-east-1:123456789012:q'}
        - {Id: two, Arn: 'arn:aws:sqs:us-east-1:123456789012:q'}
"""


@pytest.fixture
def refused(checked):
    """A function that changes a part of the template, and gives the rules, lines and advice of errors."""

    def run(good, bad, **around):
        assert good in TEMPLATE
        findings = checked(TEMPLATE.replace(good, bad, 1), **around).findings
        return [(one.rule, one.line, one.found.instead) for one in findings if one.severity == "error"]

    return run


@pytest.mark.parametrize(
    ("good", "bad", "rule", "line", "instead"),
    [
        ("Id: two", "Id: a b", "refused", 13, r"a text that matches [\.\-_A-Za-z0-9]+"),
        ("Id: two", f"Id: {'x' * 65}", "refused", 13, "at most 64 characters"),
        ("Id: two", "Id: two, RetryPolicy: {MaximumRetryAttempts: 500}", "refused", 13, "at most 185"),
        (
            "Id: two",
            "Id: two, EcsParameters: {TaskDefinitionArn: x}",
            "refused",
            13,
            "what AWS takes, as its text says",
        ),
        (
            "      EventPattern",
            "      Name: a b\n      EventPattern",
            "refused",
            10,
            r"a text that matches [\.\-_A-Za-z0-9]+",
        ),
        (
            "      EventPattern",
            "      Descripton: x\n      EventPattern",
            "unknown-property",
            10,
            "Description",
        ),
        ("Id: two", "Id: two, InputPaht: x", "unknown-property", 13, "InputPath"),
        (
            "'arn:aws:sqs:us-east-1:123456789012:q'}\n        - {Id: two",
            "!Ref Queu}\n        - {Id: two",
            "reference-to-nothing",
            12,
            "Queue",
        ),
        (
            "'arn:aws:sqs:us-east-1:123456789012:q'}\n        - {Id: two",
            "!GetAtt Queue.Arm}\n        - {Id: two",
            "reference-to-nothing",
            12,
            "Arn",
        ),
        ("source: [shop]", "source: [!Sub '${Stag}']", "reference-to-nothing", 10, "Stage"),
    ],
)
def test_what_aws_refuses_has_its_line_and_advice(refused, good, bad, rule, line, instead):
    assert refused(good, bad) == [(rule, line, instead)]


def test_all_references_to_nothing_are_found_and_the_rest_is_looked_at(checked):
    text = TEMPLATE.replace("[shop]", "[!Ref Nothing]").replace(
        "Id: two", "Id: two, Input: !Sub '${Nowhere.Arn}'"
    )
    rules = [(one.rule, one.found.what.partition("[")[2].partition("]")[0]) for one in checked(text).findings]
    assert [what for rule, what in rules if rule == "reference-to-nothing"] == ["Nothing", "Nowhere"]
    assert "missing-dead-letter-queue" in dict(rules)


def test_an_attribute_that_there_is_not_does_not_hide_the_rest(checked):
    text = TEMPLATE.replace("[shop]", "[shop.*]").replace(
        "Id: two, Arn: 'arn:aws:sqs:us-east-1:123456789012:q'",
        "Id: a b, Arn: !Sub '${Queue.Arm}', Input: !GetAtt Queue.Nam",
    )
    findings = [(one.rule, one.line) for one in checked(text).findings if one.severity != "note"]
    assert findings == [
        ("star-in-plain-text", 10),
        ("reference-to-nothing", 13),
        ("reference-to-nothing", 13),
        ("refused", 13),
    ]


def test_a_circle_is_refused(checked):
    text = TEMPLATE.replace("  Queue:\n", "  Queue:\n    DependsOn: R\n").replace(
        "'arn:aws:sqs:us-east-1:123456789012:q'", "!GetAtt Queue.Arn"
    )
    [finding] = [one for one in checked(text).findings if one.severity == "error"]
    assert (finding.rule, "Circular dependency between resources" in finding.text) == ("refused", True)


CIRCLES = """
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.main
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/app
      Code: {ZipFile: ""}
      Environment: {Variables: {RULE: !Ref Ship}}
  Ship:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [shop], detailType: [order]}
      Targets: [{Id: function, Arn: !GetAtt Function.Arn}]
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Function
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Ship.Arn
  One: {Type: AWS::Events::EventBus, Properties: {Name: !Sub "to-${Other}"}}
  Other: {Type: AWS::Events::EventBus, Properties: {Name: other}, DependsOn: [One]}
  Self: {Type: AWS::SQS::Queue, DependsOn: Self}
  Lost:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: ["*"]}
"""


def test_each_circle_is_told_and_all_resources_are_looked_at(checked):
    findings = [one for one in checked(CIRCLES).findings if one.severity != "note"]
    circles = [one.found.what for one in findings if one.rule == "refused"]
    assert circles == [
        f"resources need each other in a circle: {way}"
        for way in ("Function -> Ship -> Function", "One -> Other -> One", "Self -> Self")
    ]
    others = [(one.found.logical_id, one.rule) for one in findings if one.rule != "refused"]
    assert others == [("Ship", "field-no-event-has"), ("Lost", "star-in-plain-text")]


def test_a_circle_by_what_sam_makes_is_told(checked):
    pytest.importorskip("samtranslator")
    text = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Ship:
            Type: AWS::Serverless::Function
            Properties:
              Handler: app.main
              Runtime: python3.13
              InlineCode: "pass"
              Environment: {Variables: {RULE: !Ref ShipPaid}}
              Events:
                Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}
    """
    [finding] = [one for one in checked(text).findings if one.severity == "error"]
    assert "Ship -> ShipPaid -> Ship" in finding.text


@pytest.mark.parametrize(
    "arn",
    [
        "!Ref Stage",
        "!Sub 'arn:aws:sqs:${Stage}:123456789012:q'",
        "!ImportValue queue",
        "'{{resolve:ssm:/queue}}'",
    ],
)
def test_what_is_refused_for_a_made_up_value_is_not_found(refused, arn):
    assert (
        refused(
            "'arn:aws:sqs:us-east-1:123456789012:q'}\n        - {Id: two", f"{arn}}}\n        - {{Id: two"
        )
        == []
    )


def test_a_bus_that_is_given_from_outside_is_made_so_that_the_rest_is_checked(refused):
    on_a_bus = "      EventBusName: {}\n      EventPattern".format
    assert refused("      EventPattern", on_a_bus("!Ref Stage")) == []
    assert refused("      EventPattern", on_a_bus("!ImportValue bus")) == []
    assert refused("      EventPattern", on_a_bus("aws.partner/shop.example/orders")) == []
    bad = on_a_bus("!Ref Stage").replace("EventPattern", "Name: a b\n      EventPattern")
    assert [rule for rule, *_ in refused("      EventPattern", bad)] == ["refused"]


def test_quotas_are_those_of_aws(checked):
    rule = "  R{}: {{Type: 'AWS::Events::Rule', Properties: {{EventPattern: {{source: [{}]}}}}}}\n".format
    text = "Resources:\n" + "".join(rule(number, "{wildcard: 'x*'}") for number in range(31))
    [finding] = [one for one in checked(text).findings if one.severity == "error"]
    assert (finding.rule, finding.found.logical_id) == ("over-quota", "R30")
    assert finding.found.instead.startswith("use prefix, suffix or another operator")
    assert "backend" not in finding.text


def test_another_region_is_wrong_only_if_the_region_is_known(checked):
    text = TEMPLATE.replace(
        "Id: two", "Id: two, DeadLetterConfig: {Arn: 'arn:aws:sqs:eu-west-1:123456789012:q'}"
    )

    def errors(**where):
        return [one.rule for one in checked(text, **where).findings if one.severity == "error"]

    assert errors(region=None) == []
    assert errors(region="eu-west-1") == []
    assert errors(region="us-east-1") == ["unusable-dead-letter-queue"]


def test_the_value_of_a_parameter_with_noecho_is_not_shown(checked):
    text = TEMPLATE.replace("Stage: {Type: String}", "Stage: {Type: String, NoEcho: true}").replace(
        "      EventPattern", "      Name: !Sub 'a ${Stage}'\n      EventPattern"
    )
    [finding] = [
        one for one in checked(text, parameters={"Stage": "s3cr3t"}).findings if one.severity == "error"
    ]
    assert finding.found.what == "Name is a ****"
    assert "s3cr3t" not in finding.text


def test_what_only_a_macro_can_make_is_not_checked(checked):
    text = TEMPLATE.replace(
        "{source: [shop]}", "{Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: x}}}"
    )
    findings = checked(text).findings
    assert [(one.rule, one.line) for one in findings] == [("not-checked", 10)]


@pytest.mark.parametrize(
    "expression", ["!Sub 'rate(${Count} minutes)'", "!Sub 'rate(${Stage})'", "!Ref Stage"]
)
def test_a_schedule_of_a_made_up_value_is_not_judged(refused, expression):
    text = f"ScheduleExpression: {expression}"
    assert refused("EventPattern: {source: [shop]}", text) == []


def test_off_without_quotes_is_told(checked):
    template = """
Resources:
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {Mode: OFF}
      Target: {Arn: 'arn:aws:sqs:us-east-1:123456789012:q', RoleArn: 'arn:aws:iam::123456789012:role/r'}
"""
    [found] = [one.found for one in checked(template).findings if one.severity == "error"]
    assert found.instead == "'OFF': in YAML, OFF without quotes is false"
    assert found.production.endswith("enum value set: [OFF, FLEXIBLE]")
