from __future__ import annotations

import json

import pytest

INVALID = "InvalidInputException"
UNSUPPORTED = "InvokeConfiguration.TargetArn: TargetArn is not a supported subscriber target"
CAMEL_CASE = "apiAction component must be alphanumeric camelCase"
BATCH = {"MaxBatchSize": 1, "MaxBatchWindowInSeconds": 0}


@pytest.fixture
def to(subscribe):
    """A function that makes a subscriber with a universal target."""

    def to(action, given=None, *, block=None, **members):
        text = given if isinstance(given, str) else json.dumps(given or {})
        members = {"BatchConfiguration": BATCH, **members}
        invoke = {"UniversalTargetParameters": {"Input": text, **(block or {})}}
        return subscribe(target=f"arn:aws:events:::aws-sdk:{action}", invoke=invoke, **members)

    return to


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("dynamodb:putItem", {"TableName": "t", "Item": {}}),
        ("sns:publish", {"Message": "m"}),
        ("sfn:startExecution", {"StateMachineArn": "arn"}),
        ("sfn:startExecution", {"stateMachineArn": "arn"}),
        ("ecs:runTask", {"TaskDefinition": "t"}),
        ("sqs:sendMessage", {"QueueUrl": "u", "MessageBody": "m"}),
        ("costexplorer:createAnomalyMonitor", {"AnomalyMonitor": {}}),
        ("eventbridge:putRule", {"Name": "r"}),
        ("apigateway:createApiKey", {}),
        ("databasemigrationservice:createEventSubscription", {"SubscriptionName": "s", "SnsTopicArn": "t"}),
    ],
)
def test_any_action_of_any_service_is_taken(to, shown, action, given):
    found = shown(to(action, given))
    assert found["InvokeConfiguration"]["UniversalTargetParameters"] == {"Input": json.dumps(given)}
    assert "Transformer" not in found


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("dynamodb:put_item", CAMEL_CASE),
        ("dynamodb:put-item", CAMEL_CASE),
        ("dynamodb:", CAMEL_CASE),
        ("dynamodb", CAMEL_CASE),
        ("dynamodb:putItem:x", CAMEL_CASE),
        ("dynamodb:PutItem", "The api PutItem is not valid for the service dynamodb"),
        ("dynamodb:putTime", "The api putTime is not valid for the service dynamodb"),
        ("DynamoDB:putItem", UNSUPPORTED),
        ("stepfunctions:startExecution", UNSUPPORTED),
        ("databasemigration:createEndpoint", UNSUPPORTED),
        ("no-such:putItem", UNSUPPORTED),
        (":putItem", UNSUPPORTED),
        ("dynamodb:getItem", "The api getItem is not supported for the service dynamodb"),
        ("sqs:receiveMessage", "The api receiveMessage is not supported for the service sqs"),
        ("ec2:describeInstances", "The api describeInstances is not supported for the service ec2"),
        ("eventbridge:putEvents", "The api putEvents is not supported for the service eventbridge"),
        (
            "eventbridge:putPartnerEvents",
            "The api putPartnerEvents is not supported for the service eventbridge",
        ),
    ],
)
def test_an_action_that_cannot_be_called(to, error_of, action, text):
    assert error_of(to, action=action) == (INVALID, text)


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("databasemigration:createEndpoint", "databasemigrationservice"),
        ("events:putRule", "eventbridge"),
        ("dynamodb:PutItem", "putItem"),
        ("dynamdb:putItem", "dynamodb"),
    ],
)
def test_a_near_one_is_told(backend, to, error_of, action, meant):
    error_of(to, action=action)
    assert f"did you mean {meant}?" in str(backend.trace)


def test_it_has_no_region_and_no_account_but_the_partition(subscribe, error_of):
    target = "arn:aws-cn:events:::aws-sdk:sns:publish"
    text = "InvokeConfiguration.TargetArn: TargetArn must be in partition aws"
    assert error_of(subscribe, target=target) == (INVALID, text)


class TestInput:
    @pytest.mark.parametrize(
        ("action", "given", "missing"),
        [
            ("dynamodb:putItem", {}, "Item, TableName"),
            ("dynamodb:putItem", {"Item": {}}, "TableName"),
            ("dynamodb:putItem", {"Item": {}, "TableName": None}, "TableName"),
            ("sns:publish", {"TopicArn": "t"}, "Message"),
            ("sfn:startExecution", {}, "StateMachineArn"),
            ("batch:submitJob", {}, "JobDefinition, JobName, JobQueue"),
        ],
    )
    def test_a_literal_one_has_what_is_required(self, to, error_of, action, given, missing):
        text = f"UniversalTargetParameters.Input is missing required field(s): {missing}"
        assert error_of(to, action=action, given=given) == (INVALID, text)

    @pytest.mark.parametrize("given", ["text", "[]", '"{}"', "{", "12"])
    def test_a_literal_one_is_a_json_object(self, to, error_of, given):
        text = "UniversalTargetParameters.Input must be a JSON object or an expression"
        assert error_of(to, action="sns:publish", given=given) == (INVALID, text)

    def test_an_expression_is_parsed_only(self, to, error_of):
        pytest.importorskip("jsonata")
        to("sns:publish", '{% {"Message": $events.Data.detail} %}')
        assert error_of(to, name="b", action="sns:publish", given="{% $events. %}") == (
            INVALID,
            "UniversalTargetParameters.Input is not a valid JSONata expression",
        )

    def test_the_block_is_required(self, subscribe, error_of):
        target = "arn:aws:events:::aws-sdk:sns:publish"
        assert error_of(subscribe, target=target, BatchConfiguration=BATCH) == (
            INVALID,
            "UniversalTargetParameters is required when TargetArn is a USI target",
        )

    def test_an_update_of_the_role_states_it_again(self, client, to, error_of):
        arn = to("sns:publish", {"Message": "m"})
        role = {"RoleArn": "arn:aws:iam::123456789012:role/other"}
        assert error_of(client.update_subscriber, SubscriberArn=arn, InvokeConfiguration=role) == (
            INVALID,
            "UniversalTargetParameters is required when TargetArn is a USI target",
        )


@pytest.mark.parametrize("batch", [None, {}, {"MaxBatchSize": 1}, {"MaxBatchWindowInSeconds": 0}])
def test_both_members_of_the_batches_are_required(client, to, error_of, batch):
    members = {} if batch is None else {"BatchConfiguration": batch}
    invoke = {"UniversalTargetParameters": {"Input": '{"Message":"m"}'}}
    arn = to("sns:publish", {"Message": "m"})
    if batch is not None:
        assert error_of(client.update_subscriber, SubscriberArn=arn, **members)[0] == INVALID
    bus = client.describe_subscriber(SubscriberArn=arn)["EventBusArn"]
    invoke |= {
        "TargetArn": "arn:aws:events:::aws-sdk:sns:publish",
        "RoleArn": "arn:aws:iam::123456789012:role/r",
    }
    code, message = error_of(
        client.create_subscriber, Name="b", EventBusArn=bus, InvokeConfiguration=invoke, **members
    )
    assert (code, message.startswith("BatchConfiguration with MaxBatchSize and")) == (INVALID, True)


def test_a_timeout_is_a_literal(to, error_of):
    to("sns:publish", {"Message": "m"}, block={"InvocationTimeoutSeconds": "30"})
    block = {"InvocationTimeoutSeconds": "{% 5 %}"}
    code, _ = error_of(to, name="b", action="sns:publish", given={"Message": "m"}, block=block)
    assert code == INVALID
