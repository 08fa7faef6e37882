"""Nothing is found of a value that may be another one in production."""

from __future__ import annotations

import pytest

HEAD = """
Parameters:
  Given: {{Type: String, Default: {default}}}
  Unknown: {{Type: String}}
Resources:
  Custom:
    Type: Custom::Lookup
    Properties: {{ServiceToken: "arn:aws:lambda:us-east-1:123456789012:function:lookup"}}
"""


@pytest.mark.parametrize(
    "value",
    [
        "!Ref Unknown",
        '!Sub "${Unknown}"',
        '!Sub ["${x}", {x: !Ref Unknown}]',
        "!Join ['', [!Ref Unknown]]",
        "!ImportValue schedule",
        "!GetAtt Custom.Expression",
        '"{{resolve:ssm:/schedule}}"',
        "Fn::ImportValue: !Sub '${Unknown}-schedule'",
    ],
)
def test_a_value_from_outside_is_not_judged(found, value):
    text = (
        HEAD.format(default="x")
        + f"  R: {{Type: 'AWS::Events::Rule', Properties: {{ScheduleExpression: {value}}}}}"
    )
    text = text.replace(
        "ScheduleExpression: Fn::ImportValue", "ScheduleExpression: {Fn::ImportValue"
    ).replace("-schedule'}}", "-schedule'}}}")
    assert found("refused-schedule", text) == []


def test_the_default_of_a_parameter_is_judged(found):
    text = HEAD.format(default="rate(1 minutes)") + (
        "  R: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: !Ref Given}}"
    )
    assert len(found("refused-schedule", text)) == 1
    assert found("refused-schedule", text, parameters={"Given": "rate(1 minute)"}) == []


def test_a_resource_that_a_made_up_value_leaves_out_is_not_missed(found):
    text = """
        Parameters:
          Stage: {Type: String%s}
        Conditions:
          IsProd: !Equals [!Ref Stage, prod]
        Resources:
          Queue: {Type: 'AWS::SQS::Queue', Condition: IsProd}
          R:
            Type: AWS::Events::Rule
            Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn}]}
    """
    assert found("reference-to-nothing", text % "") == []
    [one] = found("reference-to-nothing", text % ", Default: test")
    assert one.what.endswith("[Queue] in the Resources block of the template")
    assert found("reference-to-nothing", text % "", parameters={"Stage": "prod"}) == []
