"""A backend whose clock stands, and short words for what these tests do over and over."""

from __future__ import annotations

import json

import pytest

from eventmock import mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
DEAD = "arn:aws:sqs:us-east-1:123456789012:ship-dead"


@pytest.fixture
def backend():
    with mock_events(start_time="2026-01-01T12:00:00Z", isolated=True) as backend:
        yield backend


@pytest.fixture
def rule(backend):
    """A function that makes a rule with a queue as its target."""

    def rule(
        name="ship", pattern='{"source": ["shop"]}', *, arn=QUEUE, bus="default", client=None, **members
    ):
        client = client or backend.client()
        client.put_rule(Name=name, EventPattern=pattern, EventBusName=bus)
        target = {"Id": "queue", "Arn": arn, **members}
        client.put_targets(Rule=name, EventBusName=bus, Targets=[target])

    return rule


@pytest.fixture
def schedule(backend):
    """A function that makes a schedule of EventBridge Scheduler with a queue as its target."""

    def schedule(
        name="nightly",
        expression="rate(1 hour)",
        *,
        arn=QUEUE,
        target=None,
        window=None,
        client=None,
        **members,
    ):
        flexible = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": window}
        (client or backend.client("scheduler")).create_schedule(
            Name=name,
            ScheduleExpression=expression,
            Target={"Arn": arn, "RoleArn": ROLE, **(target or {})},
            FlexibleTimeWindow=flexible if window else {"Mode": "OFF"},
            **members,
        )

    return schedule


@pytest.fixture
def put(backend):
    """A function that puts an event for each detail."""

    def put(*details, client=None, **members):
        entry = {"Source": "shop", "DetailType": "order", **members}
        entries = [entry | {"Detail": json.dumps(detail)} for detail in details]
        (client or backend.client()).put_events(Entries=entries)

    return put


@pytest.fixture
def told():
    """A function that calls an assertion that fails, and gives its text."""

    def told(assertion, *args, **filters):
        with pytest.raises(AssertionError) as caught:
            assertion(*args, **filters)
        assert type(caught.value) is AssertionError
        return str(caught.value)

    return told
