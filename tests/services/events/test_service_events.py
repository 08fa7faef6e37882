"""Events of AWS services come to the default bus of their account and region, and go on from there as any event."""

from __future__ import annotations

from datetime import timedelta

import pytest

CREATED = {"version": "0", "bucket": {"name": "in"}, "object": {"key": "invoices/1.pdf", "size": 5}}
OF_S3 = '{"source": ["aws.s3"], "detail-type": ["Object Created"]}'


def test_an_event_of_a_service_is_delivered(events, events_backend):
    events.put_rule(
        Name="r",
        EventPattern='{"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "invoices/"}]}}}',
    )
    target = events_backend.target("r")
    received = events_backend.emit("aws.s3", "Object Created", CREATED, resources=["arn:aws:s3:::in"])
    [delivery] = target.deliveries
    assert delivery.cause is received
    assert delivery.event == {
        "version": "0",
        "id": received.event_id,
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": events_backend.default_account,
        "time": f"{received.time:%Y-%m-%dT%H:%M:%SZ}",
        "region": events_backend.default_region,
        "resources": ["arn:aws:s3:::in"],
        "detail": CREATED,
    }
    assert received.origin == "service"
    assert events_backend.events == [received]


def test_put_events_still_refuses_the_source_of_a_service(events):
    entry = {"Source": "aws.s3", "DetailType": "Object Created", "Detail": "{}"}
    answer = events.put_events(Entries=[entry])
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"


# Outages


def test_a_durable_event_waits_for_the_end_of_an_outage(events, events_backend):
    events.put_rule(Name="r", EventPattern='{"source": ["aws.s3", "aws.ec2"]}')
    target = events_backend.target("r")
    outage = events_backend.region("us-east-1").outage()
    sent = [events_backend.emit("aws.s3", "Object Created", {"n": number}) for number in (1, 2)]
    assert sent[0].dropped == (
        "it waits: us-east-1 is out of service, and aws.s3 sends this event when the region is in service again"
    )
    assert events_backend.events == []
    events_backend.clock.advance(hours=1)
    outage.end()
    assert [delivery.event["detail"]["n"] for delivery in target.deliveries] == [1, 2]
    assert [event.event_id for event in events_backend.events] == [event.event_id for event in sent]
    [first, _] = events_backend.events
    assert first.envelope.time == sent[0].envelope.time
    assert first.time - sent[0].time >= timedelta(hours=1)
    assert "Object Created from aws.s3 waits: us-east-1 is out of service" in str(events_backend.trace)


def test_an_event_of_best_effort_is_lost_in_an_outage(events_backend):
    with events_backend.region("us-east-1").outage():
        sent = events_backend.emit("aws.ec2", "EC2 Instance State-change Notification", {})
    assert events_backend.events == [sent]
    assert (sent.dropped, sent.deliveries) == (
        "us-east-1 is out of service, and aws.ec2 sends this event only once, by best effort",
        [],
    )


def test_what_cloudtrail_sends_is_lost_in_an_outage_whosever_it_is(events_backend):
    with events_backend.region("us-east-1").outage():
        sent = events_backend.emit("aws.s3", "AWS API Call via CloudTrail", {})
    assert events_backend.events == [sent]


def test_a_durable_event_is_lost_after_24_hours(events_backend):
    with events_backend.region("us-east-1").outage():
        sent = events_backend.emit("aws.s3", "Object Created", CREATED)
        events_backend.clock.advance(hours=24)
    [lost] = events_backend.events
    assert lost.event_id == sent.event_id
    assert lost.dropped == (
        "us-east-1 was out of service for the 24 hours in which aws.s3 tries to send an event"
    )


def test_only_the_region_that_is_back_gets_what_waits(events_backend):
    outages = [events_backend.region(name).outage() for name in ("us-east-1", "eu-west-1")]
    for region in ("us-east-1", "eu-west-1"):
        events_backend.emit("aws.s3", "Object Created", CREATED, region=region)
    outages[1].end()
    assert [event.region for event in events_backend.events] == ["eu-west-1"]
    outages[0].end()
    assert [event.region for event in events_backend.events] == ["eu-west-1", "us-east-1"]


def test_what_waits_is_a_part_of_a_snapshot(events_backend):
    outage = events_backend.region("us-east-1").outage()
    events_backend.emit("aws.s3", "Object Created", CREATED)
    snapshot = events_backend.snapshot()
    outage.end()
    assert len(events_backend.events) == 1
    events_backend.restore(snapshot)
    assert events_backend.events == []
    outage.end()
    assert len(events_backend.events) == 1
    events_backend.restore(snapshot)
    events_backend.reset()
    assert events_backend.events == []
    assert events_backend.clock.pending == []


# Which rules see CloudTrail's events


def put_rules(events, pattern='{"source": ["aws.ec2"]}'):
    for state in ("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"):
        events.put_rule(Name=state[:9], EventPattern=pattern, State=state)


@pytest.mark.parametrize(
    ("detail_type", "detail", "seen_by"),
    [
        ("AWS API Call via CloudTrail", {"readOnly": True, "managementEvent": True}, ["ENABLED_W"]),
        ("AWS API Call via CloudTrail", {"readOnly": True}, ["ENABLED_W"]),
        ("AWS API Call via CloudTrail", {"readOnly": False}, ["ENABLED", "ENABLED_W"]),
        ("AWS API Call via CloudTrail", {}, ["ENABLED", "ENABLED_W"]),
        (
            "AWS API Call via CloudTrail",
            {"readOnly": True, "managementEvent": False, "eventCategory": "Data"},
            ["ENABLED", "ENABLED_W"],
        ),
        (
            "AWS API Call via CloudTrail",
            {"readOnly": True, "eventCategory": "Data"},
            ["ENABLED", "ENABLED_W"],
        ),
        ("AWS Console Sign In via CloudTrail", {"readOnly": True}, ["ENABLED", "ENABLED_W"]),
        ("AWS Network Activity Event via CloudTrail", {"readOnly": True}, ["ENABLED", "ENABLED_W"]),
        ("EC2 Instance State-change Notification", {"readOnly": True}, ["ENABLED", "ENABLED_W"]),
    ],
)
def test_the_state_of_a_rule_decides_which_calls_it_sees(
    events, events_backend, detail_type, detail, seen_by
):
    put_rules(events)
    received = events_backend.emit("aws.ec2", detail_type, detail)
    assert received.matched == seen_by
    assert [
        verdict.rule_name for verdict in events_backend.explain(received.event) if verdict.matched
    ] == seen_by


def test_the_event_of_a_program_is_no_call_whatever_it_says(events, events_backend):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    entry = {"Source": "shop", "DetailType": "AWS API Call via CloudTrail", "Detail": '{"readOnly": true}'}
    events.put_events(Entries=[entry])
    assert events_backend.events[0].matched == ["r"]


HIDDEN = (
    "not shown to a rule in state ENABLED: read-only management event; its pattern matches; "
    "put the rule with State=ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
)


def test_a_rule_that_does_not_see_a_call_says_so(events, events_backend):
    put_rules(events)
    events.put_rule(Name="other", EventPattern='{"source": ["aws.s3"]}')
    received = events_backend.emit("aws.ec2", "AWS API Call via CloudTrail", {"readOnly": True})
    written = events_backend.emit("aws.ec2", "AWS API Call via CloudTrail", {"readOnly": False})
    assert [str(verdict) for verdict in received.unmatched] == [
        "DISABLED: the rule is DISABLED; its pattern matches",
        f"ENABLED: {HIDDEN}",
        'other: source held "aws.ec2", wanted one of ["aws.s3"]',
    ]
    assert [verdict.distance for verdict in received.unmatched] == [0, 0, 1]
    assert written.matched == ["ENABLED", "ENABLED_W"]
    report = events_backend.report()
    assert report.count(HIDDEN) == 1
    assert f"ENABLED    no match   {HIDDEN}" in report


def test_a_copy_on_another_bus_is_seen_by_its_rules_by_the_same_states(events, events_backend):
    put_rules(events)
    arn = events.create_event_bus(Name="audit")["EventBusArn"]
    target = {"Id": "t", "Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/r"}
    events.put_targets(Rule="ENABLED_W", Targets=[target])
    for state in ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"):
        events.put_rule(Name=state, EventPattern='{"source": ["aws.ec2"]}', State=state, EventBusName="audit")
    sent = events_backend.emit("aws.ec2", "AWS API Call via CloudTrail", {"readOnly": True})
    [_, copy] = events_backend.events
    assert (copy.bus, copy.event_id, copy.source, copy.account) == (
        "audit",
        sent.event_id,
        "aws.ec2",
        sent.account,
    )
    assert copy.matched == ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]
