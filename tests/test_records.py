from __future__ import annotations

import pytest

from eventmock import OptionError
from eventmock.records import Deliveries, Records

PATTERN = '{"source": ["shop"]}'


@pytest.fixture
def deliveries(events, events_backend, order):
    """Three deliveries of two rules on two buses."""
    events.create_event_bus(Name="orders")
    for bus in ("default", "orders"):
        events.put_rule(Name=f"on-{bus}", EventBusName=bus, EventPattern=PATTERN)
        target = {"Id": "t", "Arn": f"arn:aws:sqs:us-east-1:123456789012:{bus}"}
        events.put_targets(Rule=f"on-{bus}", EventBusName=bus, Targets=[target])
    events.put_events(Entries=[order, order | {"EventBusName": "orders"}, order | {"DetailType": "refund"}])
    return events_backend.deliveries


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 3),
        ({"rule": "on-default"}, 2),
        ({"rule": "arn:aws:events:us-east-1:123456789012:rule/orders/on-orders"}, 1),
        ({"target": "t"}, 3),
        ({"target": "arn:aws:sqs:us-east-1:123456789012:orders"}, 1),
        ({"bus": "orders"}, 1),
        ({"source": "shop"}, 3),
        ({"source": "other"}, 0),
        ({"detail_type": "refund"}, 1),
        ({"status": "delivered"}, 3),
        ({"status": "dropped"}, 0),
        ({"bus": "default", "detail_type": "order"}, 1),
    ],
)
def test_filters(deliveries, wanted, count):
    found = deliveries.where(**wanted)
    assert isinstance(found, Deliveries)
    assert len(found) == count


def test_bodies_and_details(deliveries):
    assert deliveries.details == [{"state": "PAID"}] * 3
    assert deliveries.bodies == [delivery.body for delivery in deliveries]


def test_a_status_that_there_is_not_is_told(deliveries):
    with pytest.raises(
        OptionError, match=r"where\(status='failed'\): there are dead-lettered, delivered, dropped, pen"
    ):
        deliveries.where(status="failed")


def test_a_repr_tells_the_story(deliveries):
    assert repr(deliveries[:1]) == (
        "[\n  <order from shop: rule 'on-default' on 'default' -> "
        "arn:aws:sqs:us-east-1:123456789012:default, delivered (recorded: nobody stands at the other end)>\n]"
    )
    assert repr(deliveries.where(bus="nope")) == "[]"


def test_records_equal_lists_and_each_other(deliveries):
    assert deliveries == list(deliveries)
    assert deliveries == Deliveries(deliveries)
    assert deliveries != []
    assert deliveries != "text"
    assert Records([]) == []
    assert deliveries[1:] == [deliveries[1], deliveries[2]]
    assert isinstance(deliveries[1:], Deliveries)


def test_what_became_of_an_event(events, events_backend, order):
    events.put_rule(Name="a", EventPattern='{"detail": {"state": ["NEW"]}}')
    events.put_rule(Name="b", EventPattern=PATTERN)
    events.put_events(Entries=[order])
    assert events_backend.events[0].problem == "matched b, but there are no targets"
    events_backend.target("b")
    events.put_events(Entries=[order])
    event = events_backend.events[1]
    assert event.matched == ["b"]
    assert [str(verdict) for verdict in event.unmatched] == [
        'a: detail.state held "PAID", wanted one of ["NEW"]'
    ]
    assert event.problem is None
    assert repr(event) == "<order from shop on 'default': matched b>"


def test_a_record_keeps_the_rules_as_they_stood(events, events_backend, order):
    events.put_rule(Name="a", EventPattern='{"detail": {"state": ["NEW"]}}')
    events.put_events(Entries=[order])
    events.put_rule(Name="a", EventPattern=PATTERN)
    events.put_rule(Name="later", EventPattern=PATTERN)
    [event] = events_backend.events
    assert [verdict.rule_name for verdict in event.unmatched] == ["a"]
    assert event.problem == "did not match the only rule on 'default'"
