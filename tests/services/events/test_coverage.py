"""What tests have tried of rules, as the journal of a mock shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventmock.coverage.collector import Collector

SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"
PAID = {"source": ["shop"], "detail": {"state": ["PAID", "REFUNDED"]}}
TRANSFORMER = {"InputPathsMap": {"n": "$.detail.number"}, "InputTemplate": '{"number": <n>}'}


@pytest.fixture
def collector(events_backend):
    collector = Collector(Path.cwd())
    collector.watch(events_backend)
    collector.test = "a test"
    return collector


@pytest.fixture
def events(events_backend):
    return events_backend.client()


def put_rule(events, pattern=PAID, target=None, **members):
    events.put_rule(Name="ship", EventPattern=json.dumps(pattern), **members)
    events.put_targets(Rule="ship", Targets=[{"Id": "1", "Arn": SHIP} | (target or {})])


def put(events, detail, source="shop"):
    events.put_events(Entries=[{"Source": source, "DetailType": "order", "Detail": json.dumps(detail)}])


def only(collector):
    """The only subject of the data, after the journal was read."""
    collector.read()
    [covered] = collector.data
    return covered


def tried(covered):
    return {covered.points[key].text for key in covered.tried}


def missed(covered):
    return [point.text for point in covered.missed]


def test_a_rule_without_an_event_is_a_subject_of_which_nothing_was_tried(collector, events):
    put_rule(events)
    covered = only(collector)
    assert (covered.kind, covered.place, covered.names) == ("rule", "default", {"ship"})
    assert covered.definition == {
        "EventBusName": "default",
        "EventPattern": json.dumps(PAID),
        "State": "ENABLED",
    }
    assert [target["Id"] for target in covered.targets.values()] == ["1"]
    assert not covered.tried
    assert missed(covered) == [
        'source "shop"',
        "source refuses",
        'detail.state "PAID"',
        'detail.state "REFUNDED"',
        "detail.state refuses",
        "lambda function:ship gets events",
        "lambda function:ship fails",
    ]


def test_events_that_match_and_events_that_do_not_are_counted(collector, events):
    put_rule(events)
    put(events, {"state": "PAID"})
    put(events, {"state": "PAID"})
    put(events, {"state": "NEW"})
    covered = only(collector)
    assert (covered.counts["matched"], covered.counts["refused"]) == (2, 1)
    assert missed(covered) == ["source refuses", 'detail.state "REFUNDED"', "lambda function:ship fails"]


def test_the_shortest_event_that_matched_is_kept(collector, events):
    put_rule(events)
    put(events, {"state": "PAID", "note": "long"})
    put(events, {"state": "PAID"})
    assert json.loads(only(collector).event)["detail"] == {"state": "PAID"}


def test_a_disabled_rule_tries_nothing(collector, events):
    put_rule(events, State="DISABLED")
    put(events, {"state": "PAID"})
    covered = only(collector)
    assert (covered.tried, covered.counts) == (set(), {})


def test_a_failure_and_a_dead_letter_are_tried(collector, events, events_backend):
    put_rule(events, target={"DeadLetterConfig": {"Arn": LETTERS}})
    events_backend.faults.inject("AccessDeniedException", target=SHIP)
    put(events, {"state": "PAID"})
    covered = only(collector)
    assert {"lambda function:ship fails", "lambda function:ship fails for good: sqs letters"} <= tried(
        covered
    )
    assert "lambda function:ship gets events" in missed(covered)
    assert covered.counts[f"dead-lettered {SHIP}"] == 1


def test_an_attempt_that_is_tried_again_is_a_failure_and_a_delivery(collector, events, events_backend):
    put_rule(events)
    events_backend.faults.inject("ThrottlingException", target=SHIP, times=1)
    put(events, {"state": "PAID"})
    events_backend.clock.advance(hours=1)
    covered = only(collector)
    assert {"lambda function:ship fails", "lambda function:ship gets events"} <= tried(covered)
    assert (covered.counts[f"retried {SHIP}"], covered.counts[f"delivered {SHIP}"]) == (1, 1)


def test_a_path_of_a_transformer_is_tried_by_an_event_that_has_a_value_there(collector, events):
    put_rule(events, target={"InputTransformer": TRANSFORMER})
    put(events, {"state": "PAID"})
    word = "lambda function:ship: <n> $.detail.number has a value"
    assert word in missed(only(collector))
    put(events, {"state": "PAID", "number": 7})
    assert word in tried(only(collector))


@pytest.mark.parametrize("given", [{"InputTransformer": TRANSFORMER}, {"InputPath": "$.detail.number"}])
def test_a_path_to_null_has_no_value(collector, events, given):
    put_rule(events, target=given)
    put(events, {"state": "PAID", "number": None})
    assert not [text for text in tried(only(collector)) if text.endswith("has a value")]


def test_an_input_path_is_tried_by_an_event_that_has_a_value_there(collector, events):
    put_rule(events, target={"InputPath": "$.detail.number"})
    put(events, {"state": "PAID", "number": 7})
    assert "lambda function:ship: InputPath $.detail.number has a value" in tried(only(collector))


def test_a_schedule_is_tried_when_it_fires(collector, events, events_backend):
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    assert missed(only(collector)) == ["fires"]
    events_backend.clock.advance(days=2)
    covered = only(collector)
    assert (covered.counts["fired"], tried(covered)) == (2, {"fires"})


def test_the_event_of_a_schedule_is_refused_by_other_rules(collector, events, events_backend):
    put_rule(events)
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events_backend.clock.advance(days=1)
    collector.read()
    assert {tuple(one.names): dict(one.counts) for one in collector.data} == {
        ("ship",): {"refused": 1},
        ("nightly",): {"fired": 1},
    }


def test_the_rule_of_an_archive_is_no_subject(collector, events, events_backend):
    arn = events.describe_event_bus()["Arn"]
    events.create_archive(ArchiveName="all", EventSourceArn=arn)
    put(events, {"state": "PAID"})
    collector.read()
    assert len(collector.data) == 0


def test_a_rule_that_was_deleted_is_a_subject(collector, events):
    events.put_rule(Name="ship", EventPattern=json.dumps(PAID))
    events.delete_rule(Name="ship")
    assert only(collector).names == {"ship"}


def test_rules_of_equal_pattern_and_bus_are_one_subject_whatever_their_names(collector, events):
    for name in ("a", "b"):
        events.put_rule(Name=name, EventPattern=json.dumps(PAID))
    assert only(collector).names == {"a", "b"}


def test_rules_on_two_buses_are_two_subjects(collector, events):
    events.create_event_bus(Name="orders")
    for bus in ("default", "orders"):
        events.put_rule(Name="ship", EventBusName=bus, EventPattern=json.dumps(PAID))
    collector.read()
    assert [one.place for one in collector.data] == ["default", "orders"]


def test_an_id_in_the_arn_of_a_target_makes_no_other_point(collector, events, events_backend):
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}
    arn = events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=key)["ConnectionArn"]
    points = set()
    for _ in range(2):
        made = events.create_api_destination(
            Name="d", ConnectionArn=arn, HttpMethod="POST", InvocationEndpoint="https://a.example/"
        )
        put_rule(
            events, target={"Arn": made["ApiDestinationArn"], "RoleArn": "arn:aws:iam::123456789012:role/r"}
        )
        points.add(tuple(only(collector).points))
        events.delete_api_destination(Name="d")
    assert len(points) == 1
