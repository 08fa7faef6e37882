"""What the tests of migrations share."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from eventmock import mock_events
from eventmock.wire import is_installed

if not is_installed("eventbridgev2") or find_spec("jsonata") is None:
    collect_ignore_glob = ["test_*.py"]

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/rules"


def arn(service, resource):
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


@pytest.fixture
def backend():
    """A mock whose clock stands at the beginning of 2027, with the bus "orders"."""
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as backend:
        backend.client("events").create_event_bus(Name="orders")
        yield backend


@pytest.fixture
def rule(backend):
    """A function that puts a rule with targets on the bus "orders"."""
    client = backend.client("events")

    def put(name, *targets, pattern=None, bus="orders", **members):
        pattern = {"source": ["shop"]} if pattern is None else pattern
        if "ScheduleExpression" not in members:
            members["EventPattern"] = json.dumps(pattern, ensure_ascii=False)
        client.put_rule(Name=name, EventBusName=bus, **members)
        if targets:
            given = [{"Id": f"t{number}", **one} for number, one in enumerate(targets)]
            answer = client.put_targets(Rule=name, EventBusName=bus, Targets=given)
            assert answer["FailedEntryCount"] == 0

    return put


@pytest.fixture
def order():
    """A function that gives an entry of PutEvents."""
    return lambda **detail: {"Source": "shop", "DetailType": "Order", "Detail": json.dumps(detail)}
