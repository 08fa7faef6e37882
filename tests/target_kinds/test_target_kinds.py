"""What holds for all kinds, and the place where every call is held against botocore's own model of the service."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import botocore.session
import pytest
from botocore.validate import ParamValidator

from eventmock import target_kinds
from eventmock.target_kinds import all_kinds, is_service_itself, kind_of, kinds_of, why_no_target
from eventmock.values.arn import Arn

HERE = "us-east-1:123456789012"
WITHOUT_REQUEST = {
    "API destination": f"arn:aws:events:{HERE}:api-destination/ship/11111111-2222-4333-8444-666666666666",
    "Custom Event Bus": f"arn:aws:events:{HERE}:event-busv2/orders/abcdefghij0123456789abcde",
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
OF_OTHERS = {
    "MSK cluster": f"arn:aws:kafka:{HERE}:cluster/orders/11111111-2222-4333-8444-666666666666-1",
    "universal target": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
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


def test_every_file_of_a_kind_is_in_the_table_under_its_service():
    files = Path(target_kinds.__file__).parent.glob("*.py")
    having_one = [path.stem for path in files if "\nKIND = " in path.read_text(encoding="utf-8")]
    kinds = [import_module(f"eventmock.target_kinds.{name}").KIND for name in having_one]
    assert len(all_kinds()) == len(kinds)
    of_rules = [kind for kind in kinds if kind.name not in OF_OTHERS]
    assert all(kind in kinds_of(kind.service) for kind in of_rules)


def test_every_kind_has_a_sample_here():
    assert {kind.name for kind in all_kinds()} == {*ARNS, *WITHOUT_REQUEST, *OF_OTHERS}


def test_every_kind_that_is_called_for_a_rule_has_a_request():
    without = {kind.name for kind in all_kinds() if kind.request is None}
    assert without == {*WITHOUT_REQUEST, *OF_OTHERS}


@pytest.mark.parametrize("text", OF_OTHERS.values())
def test_a_rule_has_no_target_of_a_kind_that_only_schedules_or_subscribers_have(text):
    assert kind_of(Arn.parse(text)) is None


@pytest.mark.parametrize(("name", "text"), (ARNS | WITHOUT_REQUEST | OF_OTHERS).items())
def test_no_arn_is_of_two_kinds(name, text):
    arn = Arn.parse(text)
    assert arn is not None
    assert [kind.name for kind in all_kinds() if kind.has(arn)] == [name]


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize(("name", "text"), (ARNS | WITHOUT_REQUEST).items())
def test_a_target_is_of_its_kind_in_every_partition(name, text, partition):
    found = kind_of(Arn.parse(text.replace("arn:aws:", f"arn:{partition}:")))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"arn:aws:lambda:{HERE}:function:ship:live", "Lambda function"),
        (f"arn:aws:lambda:{HERE}:function:ship:$LATEST", "Lambda function"),
        (f"arn:aws:states:{HERE}:stateMachine:orders:3", "Step Functions state machine"),
        (f"arn:aws:logs:{HERE}:log-group:/aws/events/orders:*", "CloudWatch log group"),
        (f"arn:aws:sns:{HERE}:orders.fifo", "SNS topic"),
        (f"arn:aws:execute-api:{HERE}:abc/*/*/pets/*", "API Gateway API"),
        (f"arn:aws:execute-api:{HERE}:abc/$default/GET", "API Gateway API"),
        (f"arn:aws:execute-api:{HERE}:abc/test/GET/", "API Gateway API"),
        ("arn:aws:ssm:us-east-1::document/AWS-RunShellScript", "SSM Run Command"),
        ("arn:aws:ssm:us-east-1::automation-definition/AWS-StopEC2Instance:$DEFAULT", "SSM Automation"),
        (f"arn:aws:ssm:{HERE}:automation-definition/ship", "SSM Automation"),
        (f"arn:aws:events:{HERE}:event-bus/aws.partner/shop.example/a/b", "event bus"),
        *(
            (f"arn:aws:events:{HERE}:target/{name}", "EC2 built-in")
            for name in ("create-snapshot", "reboot-instance", "stop-instance", "terminate-instance")
        ),
    ],
)
def test_other_forms_of_an_arn_that_are_targets(text, name):
    found = kind_of(Arn.parse(text))
    assert found is not None
    assert found.name == name


OTHER_RESOURCES = [
    "appsync:apis/abc",
    "appsync:endpoints/graphql-api",
    "appsync:endpoints/graphql-api/abc/types",
    "batch:compute-environment/main",
    "batch:job-definition/ship:1",
    "codebuild:build/ship:1",
    "codebuild:project/",
    "codebuild:report-group/ship",
    "codepipeline:ship/source",
    "codepipeline:ship/source/action",
    "codepipeline:webhook:ship",
    "ecs:cluster",
    "ecs:cluster/main/extra",
    "ecs:service/main/web",
    "ecs:task-definition/ship:1",
    "events:api-destination/ship",
    "events:archive/orders",
    "events:connection/ship/1",
    "events:endpoint/orders",
    "events:event-bus",
    "events:event-bus/",
    "events:event-bus//orders",
    "events:event-bus/orders shop",
    "events:event-busv2/orders",
    "events:replay/orders",
    "events:rule/orders",
    "events:target/unheard-of",
    "execute-api:abc",
    "execute-api:abc/test",
    "execute-api:abc/test/get/pets",
    "firehose:orders",
    "firehose:deliverystream/orders/extra",
    "glue:crawler/nightly",
    "glue:job/nightly",
    "glue:trigger/nightly",
    "imagebuilder:image-recipe/ship/1.0.0",
    "inspector:target/0-a",
    "inspector:target/0-a/template/0-b/run/0-c",
    "kinesis:orders",
    "kinesis:stream/orders/consumer/c:1",
    "lambda:event-source-mapping:1",
    "lambda:function",
    "lambda:function:",
    "lambda:function:ship:live:extra",
    "lambda:layer:ship:1",
    "lambda:ship",
    "logs:destination:d",
    "logs:log-group:",
    "logs:log-group:*",
    "logs:log-group:orders:log-stream:s",
    "redshift-serverless:namespace/main",
    "redshift:cluster/main",
    "redshift:dbname:main/dev",
    "redshift:namespace:main",
    "sagemaker:pipeline/ship/execution/1",
    "sagemaker:training-job/ship",
    "sns:orders/path",
    "sns:orders:11111111-2222-4333-8444-555555555555",
    "sqs:123456789012/orders",
    "sqs:orders/path",
    "sqs:orders:extra",
    "sqs:*",
    "ssm-incidents:response-plan/ship",
    "ssm:automation-definition/ship:1:2",
    "ssm:automation-execution/1",
    "ssm:document/ship/1",
    "ssm:maintenancewindow/mw-1",
    "ssm:opsitem/oi-1",
    "ssm:parameter/ship",
    "states:activity:ship",
    "states:execution:orders:1",
    "states:express:orders:1:2",
    "states:stateMachine",
    "states:stateMachine:orders:1:2",
]
NO_SERVICES_OF_TARGETS = [
    "arn:aws:apigateway:us-east-1::/restapis/abc",
    "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a",
    "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
    "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
    "arn:aws:iam::123456789012:role/r",
    "arn:aws:pipes:us-east-1:123456789012:pipe/p",
    "arn:aws:rds:us-east-1:123456789012:db:orders",
    "arn:aws:s3:::bucket",
    "arn:aws:scheduler:us-east-1:123456789012:schedule/default/s",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:s",
    "arn:aws:timestream:us-east-1:123456789012:database/d/table/t",
    "arn:aws:unheard-of:us-east-1:123456789012:thing",
]


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"arn:aws:{service}:{HERE}:{rest}"
            for service, _, rest in (t.partition(":") for t in OTHER_RESOURCES)
        ),
        "arn:aws:events:us-east-1:::",
        "arn:aws:sqs:us-east-1::orders",
        "arn:aws:sqs::123456789012:orders",
        "arn:aws:sqs:us-east-1:12345:orders",
        "arn:aws:sqs:us-east-1:shop-account-x:orders",
        "arn:aws:ssm:us-east-1::opsitem",
        "arn:aws:lambda:us-east-1:123456789012:function:a b",
    ],
)
def test_a_service_that_has_targets_with_anything_else(text):
    arn = Arn.parse(text)
    assert arn is not None
    assert kind_of(arn) is None
    assert why_no_target(arn) == (
        f"Parameter {text} is not valid. Reason: Provided Arn is not in correct format."
    )


@pytest.mark.parametrize("text", NO_SERVICES_OF_TARGETS)
def test_a_service_that_has_no_targets(text):
    arn = Arn.parse(text)
    assert arn is not None
    assert kind_of(arn) is None
    assert why_no_target(arn) == f"{arn.service} is not a supported service for a target."


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:autoscaling:us-east-1:::",
        f"arn:aws:autoscaling:{HERE}:autoScalingGroup:1:autoScalingGroupName/web",
    ],
)
def test_a_service_that_is_the_target_of_managed_rules_only(text):
    arn = Arn.parse(text)
    assert arn is not None
    assert kind_of(arn) is None
    assert why_no_target(arn) == (
        f"Parameter {text} is not valid. Reason: Service as target config for ARN: {text} not found. "
        "The API call hasn't been recognized as managed rules call"
    )


@pytest.mark.parametrize("service", ["events", "states", "autoscaling"])
def test_the_arn_of_a_service_itself(service):
    assert is_service_itself(Arn.parse(f"arn:aws:{service}:us-east-1:::"))


@pytest.mark.parametrize("text", [*ARNS.values(), *WITHOUT_REQUEST.values(), *NO_SERVICES_OF_TARGETS])
def test_an_arn_of_a_resource_is_not_that_of_a_service(text):
    assert not is_service_itself(Arn.parse(text))


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


class TestKindsThatCannotFail:
    """Their calls are made only when somebody needs one, so nobody would see a failure."""

    @pytest.mark.parametrize("body", [None, "", "text", "[1]", '"a\ud800é"', "{}"])
    @pytest.mark.parametrize("name", [kind.name for kind in all_kinds() if kind.cannot_fail])
    def test_they_make_their_call_of_any_input(self, request_of, name, body):
        assert request_of(ARNS[name], body=body).operation

    def test_which_they_are(self):
        assert {kind.name for kind in all_kinds() if kind.cannot_fail} == {
            "Lambda function",
            "SNS topic",
            "SQS queue",
        }

    def test_a_target_with_a_parameter_block_can_fail(self):
        kind = kind_of(Arn.parse(ARNS["SQS queue"]))
        assert not kind.can_fail({"Id": "t", "Arn": ARNS["SQS queue"], "Input": "1"})
        assert kind.can_fail(
            {"Id": "t", "Arn": ARNS["SQS queue"], "SqsParameters": {"MessageGroupId": "$.x"}}
        )

    def test_other_kinds_can(self):
        kind = kind_of(Arn.parse(ARNS["CloudWatch log group"]))
        assert kind.can_fail({"Id": "t", "Arn": ARNS["CloudWatch log group"]})


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
