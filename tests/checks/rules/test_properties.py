from __future__ import annotations

import pytest

SCHEDULE = """
Resources:
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      FlexibleTimeWindow: {{Mode: 'OFF'{window}}}
      ScheduleExpression: rate(1 hour)
      Target: {{Arn: 'arn:aws:sqs:us-east-1:123456789012:q', RoleArn: 'arn:aws:iam::123456789012:role/r'{target}}}
      {more}
"""


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({}, []),
        ({"more": "Description: x"}, []),
        ({"more": "ActionAfterCompletion: DELETE"}, [("ActionAfterCompletion", 8)]),
        ({"target": ", RoleArm: x"}, [("RoleArm in Target", 7)]),
        ({"window": ", MaximumWindowInMinute: 5"}, [("MaximumWindowInMinute in FlexibleTimeWindow", 5)]),
    ],
)
def test_properties_of_schedules(found, parts, wanted):
    text = SCHEDULE.format(**{"window": "", "target": "", "more": "", **parts})
    findings = found("unknown-property", text)
    assert [(one.what.removeprefix("there is no property "), one.place.line) for one in findings] == wanted


def test_the_property_that_is_meant_is_named(found):
    [one] = found("unknown-property", SCHEDULE.format(window="", target=", Inputs: x", more=""))
    assert one.instead == "Input"


def test_a_pipe_has_properties_of_its_own(found):
    text = "Resources: {P: {Type: 'AWS::Pipes::Pipe', Properties: {Source: a, Target: b, EventPattern: {}}}}"
    assert [one.what for one in found("unknown-property", text)] == ["there is no property EventPattern"]


def test_the_target_of_a_schedule_needs_a_role(found):
    text = SCHEDULE.format(window="", target="", more="")
    assert found("missing-role", text) == []
    [one] = found("missing-role", text.replace(", RoleArn: 'arn:aws:iam::123456789012:role/r'", ""))
    assert one.instead.endswith("scheduler.amazonaws.com may assume")
