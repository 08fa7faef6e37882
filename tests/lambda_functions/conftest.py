"""A rule whose target is a Lambda function."""

from __future__ import annotations

import json

import pytest

from eventmock import mock_events

DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
RULES_OWN = "arn:aws:sqs:us-east-1:123456789012:rules-own"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/results"
SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"


class Shop:
    """A mock with a rule that sends orders to the function ``ship``."""

    def __init__(self, backend):
        self.backend = backend
        self.events = backend.client()
        self.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        self.route()
        backend.target(DEAD)
        backend.target(RULES_OWN)

    def route(self, arn=SHIP, rule="r", target="1", **members):
        target = {"Id": target, "Arn": arn, "DeadLetterConfig": {"Arn": RULES_OWN}, **members}
        self.events.put_targets(Rule=rule, Targets=[target])

    def put(self, **detail):
        entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps(detail or {"n": 1})}
        return self.events.put_events(Entries=[entry])["Entries"][0]["EventId"]

    def minutes(self, invocation):
        """The moments of the attempts, in minutes after the event."""
        return [(attempt.time - invocation.time).total_seconds() / 60 for attempt in invocation.attempts]


@pytest.fixture
def shop():
    with mock_events(start_time="2026-01-01") as backend:
        yield Shop(backend)
