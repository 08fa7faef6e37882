"""What the tests of the Custom Event Bus share."""

from __future__ import annotations

import pytest

from eventmock import mock_events
from eventmock.wire import is_installed

if not is_installed("eventbridgev2"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def backend():
    """A mock whose clock stands at the beginning of 2027."""
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as backend:
        yield backend


@pytest.fixture
def client(backend):
    """A client of the mocked service."""
    return backend.client("eventbridgev2")


@pytest.fixture
def create(client):
    """A function that makes an event bus and gives its ARN."""
    return lambda name="orders", **members: client.create_event_bus(Name=name, **members)["EventBusArn"]


@pytest.fixture
def describe(client):
    """A function that gives what DescribeEventBus shows of an ARN."""

    def describe(arn):
        shown = client.describe_event_bus(EventBusArn=arn)
        del shown["ResponseMetadata"]
        return shown

    return describe
