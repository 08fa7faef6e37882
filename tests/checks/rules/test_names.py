from __future__ import annotations

import pytest

TEMPLATE = """
Parameters:
  One: {Type: String}
  Two: {Type: String}
Resources:
  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}
  A: {Type: 'AWS::Events::Rule', Properties: {%s, EventPattern: {source: [shop]}}}
  B: {Type: 'AWS::Events::Rule', Properties: {%s, EventPattern: {source: [shop]}}}
"""


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("Name: a", "Name: a", 1),
        ("Name: a, EventBusName: orders", "Name: a, EventBusName: !Ref Bus", 1),
        ("Name: a, EventBusName: orders", "Name: a, EventBusName: !GetAtt Bus.Arn", 1),
        ("Name: a", "Name: b", 0),
        ("Name: a", "Name: a, EventBusName: orders", 0),
        ("Name: a", "Description: a", 0),
        ("Name: !Ref One", "Name: !Ref Two", 0),
        ("Name: !Ref One", "Name: !Ref One", 0),
    ],
)
def test_names_of_rules_differ_on_a_bus(found, one, other, number):
    assert [finding.logical_id for finding in found("repeated-name", TEMPLATE % (one, other))] == [
        "B"
    ] * number


def test_aws_s_own_refusal_is_not_told_again(checked):
    findings = checked(TEMPLATE % ("Name: a", "Name: a")).findings
    assert [one.rule for one in findings if one.severity == "error"] == ["repeated-name"]


@pytest.mark.parametrize(
    ("kind", "state", "instead"),
    [
        ("AWS::Events::Rule", "enabled", "ENABLED"),
        ("AWS::Events::Rule", "Disabled", "DISABLED"),
        ("AWS::Events::Rule", "true", "ENABLED or DISABLED"),
        ("AWS::Events::Rule", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", None),
        ("AWS::Events::Rule", "!Ref One", None),
        ("AWS::Scheduler::Schedule", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "ENABLED or DISABLED"),
        ("AWS::Scheduler::Schedule", "DISABLED", None),
    ],
)
def test_a_state_has_capital_letters(found, kind, state, instead):
    text = f"""
        Parameters: {{One: {{Type: String}}}}
        Resources:
          R: {{Type: '{kind}', Properties: {{State: {state}, ScheduleExpression: rate(1 hour)}}}}
    """
    assert [one.instead for one in found("unknown-state", text)] == ([] if instead is None else [instead])


def test_a_key_that_stands_twice_in_json_is_found_too(found):
    text = '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"},\n"Q": {"Type": "AWS::SNS::Topic"}}}'
    [one] = found("repeated-key", text, "template.json")
    assert (one.place.line, one.logical_id) == (2, "Q")
