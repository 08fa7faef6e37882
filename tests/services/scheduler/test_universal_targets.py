from __future__ import annotations

import json

import pytest

from eventmock.services.scheduler.target import target_of
from eventmock.target_kinds import ApiCall, InvalidRequest


@pytest.fixture
def call_of(execution):
    """A function that returns the call of a universal target."""

    def call_of(action, **given):
        arn = f"arn:aws:scheduler:::aws-sdk:{action}"
        return target_of({"Arn": arn, "RoleArn": "r", "Input": json.dumps(given)}).request_of(execution)

    return call_of


@pytest.mark.parametrize(
    ("action", "given", "service", "operation", "parameters"),
    [
        ("sqs:sendMessage", {"QueueUrl": "u", "MessageBody": "m"}, "sqs", "SendMessage", None),
        (
            "lambda:invoke",
            {"FunctionName": "f", "Payload": "{}"},
            "lambda",
            "Invoke",
            {"FunctionName": "f", "Payload": b"{}"},
        ),
        ("sfn:startExecution", {"StateMachineArn": "a"}, "stepfunctions", None, {"stateMachineArn": "a"}),
        (
            "cloudwatchlogs:putRetentionPolicy",
            {"LogGroupName": "g", "RetentionInDays": 7},
            "logs",
            "PutRetentionPolicy",
            {"logGroupName": "g", "retentionInDays": 7},
        ),
        ("rds:stopDBInstance", {"DBInstanceIdentifier": "d"}, "rds", "StopDBInstance", None),
        ("databasemigrationservice:startReplicationTask", {}, "dms", None, None),
    ],
)
def test_the_call_is_made_by_the_model_of_the_service(call_of, action, given, service, operation, parameters):
    if action.startswith("databasemigrationservice"):
        given = {"ReplicationTaskArn": "a", "StartReplicationTaskType": "start-replication"}
    assert call_of(action, **given) == ApiCall(
        service=service,
        operation=operation or action.partition(":")[2].replace("start", "Start", 1),
        parameters=given if parameters is None else parameters,
        region="us-east-1",
        account="123456789012",
    )


def test_attributes_are_replaced_in_the_input(call_of):
    call = call_of("sqs:sendMessage", QueueUrl="u", MessageBody="<aws.scheduler.attempt-number>")
    assert call.parameters["MessageBody"] == "1"


def test_a_required_token_is_the_execution(call_of, execution):
    call = call_of("sagemaker:startPipelineExecution", PipelineName="p")
    assert call.parameters["ClientRequestToken"] == execution.id


@pytest.mark.parametrize(
    ("action", "given", "why"),
    [
        ("stepfunctions:startExecution", {}, "knows no service stepfunctions; did you mean sfn?"),
        ("eventbrigde:putEvents", {}, "knows no service eventbrigde; did you mean eventbridge?"),
        ("unheardof:doIt", {}, "the installed botocore knows no service unheardof$"),
        (
            "ec2:stopInstance",
            {},
            "ec2 of the installed botocore has no action stopInstance; did you mean stopInst",
        ),
        (
            "sqs:sendMessage",
            {"QueueUrl": "u", "MessageBoddy": "m"},
            "has no member MessageBoddy; did you mean Mes",
        ),
        ("sqs:sendMessage", {"QueueUrl": "u"}, 'Missing required parameter in input: "MessageBody"'),
    ],
)
def test_what_cannot_be_called_fails_in_plain_words(call_of, action, given, why):
    with pytest.raises(InvalidRequest, match=why.replace("?", r"\?")):
        call_of(action, **given)


def test_an_attribute_may_make_the_input_something_else_than_json(execution):
    given = '{"QueueUrl": "u", "MessageBody": "<aws.scheduler.schedule-arn>"}'
    target = target_of({"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": given})
    with pytest.raises(InvalidRequest, match="wanted a JSON object"):
        target.request_of(execution._replace(schedule_arn='"'))
