from __future__ import annotations

import pytest

from eventmock.services.scheduler.target_checks import check_target
from eventmock.wire import AwsError

HERE = "us-east-1:123456789012"
TASK = {"TaskDefinitionArn": f"arn:aws:ecs:{HERE}:task-definition/t"}
CUSTOM_BUS = f"arn:aws:events:{HERE}:event-busv2/orders/abcdefghij0123456789abcde"
EVENT = {"Source": "shop", "DetailType": "night"}
BLOCKS = {
    "EcsParameters": TASK,
    "EventBridgeParameters": EVENT,
    "EventBridgePutEventsV2Parameters": EVENT,
    "EventBridgePutRawEventsParameters": {},
    "KinesisParameters": {"PartitionKey": "p"},
    "SageMakerPipelineParameters": {},
    "SqsParameters": {"MessageGroupId": "g"},
}
TAKEN = [
    (f"arn:aws:lambda:{HERE}:function:f:live", {}),
    (f"arn:aws:sqs:{HERE}:q", {}),
    (f"arn:aws:sqs:{HERE}:q", {"SqsParameters": {}}),
    (f"arn:aws:sqs:{HERE}:q.fifo", {"SqsParameters": {"MessageGroupId": "g"}}),
    (f"arn:aws:sns:{HERE}:t.fifo", {}),
    (f"arn:aws:states:{HERE}:stateMachine:m:1", {}),
    (f"arn:aws:events:{HERE}:event-bus/default", {"EventBridgeParameters": EVENT}),
    (CUSTOM_BUS, {"EventBridgePutEventsV2Parameters": EVENT}),
    (CUSTOM_BUS, {"EventBridgePutRawEventsParameters": {}}),
    (f"arn:aws:kinesis:{HERE}:stream/s", {"KinesisParameters": {"PartitionKey": "p"}}),
    (f"arn:aws:firehose:{HERE}:deliverystream/d", {}),
    (f"arn:aws:ecs:{HERE}:cluster/c", {"EcsParameters": TASK}),
    (f"arn:aws:codebuild:{HERE}:project/p", {}),
    (f"arn:aws:codepipeline:{HERE}:p", {}),
    ("arn:aws:codepipeline:us-east-1:210987654321:p", {}),
    (f"arn:aws:sagemaker:{HERE}:pipeline/p", {}),
    (f"arn:aws:sagemaker:{HERE}:pipeline/p", {"SageMakerPipelineParameters": {}}),
    (f"arn:aws:inspector:{HERE}:target/0-a/template/0-b", {}),
]
WITHOUT_JSON = [
    "sqs",
    "sns",
    "kinesis",
    "firehose",
    "codepipeline",
    "codebuild",
    "ecs",
    "sagemaker",
    "inspector",
]


def refusal(arn, *, region="us-east-1", **members):
    """The text by which a target is refused; None if it is not."""
    try:
        check_target({"Arn": arn, "RoleArn": "r", **members}, region)
    except AwsError as refused:
        return refused.message if refused.code == "ValidationException" else refused
    return None


def service_of(arn):
    return arn.split(":")[2]


@pytest.mark.parametrize(("arn", "block"), TAKEN)
def test_a_target_of_each_kind_is_taken_with_and_without_an_input(arn, block):
    assert refusal(arn, **block) is None
    assert refusal(arn, Input="{}", **block) is None
    assert refusal(arn, Input='"<aws.scheduler.attempt-number>"', **block) is None


@pytest.mark.parametrize(("arn", "block"), TAKEN)
@pytest.mark.parametrize("text", ["plain", " ", "{", "{}}", "NaN", '{"n":<aws.scheduler.attempt-number>}'])
def test_some_kinds_want_json(arn, block, text):
    wanted = None if service_of(arn) in WITHOUT_JSON else "JSON syntax error in input for the target."
    assert refusal(arn, Input=text, **block) == wanted


@pytest.mark.parametrize(("arn", "block"), TAKEN)
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_of_another_kind_is_refused(arn, block, name):
    own = {
        "ecs": {"EcsParameters"},
        "events": {"EventBridgeParameters"},
        "kinesis": {"KinesisParameters"},
        "sagemaker": {"SageMakerPipelineParameters"},
        "sqs": {"SqsParameters"},
    }.get(service_of(arn), set())
    if arn == CUSTOM_BUS:
        own = {"EventBridgePutEventsV2Parameters", "EventBridgePutRawEventsParameters"}
    if name not in own:
        assert (
            refusal(arn, **block | {name: BLOCKS[name]}) == f"Parameters {name} not supported for the target."
        )


@pytest.mark.parametrize(
    ("arn", "block"),
    [
        (f"arn:aws:sqs:{HERE}:q.fifo", "SqsParameters"),
        (f"arn:aws:kinesis:{HERE}:stream/s", "KinesisParameters"),
        (f"arn:aws:events:{HERE}:event-bus/default", "EventBridgeParameters"),
        (f"arn:aws:ecs:{HERE}:cluster/c", "EcsParameters"),
        (CUSTOM_BUS, "EventBridgePutEventsV2Parameters"),
    ],
)
def test_a_block_that_is_needed(arn, block):
    assert refusal(arn, Input="{}") == f"Parameters {block} must be specified for the target."


def test_message_groups():
    assert refusal(f"arn:aws:sqs:{HERE}:q", SqsParameters={"MessageGroupId": "g"}) == (
        "Parameters MessageGroupId not valid for the target."
    )
    assert refusal(f"arn:aws:sqs:{HERE}:q.fifo", SqsParameters={}) == (
        "Parameters MessageGroupId must be specified for the target."
    )


def test_fargate_wants_a_network():
    cluster = f"arn:aws:ecs:{HERE}:cluster/c"
    assert refusal(cluster, EcsParameters=TASK | {"LaunchType": "FARGATE"}) == (
        "Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE"
    )
    network = {"awsvpcConfiguration": {"Subnets": ["s"]}}
    given = TASK | {"LaunchType": "FARGATE", "NetworkConfiguration": network}
    assert refusal(cluster, EcsParameters=given) is None
    assert refusal(cluster, EcsParameters=TASK | {"LaunchType": "EC2"}) is None


@pytest.mark.parametrize(
    "arn",
    [
        "queue",
        "arn:aws:sqs",
        f"arn:aws:sqs:{HERE}:",
        f"arn:aws:sqs:{HERE}:q/path",
        f"arn:aws:lambda:{HERE}:f",
        f"arn:aws:codepipeline:{HERE}:name/invalid",
        f"arn:aws:events:{HERE}:api-destination/ship/11111111-2222-4333-8444-666666666666",
        f"arn:aws:events:{HERE}:rule/r",
        f"arn:aws:events:{HERE}:target/stop-instance",
        f"arn:aws:ecs:{HERE}:service/main/web",
        "arn:aws:sqs:us-east-1::q",
        "arn:aws:sqs::123456789012:q",
        f"arn:aws-cn:sqs:{HERE}:q",
        "arn:aws-cn:scheduler:::aws-sdk:sqs:sendMessage",
        "arn:aws:scheduler:::schedule/default/a",
        "arn:aws:scheduler:::aws-sdk:sqs",
        "arn:aws:scheduler:::aws-sdk:sqs:",
        "arn:aws:scheduler:::aws-sdk::sendMessage",
        "arn:aws:scheduler:::aws-sdk:sqs:SendMessage",
        "arn:aws:scheduler:::aws-sdk:SQS:sendMessage",
        "arn:aws:scheduler:::aws-sdk:cognito-idp:adminDisableUser",
        "arn:aws:scheduler:::aws-sdk:sqs:send:message",
    ],
)
def test_what_is_not_in_the_correct_format(arn):
    assert refusal(arn, Input="{}") == "Provided Arn is not in correct format."


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:bedrock-agentcore:{HERE}:runtime/r",
        f"arn:aws:batch:{HERE}:job-queue/main",
        f"arn:aws:execute-api:{HERE}:abc/test/POST/test",
        f"arn:aws:logs:{HERE}:log-group:orders",
        "arn:aws:s3:::bucket",
        f"arn:aws:scheduler:{HERE}:aws-sdk:sqs:sendMessage",
        "arn:aws:scheduler:us-east-1::aws-sdk:sqs:sendMessage",
        "arn:aws:scheduler::123456789012:aws-sdk:sqs:sendMessage",
        f"arn:aws:scheduler:{HERE}:schedule/default/a",
    ],
)
def test_a_service_that_is_no_target(arn):
    assert refusal(arn, Input="{}") == f"{service_of(arn)} is not a supported service for a target."


@pytest.mark.parametrize(("arn", "block"), TAKEN)
def test_a_target_is_in_the_region_of_its_schedule(arn, block):
    assert refusal(arn, region="eu-west-3", **block) == (
        "The target ARN provided does not match the current region eu-west-3."
    )


def test_a_target_in_another_partition():
    arn = "arn:aws-cn:sqs:cn-north-1:123456789012:q"
    assert refusal(arn, region="cn-north-1") is None
    universal = "arn:aws-cn:scheduler:::aws-sdk:sqs:sendMessage"
    assert refusal(universal, region="cn-north-1", Input="{}") is None


class TestUniversal:
    SEND = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"

    @pytest.mark.parametrize(
        "action",
        [
            "sqs:sendMessage",
            "dynamodb:putItem",
            "ec2:stopInstances",
            "unheardof:doIt",
            "s3:listen",
            "s3:gettyUp",
            "x:polling",
            "x:searchlight",
            "x:batchPut",
            "x:invoke",
            "x:testIt",
        ],
    )
    def test_an_action_that_does_something_is_taken(self, action):
        assert refusal(f"arn:aws:scheduler:::aws-sdk:{action}", Input="{}") is None

    @pytest.mark.parametrize(
        "action",
        [
            "adminGetUser",
            "adminListDevices",
            "batchDescribeTypeConfigurations",
            "batchGetItem",
            "batchReadSomething",
            "describeInstances",
            "discoverInstances",
            "get",
            "getObject",
            "invokeModel",
            "invokeModelWithResponseStream",
            "isAuthorizedWithToken",
            "listQueues",
            "lookupEvents",
            "poll",
            "pollForActivityTask",
            "query",
            "readPreset",
            "receiveMessage",
            "retrieveAndGenerate",
            "scan",
            "searchTables",
            "selectObjectContent",
            "testConnectionToIt",
            "testMigration",
            "transactGetItems",
            "translateDocument",
            "validateTemplate",
        ],
    )
    def test_an_action_that_only_reads_is_refused(self, action):
        arn = f"arn:aws:scheduler:::aws-sdk:service:{action}"
        assert refusal(arn, Input="{}") == f"{action} API is not supported."

    def test_it_needs_an_input(self):
        text = "You must provide an input to set this target for your schedule."
        assert refusal(self.SEND) == text

    @pytest.mark.parametrize("text", ["plain", "[]", '"text"', "1", "null", "{"])
    def test_its_input_is_an_object(self, text):
        assert refusal(self.SEND, Input=text) == "JSON syntax error in input for the target."

    @pytest.mark.parametrize("name", BLOCKS)
    def test_it_has_no_block(self, name):
        given = {"Input": "{}", name: BLOCKS[name]}
        assert refusal(self.SEND, **given) == f"Parameters {name} not supported for the target."


class TestAdvice:
    """The tester is told more than AWS says."""

    @staticmethod
    def hint(arn, **members):
        with pytest.raises(AwsError) as refused:
            check_target({"Arn": arn, **members}, "us-east-1")
        return refused.value.hint

    def test_on_another_service(self):
        assert self.hint(f"arn:aws:batch:{HERE}:job-queue/q") == (
            "any API can be called by a universal target: arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
        )

    def test_on_another_resource(self):
        assert self.hint(f"arn:aws:events:{HERE}:rule/r") == (
            "of events, schedules invoke: Custom Event Bus, event bus"
        )

    def test_message_groups(self):
        queue = f"arn:aws:sqs:{HERE}:q"
        assert self.hint(f"{queue}.fifo") == "a FIFO queue needs its MessageGroupId"
        assert "ends with .fifo" in self.hint(queue, SqsParameters={"MessageGroupId": "g"})

    def test_on_the_spelling_of_a_universal_target(self):
        assert "begins with a small letter" in self.hint("arn:aws:scheduler:::aws-sdk:sqs:SendMessage")

    def test_on_text_that_is_not_json(self):
        assert self.hint(f"arn:aws:lambda:{HERE}:function:f", Input="{") == (
            "the Input is not JSON: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)"
        )


def test_a_request_is_refused_and_the_tester_sees_why(backend, client, fire):
    with pytest.raises(client.exceptions.ValidationException, match="not in correct format"):
        fire(f"arn:aws:events:{HERE}:rule/r")
    assert "(of events, schedules invoke: Custom Event Bus, event bus)" in str(backend.trace)
