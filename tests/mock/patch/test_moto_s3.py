"""What moto's S3 does comes to the default bus as S3 sends it: an event for each change, to rules and their targets."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile

import boto3
import moto
import pytest
import requests
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.s3 import models, notifications

from eventmock import EndlessLoop, StrictFailure, mock_events

REGION, ACCOUNT, OTHER_ACCOUNT = "us-east-1", "123456789012", "222222222222"
HELLO = {"size": 5, "etag": "5d41402abc4b2a76b9719d911017c592"}
EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e"
WITH_EVENTBRIDGE = {"EventBridgeConfiguration": {}}


def start_moto_inside(**options):
    ours, moto = mock_events(**options), mock_aws()
    backend = ours.start()
    moto.start()
    return backend, ours, moto


def start_moto_outside(**options):
    ours, moto = mock_events(**options), mock_aws()
    moto.start()
    return ours.start(), ours, moto


@pytest.fixture(params=[start_moto_inside, start_moto_outside])
def start(request):
    """A function that starts both mocks, in one order or the other, and returns the backend."""
    running = []

    def start(**options):
        backend, *mocks = request.param(**options)
        running.extend(mocks)
        return backend

    yield start
    for mock in running:
        mock.stop()


@pytest.fixture
def backend(start):
    """The backend of both mocks."""
    return start(start_time="2026-01-01T12:00:00Z")


@pytest.fixture
def s3(backend):
    """A client of moto's S3, in which there is a bucket that sends its events to EventBridge."""
    return client_with_bucket()


def client_with_bucket(name="orders", configuration=WITH_EVENTBRIDGE):
    client = boto3.client("s3", region_name=REGION)
    client.create_bucket(Bucket=name)
    client.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration)
    return client


def versioned(s3):
    s3.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})


def put(s3, key="k", body=b"hello", **others):
    return s3.put_object(Bucket="orders", Key=key, Body=body, **others)


def upload_in_parts(s3, key="k"):
    upload = s3.create_multipart_upload(Bucket="orders", Key=key, Tagging="a=b", ACL="public-read")
    names = {"Bucket": "orders", "Key": key, "UploadId": upload["UploadId"]}
    part = s3.upload_part(**names, PartNumber=1, Body=b"hello")
    s3.complete_multipart_upload(
        **names, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    )


def told(backend, since=0):
    """What each event says: its type, and the members of its detail that differ between events."""
    lines = []
    for received in backend.events[since:]:
        event = received.event
        detail = event["detail"]
        of_object = {name: value for name, value in detail["object"].items() if name != "sequencer"}
        rest = {
            name: value
            for name, value in detail.items()
            if name not in ("version", "bucket", "object", "request-id", "requester", "source-ip-address")
        }
        lines.append((event["detail-type"], of_object, rest))
    return lines


# The table of calls: service-events section 10, column "wanted"


@pytest.mark.parametrize("others", [{}, {"Tagging": "a=b"}, {"ACL": "public-read", "Tagging": "a=b"}])
def test_put_object(backend, s3, others):
    put(s3, **others)
    assert told(backend) == [("Object Created", {"key": "k", **HELLO}, {"reason": "PutObject"})]


def test_copy_object(backend, s3):
    client_with_bucket("from", {})
    s3.put_object(Bucket="from", Key="k", Body=b"hello", Tagging="a=b")
    s3.copy_object(Bucket="orders", Key="copy", CopySource={"Bucket": "from", "Key": "k"})
    assert told(backend) == [("Object Created", {"key": "copy", **HELLO}, {"reason": "CopyObject"})]


def test_complete_multipart_upload(backend, s3):
    upload_in_parts(s3)
    [(detail_type, of_object, rest)] = told(backend)
    assert (detail_type, rest) == ("Object Created", {"reason": "CompleteMultipartUpload"})
    assert of_object["size"] == 5
    assert of_object["etag"].endswith("-1")


def test_the_post_of_a_browser(backend, s3):
    form = s3.generate_presigned_post("orders", "k")
    assert (
        requests.post(form["url"], data=form["fields"], files={"file": b"hello"}, timeout=5).status_code
        == 204
    )
    assert told(backend) == [("Object Created", {"key": "k", **HELLO}, {"reason": "POST Object"})]


def test_a_put_by_a_presigned_url(backend, s3):
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "orders", "Key": "k"})
    assert requests.put(url, data=b"hello", timeout=5).status_code == 200
    assert told(backend) == [("Object Created", {"key": "k", **HELLO}, {"reason": "PutObject"})]


DELETED = {"reason": "DeleteObject", "deletion-type": "Permanently Deleted"}
MARKED = {"reason": "DeleteObject", "deletion-type": "Delete Marker Created"}


def test_delete_object_without_versions(backend, s3):
    put(s3)
    s3.delete_object(Bucket="orders", Key="k")
    assert told(backend, 1) == [("Object Deleted", {"key": "k", "etag": HELLO["etag"]}, DELETED)]


def test_delete_object_with_versions_makes_a_delete_marker(backend, s3):
    versioned(s3)
    put(s3)
    marker = s3.delete_object(Bucket="orders", Key="k")["VersionId"]
    of_object = {"key": "k", "etag": EMPTY_ETAG, "version-id": marker}
    assert told(backend, 1) == [("Object Deleted", of_object, MARKED)]


def test_delete_object_of_the_last_version(backend, s3):
    versioned(s3)
    version = put(s3)["VersionId"]
    s3.delete_object(Bucket="orders", Key="k", VersionId=version)
    of_object = {"key": "k", "etag": HELLO["etag"], "version-id": version}
    assert told(backend, 1) == [("Object Deleted", of_object, DELETED)]


def test_delete_object_of_one_version_of_several(backend, s3):
    versioned(s3)
    first, second = (put(s3, body=body)["VersionId"] for body in (b"hello", b"other"))
    s3.delete_object(Bucket="orders", Key="k", VersionId=first)
    of_object = {"key": "k", "etag": HELLO["etag"], "version-id": first}
    assert told(backend, 2) == [("Object Deleted", of_object, DELETED)]
    assert s3.head_object(Bucket="orders", Key="k")["VersionId"] == second


def test_delete_object_of_a_delete_marker(backend, s3):
    versioned(s3)
    put(s3)
    marker = s3.delete_object(Bucket="orders", Key="k")["VersionId"]
    s3.delete_object(Bucket="orders", Key="k", VersionId=marker)
    of_object = {"key": "k", "etag": EMPTY_ETAG, "version-id": marker}
    assert told(backend, 2) == [("Object Deleted", of_object, DELETED)]


@pytest.mark.parametrize("is_versioned", [False, True])
def test_delete_object_of_no_object(backend, s3, is_versioned):
    if is_versioned:
        versioned(s3)
    s3.delete_object(Bucket="orders", Key="k")
    s3.delete_object(Bucket="orders", Key="k", VersionId="v")
    assert told(backend) == []


@pytest.mark.parametrize("quiet", [False, True])
def test_delete_objects_is_an_event_for_each_key(backend, s3, quiet):
    for key in ("a", "b", "c"):
        put(s3, key)
    wanted = [{"Key": "a"}, {"Key": "b"}, {"Key": "none"}]
    s3.delete_objects(Bucket="orders", Delete={"Objects": wanted, "Quiet": quiet})
    assert told(backend, 3) == [
        ("Object Deleted", {"key": key, "etag": HELLO["etag"]}, DELETED) for key in ("a", "b")
    ]
    one, other = (received.event["detail"] for received in backend.events[3:])
    assert one["request-id"] == other["request-id"]


def test_put_object_tagging_and_delete_object_tagging(backend, s3):
    put(s3)
    s3.put_object_tagging(Bucket="orders", Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.delete_object_tagging(Bucket="orders", Key="k")
    of_object = {"key": "k", "etag": HELLO["etag"]}
    assert told(backend, 1) == [("Object Tags Added", of_object, {}), ("Object Tags Deleted", of_object, {})]


def test_put_object_acl(backend, s3):
    put(s3)
    s3.put_object_acl(Bucket="orders", Key="k", ACL="public-read")
    assert told(backend, 1) == [("Object ACL Updated", {"key": "k", "etag": HELLO["etag"]}, {})]


def test_restore_object_and_the_first_read_after_it(backend, s3):
    put(s3, StorageClass="GLACIER")
    s3.restore_object(Bucket="orders", Key="k", RestoreRequest={"Days": 1})
    while 'ongoing-request="true"' in s3.head_object(Bucket="orders", Key="k")["Restore"]:
        assert len(backend.events) == 2
    s3.head_object(Bucket="orders", Key="k")
    [initiated, completed] = told(backend, 1)
    of_object = {"key": "k", **HELLO}
    assert initiated == ("Object Restore Initiated", of_object, {"source-storage-class": "GLACIER"})
    detail = backend.events[2].event["detail"]
    assert completed[:2] == ("Object Restore Completed", of_object)
    assert detail["source-storage-class"] == "GLACIER"
    assert detail["restore-expiry-time"].endswith("Z")
    assert detail["requester"] == "s3.amazonaws.com"
    assert "source-ip-address" not in detail


# The whole event, and its members


def test_the_whole_event(backend, s3):
    put(s3, "a b+c/ü")
    [received] = backend.events
    event = received.event
    assert event == {
        "version": "0",
        "id": received.event_id,
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": "2026-01-01T12:00:00Z",
        "region": REGION,
        "resources": ["arn:aws:s3:::orders"],
        "detail": {
            "version": "0",
            "bucket": {"name": "orders"},
            "object": {"key": "a b+c/ü", **HELLO, "sequencer": event["detail"]["object"]["sequencer"]},
            "request-id": event["detail"]["request-id"],
            "requester": ACCOUNT,
            "source-ip-address": "192.0.2.10",
            "reason": "PutObject",
        },
    }
    assert (received.origin, received.bus, received.notes) == ("service", "default", [])


def test_a_version_id_is_there_only_if_the_bucket_has_versions(backend, s3):
    put(s3)
    versioned(s3)
    version = put(s3)["VersionId"]
    [without, with_version] = (received.event["detail"]["object"] for received in backend.events)
    assert "version-id" not in without
    assert with_version["version-id"] == version


def test_ids_are_new_for_each_event_and_sequencers_rise(backend, s3):
    for _ in range(20):
        put(s3)
    details = [received.event["detail"] for received in backend.events]
    sequencers = [detail["object"]["sequencer"] for detail in details]
    assert sequencers == sorted(set(sequencers))
    assert {len(sequencer) for sequencer in sequencers} == {16}
    assert len({detail["request-id"] for detail in details}) == 20


def test_no_event_of_any_kind_has_members_that_s3_does_not_send(backend, s3):
    upload_in_parts(s3)
    versioned(s3)
    put(s3, StorageClass="GLACIER")
    s3.restore_object(Bucket="orders", Key="k", RestoreRequest={"Days": 1})
    for _ in range(3):
        s3.head_object(Bucket="orders", Key="k")
    s3.put_object_tagging(Bucket="orders", Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.delete_object_tagging(Bucket="orders", Key="k")
    s3.put_object_acl(Bucket="orders", Key="k", ACL="public-read")
    s3.delete_object(Bucket="orders", Key="k")
    assert len({received.detail_type for received in backend.events}) == 7
    assert [received.notes for received in backend.events] == [[]] * len(backend.events)


def test_equal_seeds_give_equal_events():
    def details():
        with mock_aws(), mock_events(seed=7) as backend:
            s3 = client_with_bucket()
            put(s3)
            s3.delete_object(Bucket="orders", Key="k")
            return [received.event["detail"] for received in backend.events]

    assert details() == details()


def test_a_restored_snapshot_and_a_reset_make_the_same_sequencers_again(backend, s3):
    def sequencer():
        put(s3)
        return backend.events[-1].event["detail"]["object"]["sequencer"]

    first = sequencer()
    snapshot = backend.snapshot()
    second = sequencer()
    backend.restore(snapshot)
    assert sequencer() == second
    backend.reset()
    assert sequencer() == first


def test_the_bucket_decides_on_the_region(backend):
    s3 = boto3.client("s3", region_name="eu-west-1")
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_notification_configuration(Bucket="orders", NotificationConfiguration=WITH_EVENTBRIDGE)
    put(s3)
    assert (backend.events[0].region, backend.events[0].event["region"]) == ("eu-west-1", "eu-west-1")


def test_the_account_that_owns_the_bucket_gets_the_event_and_the_caller_is_the_requester(backend, s3):
    other = backend.client("s3", account=OTHER_ACCOUNT)
    other.put_object(Bucket="orders", Key="k", Body=b"hello")
    [received] = backend.events
    assert (received.account, received.event["detail"]["requester"]) == (ACCOUNT, OTHER_ACCOUNT)


def test_a_bucket_of_another_account_sends_to_the_default_bus_of_that_account(backend, s3):
    other = backend.client("s3", account=OTHER_ACCOUNT)
    other.create_bucket(Bucket="theirs")
    other.put_bucket_notification_configuration(Bucket="theirs", NotificationConfiguration=WITH_EVENTBRIDGE)
    other.put_object(Bucket="theirs", Key="k", Body=b"hello")
    [received] = backend.events
    assert received.account == received.event["account"] == OTHER_ACCOUNT


def test_the_default_account_of_moto_is_the_default_account_of_the_mock(start):
    backend = start(account=OTHER_ACCOUNT)
    put(client_with_bucket())
    [received] = backend.events
    assert (received.account, received.event["detail"]["requester"]) == (OTHER_ACCOUNT, OTHER_ACCOUNT)


def test_the_requester_of_a_presigned_url_is_the_account_that_signed_it(start):
    backend = start()
    client_with_bucket()
    signer = boto3.client(
        "s3", region_name=REGION, aws_access_key_id=OTHER_ACCOUNT, aws_secret_access_key="x"
    )
    url = signer.generate_presigned_url("put_object", Params={"Bucket": "orders", "Key": "k"})
    assert requests.put(url, data=b"hello", timeout=5).status_code == 200
    assert backend.events[0].event["detail"]["requester"] == OTHER_ACCOUNT


# Which buckets send


def test_a_bucket_that_has_not_switched_eventbridge_on_sends_nothing(backend):
    s3 = client_with_bucket(configuration={})
    put(s3)
    s3.delete_object(Bucket="orders", Key="k")
    assert backend.events == []


def test_a_bucket_that_has_switched_it_off_again_sends_nothing(backend, s3):
    s3.put_bucket_notification_configuration(Bucket="orders", NotificationConfiguration={})
    put(s3)
    assert backend.events == []


def test_of_a_copy_the_bucket_that_gets_the_object_sends_an_event(backend, s3):
    put(s3)
    client_with_bucket("other", {})
    s3.copy_object(Bucket="other", Key="k", CopySource={"Bucket": "orders", "Key": "k"})
    assert len(backend.events) == 1
    s3.copy_object(Bucket="orders", Key="again", CopySource={"Bucket": "other", "Key": "k"})
    assert told(backend, 1) == [("Object Created", {"key": "again", **HELLO}, {"reason": "CopyObject"})]


def test_a_request_that_is_refused_sends_nothing(backend, s3):
    with pytest.raises(ClientError):
        put(s3, Tagging="aws:no=b")
    with pytest.raises(ClientError):
        s3.delete_object(Bucket="none", Key="k")
    assert backend.events == []


@pytest.mark.parametrize("service_events", [set(), {"cloudtrail"}])
def test_the_option_switches_it_off(start, service_events):
    backend = start(service_events=service_events)
    put(client_with_bucket())
    assert [received for received in backend.events if received.detail_type == "Object Created"] == []


# A bucket that a rule waits for, and that sends nothing


SILENT = (
    "objects changed in moto's bucket {0} while it did not send its events to EventBridge; before that, say "
    "put_bucket_notification_configuration(Bucket='{0}', "
    "NotificationConfiguration={{'EventBridgeConfiguration': {{}}}})"
)


def put_rule(pattern, name="load"):
    boto3.client("events", region_name=REGION).put_rule(Name=name, EventPattern=json.dumps(pattern))


def silent_buckets(backend):
    return [line.strip() for line in backend.report().splitlines() if "objects changed" in line]


def test_a_rule_that_waits_for_a_silent_bucket_is_told(backend):
    put_rule({"source": ["aws.s3"]})
    put(client_with_bucket(configuration={}))
    assert silent_buckets(backend) == [f'rule load on "default": {SILENT.format("orders")}']


def test_a_rule_that_names_a_silent_bucket_is_told_though_another_sends(backend, s3):
    put(s3)
    put_rule({"source": ["aws.s3"]}, "any")
    put_rule({"source": ["aws.s3"], "detail": {"bucket": {"name": ["silent"]}}}, "one")
    put_rule({"source": ["aws.s3"], "detail": {"bucket": {"name": ["orders"]}}}, "other")
    put_rule({"source": ["aws.ec2"]}, "ec2")
    client_with_bucket("silent", {}).put_object(Bucket="silent", Key="k", Body=b"hello")
    assert silent_buckets(backend) == [f'rule one on "default": {SILENT.format("silent")}']


def test_a_bucket_that_sends_since_is_not_told(backend):
    put_rule({"source": ["aws.s3"], "detail": {"bucket": {"name": ["orders"]}}})
    s3 = client_with_bucket(configuration={})
    put(s3)
    assert len(silent_buckets(backend)) == 1
    s3.put_bucket_notification_configuration(Bucket="orders", NotificationConfiguration=WITH_EVENTBRIDGE)
    put(s3)
    assert silent_buckets(backend) == []


def test_a_silent_bucket_of_another_region_is_not_told(backend):
    put_rule({"source": ["aws.s3"]})
    s3 = boto3.client("s3", region_name="eu-west-1")
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    put(s3)
    assert silent_buckets(backend) == []


def test_strict_about_services_finds_a_silent_bucket(start):
    backend = start(strict={"services"})
    put_rule({"source": ["aws.s3"]})
    put(client_with_bucket(configuration={}))
    with pytest.raises(StrictFailure, match="did not send its events to EventBridge"):
        backend.check()
    backend.reset()


def test_without_rules_on_s3_a_silent_bucket_is_not_told(backend):
    put_rule({"source": ["shop"]})
    put(client_with_bucket(configuration={}))
    assert silent_buckets(backend) == []


# What the event causes


QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:loaded"
CREATED = '{"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"reason": ["PutObject"]}}'


def test_a_queue_of_moto_gets_the_event(backend, s3):
    events, sqs = boto3.client("events", region_name=REGION), boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="loaded")["QueueUrl"]
    events.put_rule(Name="load", EventPattern=CREATED)
    events.put_targets(Rule="load", Targets=[{"Id": "q", "Arn": QUEUE, "InputPath": "$.detail.object.key"}])
    put(s3, "in/7.csv")
    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == '"in/7.csv"'
    assert backend.deliveries[0].taken_by == "moto"


def test_a_target_that_reads_the_object_finds_it(backend, s3):
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)
    read = []

    def load(event):
        names = {"Bucket": event["detail"]["bucket"]["name"], "Key": event["detail"]["object"]["key"]}
        tags = s3.get_object_tagging(**names)["TagSet"]
        read.append((s3.get_object(**names)["Body"].read(), tags))

    backend.target("load", load)
    put(s3, Tagging="a=b")
    assert read == [(b"hello", [{"Key": "a", "Value": "b"}])]


def test_a_target_may_put_objects_whose_events_come_after(backend, s3):
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)

    def load(event):
        if event["detail"]["object"]["key"] == "in":
            put(s3, "out")

    target = backend.target("load", load)
    put(s3, "in")
    assert [each.event["detail"]["object"]["key"] for each in target.deliveries] == ["in", "out"]


def test_a_target_that_puts_an_object_for_each_object_is_a_loop(backend, s3):
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)
    backend.target("load", lambda _event: put(s3))
    with pytest.raises(EndlessLoop):
        put(s3)


def test_archives_and_outages_treat_it_as_any_event_of_s3(backend, s3):
    events = boto3.client("events", region_name=REGION)
    arn = events.describe_event_bus()["Arn"]
    events.create_archive(ArchiveName="all", EventSourceArn=arn)
    outage = backend.region(REGION).outage()
    put(s3)
    assert backend.events == []
    outage.end()
    assert [received.archived for received in backend.events] == [["all"]]


def test_strict_lets_events_pass_that_no_rule_wants(start):
    backend = start(strict=True)
    s3 = client_with_bucket()
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)
    backend.target("load")
    put(s3)
    s3.delete_object(Bucket="orders", Key="k")
    backend.check()


def test_strict_finds_the_rule_of_such_an_event_that_has_no_target(start):
    backend = start(strict=True)
    s3 = client_with_bucket()
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)
    put(s3)
    with pytest.raises(StrictFailure, match="give the rule a target"):
        backend.check()
    backend.target("load")
    backend.reset()


# What moto does goes on


def notification(kind, arn, event="s3:ObjectCreated:Put"):
    singular = {"QueueConfigurations": "QueueArn", "TopicConfigurations": "TopicArn"}
    return {kind: [{singular.get(kind, "LambdaFunctionArn"): arn, "Events": [event]}]}


def receive(sqs, url):
    return [json.loads(message["Body"]) for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]


def test_moto_still_notifies_a_queue(backend, s3):
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="loaded")["QueueUrl"]
    s3.put_bucket_notification_configuration(
        Bucket="orders",
        NotificationConfiguration=WITH_EVENTBRIDGE | notification("QueueConfigurations", QUEUE),
    )
    receive(sqs, url)  # moto's test event
    put(s3)
    [message] = receive(sqs, url)
    assert message["Records"][0]["eventName"] == "ObjectCreated:Put"
    assert len(backend.events) == 1


def test_moto_still_notifies_a_queue_of_a_deletion(backend, s3):
    sqs = boto3.client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="loaded")["QueueUrl"]
    wanted = notification("QueueConfigurations", QUEUE, "s3:ObjectRemoved:*")
    s3.put_bucket_notification_configuration(
        Bucket="orders", NotificationConfiguration=WITH_EVENTBRIDGE | wanted
    )
    receive(sqs, url)
    put(s3)
    s3.delete_object(Bucket="orders", Key="k")
    [message] = receive(sqs, url)
    assert message["Records"][0]["eventName"] == "ObjectRemoved:Delete"
    assert len(backend.events) == 2


def test_moto_still_notifies_a_topic(backend, s3):
    sqs, sns = boto3.client("sqs", region_name=REGION), boto3.client("sns", region_name=REGION)
    url = sqs.create_queue(QueueName="loaded")["QueueUrl"]
    topic = sns.create_topic(Name="loaded")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    s3.put_bucket_notification_configuration(
        Bucket="orders",
        NotificationConfiguration=WITH_EVENTBRIDGE | notification("TopicConfigurations", topic),
    )
    receive(sqs, url)
    put(s3)
    [message] = receive(sqs, url)
    assert json.loads(message["Message"])["Records"][0]["eventName"] == "ObjectCreated:Put"
    assert len(backend.events) == 1


def test_moto_still_notifies_a_function(monkeypatch, backend, s3):
    from moto.awslambda.models import LambdaFunction

    invoked = []
    monkeypatch.setattr(
        LambdaFunction, "invoke", lambda _self, body, *_others: invoked.append(json.loads(body))
    )
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): pass")
    function = boto3.client("lambda", region_name=REGION).create_function(
        FunctionName="load",
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]
    s3.put_bucket_notification_configuration(
        Bucket="orders",
        NotificationConfiguration=WITH_EVENTBRIDGE | notification("LambdaFunctionConfigurations", function),
    )
    put(s3)
    assert [each["Records"][0]["eventName"] for each in invoked] == ["ObjectCreated:Put"]
    assert len(backend.events) == 1


def test_moto_s_functions_are_given_back():
    functions = notifications.send_event, models.S3Backend.delete_object
    codes = [function.__code__ for function in functions]
    with mock_events():
        assert all(function.__code__ is not code for function, code in zip(functions, codes, strict=True))
    assert (notifications.send_event, models.S3Backend.delete_object) == functions
    assert [function.__code__ for function in functions] == codes


def test_after_the_mock_moto_s_s3_sends_nothing_here():
    with mock_aws():
        with mock_events() as backend:
            s3 = client_with_bucket()
        put(s3)
    assert backend.events == []


def test_a_mock_that_stops_while_moto_answers_gets_nothing(monkeypatch):
    tag = models.S3Backend.put_object_tagging

    def stop_and_tag(*args):
        ours.stop()
        return tag(*args)

    with mock_aws():
        ours = mock_events(service_events={"s3", "cloudtrail"})
        backend = ours.start()
        s3 = client_with_bucket()
        before = len(backend.events)
        with monkeypatch.context() as patch:
            patch.setattr(models.S3Backend, "put_object_tagging", stop_and_tag)
            put(s3)
        assert len(backend.events) == before
        assert s3.get_object(Bucket="orders", Key="k")["Body"].read() == b"hello"


# Where the calls come from


def test_what_is_put_into_moto_without_a_request_comes_at_once(backend, s3):
    store = models.s3_backends[ACCOUNT]["aws"]
    store.put_object("orders", "k", b"hello")
    store.delete_object("orders", "k")
    assert [line[0] for line in told(backend)] == ["Object Created", "Object Deleted"]


def test_threads_put_at_the_same_time(backend, s3):
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)
    target = backend.target(
        "load", lambda event: s3.get_object(Bucket="orders", Key=event["detail"]["object"]["key"])
    )

    def work(number):
        for each in range(10):
            put(s3, f"{number}/{each}", Tagging="a=b")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    keys = sorted(delivery.event["detail"]["object"]["key"] for delivery in target.deliveries)
    assert keys == sorted(f"{number}/{each}" for number in range(4) for each in range(10))
    sequencers = {received.event["detail"]["object"]["sequencer"] for received in backend.events}
    assert len(sequencers) == 40


def test_a_target_may_wait_for_another_thread_that_puts_an_object(backend, s3):
    boto3.client("events", region_name=REGION).put_rule(Name="load", EventPattern=CREATED)

    def load(event):
        if event["detail"]["object"]["key"] == "in":
            thread = threading.Thread(target=put, args=(s3, "out"))
            thread.start()
            thread.join(30)
            assert not thread.is_alive()

    target = backend.target("load", load)
    put(s3, "in")
    assert len(target.deliveries) == 2


def test_a_transfer_comes_once_though_other_threads_upload_its_parts(backend, s3):
    s3.upload_fileobj(io.BytesIO(b"x" * 9 * 2**20), "orders", "k")
    assert [line[2] for line in told(backend)] == [{"reason": "CompleteMultipartUpload"}]


def test_a_client_of_one_backend_tells_this_backend(backend):
    with mock_events(isolated=True) as inner:
        s3 = backend.client("s3")
        s3.create_bucket(Bucket="orders")
        s3.put_bucket_notification_configuration(Bucket="orders", NotificationConfiguration=WITH_EVENTBRIDGE)
        put(s3)
        assert (len(inner.events), len(backend.events)) == (0, 1)
        put(boto3.client("s3", region_name=REGION))
        assert (len(inner.events), len(backend.events)) == (1, 1)


LATE_IMPORT = """
import boto3, sys
from eventmock import mock_events

with mock_events() as backend:
    boto3.client("events", region_name="us-east-1").put_rule(Name="r", EventPattern='{"source": ["aws.s3"]}')
    target = backend.target("r")
    assert not [name for name in sys.modules if name.partition(".")[0] == "moto"]
    import moto
    with moto.mock_aws():
        assert "moto.s3.models" not in sys.modules
        assert "eventmock.mock.patch.moto_s3" not in sys.modules
        s3 = boto3.Session().client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="orders")
        s3.put_bucket_notification_configuration(
            Bucket="orders", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        s3.put_object(Bucket="orders", Key="k", Body=b"hello")
    print(*(delivery.event["detail-type"] for delivery in target.deliveries))
"""


def test_moto_imported_while_a_mock_is_active():
    run = subprocess.run([sys.executable, "-c", LATE_IMPORT], capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("Object Created\n", 0), run.stderr


WITHOUT_S3 = """
import boto3, sys
from moto import mock_aws
from eventmock import mock_events

with mock_aws(), mock_events():
    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")
print(*(name for name in sys.modules if name.startswith(("eventmock.aws_events.", "eventmock.mock.patch.moto_s3"))))
"""


def test_without_s3_nothing_of_it_is_loaded():
    run = subprocess.run([sys.executable, "-c", WITHOUT_S3], capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("\n", 0), run.stderr


# Another moto


NONE_COMES = (
    "no event was put\n"
    "12:00:00  a bucket of S3 sends its events to EventBridge, but none comes here: eventmock does not know {} as "
    "moto {} has it. It was tried with moto 5.0.4 to 5.2.5; with any other, put the events by "
    "backend.emit_sample('aws.s3', ...)"
)


def send_event_of_another_version(account_id, event_name, bucket, key, version=None):
    """Have another signature than moto's."""


class ConfigurationOfAnotherVersion(models.NotificationConfiguration):
    """A configuration that does not know of EventBridge."""

    def __init__(self, topic=None, queue=None, cloud_function=None, **_others):
        super().__init__(topic, queue, cloud_function)


@pytest.fixture(
    params=[
        (notifications, "send_event", None, "moto.s3.notifications.send_event"),
        (notifications, "send_event", send_event_of_another_version, "moto.s3.notifications.send_event"),
        (models.S3Backend, "delete_object", None, "moto.s3.models.S3Backend.delete_object"),
        (
            models,
            "NotificationConfiguration",
            ConfigurationOfAnotherVersion,
            "moto.s3.models.NotificationConfiguration",
        ),
    ],
    ids=lambda param: f"{param[1]}, {'none' if param[2] is None else 'another'}",
)
def not_known(request, monkeypatch):
    """The name of something in moto's S3 that does not exist, or is not as eventmock knows it."""
    owner, name, value, words = request.param
    if value is None:
        monkeypatch.delattr(owner, name)
    else:
        monkeypatch.setattr(owner, name, value)
    return words


def test_a_moto_that_is_not_known_is_told_once(not_known):
    with mock_aws(), mock_events(start_time="2026-01-01T12:00:00Z") as backend:
        s3 = client_with_bucket()
        s3.put_bucket_notification_configuration(Bucket="orders", NotificationConfiguration=WITH_EVENTBRIDGE)
        assert backend.report() == NONE_COMES.format(not_known, moto.__version__)


def test_a_moto_that_is_not_known_is_not_told_where_no_bucket_sends_events(not_known):
    with mock_aws(), mock_events() as backend:
        client_with_bucket(configuration={})
        assert backend.report() == "no event was put"


def test_a_moto_that_is_not_known_is_not_told_where_none_are_wanted(not_known):
    with mock_aws(), mock_events(service_events=()) as backend:
        client_with_bucket()
        assert backend.report() == "no event was put"


def test_with_a_moto_that_is_not_known_nothing_comes(monkeypatch):
    monkeypatch.setattr(notifications, "send_event", send_event_of_another_version)
    with mock_aws(), mock_events() as backend:
        s3 = client_with_bucket()
        put(s3)
        s3.delete_object(Bucket="orders", Key="k")
        assert backend.events == []
