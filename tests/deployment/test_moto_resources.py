"""The resources of a stack that are made in moto, read back through boto3."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec

import boto3
import moto
import pytest
from moto import mock_aws

from eventmock import OptionError, TemplateError
from eventmock.delivery.moto import Moto
from eventmock.deployment.moto_resources import MotoResources
from eventmock.deployment.stack import StackResource
from eventmock.templates.evaluation import EvaluatedMapping
from eventmock.templates.template import Declared
from eventmock.wire import AwsError

MOTO = tuple(map(int, re.findall(r"\d+", moto.__version__)[:3]))
HERE, OWN = "us-east-1", "123456789012"
QUEUE_URL = f"https://sqs.{HERE}.amazonaws.com/{OWN}/jobs"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:jobs"
TOPIC = f"arn:aws:sns:{HERE}:{OWN}:news"
FUNCTION = f"arn:aws:lambda:{HERE}:{OWN}:function:ship"
ROLE = f"arn:aws:iam::{OWN}:role/worker"
RULE = f"arn:aws:events:{HERE}:{OWN}:rule/r"
EVENTS = {"Service": "events.amazonaws.com"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


TRUST = document({"Effect": "Allow", "Principal": EVENTS, "Action": "sts:AssumeRole"})
ALLOW = document({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"})
LET_IN = document({"Effect": "Allow", "Principal": EVENTS, "Action": "*", "Resource": "*"})


def resource(type_name, name, properties=None, *, arn=None, ref=None, logical_id="It"):
    """A resource as the engine evaluates it."""
    found = EvaluatedMapping(properties or {})
    return StackResource(Declared(logical_id, type_name, found), found, name, ref or name, arn, {})


def queue(name="jobs", **properties):
    url = QUEUE_URL.replace("jobs", name)
    return resource("AWS::SQS::Queue", name, properties, arn=QUEUE.replace("jobs", name), ref=url)


def topic(name="news", **properties):
    arn = TOPIC.replace("news", name)
    return resource("AWS::SNS::Topic", name, properties, arn=arn, ref=arn)


def role(name="worker", **properties):
    given = {"AssumeRolePolicyDocument": TRUST, **properties}
    return resource("AWS::IAM::Role", name, given, arn=ROLE.replace("worker", name))


def function(name="ship", **properties):
    given = {"Role": ROLE, "Code": {"S3Bucket": "b", "S3Key": "k"}, **properties}
    return resource("AWS::Lambda::Function", name, given, arn=FUNCTION.replace("ship", name))


@pytest.fixture
def _moto():
    with mock_aws():
        yield


@pytest.fixture
def made(events_backend, _moto):
    """The resources in moto of a stack."""
    return MotoResources(events_backend.state, OWN, HERE)


@pytest.fixture
def client(events_backend):
    """A function that makes a client."""
    return events_backend.client


def attributes_of(client, name="jobs"):
    url = QUEUE_URL.replace("jobs", name)
    return client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


class TestAll:
    def test_what_is_not_made_is_returned_as_it_was(self, made):
        rule = resource("AWS::Events::Rule", "r")
        assert made.create(rule) is rule
        assert made.update(rule, rule) is rule
        assert not made.makes("AWS::Events::Rule")
        made.delete(rule)
        assert made.notes == []

    def test_moto_has_to_be_active(self, events_backend):
        made = MotoResources(events_backend.state, OWN, HERE)
        text = re.escape("deploy(in_moto=True): moto is not active; start mock_aws() first")
        for do in (made.check_active, lambda: made.create(queue()), lambda: made.update(queue(), queue())):
            with pytest.raises(OptionError, match=f"^{text}$"):
                do()
        made.delete(queue())

    @pytest.mark.usefixtures("_moto")
    def test_it_is_made_in_the_account_and_region_of_the_stack(self, events_backend):
        there = MotoResources(events_backend.state, "222222222222", "eu-west-1")
        made = there.create(queue())
        assert made.ref == "https://sqs.eu-west-1.amazonaws.com/222222222222/jobs"
        assert events_backend.client("sqs").list_queues().get("QueueUrls", []) == []

    @pytest.mark.parametrize(
        "one",
        [
            queue(),
            topic(),
            role(),
            resource("AWS::Logs::LogGroup", "/app"),
            resource("AWS::Kinesis::Stream", "clicks"),
            resource("AWS::S3::Bucket", "files"),
            resource("AWS::ECS::Cluster", "work"),
            resource("AWS::IAM::ManagedPolicy", "may", {"PolicyDocument": ALLOW}),
            resource("AWS::SSM::Parameter", "/a", {"Type": "String", "Value": "1"}),
            resource("AWS::SecretsManager::Secret", "s", {"SecretString": "1"}),
            resource(
                "AWS::StepFunctions::StateMachine",
                "m",
                {
                    "DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
                    "RoleArn": ROLE,
                },
                arn=f"arn:aws:states:{HERE}:{OWN}:stateMachine:m",
            ),
        ],
        ids=lambda one: one.type,
    )
    def test_a_second_of_the_name_exists_already(self, made, one):
        created = made.create(one)
        with pytest.raises(AwsError) as caught:
            made.create(one)
        text = f"Resource of type '{one.type}' with identifier '{one.name}' already exists."
        assert (caught.value.code, caught.value.message) == ("AlreadyExists", text)
        made.delete(created)
        made.delete(created)
        made.create(one)
        assert made.notes == []


class TestQueues:
    def test_a_queue_has_its_attributes_and_tags(self, made, client):
        dead = made.create(queue("dead"))
        redrive = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": "3"}
        tags = [{"Key": "team", "Value": "shop"}]
        one = queue(VisibilityTimeout="60", RedrivePolicy=redrive, KmsMasterKeyId="alias/k", Tags=tags)
        created = made.create(one)
        found = attributes_of(client)
        assert created.ref == QUEUE_URL
        assert (found["VisibilityTimeout"], found["KmsMasterKeyId"]) == ("60", "alias/k")
        assert json.loads(found["RedrivePolicy"]) == {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 3}
        assert client("sqs").list_queue_tags(QueueUrl=QUEUE_URL)["Tags"] == {"team": "shop"}

    def test_a_fifo_queue(self, made, client):
        made.create(queue("jobs.fifo", FifoQueue="true", ContentBasedDeduplication=True))
        found = attributes_of(client, "jobs.fifo")
        assert (found["FifoQueue"], found["ContentBasedDeduplication"]) == ("true", "true")
        made.create(queue("other", FifoQueue=False))
        assert "FifoQueue" not in attributes_of(client, "other")

    def test_an_unknown_property_is_left_out_with_a_note(self, made):
        made.create(queue(Colour="red"))
        assert made.notes == ["queue It: property Colour was not given to moto"]

    def test_a_changed_queue_keeps_its_messages(self, made, client):
        old = made.create(queue(VisibilityTimeout=60, ReceiveMessageWaitTimeSeconds=5, KmsMasterKeyId="k"))
        client("sqs").send_message(QueueUrl=QUEUE_URL, MessageBody="m")
        new = made.update(old, queue(VisibilityTimeout=90, KmsMasterKeyId="k2"))
        found = attributes_of(client)
        assert new.ref == QUEUE_URL
        assert [
            found[name] for name in ("VisibilityTimeout", "ReceiveMessageWaitTimeSeconds", "KmsMasterKeyId")
        ] == [*("90", "0", "k2")]
        assert found["ApproximateNumberOfMessages"] == "1"
        made.update(new, queue())
        assert "KmsMasterKeyId" not in attributes_of(client)

    def test_an_update_of_what_is_gone_makes_it(self, made, client):
        old = made.create(queue())
        client("sqs").delete_queue(QueueUrl=QUEUE_URL)
        made.update(old, queue(DelaySeconds=1))
        assert attributes_of(client)["DelaySeconds"] == "1"

    @pytest.mark.parametrize(
        ("type_name", "key"), [("AWS::SQS::QueuePolicy", "Queues"), ("AWS::SQS::QueueInlinePolicy", "Queue")]
    )
    def test_a_policy_of_a_queue(self, made, client, type_name, key):
        made.create(queue())
        made.create(queue("tasks"))
        urls = [QUEUE_URL] if key == "Queues" else QUEUE_URL
        policy = resource(type_name, "p", {key: urls, "PolicyDocument": LET_IN})
        made.create(policy)
        assert json.loads(attributes_of(client)["Policy"]) == LET_IN
        other = QUEUE_URL.replace("jobs", "tasks")
        changed = resource(
            type_name, "p", {key: [other] if key == "Queues" else other, "PolicyDocument": json.dumps(LET_IN)}
        )
        made.update(policy, changed)
        assert "Policy" not in attributes_of(client)
        assert json.loads(attributes_of(client, "tasks")["Policy"]) == LET_IN
        made.delete(changed)
        assert "Policy" not in attributes_of(client, "tasks")
        assert made.notes == []

    def test_a_policy_of_a_queue_that_moto_does_not_have(self, made):
        made.create(resource("AWS::SQS::QueuePolicy", "p", {"Queues": [QUEUE_URL], "PolicyDocument": LET_IN}))
        [note] = made.notes
        assert note.startswith("queue policy It: SetQueueAttributes was not carried out by moto: AWS.Simple")


class TestTopics:
    def test_a_topic_has_its_attributes_and_inline_subscriptions(self, made, client):
        made.create(queue())
        subscriptions = [
            {"Protocol": "sqs", "Endpoint": QUEUE},
            {"Protocol": "lambda", "Endpoint": FUNCTION},
            {"Protocol": "https", "Endpoint": "https://shop.example"},
        ]
        one = topic(DisplayName="News", KmsMasterKeyId="k", Subscription=subscriptions, Tags=[])
        created = made.create(one)
        sns = client("sns")
        found = sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]
        assert (created.ref, found["DisplayName"], found["KmsMasterKeyId"]) == (TOPIC, "News", "k")
        sns.publish(TopicArn=TOPIC, Message="m")
        assert attributes_of(client)["ApproximateNumberOfMessages"] == "1"
        assert made.notes == [
            f"topic It: the subscription of {FUNCTION} was not made in moto: functions are made without code",
            "topic It: the subscription of https://shop.example was not made in moto: nothing leaves the test",
        ]
        made.update(created, topic(DisplayName="Old"))
        found = sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]
        assert found["DisplayName"] == "Old"
        assert not found.get("KmsMasterKeyId")
        assert sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"] == []

    def test_a_subscription(self, made, client):
        made.create(queue())
        made.create(topic())
        policy = {"kind": ["paid"]}
        given = {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": QUEUE, "RawMessageDelivery": "true"}
        one = resource("AWS::SNS::Subscription", "s", {**given, "FilterPolicy": policy})
        created = made.create(one)
        sns = client("sns")
        found = sns.get_subscription_attributes(SubscriptionArn=created.ref)["Attributes"]
        assert (found["RawMessageDelivery"], json.loads(found["FilterPolicy"])) == ("true", policy)
        again = made.update(created, resource("AWS::SNS::Subscription", "s", given))
        found = sns.get_subscription_attributes(SubscriptionArn=again.ref)["Attributes"]
        assert not json.loads(found.get("FilterPolicy") or "{}")
        made.delete(again)
        assert sns.list_subscriptions()["Subscriptions"] == []

    def test_a_subscription_to_a_topic_of_another_region(self, made, client, events_backend):
        there = "eu-west-1"
        arn = TOPIC.replace(HERE, there)
        MotoResources(events_backend.state, OWN, there).create(topic()._replace(arn=arn, ref=arn))
        given = {"TopicArn": arn, "Protocol": "sqs", "Endpoint": QUEUE, "Region": there}
        one = made.create(resource("AWS::SNS::Subscription", "s", given))
        assert one.arn.startswith(arn)
        made.delete(one)
        assert client("sns", region=there).list_subscriptions()["Subscriptions"] == []

    def test_a_subscription_of_a_function_is_not_made(self, made):
        given = {"TopicArn": TOPIC, "Protocol": "lambda", "Endpoint": FUNCTION}
        one = resource("AWS::SNS::Subscription", "s", given)
        assert made.create(one) is one
        made.delete(one)
        assert made.notes == ["subscription It: not made in moto: functions are made without code"]

    def test_a_policy_of_a_topic(self, made, client):
        made.create(topic())

        def policy_of_topic():
            attributes = client("sns").get_topic_attributes(TopicArn=TOPIC)["Attributes"]
            return json.loads(attributes["Policy"])

        default = policy_of_topic()["Statement"]
        policy = resource("AWS::SNS::TopicPolicy", "p", {"Topics": [TOPIC], "PolicyDocument": LET_IN})
        made.create(policy)
        assert policy_of_topic() == LET_IN
        made.delete(policy)
        assert [one["Condition"] for one in policy_of_topic()["Statement"]] == [
            one["Condition"] for one in default
        ]
        inline = resource("AWS::SNS::TopicInlinePolicy", "p", {"TopicArn": TOPIC, "PolicyDocument": LET_IN})
        made.create(inline)
        assert policy_of_topic() == LET_IN


class TestLogs:
    def test_a_log_group(self, made, client):
        tags = [{"Key": "team", "Value": "shop"}]
        old = made.create(resource("AWS::Logs::LogGroup", "/app", {"RetentionInDays": "7", "Tags": tags}))
        logs = client("logs")
        [found] = logs.describe_log_groups()["logGroups"]
        assert (found["logGroupName"], found["retentionInDays"]) == ("/app", 7)
        assert logs.list_tags_for_resource(resourceArn=found["arn"].removesuffix(":*"))["tags"] == {
            "team": "shop"
        }
        new = made.update(old, resource("AWS::Logs::LogGroup", "/app", {"RetentionInDays": 30}))
        assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 30
        made.update(new, resource("AWS::Logs::LogGroup", "/app"))
        assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]
        assert made.notes == []

    def test_a_resource_policy(self, made, client):
        given = {"PolicyName": "p", "PolicyDocument": json.dumps(LET_IN)}
        policy = resource("AWS::Logs::ResourcePolicy", "p", given)
        made.create(policy)
        [found] = client("logs").describe_resource_policies()["resourcePolicies"]
        assert (found["policyName"], json.loads(found["policyDocument"])) == ("p", LET_IN)
        made.delete(policy)
        assert client("logs").describe_resource_policies()["resourcePolicies"] == []


class TestStreams:
    def test_a_stream(self, made, client):
        encryption = {"EncryptionType": "KMS", "KeyId": "k"}
        given = {"RetentionPeriodHours": "48", "StreamEncryption": encryption, "ShardCount": "2"}
        old = made.create(resource("AWS::Kinesis::Stream", "clicks", given))
        kinesis = client("kinesis")

        def summary():
            return kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]

        found = summary()
        assert (found["RetentionPeriodHours"], found["OpenShardCount"], found["KeyId"]) == (48, 2, "k")
        changed = {"RetentionPeriodHours": 24, "ShardCount": 2}
        made.update(old, resource("AWS::Kinesis::Stream", "clicks", changed))
        found = summary()
        assert (found["RetentionPeriodHours"], found["EncryptionType"]) == (24, "NONE")

    def test_a_stream_on_demand(self, made, client):
        mode = {"StreamMode": "ON_DEMAND"}
        made.create(resource("AWS::Kinesis::Stream", "clicks", {"StreamModeDetails": mode}))
        found = client("kinesis").describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]
        assert found["StreamModeDetails"] == mode

    def test_a_policy_of_a_stream(self, made, client):
        made.create(resource("AWS::Kinesis::Stream", "clicks"))
        arn = f"arn:aws:kinesis:{HERE}:{OWN}:stream/clicks"
        policy = resource("AWS::Kinesis::ResourcePolicy", "p", {"ResourceArn": arn, "ResourcePolicy": LET_IN})
        made.create(policy)
        if made.notes:
            pytest.skip(made.notes[0])  # older versions of moto have no such policies
        found = client("kinesis").get_resource_policy(ResourceARN=arn)["Policy"]
        assert json.loads(found) == LET_IN
        made.delete(policy)

    def test_a_delivery_stream(self, made, client):
        to = {"BucketARN": "arn:aws:s3:::files", "RoleARN": ROLE, "BufferingHints": {"SizeInMBs": "5"}}
        given = {"DeliveryStreamType": "DirectPut", "S3DestinationConfiguration": to}
        one = made.create(resource("AWS::KinesisFirehose::DeliveryStream", "fire", given))
        firehose = client("firehose")
        assert firehose.list_delivery_streams()["DeliveryStreamNames"] == ["fire"]
        made.delete(one)
        assert firehose.list_delivery_streams()["DeliveryStreamNames"] == []
        assert made.notes == []


class TestStateMachines:
    @pytest.mark.parametrize("key", ["Definition", "DefinitionString"])
    def test_a_state_machine(self, made, client, key):
        definition = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${it}", "End": True}}}
        given = {
            key: definition if key == "Definition" else json.dumps(definition),
            "DefinitionSubstitutions": {"it": FUNCTION},
            "RoleArn": ROLE,
            "StateMachineType": "EXPRESS",
            "Tags": [{"Key": "team", "Value": "shop"}],
        }
        arn = f"arn:aws:states:{HERE}:{OWN}:stateMachine:m"
        old = made.create(resource("AWS::StepFunctions::StateMachine", "m", given, arn=arn))
        machines = client("stepfunctions")
        found = machines.describe_state_machine(stateMachineArn=arn)
        assert (old.ref, found.get("type", "EXPRESS"), found["roleArn"]) == (arn, "EXPRESS", ROLE)
        assert json.loads(found["definition"])["States"]["A"]["Resource"] == FUNCTION
        tags = machines.list_tags_for_resource(resourceArn=arn)["tags"]
        assert tags == [{"key": "team", "value": "shop"}]
        other = {**given, "DefinitionSubstitutions": {"it": f"{FUNCTION}:live"}}
        made.update(old, resource("AWS::StepFunctions::StateMachine", "m", other, arn=arn))
        found = machines.describe_state_machine(stateMachineArn=arn)
        assert json.loads(found["definition"])["States"]["A"]["Resource"] == f"{FUNCTION}:live"
        assert made.notes == []

    def test_a_definition_in_a_file_is_not_read(self, made, client):
        given = {"DefinitionS3Location": {"Bucket": "b", "Key": "k"}, "RoleArn": ROLE}
        made.create(resource("AWS::StepFunctions::StateMachine", "m", given))
        [found] = client("stepfunctions").list_state_machines()["stateMachines"]
        assert found["name"] == "m"
        assert made.notes == ["state machine It: property DefinitionS3Location was not given to moto"]


TABLE = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


class TestTables:
    def test_a_table(self, made, client):
        given = {
            **TABLE,
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            "SSESpecification": {"SSEEnabled": "true"},
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": "true"},
        }
        old = made.create(resource("AWS::DynamoDB::Table", "orders", given))
        dynamodb = client("dynamodb")
        found = dynamodb.describe_table(TableName="orders")["Table"]
        assert old.attributes["StreamArn"] == found["LatestStreamArn"]
        assert found["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        assert found["SSEDescription"]["Status"] == "ENABLED"
        ttl = dynamodb.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]
        assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}
        dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}})
        throughput = {"ReadCapacityUnits": "5", "WriteCapacityUnits": 5}
        changed = {**TABLE, "BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput}
        made.update(old, resource("AWS::DynamoDB::Table", "orders", changed))
        found = dynamodb.describe_table(TableName="orders")["Table"]
        assert found["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
        assert found["ItemCount"] == 1
        assert "StreamSpecification" not in found
        assert made.notes == []

    def test_a_wrong_table_is_refused(self, made):
        with pytest.raises(AwsError, match=r"^ValidationException: "):
            made.create(resource("AWS::DynamoDB::Table", "orders", {"KeySchema": "id"}))

    def test_what_makes_moto_fail_is_not_made(self, made, monkeypatch):
        def fail(*_):
            raise KeyError("KeySchema")

        monkeypatch.setattr(Moto, "call", fail)
        made.create(resource("AWS::DynamoDB::Table", "orders", {}))
        assert made.notes == ["table It: not made in moto: moto fails with KeyError: 'KeySchema'"]


class TestBuckets:
    @pytest.mark.skipif(MOTO < (5, 0, 4), reason="its S3 is not known, see docs/service-events.md")
    def test_a_bucket_sends_events(self, made, client, events_backend):
        made.create(queue())
        events = client()
        events.put_rule(Name="r", EventPattern='{"source": ["aws.s3"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])
        notifications = {"EventBridgeConfiguration": {"EventBridgeEnabled": "true"}}
        given = {"NotificationConfiguration": notifications, "VersioningConfiguration": {"Status": "Enabled"}}
        old = made.create(resource("AWS::S3::Bucket", "files", given))
        s3 = client("s3")
        s3.put_object(Bucket="files", Key="k", Body=b"")
        assert [one.detail_type for one in events_backend.events] == ["Object Created"]
        assert s3.get_bucket_versioning(Bucket="files")["Status"] == "Enabled"
        made.update(old, resource("AWS::S3::Bucket", "files"))
        s3.put_object(Bucket="files", Key="k", Body=b"")
        assert len(events_backend.events) == 1
        assert s3.get_bucket_versioning(Bucket="files")["Status"] == "Suspended"
        with pytest.raises(AwsError, match="BucketNotEmpty"):
            made.delete(old)

    def test_a_bucket_notifies_a_queue_but_no_function(self, made, client):
        made.create(queue())
        rules = {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}}
        notifications = {
            "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": QUEUE, "Filter": rules}],
            "LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": FUNCTION}],
        }
        made.create(resource("AWS::S3::Bucket", "files", {"NotificationConfiguration": notifications}))
        found = client("s3").get_bucket_notification_configuration(Bucket="files")
        [one] = found["QueueConfigurations"]
        assert (one["QueueArn"], one["Events"]) == (QUEUE, ["s3:ObjectCreated:*"])
        assert "LambdaFunctionConfigurations" not in found
        path = "NotificationConfiguration.LambdaConfigurations"
        assert made.notes == [f"bucket It: property {path} was not given to moto"]

    @pytest.mark.skipif(MOTO < (5, 0, 4), reason="its S3 is not known, see docs/service-events.md")
    def test_the_cdk_switches_events_on_by_a_resource_of_its_own(self, made, client, events_backend):
        made.create(resource("AWS::S3::Bucket", "files"))
        functions = [{"Events": ["s3:ObjectCreated:*"], "LambdaFunctionArn": FUNCTION}]
        configuration = {"EventBridgeConfiguration": {}, "LambdaFunctionConfigurations": functions}
        given = {"BucketName": "files", "NotificationConfiguration": configuration, "Managed": "true"}
        switch = made.create(resource("Custom::S3BucketNotifications", "n", given))
        s3 = client("s3")
        s3.put_object(Bucket="files", Key="k", Body=b"")
        assert len(events_backend.events) == 1
        made.delete(switch)
        s3.put_object(Bucket="files", Key="k", Body=b"")
        assert len(events_backend.events) == 1
        path = "NotificationConfiguration.LambdaFunctionConfigurations"
        assert made.notes == [f"s3 bucket notifications It: property {path} was not given to moto"]

    @pytest.mark.usefixtures("_moto")
    def test_a_bucket_of_another_region(self, events_backend):
        there = MotoResources(events_backend.state, OWN, "eu-west-1")
        there.create(resource("AWS::S3::Bucket", "files", {"AccessControl": "Private"}))
        found = events_backend.client("s3").get_bucket_location(Bucket="files")
        assert found["LocationConstraint"] == "eu-west-1"
        assert there.notes == ["bucket It: property AccessControl was not given to moto"]

    def test_a_policy_of_a_bucket(self, made, client):
        made.create(resource("AWS::S3::Bucket", "files"))
        policy = resource("AWS::S3::BucketPolicy", "p", {"Bucket": "files", "PolicyDocument": LET_IN})
        made.create(policy)
        assert json.loads(client("s3").get_bucket_policy(Bucket="files")["Policy"]) == LET_IN
        made.delete(policy)


MANAGED = f"arn:aws:iam::{OWN}:policy/may"
OF_AWS = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"


class TestRoles:
    def test_a_role(self, made, client):
        made.create(resource("AWS::IAM::ManagedPolicy", "may", {"PolicyDocument": ALLOW}))
        inline = [
            {"PolicyName": "one", "PolicyDocument": ALLOW},
            {"PolicyName": "two", "PolicyDocument": ALLOW},
        ]
        old = made.create(
            role(
                Path="/app/",
                Policies=inline,
                ManagedPolicyArns=[MANAGED],
                PermissionsBoundary=MANAGED,
                MaxSessionDuration="7200",
            )
        )
        iam = client("iam")
        found = iam.get_role(RoleName="worker")["Role"]
        assert old.arn == found["Arn"] == f"arn:aws:iam::{OWN}:role/app/worker"
        assert (found["AssumeRolePolicyDocument"], found["MaxSessionDuration"]) == (TRUST, 7200)
        assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == MANAGED
        assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == ["one", "two"]
        attached = iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"]
        assert [one["PolicyArn"] for one in attached] == [MANAGED]
        trust = document({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"})
        other = [{"PolicyName": "two", "PolicyDocument": LET_IN}]
        made.update(old, role(Path="/app/", Policies=other, AssumeRolePolicyDocument=json.dumps(trust)))
        found = iam.get_role(RoleName="worker")["Role"]
        assert found["AssumeRolePolicyDocument"] == trust
        assert "PermissionsBoundary" not in found
        assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == ["two"]
        assert iam.get_role_policy(RoleName="worker", PolicyName="two")["PolicyDocument"] == LET_IN
        assert iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"] == []
        assert made.notes == []

    def test_a_policy_of_aws_that_moto_does_not_have(self, made):
        made.create(role(ManagedPolicyArns=[OF_AWS]))
        assert made.notes == [f"role It: {OF_AWS} was not attached: moto does not have it"]

    def test_what_the_test_has_detached_stays_so(self, made, client):
        made.create(resource("AWS::IAM::ManagedPolicy", "may", {"PolicyDocument": ALLOW}))
        old = made.create(role(ManagedPolicyArns=[MANAGED]))
        iam = client("iam")
        iam.detach_role_policy(RoleName="worker", PolicyArn=MANAGED)
        made.update(old, role(ManagedPolicyArns=[MANAGED], Description="d"))
        assert iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"] == []

    def test_a_role_that_cannot_be_made_whole_is_not_left_behind(self, made, client):
        with pytest.raises(AwsError, match="MalformedPolicyDocument"):
            made.create(role(Policies=[{"PolicyName": "p", "PolicyDocument": {"Statement": 7}}]))
        assert client("iam").list_roles()["Roles"] == []

    @pytest.mark.parametrize("type_name", ["AWS::IAM::Policy", "AWS::IAM::RolePolicy"])
    def test_an_inline_policy(self, made, client, type_name):
        made.create(role())
        roles = {"Roles": ["worker"]} if type_name.endswith(":Policy") else {"RoleName": "worker"}
        given = {"PolicyName": "p", "PolicyDocument": ALLOW, **roles}
        policy = made.create(resource(type_name, "made", given))
        iam = client("iam")
        assert iam.get_role_policy(RoleName="worker", PolicyName="p")["PolicyDocument"] == ALLOW
        changed = made.update(policy, resource(type_name, "made", {**given, "PolicyName": "q"}))
        assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == ["q"]
        made.delete(changed)
        assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == []
        assert made.notes == []

    @pytest.mark.parametrize("version", [None, "2008-10-17"])
    def test_policies_of_the_older_version_are_taken(self, made, client, version):
        old = {"Version": version, **{name: one for name, one in ALLOW.items() if name != "Version"}}
        if version is None:
            del old["Version"]
        policy = resource("AWS::IAM::ManagedPolicy", "may", {"PolicyDocument": json.dumps(old)})
        made.create(policy)
        made.create(role(Policies=[{"PolicyName": "p", "PolicyDocument": old}]))
        found = client("iam").get_role_policy(RoleName="worker", PolicyName="p")["PolicyDocument"]
        assert found["Statement"] == ALLOW["Statement"]

    def test_users_and_groups_are_not_made(self, made):
        given = {"PolicyName": "p", "PolicyDocument": ALLOW, "Users": ["u"], "Groups": ["g"]}
        made.create(resource("AWS::IAM::Policy", "made", given))
        assert made.notes == [
            f"policy It: property {name} was not given to moto" for name in ("Groups", "Users")
        ]

    def test_a_managed_policy(self, made, client):
        made.create(role())
        made.create(role("other"))
        given = {"PolicyDocument": ALLOW, "Roles": ["worker"], "Path": "/app/"}
        policy = made.create(resource("AWS::IAM::ManagedPolicy", "may", given))
        iam = client("iam")
        assert policy.ref == f"arn:aws:iam::{OWN}:policy/app/may"
        assert iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"]
        for number in range(6):
            statement = {"Effect": "Allow", "Action": f"sqs:{number}", "Resource": "*"}
            changed = {**given, "PolicyDocument": document(statement), "Roles": ["other"]}
            policy = made.update(policy, resource("AWS::IAM::ManagedPolicy", "may", changed))
        version = iam.get_policy(PolicyArn=policy.ref)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=policy.ref, VersionId=version)["PolicyVersion"]
        assert found["Document"]["Statement"][0]["Action"] == "sqs:5"
        assert iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"] == []
        made.delete(policy)
        assert iam.list_policies(Scope="Local")["Policies"] == []


class TestKeys:
    def test_a_key_and_its_alias(self, made, client):
        given = {"KeyPolicy": LET_IN, "Description": "d", "EnableKeyRotation": "true"}
        old = made.create(resource("AWS::KMS::Key", "made", given, ref="made-up", arn="arn:made-up"))
        kms = client("kms")
        found = kms.describe_key(KeyId=old.ref)["KeyMetadata"]
        assert (old.arn, old.attributes["Arn"], found["Description"]) == (found["Arn"], found["Arn"], "d")
        assert json.loads(kms.get_key_policy(KeyId=old.ref, PolicyName="default")["Policy"]) == LET_IN
        assert kms.get_key_rotation_status(KeyId=old.ref)["KeyRotationEnabled"]
        alias = {"AliasName": "alias/k", "TargetKeyId": old.ref}
        made.create(resource("AWS::KMS::Alias", "alias/k", alias))
        assert kms.describe_key(KeyId="alias/k")["KeyMetadata"]["KeyId"] == old.ref
        new = made.update(old, resource("AWS::KMS::Key", "made", {"Enabled": "false"}, ref="made-up"))
        assert (new.ref, new.arn) == (old.ref, old.arn)
        assert kms.describe_key(KeyId=old.ref)["KeyMetadata"]["KeyState"] == "Disabled"
        policy = json.loads(kms.get_key_policy(KeyId=old.ref, PolicyName="default")["Policy"])
        assert policy["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{OWN}:root"}
        made.delete(new)
        assert kms.describe_key(KeyId=old.ref)["KeyMetadata"]["KeyState"] == "PendingDeletion"
        made.delete(resource("AWS::KMS::Alias", "alias/k", alias))
        assert made.notes == []


class TestFunctions:
    @pytest.fixture
    def ship(self, made):
        """A function that was made."""
        made.create(role(AssumeRolePolicyDocument=json.loads(json.dumps(TRUST).replace("events", "lambda"))))
        return made.create(function(Timeout="9", Runtime="python3.13", Handler="a.b"))

    def test_a_function_has_its_settings(self, made, client, ship):
        functions = client("lambda")
        found = functions.get_function_configuration(FunctionName="ship")
        assert [found[name] for name in ("FunctionArn", "Timeout", "Runtime")] == [FUNCTION, 9, "python3.13"]
        made.update(ship, function(Timeout=10, ReservedConcurrentExecutions="2"))
        assert functions.get_function_configuration(FunctionName="ship")["Timeout"] == 10
        reserved = functions.get_function_concurrency(FunctionName="ship")
        assert reserved["ReservedConcurrentExecutions"] == 2
        made.update(ship._replace(properties=function(ReservedConcurrentExecutions=2).properties), function())
        assert functions.get_function_configuration(FunctionName="ship")["Timeout"] == 3
        assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(FunctionName="ship")
        assert made.notes == []

    def test_no_delivery_invokes_it(self, events_backend, ship):
        events = events_backend.client()
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": FUNCTION}])
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
        assert events_backend.deliveries[-1].taken_by == "nobody"

    def test_the_role_may_not_be_in_moto(self, made):
        one = function()
        assert made.create(one) is one
        [note] = made.notes
        assert note.startswith(
            "function It: not made in moto: InvalidParameterValueException: The role defined"
        )

    def test_permissions_versions_and_aliases(self, made, client, ship):
        version = made.create(resource("AWS::Lambda::Version", "v", {"FunctionName": "ship"}))
        assert (version.ref, version.attributes["Version"]) == (f"{FUNCTION}:1", "1")
        given = {"FunctionName": FUNCTION, "FunctionVersion": "1", "Name": "live"}
        alias = made.create(resource("AWS::Lambda::Alias", "a", given))
        assert alias.ref == f"{FUNCTION}:live"
        allowed = {"Action": "lambda:InvokeFunction", "Principal": EVENTS["Service"], "SourceArn": RULE}
        permissions = [
            resource("AWS::Lambda::Permission", f"p{number}", {**allowed, "FunctionName": name})
            for number, name in enumerate(["ship", FUNCTION, f"{FUNCTION}:live", "ship:live"])
        ]
        for one in permissions:
            made.create(one)
        functions = client("lambda")
        policy = json.loads(functions.get_policy(FunctionName="ship")["Policy"])
        assert {one["Sid"]: one["Resource"] for one in policy["Statement"]} == {
            "p0": FUNCTION,
            "p1": FUNCTION,
            "p2": f"{FUNCTION}:live",
            "p3": f"{FUNCTION}:live",
        }
        assert all(
            one["Condition"] == {"ArnLike": {"AWS:SourceArn": RULE}} and one["Principal"] == EVENTS
            for one in policy["Statement"]
        )
        changed = resource(
            "AWS::Lambda::Permission", "p0", {**allowed, "FunctionName": "ship", "SourceArn": "*"}
        )
        made.update(permissions[0], changed)
        for one in permissions[1:]:
            made.delete(one)
        policy = json.loads(functions.get_policy(FunctionName="ship")["Policy"])
        assert [one["Condition"]["ArnLike"]["AWS:SourceArn"] for one in policy["Statement"]] == ["*"]
        made.delete(alias)
        made.delete(version)
        assert functions.list_aliases(FunctionName="ship")["Aliases"] == []
        assert made.notes == []

    def test_what_happens_to_failed_invocations(self, made, client, ship):
        to = {"OnFailure": {"Destination": QUEUE}}
        given = {"FunctionName": "ship", "Qualifier": "$LATEST", "DestinationConfig": to}
        given |= {"MaximumRetryAttempts": "1", "MaximumEventAgeInSeconds": "60"}
        one = made.create(resource("AWS::Lambda::EventInvokeConfig", "c", given))
        found = client("lambda").get_function_event_invoke_config(FunctionName="ship")
        assert (found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]) == (1, 60)
        assert found["DestinationConfig"]["OnFailure"] == {"Destination": QUEUE}
        made.delete(one)
        assert (
            client("lambda").list_function_event_invoke_configs(FunctionName="ship")[
                "FunctionEventInvokeConfigs"
            ]
            == []
        )
        assert made.notes == []


class TestParameters:
    def test_a_parameter(self, made, client):
        given = {"Type": "String", "Value": "orders", "Tags": {"team": "shop"}}
        old = made.create(resource("AWS::SSM::Parameter", "/shop/table", given))
        ssm = client("ssm")
        assert ssm.get_parameter(Name="/shop/table")["Parameter"]["Value"] == "orders"
        tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/shop/table")["TagList"]
        assert tags == [{"Key": "team", "Value": "shop"}]
        made.update(old, resource("AWS::SSM::Parameter", "/shop/table", {**given, "Value": 5}))
        assert ssm.get_parameter(Name="/shop/table")["Parameter"]["Value"] == "5"
        made.delete(old)
        assert ssm.get_parameters(Names=["/shop/table"])["Parameters"] == []

    def test_a_secret(self, made, client):
        old = made.create(resource("AWS::SecretsManager::Secret", "db", {"SecretString": "a"}))
        secrets = client("secretsmanager")
        assert secrets.get_secret_value(SecretId=old.ref)["SecretString"] == "a"
        new = made.update(old, resource("AWS::SecretsManager::Secret", "db", {"SecretString": "b"}))
        assert new.ref == old.ref
        assert secrets.get_secret_value(SecretId="db")["SecretString"] == "b"

    def test_a_secret_that_is_made_up(self, made, client):
        generated = {"PasswordLength": "20", "ExcludePunctuation": "true"}
        made.create(resource("AWS::SecretsManager::Secret", "one", {"GenerateSecretString": generated}))
        secrets = client("secretsmanager")
        assert len(secrets.get_secret_value(SecretId="one")["SecretString"]) == 20
        generated |= {"SecretStringTemplate": '{"user": "u"}', "GenerateStringKey": "password"}
        made.create(resource("AWS::SecretsManager::Secret", "two", {"GenerateSecretString": generated}))
        found = json.loads(secrets.get_secret_value(SecretId="two")["SecretString"])
        assert (found["user"], len(found["password"])) == ("u", 20)


class TestTasks:
    def test_a_cluster_and_a_task_definition(self, made, client):
        made.create(resource("AWS::ECS::Cluster", "work"))
        container = {
            "Name": "main",
            "Image": "busybox",
            "Memory": "128",
            "Essential": "true",
            "Environment": [{"Name": "STAGE", "Value": "test"}],
        }
        given = {"Family": "task", "TaskRoleArn": ROLE, "ContainerDefinitions": [container], "Cpu": 256}
        old = made.create(resource("AWS::ECS::TaskDefinition", "task", given))
        ecs = client("ecs")
        arn = f"arn:aws:ecs:{HERE}:{OWN}:task-definition/task"
        found = ecs.describe_task_definition(taskDefinition="task")["taskDefinition"]
        assert (old.ref, found["taskRoleArn"], found["cpu"]) == (f"{arn}:1", ROLE, "256")
        [main] = found["containerDefinitions"]
        assert (main["memory"], main["environment"]) == (128, [{"name": "STAGE", "value": "test"}])
        new = made.update(old, resource("AWS::ECS::TaskDefinition", "task", {**given, "Cpu": "512"}))
        assert new.ref == f"{arn}:2"
        before = ecs.describe_task_definition(taskDefinition=old.ref)["taskDefinition"]
        assert before["status"] == "INACTIVE"
        assert made.notes == []


@pytest.mark.skipif(find_spec("openapi_spec_validator") is None, reason="moto needs it for API Gateway")
class TestApis:
    def test_an_api(self, made, client):
        given = {"Name": "shop", "Policy": LET_IN, "EndpointConfiguration": {"Types": ["REGIONAL"]}}
        old = made.create(resource("AWS::ApiGateway::RestApi", "made-up", given))
        api = client("apigateway")
        found = api.get_rest_api(restApiId=old.ref)
        assert (found["name"], found["endpointConfiguration"]["types"]) == ("shop", ["REGIONAL"])
        assert json.loads(found["policy"]) == LET_IN
        assert old.attributes["RootResourceId"]
        made.delete(old)
        assert api.get_rest_apis()["items"] == []


STACK = {
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
    }
}


def keys_and_queues():
    keys = boto3.client("kms", region_name="us-east-1").list_keys()["Keys"]
    queues = boto3.client("sqs", region_name="us-east-1").list_queues().get("QueueUrls", [])
    return len(keys), len(queues)


def test_a_stack_whose_moto_was_reset_is_made_there_again_and_once(events_backend):
    for _ in range(2):
        with mock_aws():
            for _ in range(2):
                deployment = events_backend.deploy(STACK, stack="shop", in_moto=True)
            assert keys_and_queues() == (1, 1)
            key = boto3.client("kms", region_name="us-east-1").list_keys()["Keys"][0]["KeyId"]
            assert deployment["Key"].ref == key


def test_a_stack_that_was_not_in_moto_is_made_there_when_it_is_asked_for(events_backend):
    with mock_aws():
        events_backend.deploy(STACK, stack="shop")
        assert keys_and_queues() == (0, 0)
        events_backend.deploy(STACK, stack="shop", in_moto=True)
        assert keys_and_queues() == (1, 1)


def test_a_failed_deployment_after_a_reset_leaves_nothing_in_moto(events_backend):
    with mock_aws():
        events_backend.deploy(STACK, stack="shop", in_moto=True)
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {"EventPattern": {"source": "x"}},
        "DependsOn": "Queue",
    }
    with mock_aws():
        with pytest.raises(TemplateError, match="Bad"):
            events_backend.deploy(
                {"Resources": {**STACK["Resources"], "Bad": rule}}, stack="shop", in_moto=True
            )
        assert keys_and_queues()[1] == 0
