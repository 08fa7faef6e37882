"""What holds for all kinds, and the place where every call is held against botocore's own model of the service."""

from __future__ import annotations

import json
import re

import botocore.session
import pytest
from botocore.validate import ParamValidator

from eventmock.arn import Arn
from eventmock.target_kinds import KINDS

HERE = "us-east-1:123456789012"
WITHOUT_REQUEST = {
    "API destination": f"arn:aws:events:{HERE}:api-destination/ship/11111111-2222-4333-8444-666666666666",
    "EC2 built-in": f"arn:aws:events:{HERE}:target/stop-instance",
    "event bus": f"arn:aws:events:{HERE}:event-bus/orders",
}
ARNS = {
    "API Gateway API": f"arn:aws:execute-api:{HERE}:abc/test/POST/test",
    "AppSync API": f"arn:aws:appsync:{HERE}:endpoints/graphql-api/abc",
    "Batch job queue": f"arn:aws:batch:{HERE}:job-queue/main",
    "CloudWatch log group": f"arn:aws:logs:{HERE}:log-group:orders",
    "CodeBuild project": f"arn:aws:codebuild:{HERE}:project/ship",
    "CodePipeline pipeline": f"arn:aws:codepipeline:{HERE}:ship",
    "ECS task": f"arn:aws:ecs:{HERE}:cluster/main",
    "Firehose stream": f"arn:aws:firehose:{HERE}:deliverystream/orders",
    "Glue workflow": f"arn:aws:glue:{HERE}:workflow/ship",
    "Image Builder pipeline": f"arn:aws:imagebuilder:{HERE}:image-pipeline/ship",
    "Incident Manager response plan": "arn:aws:ssm-incidents::123456789012:response-plan/ship",
    "Inspector assessment template": f"arn:aws:inspector:{HERE}:target/0-a/template/0-b",
    "Kinesis stream": f"arn:aws:kinesis:{HERE}:stream/orders",
    "Lambda function": f"arn:aws:lambda:{HERE}:function:ship",
    "Redshift Serverless workgroup": f"arn:aws:redshift-serverless:{HERE}:workgroup/main",
    "Redshift cluster": f"arn:aws:redshift:{HERE}:cluster:main",
    "SNS topic": f"arn:aws:sns:{HERE}:orders",
    "SQS FIFO queue": f"arn:aws:sqs:{HERE}:orders.fifo",
    "SQS queue": f"arn:aws:sqs:{HERE}:orders",
    "SSM Automation": f"arn:aws:ssm:{HERE}:automation-definition/ship:$DEFAULT",
    "SSM OpsItem": f"arn:aws:ssm:{HERE}:opsitem",
    "SSM Run Command": f"arn:aws:ssm:{HERE}:document/ship",
    "SageMaker pipeline": f"arn:aws:sagemaker:{HERE}:pipeline/ship",
    "Step Functions state machine": f"arn:aws:states:{HERE}:stateMachine:orders",
}
BY_HTTP = {"API Gateway API", "AppSync API"}
BLOCKS = {
    "Batch job queue": {
        "BatchParameters": {
            "JobDefinition": "ship",
            "JobName": "ship-it",
            "ArrayProperties": {"Size": 2},
            "RetryStrategy": {"Attempts": 3},
        }
    },
    "ECS task": {
        "EcsParameters": {
            "TaskDefinitionArn": "ship:1",
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
            "Group": "g",
            "CapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}],
            "EnableECSManagedTags": True,
            "EnableExecuteCommand": False,
            "PlacementConstraints": [{"type": "memberOf", "expression": "e"}],
            "PlacementStrategy": [{"type": "spread", "field": "host"}],
            "PropagateTags": "TASK_DEFINITION",
            "ReferenceId": "r",
            "Tags": [{"Key": "team", "Value": "blue"}],
        }
    },
    "Kinesis stream": {"KinesisParameters": {"PartitionKeyPath": "$.detail.id"}},
    "Redshift Serverless workgroup": {"RedshiftDataParameters": {"Database": "d", "Sqls": ["select 1"]}},
    "Redshift cluster": {
        "RedshiftDataParameters": {
            "Database": "d",
            "DbUser": "u",
            "Sql": "select 1",
            "StatementName": "n",
            "WithEvent": True,
        }
    },
    "SQS FIFO queue": {"SqsParameters": {"MessageGroupId": "g"}},
    "SSM Run Command": {
        "RunCommandParameters": {"RunCommandTargets": [{"Key": "tag:team", "Values": ["blue"]}]}
    },
    "SageMaker pipeline": {
        "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "n", "Value": "v"}]}
    },
}
INPUTS = {
    "Batch job queue": {
        "ContainerOverrides": {
            "Command": ["run"],
            "Environment": [{"Name": "N", "Value": "V"}],
            "Memory": 8,
            "Vcpus": 1,
        },
        "DependsOn": [{"JobId": "j"}],
        "Parameters": {"Key": "Value"},
    },
    "CloudWatch log group": {"timestamp": 5, "message": "m"},
    "CodeBuild project": {"buildType": "BATCH", "sourceVersion": "v1"},
    "CodePipeline pipeline": {
        "variables": [{"name": "n", "value": "v"}],
        "sourceRevisions": [{"actionName": "a", "revisionType": "COMMIT_ID", "revisionValue": "b"}],
    },
    "ECS task": {"cpu": "256", "containerOverrides": [{"name": "app", "command": ["run"]}]},
    "SSM Automation": {"InstanceId": "i-1"},
    "SSM OpsItem": {
        "title": "t",
        "description": "d",
        "source": "s",
        "category": "Availability",
        "severity": "2",
        "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-1"],
        "operationalData": {"n": {"type": "String", "value": "v"}},
    },
    "SSM Run Command": {"DocumentVersion": "2", "Parameters": {"commands": ["run"]}},
}


@pytest.fixture(scope="module")
def botocore_session():
    return botocore.session.get_session()


def test_every_kind_has_a_sample_here():
    assert {kind.name for kind in KINDS} == {*ARNS, *WITHOUT_REQUEST}


def test_every_kind_that_is_called_has_a_request():
    assert {kind.name for kind in KINDS if kind.request is None} == WITHOUT_REQUEST.keys()


@pytest.mark.parametrize(("name", "text"), (ARNS | WITHOUT_REQUEST).items())
def test_no_arn_is_of_two_kinds(name, text):
    arn = Arn.parse(text)
    assert arn is not None
    found = [
        kind.name
        for kind in KINDS
        if kind.service == arn.service and re.fullmatch(kind.resource, arn.resource)
    ]
    assert found == [name]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        *((name, None) for name in ARNS if name not in BY_HTTP),
        *((name, json.dumps(value)) for name, value in INPUTS.items()),
    ],
)
def test_botocore_takes_every_call(request_of, botocore_session, name, body):
    call = request_of(ARNS[name], body=body, trace_header="Root=1", **BLOCKS.get(name, {}))
    operation = botocore_session.get_service_model(call.service).operation_model(call.operation)
    report = ParamValidator().validate(call.parameters, operation.input_shape)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize(
    ("name", "sent_in"),
    [
        ("Firehose stream", lambda call: call.parameters["Record"]["Data"]),
        ("Kinesis stream", lambda call: call.parameters["Data"]),
        ("Lambda function", lambda call: call.parameters["Payload"]),
        ("API Gateway API", lambda call: call.body),
    ],
)
def test_where_bytes_are_sent_half_a_surrogate_pair_is_a_question_mark(request_of, name, sent_in):
    call = request_of(ARNS[name], body='"a\ud800é"', **BLOCKS.get(name, {}))
    assert sent_in(call) == '"a?é"'.encode()
