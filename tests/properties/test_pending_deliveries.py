"""Whenever the state's lock is free, each pending delivery is in one place: on hand, on the clock, or it waits."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from eventmock import mock_events

ROLE = "arn:aws:iam::123456789012:role/r"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
START, SECOND = datetime(2026, 11, 21, 12, tzinfo=UTC), timedelta(seconds=1)


class WatchedLock:
    """A lock that calls `when_free` where another thread could take it: before it is taken, and after it is free."""

    def __init__(self):
        self._lock, self._depth, self._is_calling = threading.RLock(), 0, False
        self.when_free = lambda: None

    def __enter__(self):
        self._call()
        self._lock.acquire()
        self._depth += 1

    def __exit__(self, *_error):
        self._depth -= 1
        self._lock.release()
        self._call()

    def _call(self):
        if self._depth == 0 and not self._is_calling:
            self._is_calling = True
            try:
                self.when_free()
            finally:
                self._is_calling = False


@pytest.fixture
def backend(monkeypatch):
    """A backend with all ways that deliveries take, some of which fail."""
    monkeypatch.setattr("eventmock.state.threading", SimpleNamespace(RLock=WatchedLock))
    with mock_events(start_time=START, isolated=True) as backend:
        events = backend.client()

        def fail_at_first(_event):
            if backend.clock.now() < START + SECOND:
                raise OSError("down")

        def fail_for_good(_event):
            raise ValueError("no")

        for rule in ("r", "other"):
            bus = {} if rule == "r" else {"EventBusName": "other"}
            if bus:
                other = events.create_event_bus(Name="other")["EventBusArn"]
            events.put_rule(Name=rule, EventPattern='{"source": ["shop"]}', **bus)
        events.put_targets(Rule="r", Targets=[{"Id": "bus", "Arn": other, "RoleArn": ROLE}])
        backend.target("other", lambda _event: None, bus="other")
        backend.target("r", fail_at_first)
        backend.target(
            "r", fail_for_good, RetryPolicy={"MaximumRetryAttempts": 1}, DeadLetterConfig={"Arn": DEAD}
        )
        backend.target(DEAD, lambda _letter: None)
        connection = events.create_connection(
            Name="c",
            AuthorizationType="API_KEY",
            AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "secret"}},
        )
        destination = events.create_api_destination(
            Name="d",
            ConnectionArn=connection["ConnectionArn"],
            InvocationEndpoint="https://api.example.com/orders",
            HttpMethod="POST",
        )
        backend.http("https://api.example.com/*", lambda _call: None)
        events.put_targets(
            Rule="r", Targets=[{"Id": "http", "Arn": destination["ApiDestinationArn"], "RoleArn": ROLE}]
        )
        backend.region("us-east-1").outage(starting=SECOND, lasting=timedelta(hours=1))
        yield backend


def run(backend):
    """Put an event, and let the time pass."""
    backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    settle(backend)


def settle(backend):
    backend.clock.advance(hours=25)


def deliveries_of(backend):
    return [delivery for event in backend.state.ledger.received for delivery in event.deliveries]


def check_places(backend):
    """Check that each pending delivery is in one place, and that a delivery with an end is in none."""
    courier, places = backend.state.courier, Counter()
    places.update(delivery for delivery in courier._on_hand if delivery not in courier._forgotten)
    places.update(pending.delivery for pending in courier._waiting)
    works = [due._work for due in backend.state.clock._due]
    places.update(work.args[0] for work in works if getattr(work, "func", None) == courier._take)
    wanted = Counter(delivery for delivery in deliveries_of(backend) if delivery.progress.ended is None)
    assert places == wanted


def check_ends(backend):
    """Check that each delivery has ended once, and that what went to a bus has come there once."""
    ends = Counter(
        one for one, progress in backend.state.ledger.journal if progress is not None and progress.ended
    )
    assert ends == Counter(deliveries_of(backend))
    came = Counter(event.arrived_by for event in backend.events if event.arrived_by is not None)
    assert came == Counter(one for one in deliveries_of(backend) if one.taken_by == "event bus")
    check_places(backend)


def test_they_are_in_one_place_at_every_moment(backend):
    moments = []

    def look():
        moments.append(backend.clock.now())
        check_places(backend)

    backend.state.lock.when_free = look
    run(backend)
    assert len(moments) > 20
    check_ends(backend)
    assert "out of service" in str(backend.trace)
    assert [one.status for one in backend.deliveries] == [
        "delivered",
        "delivered",
        "dead-lettered",
        "delivered",
        "delivered",
    ]


def test_a_snapshot_of_any_moment_may_be_restored_in_the_end(backend):
    snapshots = []
    backend.state.lock.when_free = lambda: snapshots.append(backend.snapshot())
    run(backend)
    backend.state.lock.when_free = lambda: check_places(backend)
    for snapshot in snapshots:
        backend.restore(snapshots[0])
        backend.restore(snapshot)
        check_places(backend)
        settle(backend)
        check_ends(backend)


@pytest.mark.parametrize("distance", [0, 1, 2, 5])
def test_a_snapshot_may_be_restored_at_any_later_moment(backend, distance):
    first, moments, done = backend.snapshot(), 0, 0

    def look():
        nonlocal moments
        check_places(backend)
        snapshots.append(backend.snapshot())
        moments += 1
        if moments == done:
            backend.restore(snapshots[-1 - distance])
            check_places(backend)

    while done <= moments or not done:
        done += 1
        moments, snapshots = 0, [first] * (distance + 1)
        backend.restore(first)
        backend.state.lock.when_free = look
        run(backend)
        backend.state.lock.when_free = lambda: check_places(backend)
        settle(backend)  # a restore has ended the move of the clock
        check_ends(backend)
    assert done > 20
