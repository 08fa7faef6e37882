"""What the tests of the report share."""

from __future__ import annotations

import pytest


@pytest.fixture
def schedule(events_backend):
    """A function that makes a schedule of EventBridge Scheduler, by default for a queue and without a window."""

    def schedule(name, expression, target=None, **more):
        queue = "arn:aws:sqs:us-east-1:123456789012:q"
        more.setdefault("FlexibleTimeWindow", {"Mode": "OFF"})
        events_backend.client("scheduler").create_schedule(
            Name=name,
            ScheduleExpression=expression,
            Target={"Arn": queue, "RoleArn": "arn:aws:iam::123456789012:role/r"} | (target or {}),
            **more,
        )

    return schedule
