"""What the tests of history share."""

from __future__ import annotations

import pytest

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
