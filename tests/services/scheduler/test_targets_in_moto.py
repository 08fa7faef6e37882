"""Templated targets that moto has: what a schedule would have made of them on AWS is there."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

ROLE = "arn:aws:iam::123456789012:role/r"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"


@pytest.fixture(autouse=True)
def _moto():
    with mock_aws():
        yield


@pytest.fixture
def taken(fire):
    """A function that has a schedule invoke a target, and sees that moto took it."""

    def taken(arn, **members):
        delivery = fire(arn, **members)
        assert (delivery.status, delivery.taken_by, delivery.reason) == ("delivered", "moto", None)
        return delivery

    return taken


def make_queue(name, **attributes):
    url = boto3.client("sqs", "us-east-1").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:123456789012:{name}"


def messages(url):
    answer = boto3.client("sqs", "us-east-1").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
    )
    return answer.get("Messages", [])


def make_task_definition():
    definition = boto3.client("ecs", "us-east-1").register_task_definition(
        family="f", containerDefinitions=[{"name": "c", "image": "i", "memory": 8}]
    )
    return definition["taskDefinition"]["taskDefinitionArn"]


def test_a_queue_has_the_message(taken):
    url, arn = make_queue("work")
    taken(arn, Input="n=<aws.scheduler.attempt-number>")
    assert [message["Body"] for message in messages(url)] == ["n=1"]


def test_a_fifo_queue_has_it_in_its_group(taken):
    url, arn = make_queue("work.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    taken(arn, Input="m", SqsParameters={"MessageGroupId": "g"})
    [message] = messages(url)
    assert (message["Body"], message["Attributes"]["MessageGroupId"]) == ("m", "g")


def test_a_subscriber_of_a_topic_has_the_notification(taken):
    url, queue = make_queue("work")
    topic = boto3.client("sns", "us-east-1").create_topic(Name="t")["TopicArn"]
    boto3.client("sns", "us-east-1").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    taken(topic)
    [message] = messages(url)
    assert json.loads(json.loads(message["Body"])["Message"])["source"] == "aws.scheduler"


def test_a_kinesis_stream_has_the_record(taken):
    kinesis = boto3.client("kinesis", "us-east-1")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    described = kinesis.describe_stream(StreamName="s")["StreamDescription"]
    taken(described["StreamARN"], Input="m", KinesisParameters={"PartitionKey": "p"})
    iterator = kinesis.get_shard_iterator(
        StreamName="s", ShardId=described["Shards"][0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    [record] = kinesis.get_records(ShardIterator=iterator)["Records"]
    assert (record["Data"], record["PartitionKey"]) == (b"m", "p")


def test_a_state_machine_has_an_execution(taken):
    states = boto3.client("stepfunctions", "us-east-1")
    arn = states.create_state_machine(
        name="m", definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}', roleArn=ROLE
    )["stateMachineArn"]
    taken(arn, Input='{"a": 1}')
    [execution] = states.list_executions(stateMachineArn=arn)["executions"]
    assert states.describe_execution(executionArn=execution["executionArn"])["input"] == '{"a": 1}'


def test_a_cluster_has_the_tasks(taken):
    ecs = boto3.client("ecs", "us-east-1")
    cluster = ecs.create_cluster(clusterName="c")["cluster"]["clusterArn"]
    subnet = boto3.client("ec2", "us-east-1").describe_subnets()["Subnets"][0]["SubnetId"]
    group = boto3.client("ec2", "us-east-1").describe_security_groups()["SecurityGroups"][0]["GroupId"]
    network = {"awsvpcConfiguration": {"Subnets": [subnet], "SecurityGroups": [group]}}
    block = {
        "TaskDefinitionArn": make_task_definition(),
        "LaunchType": "FARGATE",
        "NetworkConfiguration": network,
    }
    taken(cluster, EcsParameters=block, Input='{"containerOverrides": [{"name": "c", "command": ["x"]}]}')
    [task] = ecs.describe_tasks(cluster=cluster, tasks=ecs.list_tasks(cluster=cluster)["taskArns"])["tasks"]
    assert task["startedBy"] == "chronos-schedule/nightly"
    assert task["overrides"] == {"containerOverrides": [{"name": "c", "command": ["x"]}]}


def test_a_task_that_has_failed_fails_the_attempt(backend, fire, monkeypatch):
    answer = {"tasks": [], "failures": [{"arn": "a", "reason": "RESOURCE:MEMORY", "detail": "too little"}]}
    monkeypatch.setattr("eventmock.delivery.moto.Moto.call", lambda _moto, _call: answer)
    cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
    backend.target(DEAD)
    delivery = fire(
        cluster,
        EcsParameters={"TaskDefinitionArn": "t"},
        RetryPolicy={"MaximumRetryAttempts": 1},
        DeadLetterConfig={"Arn": DEAD},
    )
    assert (delivery.status, len(delivery.attempts)) == ("dead-lettered", 2)
    attributes = delivery.dead_letter.attributes
    assert (attributes["ERROR_CODE"], attributes["ERROR_MESSAGE"]) == ("RESOURCE:MEMORY", "too little")


def test_a_project_has_a_build(taken):
    codebuild = boto3.client("codebuild", "us-east-1")
    arn = codebuild.create_project(
        name="project",
        source={"type": "S3", "location": "b/k"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "i", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole="arn:aws:iam::123456789012:role/service-role/r",
    )["project"]["arn"]
    taken(arn, Input='{"sourceVersion": "main"}')
    [build] = codebuild.batch_get_builds(ids=codebuild.list_builds()["ids"])["builds"]
    assert build["sourceVersion"] == "main"


def test_a_pipeline_of_sagemaker_has_an_execution(taken):
    sagemaker = boto3.client("sagemaker", "us-east-1")
    arn = sagemaker.create_pipeline(
        PipelineName="p", PipelineDefinition="{}", ClientRequestToken="t" * 32, RoleArn=f"{ROLE}-of-it"
    )["PipelineArn"]
    given = [{"Name": "n", "Value": "v"}]
    taken(arn, SageMakerPipelineParameters={"PipelineParameterList": given})
    [execution] = sagemaker.list_pipeline_executions(PipelineName="p")["PipelineExecutionSummaries"]
    answer = sagemaker.list_pipeline_parameters_for_execution(
        PipelineExecutionArn=execution["PipelineExecutionArn"]
    )
    assert answer["PipelineParameters"] == given


@pytest.mark.parametrize(
    ("place", "block"),
    [
        ("sqs:q", {}),
        ("sns:t", {}),
        ("lambda:function:f", {}),
        ("kinesis:stream/s", {"KinesisParameters": {"PartitionKey": "p"}}),
        ("firehose:deliverystream/f", {}),
        ("states:stateMachine:m", {}),
        ("ecs:cluster/c", {"EcsParameters": {"TaskDefinitionArn": "t"}}),
        ("codebuild:project/project", {}),
        ("codepipeline:p", {}),
        ("sagemaker:pipeline/p", {}),
        ("inspector:target/0-a/template/0-b", {}),
    ],
)
def test_what_moto_does_not_have_is_recorded(client, fire, place, block):
    if block.keys() - client.meta.service_model.shape_for("Target").members.keys():
        pytest.skip(f"the installed botocore has no {', '.join(block)}")
    service, _, resource = place.partition(":")
    delivery = fire(f"arn:aws:{service}:us-east-1:123456789012:{resource}", **block)
    assert (delivery.status, delivery.taken_by) == ("delivered", "nobody")


class TestDeadLetterQueue:
    def test_it_has_the_ten_attributes(self, backend, fire):
        url, arn = make_queue("dead")
        backend.faults.inject("ThrottlingException", message="Rate exceeded", kind="SNS topic")
        delivery = fire(
            "arn:aws:sns:us-east-1:123456789012:t",
            Input="n=<aws.scheduler.attempt-number>",
            DeadLetterConfig={"Arn": arn},
            RetryPolicy={"MaximumRetryAttempts": 1},
        )
        assert delivery.dead_letter.taken_by == "moto"
        [message] = messages(url)
        assert message["Body"] == "n=2"
        assert {name: value["DataType"] for name, value in message["MessageAttributes"].items()} == (
            dict.fromkeys(delivery.dead_letter.attributes, "String")
        )
        assert len(message["MessageAttributes"]) == 10

    def test_a_long_body_is_cut_so_that_it_fits(self, backend, fire):
        url, arn = make_queue("dead")
        backend.faults.inject("AccessDeniedException", kind="SNS topic")
        fire("arn:aws:sns:us-east-1:123456789012:t", Input="é" * 600_000, DeadLetterConfig={"Arn": arn})
        [message] = messages(url)
        assert message["MessageAttributes"]["IS_PAYLOAD_TRUNCATED"]["StringValue"] == "true"
        assert set(message["Body"]) == {"é"}

    def test_a_queue_that_is_not_there_only_records_it(self, backend, fire):
        backend.faults.inject("AccessDeniedException", kind="SNS topic")
        delivery = fire("arn:aws:sns:us-east-1:123456789012:t", DeadLetterConfig={"Arn": DEAD})
        assert (delivery.status, delivery.dead_letter.taken_by) == ("dead-lettered", "nobody")


def test_an_answer_4xx_whose_name_says_nothing_is_not_tried_again(backend, fire):
    backend.target(DEAD)
    table = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    boto3.client("dynamodb", "us-east-1").create_table(**table)
    delivery = fire(
        "arn:aws:scheduler:::aws-sdk:dynamodb:createTable",
        Input=json.dumps(table),
        DeadLetterConfig={"Arn": DEAD},
    )
    assert (delivery.status, len(delivery.attempts)) == ("dead-lettered", 1)
    attributes = delivery.dead_letter.attributes
    assert attributes["ERROR_CODE"] == "ResourceInUseException"
    assert "EXHAUSTED_RETRY_CONDITION" not in attributes
