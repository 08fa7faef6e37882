"""Whenever the state's lock is free, each pending delivery is in one place: on hand, on the clock, or it waits.

So is each pending invocation of a Lambda function, which does not wait for a region.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from eventmock import mock_events

ROLE = "arn:aws:iam::123456789012:role/r"
SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
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


def fails_at_first(backend):
    """Return a function that fails in the first second."""

    def fail(_event):
        if backend.clock.now() < START + SECOND:
            raise OSError("down")

    return fail


def fail_for_good(_event):
    raise ValueError("no")


def add_targets(backend, events, other):
    """Add targets with all ways that deliveries take, some of which fail."""
    backend.target("r", fails_at_first(backend))
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
    arn = destination["ApiDestinationArn"]
    events.put_targets(Rule="r", Targets=[{"Id": "http", "Arn": arn, "RoleArn": ROLE}])


def add_functions(backend, events, other):
    """Add Lambda functions, which succeed later or are given up, and whose results go to a bus and to a function."""
    fail = fails_at_first(backend)
    events.put_targets(Rule="r", Targets=[{"Id": "ship", "Arn": SHIP}, {"Id": "bill", "Arn": f"{SHIP}2"}])
    backend.lambda_function("ship", lambda event, _context: fail(event), on_success=other)
    backend.lambda_function(
        "ship2", lambda event, _context: fail_for_good(event), retries=1, on_failure=f"{SHIP}3"
    )
    backend.lambda_function("ship3", lambda _event, _context: None)


WANTED = {
    add_targets: (["delivered", "delivered", "dead-lettered", "delivered", "delivered"], []),
    add_functions: (["delivered"] * 4, ["Success", "RetriesExhausted", "Success"]),
}
"""How deliveries and invocations end."""


@pytest.fixture(params=WANTED, ids=["targets", "functions"])
def added(request):
    """The function that adds targets."""
    return request.param


@pytest.fixture
def backend(added, monkeypatch):
    """A backend in whose first seconds the region goes out of service."""
    monkeypatch.setattr("eventmock.state.threading", SimpleNamespace(RLock=WatchedLock))
    with mock_events(start_time=START, isolated=True) as backend:
        events = backend.client()
        other = events.create_event_bus(Name="other")["EventBusArn"]
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_rule(Name="other", EventPattern='{"source": ["shop"]}', EventBusName="other")
        events.put_targets(Rule="r", Targets=[{"Id": "bus", "Arn": other, "RoleArn": ROLE}])
        backend.target("other", lambda _event: None, bus="other")
        added(backend, events, other)
        backend.region("us-east-1").outage(starting=SECOND, lasting=3 * SECOND)
        yield backend


def run(backend):
    """Put an event, and let the time pass."""
    backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    settle(backend)


def settle(backend):
    backend.clock.advance(hours=25)


def deliveries_of(backend):
    return [delivery for event in backend.state.ledger.received for delivery in event.deliveries]


def works_of(backend):
    return [*deliveries_of(backend), *backend.state.ledger.invocations]


def check_places(backend):
    """Check that all pending work is in one place, and that work with an end is in none."""
    outbox, courier, places = backend.state.outbox, backend.state.courier, Counter()
    places.update(subject for subject in outbox._on_hand if subject not in outbox._forgotten)
    places.update(pending.subject for pending in courier._waiting)
    works = [due._work for due in backend.state.clock._due]
    places.update(work.args[1] for work in works if getattr(work, "func", None) == outbox.put)
    wanted = Counter(work for work in works_of(backend) if work.progress.ended is None)
    assert places == wanted


def check_ends(backend):
    """Check that all work has ended once, and that what went to a bus has come there once."""
    ends = Counter(
        one for one, progress in backend.state.ledger.journal if progress is not None and progress.ended
    )
    assert ends == Counter(works_of(backend))
    came = Counter(event.arrived_by for event in backend.events if event.arrived_by is not None)
    assert came == Counter(one for one in deliveries_of(backend) if one.taken_by == "event bus")
    check_places(backend)


def test_they_are_in_one_place_at_every_moment(backend, added):
    moments = []

    def look():
        moments.append(backend.clock.now())
        check_places(backend)

    backend.state.lock.when_free = look
    run(backend)
    assert len(moments) > 20
    check_ends(backend)
    assert "out of service" in str(backend.trace)
    statuses, conditions = WANTED[added]
    assert [one.status for one in backend.deliveries] == statuses
    assert [one.condition for one in backend.invocations] == conditions


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
