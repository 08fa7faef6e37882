"""Who takes the calls of universal targets: functions of the test, services of this mock, moto, or nobody."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from eventmock import DeliveryFailed

SEND = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
PUT_EVENTS = "arn:aws:scheduler:::aws-sdk:eventbridge:putEvents"
INVOKE = "arn:aws:scheduler:::aws-sdk:lambda:invoke"
MESSAGE = {"QueueUrl": "https://queue", "MessageBody": "m"}


@pytest.fixture
def call(fire):
    """A function that has a schedule make a call, and gives its delivery."""
    return lambda arn, given, **members: fire(arn, Input=json.dumps(given), **members)


class TestFunctions:
    def test_a_function_for_the_arn_gets_the_input(self, backend, call):
        got = []
        backend.target(SEND, got.append)
        assert call(SEND, MESSAGE).taken_by == "function"
        assert got == [MESSAGE]

    def test_a_function_for_the_kind_too(self, backend, call):
        got = []
        target = backend.target(kind="universal target", function=got.append)
        assert call(SEND, MESSAGE).taken_by == "function"
        assert got == [MESSAGE]
        assert len(target.deliveries) == 1

    def test_and_it_comes_before_a_service_of_this_mock(self, backend, call):
        backend.target(PUT_EVENTS, list)
        call(PUT_EVENTS, {"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{}"}]})
        assert backend.events == []

    def test_a_fault_for_the_arn_hits(self, backend, call):
        backend.faults.inject("ThrottlingException", target=SEND, times=2)
        assert len(call(SEND, MESSAGE).attempts) == 3

    def test_a_fault_for_the_kind_hits(self, backend, call):
        backend.faults.inject("AccessDeniedException", kind="universal target")
        assert call(SEND, MESSAGE).status == "dropped"


class TestNobody:
    def test_a_call_without_a_taker_is_recorded(self, call):
        delivery = call(SEND, MESSAGE)
        assert (delivery.status, delivery.taken_by) == ("delivered", "nobody")
        assert delivery.call.parameters == MESSAGE

    def test_but_a_call_that_cannot_be_made_has_failed(self, call):
        delivery = call(SEND, {"QueueUrl": "u"})
        assert (delivery.status, len(delivery.attempts)) == ("dropped", 1)
        assert delivery.reason == (
            'ValidationException: Missing required parameter in input: "MessageBody"; '
            "there is no dead-letter queue, so the invocation is lost"
        )


class TestLambda:
    def test_a_function_of_the_test_is_invoked(self, backend, call):
        got = []
        function = backend.lambda_function("ship", lambda event, _: got.append(event))
        given = {"FunctionName": "ship", "InvocationType": "Event", "Payload": '{"a": 1}'}
        assert call(INVOKE, given).taken_by == "Lambda function"
        assert got == [{"a": 1}]
        [invocation] = function.invocations
        assert not invocation.is_synchronous

    @pytest.mark.parametrize(
        ("given", "qualifier"),
        [
            ({"FunctionName": "ship"}, "$LATEST"),
            ({"FunctionName": "ship:live"}, "live"),
            ({"FunctionName": "ship", "Qualifier": "live"}, "live"),
            ({"FunctionName": "123456789012:function:ship"}, "$LATEST"),
            ({"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:ship:live"}, "live"),
        ],
    )
    def test_it_is_named_in_any_way_of_lambda(self, backend, call, given, qualifier):
        got = []

        def handler(event, context):
            got.append((event, context.invoked_function_arn))

        backend.lambda_function("ship", handler)
        backend.lambda_function("ship:live", handler)
        assert call(INVOKE, given).status == "delivered"
        end = "" if qualifier == "$LATEST" else f":{qualifier}"
        assert got == [({}, f"arn:aws:lambda:us-east-1:123456789012:function:ship{end}")]

    def test_an_error_of_a_function_that_is_waited_for_is_no_error_of_the_call(self, backend, call):
        def fails(_event, _context):
            raise ValueError("broken")

        function = backend.lambda_function(
            "ship", fails, on_failure="arn:aws:sqs:us-east-1:123456789012:failed"
        )
        function.expect_failure()
        delivery = call(INVOKE, {"FunctionName": "ship"})
        assert (delivery.status, len(delivery.attempts)) == ("delivered", 1)
        [invocation] = function.invocations
        assert invocation.is_synchronous
        assert (len(invocation.attempts), invocation.sent) == (1, [])

    def test_a_dry_run_does_nothing(self, backend, call):
        function = backend.lambda_function("ship", lambda _event, _context: None)
        delivery = call(INVOKE, {"FunctionName": "ship", "InvocationType": "DryRun"})
        assert (delivery.status, list(function.invocations)) == ("delivered", [])

    def test_a_function_without_capacity_refuses_who_waits(self, backend, call):
        backend.lambda_function("ship", lambda _event, _context: None, reserved_concurrency=0)
        delivery = call(INVOKE, {"FunctionName": "ship"}, RetryPolicy={"MaximumRetryAttempts": 1})
        assert [attempt.error_code for attempt in delivery.attempts] == ["TooManyRequestsException"] * 2

    def test_a_type_of_invocation_that_lambda_does_not_have_is_refused(self, backend, call):
        backend.lambda_function("ship", lambda _event, _context: None)
        delivery = call(INVOKE, {"FunctionName": "ship", "InvocationType": "event"})
        assert "Member must satisfy enum value set: [Event, RequestResponse, DryRun]" in delivery.reason

    def test_a_payload_that_is_not_json_is_refused(self, backend, call):
        backend.lambda_function("ship", lambda _event, _context: None)
        delivery = call(INVOKE, {"FunctionName": "ship", "Payload": "text"})
        assert "InvalidRequestContentException: Could not parse request body into json" in delivery.reason

    def test_an_unknown_function_is_recorded(self, backend, call):
        assert call(INVOKE, {"FunctionName": "other"}).taken_by == "nobody"
        backend.lambda_function("ship", lambda _event, _context: None)

    def test_a_function_that_was_deleted_is_not_found(self, backend, call):
        function = backend.lambda_function("ship", lambda _event, _context: None)
        function.delete()
        assert call(INVOKE, {"FunctionName": "ship"}).reason.startswith("ResourceNotFoundException: ")


class TestMoto:
    @pytest.fixture(autouse=True)
    def _moto(self):
        with mock_aws():
            yield

    def test_a_queue_of_moto_has_the_message(self, call):
        sqs = boto3.client("sqs", "us-east-1")
        url = sqs.create_queue(QueueName="work")["QueueUrl"]
        assert call(SEND, {"queueUrl": url, "messageBody": "hello"}).taken_by == "moto"
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        assert message["Body"] == "hello"

    def test_any_service_of_moto_is_called(self, call):
        logs = boto3.client("logs", "us-east-1")
        logs.create_log_group(logGroupName="g")
        arn = "arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putRetentionPolicy"
        assert call(arn, {"LogGroupName": "g", "RetentionInDays": 7}).taken_by == "moto"
        assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 7

    @pytest.mark.parametrize(
        ("action", "given"),
        [
            ("sqs:sendMessage", MESSAGE),
            ("ec2:stopInstances", {"InstanceIds": ["i-1234567890abcdef0"]}),
            ("autoscaling:setDesiredCapacity", {"AutoScalingGroupName": "g", "DesiredCapacity": 0}),
            ("dynamodb:deleteTable", {"TableName": "orders"}),
            ("mediapackage:rotateChannelCredentials", {"Id": "i"}),
        ],
    )
    def test_what_moto_does_not_have_is_recorded(self, call, action, given):
        delivery = call(f"arn:aws:scheduler:::aws-sdk:{action}", given)
        assert (delivery.status, delivery.taken_by) == ("delivered", "nobody")

    def test_the_error_of_a_service_is_in_the_dead_letter(self, call):
        sqs = boto3.client("sqs", "us-east-1")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        boto3.client("sns", "us-east-1").create_topic(Name="t")
        delivery = call(
            "arn:aws:scheduler:::aws-sdk:dynamodb:createTable",
            {
                "TableName": "orders",
                "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
                "AttributeDefinitions": [],
                "BillingMode": "PAY_PER_REQUEST",
            },
            DeadLetterConfig={"Arn": "arn:aws:sqs:us-east-1:123456789012:dead"},
        )
        assert delivery.status == "dead-lettered"
        [message] = sqs.receive_message(QueueUrl=dead, MessageAttributeNames=["All"])["Messages"]
        attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
        assert attributes["ERROR_CODE"] == "ValidationException"
        assert attributes["TARGET_ARN"] == "arn:aws:scheduler:::aws-sdk:dynamodb:createTable"
        assert json.loads(message["Body"])["TableName"] == "orders"


def test_a_function_may_refuse_with_the_code_of_a_service(backend, call):
    def refuse(_value):
        raise DeliveryFailed("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")

    dead = "arn:aws:sqs:us-east-1:123456789012:dead"
    backend.target(SEND, refuse)
    delivery = call(SEND, MESSAGE, DeadLetterConfig={"Arn": dead})
    assert len(delivery.attempts) == 1
    assert delivery.dead_letter.attributes["ERROR_CODE"] == "AWS.SimpleQueueService.NonExistentQueue"
