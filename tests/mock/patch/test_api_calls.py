"""CloudTrail's events of the calls that moto answers, for mocks that ask for them."""

from __future__ import annotations

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from eventmock import mock_events

REGION, ACCOUNT, OTHER_ACCOUNT = "us-east-1", "123456789012", "222222222222"
BOTH = {"s3", "cloudtrail"}


@pytest.fixture(params=[True, False], ids=["moto inside", "moto outside"])
def backend(request):
    """The backend of a mock that asks for CloudTrail's events, with moto inside or outside."""
    ours, moto = mock_events(service_events=BOTH, start_time="2026-01-01T12:00:00Z"), mock_aws()
    if request.param:
        with ours as backend, moto:
            yield backend
    else:
        with moto, ours as backend:
            yield backend


def client(service, region=REGION):
    return boto3.client(service, region_name=region)


def calls(backend):
    """The names of the calls of which there are events, in order."""
    return [f"{received.source} {received.event['detail']['eventName']}" for received in backend.events]


def test_a_call_that_moto_answered_is_an_event(backend):
    client("sqs").create_queue(QueueName="q", Attributes={"DelaySeconds": "5"}, tags={"Owner": "Ann"})
    [received] = backend.events
    event, detail = received.event, received.event["detail"]
    assert {name: value for name, value in event.items() if name != "detail"} == {
        "version": "0",
        "id": received.event_id,
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.sqs",
        "account": ACCOUNT,
        "time": "2026-01-01T12:00:00Z",
        "region": REGION,
        "resources": [],
    }
    assert detail.pop("userIdentity")["accountId"] == ACCOUNT
    assert detail.pop("userAgent").startswith("Boto3/")
    assert detail == {
        "eventVersion": "1.11",
        "eventTime": "2026-01-01T12:00:00Z",
        "eventSource": "sqs.amazonaws.com",
        "eventName": "CreateQueue",
        "awsRegion": REGION,
        "sourceIPAddress": "192.0.2.10",
        "requestParameters": {
            "queueName": "q",
            "attributes": {"DelaySeconds": "5"},
            "tags": {"Owner": "Ann"},
        },
        "responseElements": {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"},
        "requestID": detail["requestID"],
        "eventID": detail["eventID"],
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    assert received.notes == []


def test_a_call_that_only_reads_has_no_answer_and_is_shown_to_rules_that_ask_for_reads(backend):
    events = client("events")
    pattern = '{"source": ["aws.sqs"], "detail": {"eventName": ["ListQueues"]}}'
    events.put_rule(Name="changes", EventPattern=pattern)
    events.put_rule(Name="all", EventPattern=pattern, State="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
    client("sqs").list_queues()
    [received] = backend.events
    assert [rule.name for rule in received.matching] == ["all"]
    assert (received.event["detail"]["readOnly"], received.event["detail"]["responseElements"]) == (
        True,
        None,
    )


def test_a_call_that_fails_is_an_event_with_the_error(backend):
    with pytest.raises(ClientError):
        client("dynamodb").create_table(
            TableName="table",
            KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "b", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    detail = backend.events[0].event["detail"]
    assert detail["errorCode"] == "ValidationException"
    assert detail["errorMessage"]
    assert detail["responseElements"] is None


def test_a_call_that_botocore_refuses_is_none(backend):
    with pytest.raises(ClientError), Stubber(client("sqs")) as stubber:
        stubber.add_client_error("list_queues")
        stubber.client.list_queues()
    assert backend.events == []


def test_events_of_s3_come_before_the_event_of_the_call(backend):
    s3 = client("s3")
    s3.create_bucket(Bucket="orders")
    s3.put_bucket_notification_configuration(
        Bucket="orders", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    s3.put_object(Bucket="orders", Key="k", Body=b"hello", StorageClass="GLACIER")
    assert [received.detail_type for received in backend.events[2:]] == [
        "Object Created",
        "AWS API Call via CloudTrail",
    ]
    assert backend.events[1].event["detail"]["eventName"] == "PutBucketNotification"
    detail = backend.events[3].event["detail"]
    assert detail["requestParameters"] == {
        "bucketName": "orders",
        "Host": "orders.s3.amazonaws.com",
        "key": "k",
        "x-amz-storage-class": "GLACIER",
    }
    assert (detail["managementEvent"], detail["eventCategory"]) == (False, "Data")


def test_the_region_is_that_of_the_call_and_of_global_services_us_east_1(backend):
    client("sqs", "eu-west-1").create_queue(QueueName="q")
    client("iam", "eu-west-1").create_user(UserName="ann")
    assert [(received.source, received.region) for received in backend.events] == [
        ("aws.sqs", "eu-west-1"),
        ("aws.iam", "us-east-1"),
    ]
    assert [received.notes for received in backend.events] == [[], []]


def test_the_account_is_the_caller_s(backend):
    backend.client("sqs", account=OTHER_ACCOUNT).create_queue(QueueName="q")
    [received] = backend.events
    assert received.account == received.event["detail"]["recipientAccountId"] == OTHER_ACCOUNT


def test_secrets_do_not_come(backend):
    client("secretsmanager").create_secret(Name="x", SecretString="s3cret")
    client("iam").create_user(UserName="ann")
    key = client("iam").create_access_key(UserName="ann")["AccessKey"]
    text = "".join(str(received.event) for received in backend.events)
    assert "s3cret" not in text
    assert key["AccessKeyId"] in text
    assert key["SecretAccessKey"] not in text


def test_deliveries_of_eventbridge_are_no_calls(backend):
    sqs, events = client("sqs"), client("events")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="r", EventPattern='{"source": ["aws.sqs"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}])
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
    assert [delivery.status for delivery in backend.deliveries] == ["delivered"]
    assert calls(backend) == ["aws.sqs CreateQueue", "aws.sqs SetQueueAttributes"]


def test_a_call_of_eventmock_s_that_delivers_to_moto_is_none_either(backend):
    """PutEvents has moto called while it is answered; still moto has not answered it."""
    client("sqs").create_queue(QueueName="q")
    events = client("events")
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    assert backend.deliveries[0].taken_by == "moto"
    assert [event.source for event in backend.events] == ["aws.sqs", "shop"]


def test_a_target_may_call_moto(backend):
    client("events").put_rule(Name="r", EventPattern='{"detail": {"eventName": ["CreateQueue"]}}')
    sqs = client("sqs")
    backend.target("r", lambda _event: sqs.list_queues())
    sqs.create_queue(QueueName="q")
    assert calls(backend) == ["aws.sqs CreateQueue", "aws.sqs ListQueues"]


def test_calls_of_the_services_of_eventmock_are_none(backend):
    client("events").put_rule(Name="r", EventPattern='{"source": ["x"]}')
    assert backend.events == []


def test_strict_lets_calls_pass_that_no_rule_wants():
    with mock_aws(), mock_events(service_events=BOTH, strict=True) as backend:
        client("sqs").create_queue(QueueName="q")
        assert len(backend.events) == 1


def test_a_call_that_json_cannot_express_is_told_and_not_an_event(monkeypatch):
    monkeypatch.setattr("eventmock.aws_events.logged_calls._plain", lambda value: {value})
    with mock_aws(), mock_events(service_events=BOTH, start_time="2026-01-01T12:00:00Z") as backend:
        client("sqs").create_queue(QueueName="q")
        assert backend.report() == (
            "no event was put\n"
            "12:00:00  no event of CloudTrail about CreateQueue of sqs: its parameters or answer: "
            "Object of type set is not JSON serializable"
        )


@pytest.mark.parametrize("service_events", [None, (), {"s3"}])
def test_without_the_option_there_are_none_and_no_client_is_wrapped(service_events):
    wrapped = BaseClient._make_request, BaseClient._emit_api_params
    codes = [function.__code__ for function in wrapped]
    with mock_aws(), mock_events(service_events=service_events) as backend:
        client("sqs").create_queue(QueueName="q")
        assert backend.events == []
        assert [function.__code__ for function in wrapped] == codes


def test_clients_are_given_back():
    wrapped = BaseClient._make_request, BaseClient._emit_api_params
    codes = [function.__code__ for function in wrapped]
    with mock_events(service_events={"cloudtrail"}), mock_events():
        assert all(function.__code__ is not code for function, code in zip(wrapped, codes, strict=True))
    assert [function.__code__ for function in wrapped] == codes


def test_a_mock_that_begins_later_may_ask_for_them_too():
    with mock_aws(), mock_events() as outer, mock_events(service_events=BOTH, isolated=True) as inner:
        client("sqs").create_queue(QueueName="q")
        assert (calls(inner), calls(outer)) == (["aws.sqs CreateQueue"], [])
