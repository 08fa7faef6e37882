"""What happened on a custom event bus, for the tests of the report."""

from __future__ import annotations

import json

import pytest

from eventmock import mock_events
from eventmock.wire import is_installed

needs_service = pytest.mark.skipif(
    not is_installed("eventbridgev2"), reason="this botocore has no Custom Event Bus"
)
ROLE = "arn:aws:iam::123456789012:role/deliver"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:"
CLASSIC = "arn:aws:events:us-east-1:123456789012:event-bus/classic"
PAID = {"Filters": [{"Scope": "DATA", "Pattern": '{"detail": {"state": ["PAID"]}}'}]}
ACME = {
    "Filters": [
        {"Scope": "METADATA", "Pattern": '{"tenant": ["acme"]}'},
        {"Scope": "SYSTEM_METADATA", "Pattern": '{"ContentType": ["application/json"]}'},
    ]
}


class Story:
    """A bus named "orders", and calls of the service.

    Args:
        backend: The mock.
    """

    def __init__(self, backend):
        self.backend = backend
        self.client, self.events = backend.client("eventbridgev2"), backend.client("events")
        self.bus = self.client.create_event_bus(Name="orders")["EventBusArn"]
        self.client.describe_event_bus(EventBusArn=self.bus)

    def subscribe(self, name, target=None, **members):
        invoke = {"TargetArn": target or f"{QUEUE}{name}", "RoleArn": ROLE}
        made = self.client.create_subscriber(
            Name=name, EventBusArn=self.bus, InvokeConfiguration=invoke, **members
        )
        return made["SubscriberArn"]

    def put(self, state, *, times=1, **system):
        entry = {"Source": "shop", "DetailType": "Order", "Detail": json.dumps({"state": state})}
        if system:
            entry["SystemMetadata"] = system
        self.client.put_events(EventBusArn=self.bus, Entries=[entry] * times)

    def put_raw(self, data, content_type="application/json", **metadata):
        entry = {"Data": data, "SystemMetadata": {"ContentType": content_type}, "Metadata": metadata}
        self.client.put_raw_events(EventBusArn=self.bus, Entries=[entry])


def orders():
    """Two batched and dead-lettered (1, 2), a duplicate (3), raw (4), bytes (5), refused (6), a bridge (7, 8, 9)."""
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1", isolated=True) as backend:
        story = Story(backend)
        events, client = story.events, story.client
        story.subscribe("ship", FilterConfiguration=PAID, BatchConfiguration={"MaxBatchSize": 2})
        failure = {"Arn": f"{QUEUE}dead"}
        story.subscribe(
            "bill",
            FilterConfiguration=PAID,
            OnFailureConfiguration=failure,
            RetryPolicy={"MaxRetryAttempts": 1},
        )
        story.subscribe("acme", FilterConfiguration=ACME)
        stopped, revoked, deleted = (story.subscribe(name) for name in ("stopped", "revoked", "deleted"))
        backend.faults.inject("ThrottlingException", target=f"{QUEUE}bill")
        story.put("PAID", times=2)
        backend.clock.advance(minutes=1)
        story.put("PAID", DeduplicationId="once")
        story.put("PAID", DeduplicationId="once")
        client.update_subscriber(SubscriberArn=stopped, State="STOPPED")
        client.revoke_resource(Arn=revoked)
        client.delete_subscriber(SubscriberArn=deleted)
        story.put_raw(b'{"sku": 7, "price": 1.50}', tenant="acme")
        story.put_raw(b"\x00\x01", "application/octet-stream")
        story.put_raw(b"{")
        events.create_event_bus(Name="classic")
        client.create_event_source(
            Name="uploads",
            EventBusArn=story.bus,
            Configuration={"AwsServiceEventsConfiguration": {"AwsService": "aws.s3"}},
        )
        story.subscribe(
            "back",
            CLASSIC,
            FilterConfiguration={"Filters": [{"Scope": "DATA", "Pattern": '{"source": ["office"]}'}]},
        )
        events.put_rule(Name="forward", EventPattern='{"source": ["office"]}')
        target = {"Id": "t", "Arn": story.bus, "RoleArn": ROLE}
        events.put_targets(Rule="forward", Targets=[target])
        events.put_events(Entries=[{"Source": "office", "DetailType": "stock", "Detail": "{}"}])
        backend.clock.advance(minutes=1)
        story.subscribe(
            "replayed",
            FilterConfiguration=ACME,
            StartingPosition="POINT_IN_TIME",
            PointInTimeConfiguration={"PointType": "HORIZON"},
        )
        backend.clock.advance(seconds=1)
        story.subscribe("slow", BatchConfiguration={"MaxBatchSize": 10, "MaxBatchWindowInSeconds": 300})
        story.put("NEW")
        return backend.flow()
