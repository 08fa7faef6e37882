"""What the tests of EventBridge Scheduler share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventmock import mock_events
from eventmock.history.schedule_delivery import Execution

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


@pytest.fixture
def execution():
    """The first attempt of a schedule ``nightly``."""
    return Execution(
        id="d32c5cdd-0000-4000-8000-cf5bb8c30000",
        attempt=1,
        scheduled_time=datetime(2027, 3, 14, 7, 30, tzinfo=UTC),
        schedule_arn="arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly",
        schedule_name="nightly",
        account="123456789012",
        region="us-east-1",
    )


@pytest.fixture
def fire(backend, create):
    """A function that makes a schedule ``nightly``, which fires after one hour, and gives its delivery after a day."""

    def fire(arn, **members):
        create("nightly", "at(2027-01-01T01:00:00)", Target={"Arn": arn, "RoleArn": ROLE, **members})
        backend.clock.advance(hours=25)
        [delivery] = backend.deliveries.where(schedule="nightly")
        return delivery

    return fire
