"""What a rule sees of CloudTrail is what its verdict says; what a durable service sends comes once, in order."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given, settings, strategies as st

from eventmock import mock_events
from eventmock.backend.report.misses import Misses

STATES = ("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
PATTERNS = (
    {"source": ["aws.ec2"]},
    {"detail": {"readOnly": [True]}},
    {"detail": {"eventName": [{"exists": False}]}},
    {"detail-type": [{"wildcard": "*CloudTrail"}]},
)
VALUES = st.sampled_from([True, False, "true", None, 1])
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "readOnly": VALUES,
        "managementEvent": VALUES,
        "eventCategory": st.sampled_from(["Management", "Data", None]),
        "eventName": st.just("DescribeInstances"),
    },
)
EVENTS = st.tuples(
    st.sampled_from(["aws.ec2", "aws.s3"]),
    st.sampled_from(["AWS API Call via CloudTrail", "AWS Insight via CloudTrail", "Object Created"]),
    DETAILS,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=6))
def test_the_rules_that_see_an_event_are_those_whose_verdict_says_so(events):
    with mock_events() as backend:
        client = backend.client()
        for number, pattern in enumerate(PATTERNS):
            for state in STATES:
                client.put_rule(Name=f"{number}-{state}", EventPattern=json.dumps(pattern), State=state)
        misses = Misses()
        for source, detail_type, detail in events:
            received = backend.emit(source, detail_type, detail)
            verdicts = backend.explain(received.event)
            assert received.matched == [verdict.rule_name for verdict in verdicts if verdict.matched]
            why = {verdict.rule_name: verdict.why for verdict in verdicts}
            matching, missed = misses.judge(received)
            assert [rule.name for rule, verdict in matching if verdict.matched] == received.matched
            assert {rule.name: verdict.why for rule, verdict in missed}.items() <= why.items()


REGIONS = ("us-east-1", "eu-west-1")
STEPS = st.lists(
    st.tuples(st.sampled_from(["durable", "once", "out", "back", "wait"]), st.sampled_from(REGIONS)),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_a_durable_event_comes_once_and_in_order_whatever_is_out_of_service(steps):
    """No outage here lasts 24 hours."""
    with mock_events(start_time="2026-01-01") as backend:
        outages, sent, lost = {}, {region: [] for region in REGIONS}, set()
        for step, region in steps:
            if step == "out" and region not in outages:
                outages[region] = backend.region(region).outage()
            elif step == "back" and region in outages:
                outages.pop(region).end()
            elif step == "wait":
                backend.clock.advance(timedelta(hours=1))
            elif step == "durable":
                sent[region].append(backend.emit("aws.s3", "Object Created", region=region).event_id)
            elif step == "once":
                received = backend.emit("aws.ec2", "EC2 AMI Available", region=region)
                assert (received.dropped is not None) is (region in outages)
                lost.add(received.event_id)
        for outage in outages.values():
            outage.end()
        for region in REGIONS:
            arrived = [event for event in backend.events if event.region == region]
            durable = [event.event_id for event in arrived if event.event_id not in lost]
            assert sorted(durable) == sorted(sent[region])
            assert all(event.dropped is None for event in arrived if event.event_id not in lost)
            moments = [event.envelope.time for event in arrived if event.event_id not in lost]
            assert moments == sorted(moments)
        assert backend.clock.pending == []
