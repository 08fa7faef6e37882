"""What the tests of target kinds share."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from eventmock.target_kinds import Invocation, kind_of
from eventmock.values.arn import Arn

EVENT = {
    "version": "0",
    "id": "11111111-2222-4333-8444-555555555555",
    "detail-type": "order",
    "source": "shop",
    "account": "123456789012",
    "time": "2026-11-21T12:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {"id": 7, "name": "box", "tags": ["a", "b"], "null": None, "empty": "", "paid": True},
}
TEXT = json.dumps(EVENT, separators=(",", ":"))


@pytest.fixture
def event_text():
    """The event, as a target receives it that asked for nothing else."""
    return TEXT


@pytest.fixture
def invocation():
    """A function that makes the invocation of a target: its ARN, its other members, and what it receives."""

    def invocation(arn, *, body=None, trace_header=None, **members):
        parsed = Arn.parse(arn)
        assert parsed is not None
        return Invocation(
            arn=parsed,
            target={"Id": "t", "Arn": arn, **members},
            body=TEXT if body is None else body,
            is_shaped=body is not None,
            event_text=TEXT,
            event_id=EVENT["id"],
            event_time=datetime(2026, 11, 21, 12, tzinfo=UTC),
            trace_header=trace_header,
            rule_name="ship",
            rule_arn="arn:aws:events:us-east-1:123456789012:rule/ship",
            account="123456789012",
            region="us-east-1",
        )

    return invocation


@pytest.fixture
def request_of(invocation):
    """A function that makes the request which delivers to a target; arguments as of ``invocation``."""

    def request_of(arn, **members):
        made = invocation(arn, **members)
        kind = kind_of(made.arn)
        assert kind is not None
        assert kind.request is not None
        return kind.request(made)

    return request_of
