from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events
from eventmock.backend.report import firings
from eventmock.backend.report.firings import Alike, Firings

pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z", region="us-east-1")

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
TO_BUS = {"Arn": BUS, "EventBridgeParameters": {"DetailType": "tick", "Source": "clock"}, "Input": "{}"}


@pytest.fixture
def told(events_backend):
    """A function that gives, for all that happened by itself, a name and how often it is told."""

    def told():
        return [
            (one.first.schedule_name, one.times) if isinstance(one, Alike) else (str(one), 1)
            for one in Firings(events_backend.state.ledger).happened()
        ]

    return told


def test_three_firings_that_went_alike_are_told_as_one_and_two_are_not(schedule, events_backend, told):
    schedule("a", "rate(2 minutes)")
    schedule("b", "rate(3 minutes)")
    events_backend.clock.advance(minutes=4)
    assert told() == [("a", 3), ("b", 1), ("b", 1)]


def test_what_is_told_as_one_has_the_first_and_the_last(schedule, events_backend):
    schedule("a", "rate(1 minute)")
    events_backend.clock.advance(minutes=5)
    [run] = Firings(events_backend.state.ledger).happened()
    first, *_, last = events_backend.deliveries
    assert run == Alike(first, last, 6)
    assert run.time == first.time


def test_a_run_ends_where_an_event_or_an_incident_comes(
    schedule, events, events_backend, order, told, error_of
):
    schedule("a", "rate(1 minute)")
    events_backend.clock.advance(minutes=2)
    events.put_events(Entries=[order])
    events_backend.clock.advance(minutes=3)
    error_of(events.describe_rule, Name="r")
    events_backend.clock.advance(minutes=4)
    names = [name.partition(":")[0] for name, _ in told()]
    assert names == [
        "a",
        "order from shop",
        "a",
        "DescribeRule of 123456789012 in us-east-1 was refused",
        "a",
    ]
    assert [times for _, times in told()] == [3, 1, 3, 1, 4]


def test_a_run_goes_on_where_the_firings_bring_events(schedule, events, events_backend, told):
    events.create_event_bus(Name="other")
    events.put_rule(Name="on", EventPattern='{"source": ["clock"]}')
    target = {
        "Id": "t",
        "Arn": BUS.replace("default", "other"),
        "RoleArn": "arn:aws:iam::123456789012:role/r",
    }
    events.put_targets(Rule="on", Targets=[target])
    schedule("a", "rate(1 minute)", TO_BUS)
    events_backend.clock.advance(minutes=2)
    assert told() == [("a", 3), *[("tick from clock", 1)] * 6]


def test_firings_with_other_errors_went_another_way(schedule, events_backend, told):
    events_backend.faults.inject(400, target=QUEUE, times=3)
    schedule("a", "rate(1 minute)")
    events_backend.clock.advance(minutes=2)
    events_backend.faults.inject("ThrottlingException", target=QUEUE, times=1)
    events_backend.clock.advance(minutes=4)
    assert told() == [("a", 3), ("a", 1), ("a", 3)]


def test_firings_after_which_lambda_failed_otherwise_went_another_way(schedule, events_backend, told):
    def clean(_event, _context):
        if len(events_backend.deliveries) % 2:
            raise ValueError("no stock")

    function = "arn:aws:lambda:us-east-1:123456789012:function:clean"
    events_backend.lambda_function("clean", clean, retries=0)
    schedule("a", "rate(1 minute)", {"Arn": function})
    events_backend.clock.advance(minutes=6)
    assert told() == [("a", 4), ("a", 3)]


def test_a_schedule_that_was_changed_is_another_one(schedule, events_backend, told):
    schedule("a", "rate(1 minute)")
    events_backend.clock.advance(minutes=2)
    events_backend.client("scheduler").update_schedule(
        Name="a",
        ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": QUEUE, "RoleArn": "arn:aws:iam::123456789012:role/r", "Input": "{}"},
    )
    events_backend.clock.advance(minutes=3)
    assert told() == [("a", 3), ("a", 3)]


def test_of_many_firings_that_went_alike_the_first_and_the_last_have_their_own_data(
    schedule, events, events_backend, order
):
    schedule("a", "rate(1 minute)")
    events_backend.clock.advance(minutes=99)
    assert len(Firings(events_backend.state.ledger).shown()) == 100
    events_backend.clock.advance(minutes=900)
    events.put_events(Entries=[order])
    events_backend.clock.advance(minutes=500)
    shown = Firings(events_backend.state.ledger).shown()
    assert [one.times for one in shown.values()] == [1] * 50 + [950, 450] + [1] * 50
    all_deliveries = list(events_backend.deliveries)
    assert list(shown) == [
        *all_deliveries[:50],
        all_deliveries[50],
        all_deliveries[1000],
        *all_deliveries[-50:],
    ]
    assert shown[all_deliveries[50]].last is all_deliveries[999]


def test_a_firing_that_brought_an_event_has_its_own_data(schedule, events_backend):
    schedule("a", "rate(1 minute)", TO_BUS)
    events_backend.clock.advance(minutes=199)
    assert [one.times for one in Firings(events_backend.state.ledger).shown().values()] == [1] * 200


STEPS = st.lists(st.sampled_from(["wait", "event", "fail", "change"]), max_size=12)


@settings(max_examples=20)
@given(steps=STEPS)
def test_every_firing_is_shown_once_and_no_other_event_or_incident_is_within_a_run(steps):
    with pytest.MonkeyPatch.context() as patch, mock_events(isolated=True) as backend:
        patch.setattr(firings, "MOST_ALIKE", 4)
        client = backend.client("scheduler")
        wanted = {"FlexibleTimeWindow": {"Mode": "OFF"}}
        targets = {"a": ("rate(1 minute)", {"Arn": QUEUE}), "b": ("rate(3 minutes)", TO_BUS)}
        for name, (expression, target) in targets.items():
            wanted["Target"] = target | {"RoleArn": "arn:aws:iam::123456789012:role/r"}
            client.create_schedule(Name=name, ScheduleExpression=expression, **wanted)
        for step in steps:
            if step == "wait":
                backend.clock.advance(minutes=7)
            elif step == "event":
                backend.client().put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}])
            elif step == "fail":
                backend.faults.inject(503, target=QUEUE, times=1)
            else:
                client.update_schedule(Name="b", ScheduleExpression="rate(3 minutes)", **wanted)
        ledger = backend.state.ledger
        found, fired = Firings(ledger), ledger.fired
        assert sum(one.times for one in found.happened() if isinstance(one, Alike)) == len(fired)
        shown = found.shown()
        assert sum(one.times for one in shown.values()) == len(fired)
        assert list(shown) == [one for one in fired if one in shown]
        begun = [subject for subject, progress in ledger.journal if progress is None]
        for one in shown.values():
            between = begun[begun.index(one.first) : begun.index(one.last) + 1]
            assert {getattr(other, "arrived_by", other) for other in between} <= set(fired)
            run = found.run_of(one.first)
            assert (one.last in run, one.times) == (True, run.index(one.last) - run.index(one.first) + 1)
        report = backend.report_until_now()
        flow = report.flow()
        assert json.loads(json.dumps(flow)) == flow
        assert [firing["times"] for firing in flow["firings"]] == [one.times for one in shown.values()]
        assert report.text().count("  fired  ") == len([*found.happened()]) - len(ledger.received)
        assert report.mermaid().startswith("sequenceDiagram")
