"""What a test gives to `emit`, `emit_sample`, `emit_api_call` and `service_event`, and what it gets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import boto3
import pytest

from eventmock import OptionError, StrictFailure, mock_events, service_event
from eventmock.aws_events.samples import EVENT_ID

NOON = datetime(2026, 3, 5, 12, 0, 0, 999999, tzinfo=UTC)
SAMPLE = ("aws.s3", "Object Created")


@pytest.fixture
def backend():
    with mock_events(region="eu-west-1", account="111122223333", start_time=NOON) as backend:
        yield backend


# The event


def test_the_time_is_written_in_whole_seconds(backend):
    assert backend.emit(*SAMPLE).event["time"] == "2026-03-05T12:00:00Z"
    other = datetime(2026, 1, 31, 23, 30, 0, 5, tzinfo=timezone(timedelta(hours=-1)))
    assert backend.emit(*SAMPLE, time=other).event["time"] == "2026-02-01T00:30:00Z"


def test_a_detail_may_be_json_or_nothing(backend):
    assert backend.emit(*SAMPLE, '{"a": [1]}').event["detail"] == {"a": [1]}
    assert backend.emit(*SAMPLE).event["detail"] == {}


def test_a_key_stays_as_it_is(backend):
    received = backend.emit(*SAMPLE, {"object": {"key": "a b+c/ü"}})
    assert received.event["detail"]["object"]["key"] == "a b+c/ü"
    assert '"key":"a b+c/ü"' in received.envelope.text


@pytest.mark.parametrize("detail", [{"a": "\ud800"}, {"a": json.loads("[" * 900 + "]" * 900)}])
def test_a_detail_that_json_writes_in_another_way_is_taken_too(backend, detail):
    assert backend.emit(*SAMPLE, detail).event["detail"] == detail


def test_resources_follow_from_the_detail_unless_they_are_given(backend):
    detail = {"bucket": {"name": "in"}}
    assert backend.emit(*SAMPLE, detail).event["resources"] == ["arn:aws:s3:::in"]
    assert backend.emit(*SAMPLE, detail, resources=[]).event["resources"] == []
    assert backend.emit(*SAMPLE, detail, resources=("a", "b")).event["resources"] == ["a", "b"]


def test_only_the_default_bus_of_the_account_and_region_gets_it(backend):
    names = {}
    for account in ("111122223333", "444455556666"):
        for region in ("eu-west-1", "us-east-1"):
            client = backend.client(account=account, region=region)
            client.put_rule(Name=f"{account}-{region}", EventPattern='{"source": ["aws.s3"]}')
            client.create_event_bus(Name="orders")
            client.put_rule(Name="custom", EventPattern='{"source": ["aws.s3"]}', EventBusName="orders")
            received = backend.emit(*SAMPLE, account=account, region=region)
            names[account, region] = received.matched
            assert (received.account, received.region, received.bus) == (account, region, "default")
            assert (received.event["account"], received.event["region"]) == (account, region)
    assert names == {place: ["-".join(place)] for place in names}
    assert len(backend.events) == 4


def test_a_rule_may_filter_by_account(backend):
    backend.client().put_rule(Name="r", EventPattern='{"account": ["444455556666"]}')
    assert backend.emit(*SAMPLE).matched == []
    backend.client(account="444455556666").put_rule(Name="r", EventPattern='{"account": ["444455556666"]}')
    assert backend.emit(*SAMPLE, account="444455556666").matched == ["r"]


def test_a_copy_on_another_bus_keeps_id_source_and_account(backend):
    client = backend.client()
    arn = client.create_event_bus(Name="orders")["EventBusArn"]
    client.put_rule(Name="forward", EventPattern='{"source": ["aws.s3"]}')
    target = {"Id": "bus", "Arn": arn, "RoleArn": "arn:aws:iam::111122223333:role/r"}
    client.put_targets(Rule="forward", Targets=[target])
    client.put_rule(Name="load", EventPattern='{"source": ["aws.s3"]}', EventBusName="orders")
    backend.emit(*SAMPLE)
    [sent, copy] = backend.events
    assert copy.matched == ["load"]
    assert copy.event == sent.event
    assert (sent.origin, copy.origin, copy.notes) == ("service", "bus", [])


def test_an_archive_keeps_it_and_a_replay_sends_it_again(backend):
    client = backend.client()
    bus = client.describe_event_bus()["Arn"]
    archive = client.create_archive(ArchiveName="all", EventSourceArn=bus)["ArchiveArn"]
    client.put_rule(Name="r", EventPattern='{"source": ["aws.s3"]}')
    backend.emit_sample(*SAMPLE)
    client.start_replay(
        ReplayName="again",
        EventSourceArn=archive,
        EventStartTime=NOON - timedelta(hours=1),
        EventEndTime=NOON + timedelta(hours=1),
        Destination={"Arn": bus},
    )
    backend.clock.advance(hours=2)
    [sent, again] = backend.events
    assert sent.archived == ["all"]
    assert again.event == sent.event | {"id": again.event_id, "replay-name": "again"}
    assert again.matched == ["r"]


def test_the_story_and_the_diagram_say_that_it_is_from_aws(backend):
    backend.emit_sample(*SAMPLE)
    assert str(backend.trace) == (
        '12:00:00  #1 Object Created from aws.s3 sent by AWS to "default" of 111122223333 in eu-west-1'
    )
    assert backend.report() == ('12:00:00  from AWS   Object Created from aws.s3 on "default"   no rules')
    assert "participant p1 as AWS" in backend.report("mermaid")
    assert backend.flow()["events"][0]["origin"] == "service"


# Advice


def test_a_note_is_on_the_record_and_in_report_trace_and_data(backend):
    received = backend.emit(
        "aws.ec2", "EC2 Instance State-change Notification", {"instance_id": "i", "state": "running"}
    )
    note = "the detail has instance_id; did you mean instance-id?"
    assert received.notes == [note]
    assert received.hint == note
    assert note in backend.report()
    assert note in str(backend.trace)
    assert backend.flow()["events"][0]["notes"] == [note]


def test_each_note_has_a_line(backend):
    backend.emit("aws.iam", "AWS API Call via CloudTrail", {"eventname": "CreateRole"})
    assert backend.report() == (
        '12:00:00  from AWS   AWS API Call via CloudTrail from aws.iam on "default"   no rules\n'
        "            aws.iam sends its events in us-east-1 only, and this one is in eu-west-1\n"
        "            the detail has eventname; did you mean eventName?\n"
        "            the detail has no eventVersion, eventTime, awsRegion, eventID, eventType, which AWS's schema "
        "requires; emit_sample has all members"
    )


def test_nobody_says_anything_about_an_event_of_a_program(backend):
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    backend.client().put_events(Entries=[entry])
    assert backend.events[0].notes == []


def test_a_test_that_is_strict_about_services_fails_by_a_note():
    with (
        pytest.raises(StrictFailure) as caught,
        mock_events(strict={"services"}, start_time=NOON) as backend,
    ):
        backend.emit_sample(*SAMPLE)
        backend.emit("aws.iam", "AWS API Call via CloudTrail", service_detail(), region="eu-west-1")
        backend.client(region="eu-west-1").put_rule(Name="typo", EventPattern='{"source": ["aws.dynamodbb"]}')
    assert str(caught.value) == (
        "strict={'services'}, and\n"
        "  services: <AWS API Call via CloudTrail from aws.iam on 'default': matched nothing: there are no rules on "
        "'default'>\n"
        "    aws.iam sends its events in us-east-1 only, and this one is in eu-west-1\n"
        "    To do: correct the event, or take that of backend.emit_sample.\n"
        '  services: <rule typo on "default" in eu-west-1>\n'
        "    eventmock knows no AWS service with the source 'aws.dynamodbb'; did you mean 'aws.dynamodb'?\n"
        "    To do: correct the rule: its pattern, its bus or its state.\n"
        "A test that means it to be so says strict=False."
    )


def service_detail():
    return service_event("aws.iam", "AWS API Call via CloudTrail")["detail"]


def test_rules_that_see_no_event_of_a_service_are_in_the_report(backend):
    client = backend.client()
    client.create_event_bus(Name="orders")
    client.put_rule(Name="load", EventPattern='{"source": ["aws.s3"]}', EventBusName="orders")
    client.put_rule(Name="typo", EventPattern='{"source": ["aws.s3"], "detail-type": ["Object created"]}')
    client.put_rule(Name="own", EventPattern='{"source": ["shop"]}', EventBusName="orders")
    note = (
        '            rule load on "orders": AWS services send their events to the default bus, so none of aws.s3 comes '
        "here; put a rule on the default bus whose target is this bus"
    )
    typo = (
        "            rule typo on \"default\": eventmock knows no detail-type 'Object created' of aws.s3; "
        "did you mean 'Object Created'?"
    )
    assert backend.report() == f"no event was put\n{typo}\n{note}"
    arn = client.describe_event_bus(Name="orders")["Arn"]
    target = {"Id": "bus", "Arn": arn, "RoleArn": "arn:aws:iam::111122223333:role/r"}
    client.put_targets(Rule="typo", Targets=[target])
    assert backend.report() == f"no event was put\n{typo}"


# Samples


def test_a_sample_has_the_place_and_the_moment_of_the_mock(backend):
    event = backend.emit_sample(*SAMPLE, {"object.key": "in/1.csv"}, reason="CopyObject").event
    assert (event["account"], event["region"], event["time"]) == (
        "111122223333",
        "eu-west-1",
        "2026-03-05T12:00:00Z",
    )
    assert (event["detail"]["object"]["key"], event["detail"]["reason"]) == ("in/1.csv", "CopyObject")
    assert event["detail"]["requester"] == "111122223333"


def test_a_sample_may_be_of_another_place_and_moment(backend):
    event = backend.emit_sample(
        *SAMPLE,
        {"bucket.name": "in"},
        account="444455556666",
        region="us-east-1",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        resources=["arn"],
    ).event
    assert (event["account"], event["region"], event["time"], event["resources"]) == (
        "444455556666",
        "us-east-1",
        "2026-01-01T00:00:00Z",
        ["arn"],
    )


def test_service_event_is_what_emit_sample_puts(backend):
    made = service_event(*SAMPLE, {"object.key": "a"})
    put = backend.emit_sample(*SAMPLE, {"object.key": "a"}).event
    assert made["id"] != put["id"] != EVENT_ID
    assert made | {"id": put["id"]} == put


def test_service_event_needs_no_mock():
    event = service_event(*SAMPLE, reason="CopyObject")
    assert (event["id"], event["account"], event["region"], event["time"]) == (
        EVENT_ID,
        "123456789012",
        "us-east-1",
        "2026-01-15T10:00:00Z",
    )
    assert event["detail"]["reason"] == "CopyObject"
    assert event == service_event(*SAMPLE, reason="CopyObject")


# Calls


def test_a_call_is_an_event_of_its_service(backend):
    received = backend.emit_api_call("ec2", "RunInstances", {"InstanceType": "t3.micro"}, userAgent="me")
    detail = received.event["detail"]
    assert (received.event["source"], received.event["resources"]) == ("aws.ec2", [])
    assert (detail["eventSource"], detail["eventName"], detail["userAgent"], detail["awsRegion"]) == (
        "ec2.amazonaws.com",
        "RunInstances",
        "me",
        "eu-west-1",
    )
    assert detail["eventTime"] == received.event["time"] == "2026-03-05T12:00:00Z"
    assert received.notes == []


@pytest.mark.parametrize(
    ("service", "operation", "members", "seen_by"),
    [
        ("ec2", "DescribeInstances", {}, ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]),
        (
            "ec2",
            "RunInstances",
            {},
            ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
        ),
        ("ec2", "RunInstances", {"read_only": True}, ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]),
        (
            "s3",
            "GetObject",
            {"management": False},
            ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
        ),
    ],
)
def test_the_state_of_a_rule_decides_which_calls_it_sees(backend, service, operation, members, seen_by):
    for state in ("DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"):
        pattern = '{"detail-type": ["AWS API Call via CloudTrail"]}'
        backend.client().put_rule(Name=state, EventPattern=pattern, State=state)
    assert backend.emit_api_call(service, operation, **members).matched == seen_by


def test_an_archive_keeps_no_call_that_only_reads(backend):
    client = backend.client()
    client.create_archive(ArchiveName="all", EventSourceArn=client.describe_event_bus()["Arn"])
    assert backend.emit_api_call("ec2", "RunInstances").archived == ["all"]
    assert backend.emit_api_call("ec2", "DescribeInstances").archived == []


@pytest.mark.parametrize(
    ("service", "region", "where", "notes"),
    [
        ("iam", None, "us-east-1", []),
        ("iam.amazonaws.com", None, "us-east-1", []),
        (
            "iam",
            "eu-west-1",
            "eu-west-1",
            ["aws.iam sends its events in us-east-1 only, and this one is in eu-west-1"],
        ),
        ("ec2", None, "eu-west-1", []),
    ],
)
def test_a_call_of_a_global_service_is_in_its_region(backend, service, region, where, notes):
    received = backend.emit_api_call(service, "CreateRole", region=region)
    assert (received.region, received.event["detail"]["awsRegion"], received.notes) == (where, where, notes)


# What is wrong


def wrong(call, *arguments, **members):
    with mock_events() as backend, pytest.raises(OptionError) as caught:
        getattr(backend, call)(*arguments, **members)
    assert backend.events == []
    return str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "members", "message"),
    [
        (
            ("shop", "order"),
            {},
            "source='shop': AWS services have sources that begin with 'aws.'; for the event of a program call "
            "PutEvents, as in backend.client().put_events(Entries=[{'Source': 'shop', ...}])",
        ),
        (("s3", "Object Created"), {}, "source='s3': did you mean 'aws.s3'?"),
        ((None, "x"), {}, "source=None: wanted the source of an AWS service, as 'aws.s3'"),
        (("aws.", "x"), {}, "source='aws.': wanted the source of an AWS service, as 'aws.s3'"),
        (
            ("aws.partner/example.com/x", "x"),
            {},
            "source='aws.partner/example.com/x': that is a SaaS partner's, whose events come to a bus of their own; "
            "say backend.partner_event_source('aws.partner/example.com/x').put(...)",
        ),
        (("aws.s3", ""), {}, "detail_type='': wanted a text such as 'Object Created'"),
        (("aws.s3", None), {}, "detail_type=None: wanted a text such as 'Object Created'"),
        (
            SAMPLE,
            {"bus": "orders"},
            "bus='orders': AWS services send their events to the default bus only; for another bus, put a rule on the "
            "default bus whose target is that bus",
        ),
        ((*SAMPLE, [1]), {}, "detail=[1]: wanted an object, or an object as JSON text"),
        ((*SAMPLE, "[1]"), {}, "detail='[1]': a Detail must be a JSON object, not an array"),
        ((*SAMPLE, {"a": {1}}), {}, "detail={'a': {1}}: Object of type set is not JSON serializable"),
        (
            (*SAMPLE, {"a": float("nan")}),
            {},
            "detail={'a': nan}: Out of range float values are not JSON compliant: nan",
        ),
        (SAMPLE, {"resources": "arn"}, "resources='arn': wanted a list of ARNs, or None"),
        (SAMPLE, {"resources": [1]}, "resources=[1]: wanted a list of ARNs, or None"),
        (SAMPLE, {"resources": 1}, "resources=1: wanted a list of ARNs, or None"),
        (SAMPLE, {"region": "mars"}, "region='mars': wanted a region such as 'us-east-1'"),
        (
            SAMPLE,
            {"account": "1"},
            "account='1': wanted an account id, text of 12 digits such as '123456789012'",
        ),
        (
            SAMPLE,
            {"time": "2026-01-01"},
            "time='2026-01-01': wanted a datetime with a time zone, as in datetime(2026, 1, 31, 12, tzinfo=UTC), or "
            "None for the present",
        ),
        (
            SAMPLE,
            {"time": datetime(2026, 1, 1)},
            "time=datetime.datetime(2026, 1, 1, 0, 0): wanted a datetime with a time zone, as in "
            "datetime(2026, 1, 31, 12, tzinfo=UTC), or None for the present",
        ),
    ],
)
def test_emit_refuses_what_no_service_sends(arguments, members, message):
    said = wrong("emit", *arguments, **members)
    assert said.startswith(f"backend.emit(): {message[:60]}")
    assert said == f"backend.emit(): {message}" or "nan" in message


@pytest.mark.parametrize(
    ("arguments", "members", "message"),
    [
        (("shop", "order"), {}, "source='shop': AWS services have sources that begin with 'aws.'; "),
        (
            ("aws.s3", "object created"),
            {},
            "eventmock knows no detail-type 'object created' of aws.s3; did you mean 'Object Created'?",
        ),
        (
            ("aws.s3", "Async Copy Completion"),
            {},
            "eventmock knows no members of 'Async Copy Completion' of aws.s3; give them: "
            "backend.emit('aws.s3', 'Async Copy Completion', {...})",
        ),
        ((*SAMPLE, {"object.keys": 1}), {}, "the sample has no 'object.keys'; did you mean 'key'?"),
        (SAMPLE, {"reasons": 1}, "the sample has no 'reasons'; did you mean 'reason'?"),
        (SAMPLE, {"reason": {1}}, "Object of type set is not JSON serializable"),
        (SAMPLE, {"region": "mars"}, "region='mars': wanted a region such as 'us-east-1'"),
        (SAMPLE, {"time": 1}, "time=1: wanted a datetime with a time zone"),
        (SAMPLE, {"resources": "arn"}, "resources='arn': wanted a list of ARNs, or None"),
    ],
)
def test_there_is_no_sample_of_what_is_not_known(arguments, members, message):
    assert wrong("emit_sample", *arguments, **members).startswith(f"backend.emit_sample(): {message}")
    with pytest.raises(OptionError) as caught:
        service_event(*arguments, **members)
    assert str(caught.value).startswith(f"service_event(): {message}")


@pytest.mark.parametrize(
    ("arguments", "members", "message"),
    [
        (
            ("aws.ec2", "Run"),
            {},
            "service='aws.ec2': wanted the name of its endpoint, as 'ec2' or 'ec2.amazonaws.com'; say 'ec2'",
        ),
        (("", "Run"), {}, "service='': wanted the name of its endpoint, as 'ec2' or 'ec2.amazonaws.com'"),
        ((None, "Run"), {}, "service=None: wanted the name of its endpoint, as 'ec2' or 'ec2.amazonaws.com'"),
        (("ec2", ""), {}, "operation='': wanted the name of an operation, as 'RunInstances'"),
        (("ec2", "Run", [1]), {}, "request_parameters=[1]: wanted an object, or None"),
        (("ec2", "Run", None, "x"), {}, "response_elements='x': wanted an object, or None"),
        (("ec2", "Run"), {"read_only": 1}, "read_only=1: wanted True, False or None"),
        (("ec2", "Run"), {"error_code": 1}, "error_code=1: wanted a text such as 'AccessDenied', or None"),
        (("ec2", "Run"), {"error_message": 1}, "error_message=1: wanted a text, or None"),
        (("ec2", "Run"), {"user_identity": "me"}, "user_identity='me': wanted an object, or None"),
        (("ec2", "Run"), {"management": "no"}, "management='no': wanted True or False"),
    ],
)
def test_a_call_that_no_trail_logs_is_refused(arguments, members, message):
    assert wrong("emit_api_call", *arguments, **members) == f"backend.emit_api_call(): {message}"


def test_after_the_mock_nothing_can_be_sent():
    from eventmock import MockStateError

    with mock_events() as backend:
        pass
    with pytest.raises(MockStateError):
        backend.emit(*SAMPLE)


def test_a_function_that_is_a_target_may_send_events_too(backend):
    client = boto3.client("events")
    client.put_rule(Name="s3", EventPattern='{"source": ["aws.s3"]}')
    client.put_rule(Name="ec2", EventPattern='{"source": ["aws.ec2"]}')
    backend.target("s3", lambda _: backend.emit_api_call("ec2", "RunInstances"))
    later = backend.target("ec2")
    backend.emit_sample(*SAMPLE)
    assert len(later.deliveries) == 1
