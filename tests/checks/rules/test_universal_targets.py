from __future__ import annotations

import json

import pytest

SCHEDULE = """
Parameters:
  Given: {{Type: String}}
Resources:
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      Target:
        Arn: arn:aws:scheduler:::aws-sdk:{action}
        RoleArn: arn:aws:iam::123456789012:role/r
        Input: {given}
        DeadLetterConfig: {{Arn: 'arn:aws:sqs:us-east-1:123456789012:letters'}}
"""
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/q"


@pytest.fixture
def findings(checked):
    """A function that returns what is found in a schedule with a universal target: rules, lines and texts."""

    def run(action, given):
        text = given if given.startswith("!") else f"'{given}'"
        report = checked(SCHEDULE.format(action=action, given=text))
        return [(one.rule, one.line, one.text) for one in report.findings]

    return run


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("sqs:sendMessage", {"QueueUrl": QUEUE, "MessageBody": "hello"}),
        ("ec2:startInstances", {"InstanceIds": ["i-1"]}),
        ("sfn:startExecution", {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}),
        ("ecs:updateService", {"Cluster": "c", "Service": "s", "DesiredCount": 0}),
        ("lambda:invoke", {"FunctionName": "f", "Payload": "<aws.scheduler.execution-id>"}),
    ],
)
def test_a_call_that_fits_is_left(findings, action, given):
    assert findings(action, json.dumps(given)) == []


@pytest.mark.parametrize(
    ("action", "given", "line", "says"),
    [
        ("ec2:startInstances", {"InstanceId": ["i-1"]}, 12, "did you mean InstanceIds?"),
        ("ec2:startInstances", {"InstanceIds": "i-1"}, 12, "InstanceIds"),
        ("sqs:sendMessage", {"QueueUrl": QUEUE}, 12, "MessageBody"),
        ("ec2:startInstance", {}, 10, "did you mean startInstances?"),
        ("stepfunctions:startExecution", {}, 10, "did you mean sfn?"),
    ],
)
def test_a_call_that_cannot_be_made(findings, action, given, line, says):
    [(rule, at, text)] = findings(action, json.dumps(given))
    assert (rule, at) == ("call-that-cannot-be-made", line)
    assert says in text


def test_a_service_that_the_installed_botocore_may_be_too_old_for_is_left(findings):
    assert findings("quantumcats:startCat", "{}") == []


def test_an_input_from_outside_is_not_judged(findings):
    assert findings("ec2:startInstances", "!Sub '{\"${Given}\": 1}'") == []


@pytest.mark.parametrize(
    ("action", "given", "line", "says"),
    [
        ("sqs:listQueues", "{}", 10, "listQueues API is not supported."),
        ("ec2:startInstances", "hello", 12, "JSON syntax error in input for the target."),
        ("EC2:StartInstances", "{}", 10, "Provided Arn is not in correct format."),
    ],
)
def test_what_aws_refuses_has_its_line(findings, action, given, line, says):
    [(rule, at, text)] = findings(action, given)
    assert (rule, at) == ("refused", line)
    assert says in text
