from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
ROLE = "arn:aws:iam::123456789012:role/deliver"


def replayed(backend, client, bus, **configuration):
    """Return what a new subscriber gets of what the bus has kept."""
    got = []
    backend.target(QUEUE, got.append)
    client.create_subscriber(
        Name=f"ship{len(client.list_subscribers()['Subscribers'])}",
        EventBusArn=bus,
        InvokeConfiguration={"TargetArn": QUEUE, "RoleArn": ROLE},
        StartingPosition="POINT_IN_TIME",
        PointInTimeConfiguration={"PointType": "HORIZON", **configuration},
        Transformer={"Type": "WITH_METADATA"},
    )
    return got


def publish(client, bus):
    client.put_events(EventBusArn=bus, Entries=[{"Source": "shop", "DetailType": "Order"}])


@pytest.mark.parametrize("periods", [[10], [2, 10], [1, 10]], ids=str)
def test_a_longer_period_does_not_bring_back_what_has_gone(backend, client, create, periods):
    bus = create(StorageConfiguration={"RetentionPeriodInDays": 1})
    publish(client, bus)
    backend.clock.advance(days=1, seconds=1)
    for days in periods:
        client.update_event_bus(EventBusArn=bus, StorageConfiguration={"RetentionPeriodInDays": days})
    publish(client, bus)
    assert len(replayed(backend, client, bus)) == 1


def test_a_period_that_was_short_for_a_moment_has_forgotten(backend, client, create):
    bus = create(StorageConfiguration={"RetentionPeriodInDays": 10})
    publish(client, bus)
    backend.clock.advance(days=2)
    for days in (1, 10):
        client.update_event_bus(EventBusArn=bus, StorageConfiguration={"RetentionPeriodInDays": days})
    assert replayed(backend, client, bus) == []


@given(st.integers(0, 999_999), st.integers(0, 999_999))
@settings(max_examples=20, deadline=None)
def test_moments_that_were_shown_are_those_of_what_they_belong_to(made, came):
    """A StartingPoint and an EndPoint may be moments that an answer or an event has shown, in milliseconds."""
    start = datetime(2027, 1, 1, microsecond=made, tzinfo=UTC)
    with mock_events(start_time=start, region="us-east-1") as backend:
        client = backend.client("eventbridgev2")
        bus = client.create_event_bus(Name="orders")["EventBusArn"]
        backend.clock.advance(timedelta(microseconds=came))
        publish(client, bus)
        backend.clock.advance(minutes=6)
        [event] = replayed(backend, client, bus)
        shown = datetime.fromisoformat(event["SystemMetadata"]["aws:IngestionTime"])
        created = client.describe_event_bus(EventBusArn=bus)["CreationTime"]
        assert created <= shown
        window = {"PointType": "TIMESTAMP", "StartingPoint": created, "EndPoint": shown + timedelta(days=1)}
        assert replayed(backend, client, bus, **window) == [event]
        assert replayed(backend, client, bus, **window | {"StartingPoint": shown}) == [event]
        assert replayed(backend, client, bus, EndPoint=shown) == [event]
        ago = {"PointType": "TIMESTAMP", "StartingPoint": backend.clock.now() - timedelta(minutes=5)}
        assert replayed(backend, client, bus, **ago) == []
