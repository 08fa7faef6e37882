"""What tests of coverage share: a mock that is measured, in which rules are made and events put."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventmock import mock_events
from eventmock.coverage.collector import Collector

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"


class Measured:
    """A mock that is measured.

    Attributes:
        backend: The backend.
        events: A client of the mock.
    """

    def __init__(self, backend, collector):
        self.backend = backend
        self.events = backend.client()
        self._collector = collector

    @property
    def data(self):
        """The data so far."""
        self._collector.read()
        return self._collector.data

    def rule(self, name="ship", *targets, bus="default", events=None, **pattern_or_more):
        """Make a rule; of the other arguments, those in capitals are members of PutRule, the rest are the pattern."""
        events = events or self.events
        more = {key: value for key, value in pattern_or_more.items() if key[0].isupper()}
        pattern = {key: value for key, value in pattern_or_more.items() if key not in more}
        if pattern:
            more["EventPattern"] = json.dumps(pattern)
        if bus != "default" and bus not in {one["Name"] for one in events.list_event_buses()["EventBuses"]}:
            events.create_event_bus(Name=bus)
        events.put_rule(Name=name, EventBusName=bus, **more)
        if targets:
            events.put_targets(Rule=name, EventBusName=bus, Targets=list(targets))

    def put(self, source="shop", bus="default", events=None, **detail):
        """Put an event."""
        entry = {"Source": source, "DetailType": "order", "EventBusName": bus, "Detail": json.dumps(detail)}
        (events or self.events).put_events(Entries=[entry])


@pytest.fixture
def measured():
    """A mock that is measured."""
    collector = Collector(Path.cwd())
    collector.test = "tests/test_shop.py::test_it"
    with mock_events(start_time="2026-11-21T12:00:00Z", seed=1, region="us-east-1", isolated=True) as backend:
        collector.watch(backend)
        yield Measured(backend, collector)


@pytest.fixture
def three_gaps(measured):
    """The data of a rule of which a value, a branch of `$or` and a target's failure were never tried."""
    target = {"Id": "q", "Arn": f"{QUEUE}parcels"}
    detail = {"state": ["PAID", "REFUNDED"], "$or": [{"total": [{"numeric": [">", 0]}]}, {"free": [True]}]}
    measured.rule("ship", target, source=["shop"], detail=detail)
    measured.put(state="PAID", total=3)
    measured.put(state="NEW", total=3)
    measured.put("office", state="PAID", total=3)
    measured.put(state="PAID", total=0)
    measured.put(state="PAID", free=False)
    return measured.data
