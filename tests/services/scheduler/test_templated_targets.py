"""The call for each kind of templated target, whole."""

from __future__ import annotations

import json

import botocore.session
import pytest
from botocore.validate import ParamValidator

from eventmock.services.scheduler.target import target_of
from eventmock.services.scheduler.templated_targets import TEMPLATED
from eventmock.target_kinds import all_kinds

HERE = "us-east-1:123456789012"
TASK = f"arn:aws:ecs:{HERE}:task-definition/ship:1"
ARNS = {
    "CodeBuild project": f"arn:aws:codebuild:{HERE}:project/ship",
    "CodePipeline pipeline": f"arn:aws:codepipeline:{HERE}:ship",
    "Custom Event Bus": f"arn:aws:events:{HERE}:event-busv2/orders/abcdefghij0123456789abcde",
    "ECS task": f"arn:aws:ecs:{HERE}:cluster/main",
    "Firehose stream": f"arn:aws:firehose:{HERE}:deliverystream/orders",
    "Inspector assessment template": f"arn:aws:inspector:{HERE}:target/0-a/template/0-b",
    "Kinesis stream": f"arn:aws:kinesis:{HERE}:stream/orders",
    "Lambda function": f"arn:aws:lambda:{HERE}:function:ship:live",
    "SNS topic": f"arn:aws:sns:{HERE}:orders",
    "SQS FIFO queue": f"arn:aws:sqs:{HERE}:orders.fifo",
    "SQS queue": f"arn:aws:sqs:{HERE}:orders",
    "SageMaker pipeline": f"arn:aws:sagemaker:{HERE}:pipeline/ship",
    "Step Functions state machine": f"arn:aws:states:{HERE}:stateMachine:orders",
    "event bus": f"arn:aws:events:{HERE}:event-bus/orders",
}
BLOCKS = {
    "Custom Event Bus": {"EventBridgePutEventsV2Parameters": {"Source": "shop", "DetailType": "night"}},
    "ECS task": {"EcsParameters": {"TaskDefinitionArn": TASK}},
    "Kinesis stream": {"KinesisParameters": {"PartitionKey": "$.key"}},
    "SQS FIFO queue": {"SqsParameters": {"MessageGroupId": "$.group"}},
    "SageMaker pipeline": {
        "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "n", "Value": "$.v"}]}
    },
    "event bus": {"EventBridgeParameters": {"Source": "shop", "DetailType": "$.night"}},
}
CALLS = {
    "CodeBuild project": ("codebuild", "StartBuild", {"a": 1, "projectName": "ship"}),
    "CodePipeline pipeline": ("codepipeline", "StartPipelineExecution", {"name": "ship"}),
    "Custom Event Bus": (
        "eventbridgev2",
        "PutEvents",
        {
            "EventBusArn": ARNS["Custom Event Bus"],
            "Entries": [{"Source": "shop", "DetailType": "night", "Detail": '{"a":1}'}],
        },
    ),
    "ECS task": (
        "ecs",
        "RunTask",
        {
            "cluster": ARNS["ECS task"],
            "taskDefinition": TASK,
            "count": 1,
            "startedBy": "chronos-schedule/nightly",
            "overrides": {},
        },
    ),
    "Firehose stream": (
        "firehose",
        "PutRecord",
        {"DeliveryStreamName": "orders", "Record": {"Data": b'{"a":1}'}},
    ),
    "Inspector assessment template": (
        "inspector",
        "StartAssessmentRun",
        {"assessmentTemplateArn": ARNS["Inspector assessment template"]},
    ),
    "Kinesis stream": (
        "kinesis",
        "PutRecord",
        {"StreamARN": ARNS["Kinesis stream"], "PartitionKey": "$.key", "Data": b'{"a":1}'},
    ),
    "Lambda function": (
        "lambda",
        "Invoke",
        {"FunctionName": ARNS["Lambda function"], "InvocationType": "Event", "Payload": b'{"a":1}'},
    ),
    "SNS topic": ("sns", "Publish", {"TopicArn": ARNS["SNS topic"], "Message": '{"a":1}'}),
    "SQS FIFO queue": (
        "sqs",
        "SendMessage",
        {
            "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo",
            "MessageBody": '{"a":1}',
            "MessageGroupId": "$.group",
        },
    ),
    "SQS queue": (
        "sqs",
        "SendMessage",
        {
            "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
            "MessageBody": '{"a":1}',
        },
    ),
    "SageMaker pipeline": (
        "sagemaker",
        "StartPipelineExecution",
        {
            "PipelineName": "ship",
            "PipelineParameters": [{"Name": "n", "Value": "$.v"}],
            "ClientRequestToken": "d32c5cdd-0000-4000-8000-cf5bb8c30000",
        },
    ),
    "Step Functions state machine": (
        "stepfunctions",
        "StartExecution",
        {"stateMachineArn": ARNS["Step Functions state machine"], "input": '{"a":1}'},
    ),
    "event bus": (
        "events",
        "PutEvents",
        {
            "Entries": [
                {
                    "EventBusName": ARNS["event bus"],
                    "Source": "shop",
                    "DetailType": "$.night",
                    "Detail": '{"a":1}',
                }
            ]
        },
    ),
}
WITHOUT_NOTIFICATION = {
    "CodeBuild project",
    "CodePipeline pipeline",
    "ECS task",
    "Inspector assessment template",
    "SageMaker pipeline",
}


def target(kind, *, arn=None, **members):
    return target_of({"Arn": arn or ARNS[kind], "RoleArn": "r", **BLOCKS.get(kind, {}), **members})


@pytest.fixture
def parameters_of(execution):
    """A function that returns the parameters of the call for a target of a kind."""

    def parameters_of(kind, **members):
        return target(kind, **members).request_of(execution).parameters

    return parameters_of


@pytest.fixture(scope="module")
def models():
    return botocore.session.get_session()


def test_every_templated_kind_is_a_kind_and_has_a_sample_here():
    assert TEMPLATED.keys() == ARNS.keys() == CALLS.keys()
    assert TEMPLATED.keys() <= {kind.name for kind in all_kinds()}


@pytest.mark.parametrize("kind", ARNS)
def test_the_call(execution, kind):
    call = target(kind, Input='{"a":1}').request_of(execution)
    assert (call.service, call.operation, call.parameters) == CALLS[kind]
    assert (call.region, call.account) == ("us-east-1", "123456789012")


@pytest.mark.parametrize("text", [None, "text", "{}", '"a\ud800é"', "[1]"])
@pytest.mark.parametrize("kind", ARNS)
def test_botocore_takes_every_call_of_any_input(execution, models, kind, text):
    call = target(kind, **({} if text is None else {"Input": text})).request_of(execution)
    if call.service not in models.get_available_services():
        pytest.skip(f"the installed botocore has no {call.service}")
    shape = models.get_service_model(call.service).operation_model(call.operation).input_shape
    report = ParamValidator().validate(call.parameters, shape)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("kind", ARNS)
def test_the_call_goes_to_the_account_and_the_region_of_the_target(execution, kind):
    arn = ARNS[kind].replace("123456789012", "210987654321")
    assert target(kind, arn=arn).request_of(execution).account == "210987654321"


@pytest.mark.parametrize("kind", sorted(ARNS.keys() - WITHOUT_NOTIFICATION))
def test_without_an_input_the_target_gets_the_notification(execution, kind):
    body = target(kind).body_of(execution)
    assert json.loads(body)["source"] == "aws.scheduler"
    sent = target(kind).request_of(execution).parameters
    assert json.dumps(body)[1:-1] in json.dumps(sent, default=bytes.decode)


@pytest.mark.parametrize("kind", sorted(WITHOUT_NOTIFICATION))
def test_without_an_input_some_targets_get_their_request_only(execution, kind):
    body = target(kind).body_of(execution)
    assert "aws.scheduler" not in body
    assert json.loads(body)


def test_a_build_gets_the_members_of_an_input_that_is_an_object(parameters_of):
    project = "CodeBuild project"
    assert parameters_of(project, Input='{"sourceVersion":"main","projectName":"other"}') == {
        "projectName": "ship",
        "sourceVersion": "main",
    }
    assert parameters_of(project, Input="text") == {"projectName": "ship"}
    assert parameters_of(project) == {"projectName": "ship"}


@pytest.mark.parametrize("text", ['{"name":"other"}', "text", "[]"])
def test_a_pipeline_of_codepipeline_never_gets_the_input(execution, text):
    pipeline = target("CodePipeline pipeline", Input=text)
    assert pipeline.request_of(execution).parameters == {"name": "ship"}
    assert pipeline.body_of(execution) == '{"Name":"ship"}'


def test_a_pipeline_of_sagemaker_needs_no_block(execution):
    pipeline = target_of({"Arn": ARNS["SageMaker pipeline"], "RoleArn": "r"})
    assert pipeline.request_of(execution).parameters == {
        "PipelineName": "ship",
        "ClientRequestToken": execution.id,
    }


def test_a_custom_bus_gets_raw_events_if_the_block_says_so(execution):
    members = {"Arn": ARNS["Custom Event Bus"], "RoleArn": "r", "Input": "{}"}
    bus = target_of(members | {"EventBridgePutRawEventsParameters": {"Metadata": {"a": "b"}}})
    call = bus.request_of(execution)
    assert call.operation == "PutRawEvents"
    assert call.parameters["Entries"] == [
        {"Data": b"{}", "Metadata": {"a": "b"}, "SystemMetadata": {"ContentType": "application/json"}}
    ]


class TestTask:
    def test_every_parameter_has_its_place(self, parameters_of):
        given = {
            "TaskDefinitionArn": TASK,
            "TaskCount": 2,
            "LaunchType": "FARGATE",
            "NetworkConfiguration": {
                "awsvpcConfiguration": {
                    "Subnets": ["subnet-1"],
                    "SecurityGroups": ["sg-1"],
                    "AssignPublicIp": "ENABLED",
                }
            },
            "PlatformVersion": "1.4.0",
            "Group": "$.g",
            "CapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}],
            "EnableECSManagedTags": True,
            "EnableExecuteCommand": False,
            "PlacementConstraints": [{"type": "memberOf", "expression": "e"}],
            "PlacementStrategy": [{"type": "spread", "field": "host"}],
            "PropagateTags": "TASK_DEFINITION",
            "ReferenceId": "r",
            "Tags": [{"Key": "team", "Value": "Blue"}],
        }
        assert parameters_of("ECS task", EcsParameters=given) == {
            "cluster": ARNS["ECS task"],
            "taskDefinition": TASK,
            "count": 2,
            "startedBy": "chronos-schedule/nightly",
            "launchType": "FARGATE",
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": ["subnet-1"],
                    "securityGroups": ["sg-1"],
                    "assignPublicIp": "ENABLED",
                }
            },
            "platformVersion": "1.4.0",
            "group": "$.g",
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}],
            "enableECSManagedTags": True,
            "enableExecuteCommand": False,
            "placementConstraints": [{"type": "memberOf", "expression": "e"}],
            "placementStrategy": [{"type": "spread", "field": "host"}],
            "propagateTags": "TASK_DEFINITION",
            "referenceId": "r",
            "tags": [{"key": "team", "value": "Blue"}],
        }

    @pytest.mark.parametrize(
        ("given", "tags"),
        [
            ([{"key": "team", "value": "Blue"}], [{"key": "team", "value": "Blue"}]),
            ([{"Key": "team", "Value": "Blue"}], [{"key": "team", "value": "Blue"}]),
            ([{"Team": "Blue"}, {"b": "c"}], [{"key": "Team", "value": "Blue"}, {"key": "b", "value": "c"}]),
            ([{"a": "1", "b": "2"}], [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]),
            ([{"Key": "team"}], [{"key": "Key", "value": "team"}]),
        ],
    )
    def test_a_tag_is_a_pair_or_a_map_of_pairs(self, parameters_of, given, tags):
        block = {"TaskDefinitionArn": TASK, "Tags": given}
        assert parameters_of("ECS task", EcsParameters=block)["tags"] == tags

    def test_the_input_is_the_overrides(self, parameters_of):
        overrides = {"containerOverrides": [{"name": "app", "command": ["run"]}]}
        assert parameters_of("ECS task", Input=json.dumps(overrides))["overrides"] == overrides
        assert "overrides" not in parameters_of("ECS task")
