"""What the tests of EventBridge Scheduler share."""

from __future__ import annotations

import pytest

from eventmock import mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
ROLE = "arn:aws:iam::123456789012:role/scheduler"


@pytest.fixture
def backend():
    """A mock whose clock stands at the beginning of 2027."""
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as backend:
        yield backend


@pytest.fixture
def client(backend):
    """A client of the mocked service."""
    return backend.client("scheduler")


@pytest.fixture
def members():
    """A function that gives the members of a request to make or change a schedule."""

    def members(name="s", expression="at(2035-01-01T00:00:00)", **more):
        wanted = {
            "Name": name,
            "ScheduleExpression": expression,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": QUEUE, "RoleArn": ROLE, "Input": "{}"},
        }
        return wanted | more

    return members


@pytest.fixture
def create(client, members):
    """A function that makes a schedule and gives its ARN."""
    return lambda *given, **more: client.create_schedule(**members(*given, **more))["ScheduleArn"]


@pytest.fixture
def names(client):
    """A function that gives the groups and names of the schedules that ListSchedules has."""
    return lambda **filters: [
        f"{one['GroupName']}/{one['Name']}" for one in client.list_schedules(**filters)["Schedules"]
    ]
