"""Deliveries to moto, seen from the other side: what AWS would have made of them is there."""

from __future__ import annotations

import io
import json
import zipfile

import boto3
import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend

from eventmock import StrictFailure, mock_events
from eventmock.delivery.moto import Moto
from eventmock.target_kinds import ApiCall

ACCOUNT, OTHER_ACCOUNT = "123456789012", "222222222222"
REGION, OTHER_REGION = "us-east-1", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
WITHOUT_DOCKER = {"lambda": {"use_docker": False}, "batch": {"use_docker": False}}
TRACE_HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


@pytest.fixture
def config():
    """What moto is told; a test may parametrize it."""
    return WITHOUT_DOCKER


@pytest.fixture(autouse=True)
def _moto(config):
    with mock_aws(config=config):
        yield


@pytest.fixture
def client(events_backend):
    """A function that makes a client of a service."""
    return events_backend.client


@pytest.fixture
def elsewhere():
    """A function that makes a client of moto in another account or region."""

    def elsewhere(service, account=OTHER_ACCOUNT, region=OTHER_REGION):
        sts = boto3.client("sts", region_name=REGION)
        role = f"arn:aws:iam::{account}:role/other"
        credentials = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            region_name=region,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )

    return elsewhere


@pytest.fixture
def deliver(events, events_backend, order):
    """A function that has one event delivered to a target, and gives the delivery."""

    def deliver(arn, *, entry=None, **members):
        if ":sqs:" not in arn and ":logs:" not in arn:
            members = {"RoleArn": ROLE} | members
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn, **members}])
        events.put_events(Entries=[order | (entry or {})])
        return events_backend.deliveries[-1]

    return deliver


@pytest.fixture
def taken(deliver):
    """A function that does so, and sees that moto took it."""

    def taken(arn, **members):
        delivery = deliver(arn, **members)
        assert (delivery.status, delivery.taken_by, delivery.reason) == ("delivered", "moto", None)
        return delivery

    return taken


def make_queue(sqs, name="q", **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, answer["Attributes"]["QueueArn"]


def messages(sqs, url):
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
    )
    return answer.get("Messages", [])


def make_role(client, service="codepipeline"):
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": f"{service}.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    made = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))
    return made["Role"]["Arn"]


def make_function(client):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("f.py", "def handler(event, context): return event")
    return client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.12",
        Role=make_role(client, "lambda"),
        Handler="f.handler",
        Code={"ZipFile": held.getvalue()},
    )["FunctionArn"]


@pytest.fixture
def invoked(monkeypatch):
    """What moto's Lambda was invoked with."""
    seen = []
    invoke = LambdaSimpleBackend.invoke

    def note(backend, function_name, qualifier, body, headers, response_headers):
        seen.append((function_name, body, headers["X-Amz-Invocation-Type"]))
        return invoke(backend, function_name, qualifier, body, headers, response_headers)

    monkeypatch.setattr(LambdaSimpleBackend, "invoke", note)
    return seen


class TestQueues:
    def test_a_queue_has_the_message(self, client, taken):
        sqs = client("sqs")
        url, arn = make_queue(sqs)
        delivery = taken(arn)
        [message] = messages(sqs, url)
        assert message["Body"] == delivery.body == json.dumps(delivery.event, separators=(",", ":"))
        assert "MessageAttributes" not in message
        assert message["Attributes"].keys().isdisjoint({"AWSTraceHeader", "MessageGroupId"})

    def test_and_the_input_that_the_target_asked_for(self, client, taken):
        sqs = client("sqs")
        url, arn = make_queue(sqs)
        taken(arn, Input='{"a": "€"}')
        assert [message["Body"] for message in messages(sqs, url)] == ['{"a": "€"}']

    def test_and_the_trace_header(self, client, taken):
        sqs = client("sqs")
        url, arn = make_queue(sqs)
        taken(arn, entry={"TraceHeader": TRACE_HEADER})
        [message] = messages(sqs, url)
        assert message["Attributes"]["AWSTraceHeader"] == TRACE_HEADER

    def test_a_fifo_queue_has_it_in_the_group_and_once(self, client, taken):
        sqs = client("sqs")
        url, arn = make_queue(sqs, "q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
        for _ in range(2):
            taken(arn, SqsParameters={"MessageGroupId": "g"}, Input='"same"')
        [message] = messages(sqs, url)
        assert (message["Body"], message["Attributes"]["MessageGroupId"]) == ('"same"', "g")


class TestTopics:
    def test_a_subscriber_of_a_topic_has_the_notification(self, client, taken):
        sqs, sns = client("sqs"), client("sns")
        url, queue_arn = make_queue(sqs)
        arn = sns.create_topic(Name="t")["TopicArn"]
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        delivery = taken(arn)
        [message] = messages(sqs, url)
        notification = json.loads(message["Body"])
        assert (notification["Message"], notification["TopicArn"]) == (delivery.body, arn)
        assert notification.keys().isdisjoint({"Subject", "MessageAttributes"})


class TestFunctions:
    def test_a_function_is_invoked_asynchronously(self, client, taken, invoked):
        arn = make_function(client)
        delivery = taken(arn)
        assert invoked == [(arn, delivery.body, "Event")]

    def test_a_version_and_an_alias_are_too(self, client, taken, invoked):
        make_function(client)
        version = client("lambda").publish_version(FunctionName="f")
        alias = client("lambda").create_alias(
            FunctionName="f", Name="live", FunctionVersion=version["Version"]
        )
        for arn in (version["FunctionArn"], alias["AliasArn"]):
            taken(arn)
            assert invoked.pop()[0] == arn
            assert arn.count(":") == 7

    def test_a_function_of_the_test_comes_first(self, events_backend, client, deliver, invoked):
        arn = make_function(client)
        seen = []
        events_backend.target(arn, seen.append)
        delivery = deliver(arn)
        assert (delivery.taken_by, seen, invoked) == ("function", [delivery.event], [])

    def test_what_moto_would_invoke_though_it_is_not_there(self, deliver, invoked):
        assert deliver(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f").taken_by == "nobody"
        assert invoked == []


class TestStreams:
    @pytest.mark.parametrize(
        ("members", "key"),
        [({}, None), ({"KinesisParameters": {"PartitionKeyPath": "$.detail.state"}}, '"PAID"')],
    )
    def test_a_kinesis_stream_has_the_record(self, client, taken, members, key):
        kinesis = client("kinesis")
        kinesis.create_stream(StreamName="s", ShardCount=1)
        described = kinesis.describe_stream(StreamName="s")["StreamDescription"]
        delivery = taken(described["StreamARN"], **members)
        shard = described["Shards"][0]["ShardId"]
        iterator = kinesis.get_shard_iterator(
            StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        [record] = kinesis.get_records(ShardIterator=iterator)["Records"]
        assert record["Data"].decode() == delivery.body
        assert record["PartitionKey"] == (key or f"{delivery.event['id']}_{delivery.invocation.token}")

    def test_a_firehose_stream_has_it_where_it_writes(self, client, taken):
        s3, firehose = client("s3"), client("firehose")
        s3.create_bucket(Bucket="bucket")
        arn = firehose.create_delivery_stream(
            DeliveryStreamName="f",
            ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket"},
        )["DeliveryStreamARN"]
        delivery = taken(arn)
        [found] = s3.list_objects_v2(Bucket="bucket")["Contents"]
        assert s3.get_object(Bucket="bucket", Key=found["Key"])["Body"].read().decode() == delivery.body


class TestLogs:
    def test_each_delivery_has_a_log_stream_of_its_own(self, client, taken):
        logs = client("logs")
        logs.create_log_group(logGroupName="/aws/events/g")
        arn = logs.describe_log_groups()["logGroups"][0]["arn"].removesuffix(":*")
        deliveries = [taken(arn), taken(arn)]
        streams = logs.describe_log_streams(logGroupName="/aws/events/g")["logStreams"]
        assert len(streams) == 2
        found = []
        for stream in streams:
            answer = logs.get_log_events(
                logGroupName="/aws/events/g", logStreamName=stream["logStreamName"], startFromHead=True
            )
            found += [(event["message"], event["timestamp"]) for event in answer["events"]]
        assert sorted(message for message, _ in found) == sorted(delivery.body for delivery in deliveries)
        assert {timestamp // 1000 for _, timestamp in found} <= {
            int(delivery.envelope.time.timestamp()) for delivery in deliveries
        }

    @pytest.mark.parametrize(
        ("message", "logged"),
        [("<state>", "PAID"), ("<detail>", '{"state":"PAID"}'), ('"it is <state>"', "it is PAID")],
    )
    def test_a_transformer_gives_the_time_as_text_and_any_message(self, client, taken, message, logged):
        logs = client("logs")
        logs.create_log_group(logGroupName="g")
        paths = {"time": "$.time", "detail": "$.detail", "state": "$.detail.state"}
        template = f'{{"timestamp": <time>, "message": {message}}}'
        delivery = taken(
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g",
            entry={"Detail": '{"state": "PAID"}'},
            InputTransformer={"InputPathsMap": paths, "InputTemplate": template},
        )
        [event] = logs.filter_log_events(logGroupName="g")["events"]
        assert event["message"] == logged
        assert event["timestamp"] == int(delivery.envelope.time.timestamp()) * 1000

    def test_nothing_arrives_where_the_arn_ends_as_that_of_streams(self, client, deliver):
        logs = client("logs")
        logs.create_log_group(logGroupName="g")
        delivery = deliver(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g:*")
        assert delivery.status == "dropped"
        assert logs.filter_log_events(logGroupName="g")["events"] == []

    def test_what_is_tried_again_goes_to_the_same_stream(self, client):
        logs = client("logs")
        logs.create_log_group(logGroupName="g")
        event = {"timestamp": 0, "message": "m"}
        parameters = {"logGroupName": "g", "logStreamName": "s", "logEvents": [event]}
        call = ApiCall(
            service="logs", operation="PutLogEvents", parameters=parameters, region=REGION, account=ACCOUNT
        )
        moto = Moto()
        moto.call(call)
        moto.call(call)
        [stream] = logs.describe_log_streams(logGroupName="g")["logStreams"]
        assert stream["logStreamName"] == "s"


class TestWork:
    """Targets that begin something."""

    def test_a_state_machine_has_an_execution(self, client, taken):
        states = client("stepfunctions")
        arn = states.create_state_machine(
            name="m", definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}', roleArn=ROLE
        )["stateMachineArn"]
        delivery = taken(arn)
        [execution] = states.list_executions(stateMachineArn=arn)["executions"]
        assert execution["name"].startswith(delivery.event["id"])
        described = states.describe_execution(executionArn=execution["executionArn"])
        assert described["input"] == delivery.body

    def test_a_cluster_has_a_task(self, client, taken):
        ecs = client("ecs")
        arn = ecs.create_cluster(clusterName="c")["cluster"]["clusterArn"]
        definition = ecs.register_task_definition(
            family="f",
            containerDefinitions=[{"name": "c", "image": "i", "memory": 8}],
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
        )["taskDefinition"]["taskDefinitionArn"]
        subnet = client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
        network = {"Subnets": [subnet], "SecurityGroups": []}
        overrides = {"containerOverrides": [{"name": "c", "command": ["x"]}]}
        taken(
            arn,
            EcsParameters={
                "TaskDefinitionArn": definition,
                "TaskCount": 2,
                "LaunchType": "FARGATE",
                "NetworkConfiguration": {"awsvpcConfiguration": network},
            },
            Input=json.dumps(overrides),
        )
        arns = ecs.list_tasks(cluster=arn)["taskArns"]
        tasks = ecs.describe_tasks(cluster=arn, tasks=arns)["tasks"]
        assert [task["taskDefinitionArn"] for task in tasks] == [definition] * 2
        assert {task["startedBy"] for task in tasks} == {"events-rule/r"}
        assert [task["overrides"] for task in tasks] == [overrides] * 2

    def test_a_job_queue_has_a_job(self, client, taken):
        batch = client("batch")
        environment = batch.create_compute_environment(
            computeEnvironmentName="environment",
            type="UNMANAGED",
            state="ENABLED",
            serviceRole=make_role(client),
        )["computeEnvironmentArn"]
        order = [{"order": 1, "computeEnvironment": environment}]
        arn = batch.create_job_queue(
            jobQueueName="queue", state="ENABLED", priority=1, computeEnvironmentOrder=order
        )["jobQueueArn"]
        container = {"image": "i", "vcpus": 1, "memory": 8, "command": ["x"]}
        definition = batch.register_job_definition(
            jobDefinitionName="definition", type="container", containerProperties=container
        )["jobDefinitionArn"]
        taken(
            arn,
            BatchParameters={"JobDefinition": definition, "JobName": "job"},
            Input='{"Parameters": {"k": "v"}}',
        )
        jobs = [
            job
            for status in ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED")
            for job in batch.list_jobs(jobQueue=arn, jobStatus=status)["jobSummaryList"]
        ]
        assert [job["jobName"] for job in jobs] == ["job"]
        [described] = batch.describe_jobs(jobs=[jobs[0]["jobId"]])["jobs"]
        assert (described["jobQueue"], described["parameters"]) == (arn, {"k": "v"})

    def test_a_project_has_a_build(self, client, taken):
        codebuild = client("codebuild")
        arn = codebuild.create_project(
            name="project",
            source={"type": "S3", "location": "b/k"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "i",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=f"arn:aws:iam::{ACCOUNT}:role/service-role/r",
        )["project"]["arn"]
        taken(arn, Input='{"sourceVersion": "refs/heads/x"}')
        [build] = codebuild.batch_get_builds(ids=codebuild.list_builds()["ids"])["builds"]
        assert (build["projectName"], build["sourceVersion"]) == ("project", "refs/heads/x")

    def test_a_pipeline_of_codepipeline_has_an_execution(self, client, taken):
        codepipeline = client("codepipeline")
        role = make_role(client)
        action = {
            "name": "a",
            "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
        }
        codepipeline.create_pipeline(
            pipeline={
                "name": "p",
                "roleArn": role,
                "artifactStore": {"type": "S3", "location": "bucket"},
                "stages": [
                    {"name": "one", "actions": [action]},
                    {"name": "two", "actions": [action]},
                ],
            }
        )
        taken(f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:p")
        assert len(codepipeline.list_pipeline_executions(pipelineName="p")["pipelineExecutionSummaries"]) == 1

    def test_a_pipeline_of_sagemaker_has_an_execution(self, client, taken):
        sagemaker = client("sagemaker")
        arn = sagemaker.create_pipeline(
            PipelineName="p", PipelineDefinition="{}", ClientRequestToken="t" * 32, RoleArn=f"{ROLE}-of-it"
        )["PipelineArn"]
        given = [{"Name": "n", "Value": "$.detail.state"}]
        taken(arn, SageMakerPipelineParameters={"PipelineParameterList": given})
        [execution] = sagemaker.list_pipeline_executions(PipelineName="p")["PipelineExecutionSummaries"]
        answer = sagemaker.list_pipeline_parameters_for_execution(
            PipelineExecutionArn=execution["PipelineExecutionArn"]
        )
        assert answer["PipelineParameters"] == [{"Name": "n", "Value": "PAID"}]

    def test_a_workflow_of_glue_has_a_run(self, client, taken):
        pytest.importorskip("pyparsing", reason="moto's Glue needs it")
        glue = client("glue")
        glue.create_workflow(Name="w")
        delivery = taken(f"arn:aws:glue:{REGION}:{ACCOUNT}:workflow/w")
        [run] = glue.get_workflow_runs(Name="w")["Runs"]
        assert json.loads(run["WorkflowRunProperties"]["aws:eventIds"]) == [delivery.event["id"]]

    def test_a_document_has_a_command(self, client, taken):
        ssm = client("ssm")
        targets = [{"Key": "tag:a", "Values": ["b"]}]
        taken(
            f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/d",
            RunCommandParameters={"RunCommandTargets": targets},
            Input='{"commands": ["x"]}',
        )
        [command] = ssm.list_commands()["Commands"]
        assert (command["DocumentName"], command["Parameters"]) == ("d", {"commands": ["x"]})
        assert command["Targets"] == targets

    def test_a_cluster_of_redshift_has_a_statement(self, events, client, taken, monkeypatch):
        answers = []
        call = Moto.call
        monkeypatch.setattr(Moto, "call", lambda moto, made: answers.append(call(moto, made)))
        given = {"Database": "d", "DbUser": "u", "Sql": "select 1"}
        taken(f"arn:aws:redshift:{REGION}:{ACCOUNT}:cluster:c", RedshiftDataParameters=given)
        statement = client("redshift-data").describe_statement(Id=answers[0]["Id"])
        assert statement["QueryString"] == "select 1"
        assert (statement["ClusterIdentifier"], statement["Database"]) == ("c", "d")


class TestElsewhere:
    @pytest.mark.parametrize(
        ("account", "region"),
        [(ACCOUNT, OTHER_REGION), (OTHER_ACCOUNT, REGION), (OTHER_ACCOUNT, OTHER_REGION)],
    )
    def test_a_queue_of_another_account_or_region(self, client, elsewhere, taken, account, region):
        here_url, _ = make_queue(client("sqs"))
        there = elsewhere("sqs", account, region)
        url, arn = make_queue(there)
        assert arn == f"arn:aws:sqs:{region}:{account}:q"
        delivery = taken(arn)
        assert [message["Body"] for message in messages(there, url)] == [delivery.body]
        assert messages(client("sqs"), here_url) == []

    def test_other_protocols_name_the_account_too(self, elsewhere, taken):
        topics, states = elsewhere("sns"), elsewhere("stepfunctions")
        sqs = elsewhere("sqs")
        url, queue_arn = make_queue(sqs)
        arn = topics.create_topic(Name="t")["TopicArn"]
        topics.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        taken(arn)
        assert len(messages(sqs, url)) == 1
        arn = states.create_state_machine(name="m", definition='{"StartAt": "a", "States": {}}', roleArn=ROLE)
        arn = arn["stateMachineArn"]
        assert arn.split(":")[3:5] == [OTHER_REGION, OTHER_ACCOUNT]
        taken(arn)
        assert len(states.list_executions(stateMachineArn=arn)["executions"]) == 1

    def test_what_the_environment_says_of_endpoints_is_not_for_moto(self, client, taken, monkeypatch):
        sqs = client("sqs")
        url, arn = make_queue(sqs)
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
        monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
        monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
        taken(arn)
        assert len(messages(sqs, url)) == 1


class TestFailures:
    def test_what_a_resource_does_not_take_is_a_failed_delivery(self, client, deliver):
        url, arn = make_queue(client("sqs"), MaximumMessageSize="1024")
        delivery = deliver(arn, entry={"Detail": json.dumps({"text": "x" * 1024})})
        assert (delivery.status, delivery.taken_by) == ("dropped", None)
        assert delivery.reason.startswith("INVALID_PARAMETER: InvalidParameterValue: One or more parameters")
        assert messages(client("sqs"), url) == []

    def test_and_what_moto_stumbles_over_is_tried_again(self, events_backend, client, deliver):
        firehose = client("firehose")
        arn = firehose.create_delivery_stream(
            DeliveryStreamName="f",
            ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket"},
        )["DeliveryStreamARN"]
        delivery = deliver(arn)
        assert (delivery.status, delivery.attempts[0].error_code) == ("pending", "ERROR_FROM_TARGET")
        assert delivery.attempts[0].exception is None
        client("s3").create_bucket(Bucket="bucket")
        events_backend.clock.advance(seconds=10)
        assert (delivery.status, delivery.taken_by, len(delivery.attempts)) == ("delivered", "moto", 2)

    def test_what_botocore_does_not_take_is_one_too(self, client, deliver):
        codebuild = client("codebuild")
        delivery = deliver(
            f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/project", Input='{"sourceVersion": 1}'
        )
        assert delivery.reason.startswith("INVALID_PARAMETER: Parameter validation failed: Invalid type for")
        assert codebuild.list_builds()["ids"] == []

    def test_a_dead_letter_queue_has_the_event_and_why(self, client, deliver):
        sqs = client("sqs")
        _, arn = make_queue(sqs, MaximumMessageSize="1024")
        url, dead_letter_arn = make_queue(sqs, "dead-letters")
        delivery = deliver(
            arn,
            entry={"Detail": json.dumps({"text": "x" * 1024})},
            DeadLetterConfig={"Arn": dead_letter_arn},
        )
        assert (delivery.status, delivery.dead_letter.taken_by) == ("dead-lettered", "moto")
        [message] = messages(sqs, url)
        assert message["Body"] == delivery.envelope.text
        assert message["MessageAttributes"] == {
            name: {"DataType": "String", "StringValue": value}
            for name, value in {
                "RULE_ARN": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/r",
                "TARGET_ARN": arn,
                "ERROR_CODE": "INVALID_PARAMETER",
                "ERROR_MESSAGE": "InvalidParameterValue: One or more parameters are invalid. "
                "Reason: Message must be shorter than 1024 bytes.",
            }.items()
        }

    def test_and_how_often_it_was_tried(self, events_backend, client, deliver):
        sqs = client("sqs")
        url, dead_letter_arn = make_queue(sqs, "dead-letters")
        _, arn = make_queue(sqs)
        events_backend.faults.inject("ThrottlingException", target=arn)
        delivery = deliver(
            arn, DeadLetterConfig={"Arn": dead_letter_arn}, RetryPolicy={"MaximumRetryAttempts": 0}
        )
        assert delivery.status == "dead-lettered"
        [message] = messages(sqs, url)
        found = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
        assert found["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
        assert found["RETRY_ATTEMPTS"] == "0"


NOT_THERE = {
    "sqs:q": {},
    "sns:t": {},
    "lambda:function:f": {},
    "kinesis:stream/s": {},
    "firehose:deliverystream/f": {},
    "states:stateMachine:m": {},
    "logs:log-group:g": {},
    "ecs:cluster/c": {
        "EcsParameters": {"TaskDefinitionArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/f"}
    },
    "batch:job-queue/q": {"BatchParameters": {"JobDefinition": "d", "JobName": "job"}},
    "codebuild:project/project": {},
    "codepipeline:p": {},
    "sagemaker:pipeline/p": {},
    "glue:workflow/w": {},
}
"""Targets of which moto holds none here."""
NOT_BUILT = {
    "ssm:automation-definition/d:1": {},
    "ssm:opsitem": {},
    "redshift:cluster:c": {"RedshiftDataParameters": {"Database": "d", "DbUser": "u", "Sqls": ["select 1"]}},
    "imagebuilder:image-pipeline/p": {},
    "inspector:target/0-a/template/0-b": {},
}
"""Targets whose calls moto does not know."""


class TestNobody:
    @pytest.mark.parametrize(("place", "members"), (NOT_THERE | NOT_BUILT).items())
    def test_what_moto_does_not_have_is_recorded(self, deliver, place, members):
        service, _, resource = place.partition(":")
        delivery = deliver(f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}", **members)
        assert (delivery.status, delivery.taken_by) == ("delivered", "nobody")

    def test_incident_manager_too(self, deliver):
        assert deliver(f"arn:aws:ssm-incidents::{ACCOUNT}:response-plan/p").taken_by == "nobody"

    def test_strict_wants_it_to_be_there(self, order):
        with (
            pytest.raises(StrictFailure, match="nobody stands at the other end"),
            mock_events(strict=True) as backend,
        ):
            events = backend.client()
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}])
            events.put_events(Entries=[order])

    @pytest.mark.eventmock(passthrough=["*"])
    @pytest.mark.parametrize(
        "config",
        [{"core": {"passthrough": {"services": ["sqs"]}}}, {"core": {"service_whitelist": ["sns"]}}],
    )
    def test_a_service_that_moto_was_told_to_leave_alone_is_not_called(self, deliver):
        assert deliver(f"arn:aws:sqs:{REGION}:{ACCOUNT}:q").taken_by == "nobody"


class TestWithAndWithoutMoto:
    @pytest.fixture(autouse=True)
    def _moto(self):
        """None but the test's own."""

    @staticmethod
    def put(backend, arn):
        events = backend.client()
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn}])
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
        return backend.deliveries[-1].taken_by

    def test_moto_inside(self):
        with mock_events() as backend, mock_aws():
            url, arn = make_queue(backend.client("sqs"))
            assert self.put(backend, arn) == "moto"
            assert len(messages(backend.client("sqs"), url)) == 1

    def test_moto_outside(self):
        with mock_aws(), mock_events() as backend:
            url, arn = make_queue(backend.client("sqs"))
            assert self.put(backend, arn) == "moto"
            assert len(messages(backend.client("sqs"), url)) == 1

    def test_nothing_is_called_without_it(self, events_backend):
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
        assert self.put(events_backend, arn) == "nobody"
        with mock_aws():
            make_queue(events_backend.client("sqs"))
            assert self.put(events_backend, arn) == "moto"
        assert self.put(events_backend, arn) == "nobody"
        with mock_aws():
            url, _ = make_queue(events_backend.client("sqs"))
            assert messages(events_backend.client("sqs"), url) == []
