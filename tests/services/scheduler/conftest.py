"""A schedule that fires, and an attempt to invoke its target."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

import boto3
import pytest

from eventmock import mock_events
from eventmock.history.schedule_delivery import Execution

ROLE = "arn:aws:iam::123456789012:role/scheduler"
SCHEDULE = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly"


@pytest.fixture
def execution():
    """The first attempt of the schedule ``nightly``."""
    return Execution(
        id="d32c5cdd-0000-4000-8000-cf5bb8c30000",
        attempt=1,
        scheduled_time=datetime(2027, 3, 14, 7, 30, tzinfo=UTC),
        schedule_arn=SCHEDULE,
        schedule_name="nightly",
        account="123456789012",
        region="us-east-1",
    )


class Firing:
    """A mock with a schedule that fires one hour after the beginning of 2026-05-01."""

    def __init__(self, backend):
        self.backend = backend
        self.scheduler = boto3.client(
            "scheduler", "us-east-1", aws_access_key_id="123456789012", aws_secret_access_key="x"
        )

    def schedule(self, arn, **members):
        """Make the schedule ``nightly``."""
        self.scheduler.create_schedule(
            Name="nightly",
            ScheduleExpression="at(2026-05-01T01:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": ROLE, **members},
        )

    def fire(self, arn, **members):
        """Make the schedule ``nightly``, and return its delivery after a day."""
        self.schedule(arn, **members)
        self.backend.clock.advance(hours=25)
        [delivery] = self.backend.deliveries.where(schedule="nightly")
        return delivery


@pytest.fixture
def firing():
    with mock_events(start_time="2026-05-01T00:00:00Z") as backend:
        yield Firing(backend)


@pytest.fixture
def firing_in():
    """A function that starts a mock with some options, and returns its `Firing`."""
    with ExitStack() as stack:
        yield lambda **options: Firing(
            stack.enter_context(mock_events(start_time="2026-05-01T00:00:00Z", **options))
        )
