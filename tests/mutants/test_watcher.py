from __future__ import annotations

import json
from collections import Counter

import pytest

from eventmock import mock_events
from eventmock.coverage.collector import Collector
from eventmock.mock.mock_events import observers
from eventmock.mutants.watcher import Watcher

QUEUE = "arn:aws:sqs:us-east-1:123456789012:queue"


@pytest.fixture
def watcher(tmp_path):
    """A watcher that watches each new mock."""
    watcher = Watcher(tmp_path)
    watcher.start()
    yield watcher
    watcher.stop()


@pytest.fixture
def test_of(watcher):
    """A function that makes a rule in a mock of its own, and puts events of some sources, as a test could do."""

    def test_of(name, *sources, mocks=1):
        watcher.begin(name)
        for _ in range(mocks):
            with mock_events() as backend:
                client = backend.client()
                client.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
                client.put_targets(Rule="ship", Targets=[{"Id": "queue", "Arn": QUEUE}])
                put(client, *sources)
        watcher.end()

    return test_of


def put(client, *sources):
    for source in sources:
        entry = {"Source": source, "DetailType": "order", "Detail": json.dumps({})}
        client.put_events(Entries=[entry])


def test_it_counts_what_happens_in_each_test(watcher, test_of):
    test_of("test_a", "shop", "shop")
    test_of("test_b", "bank")
    test_of("test_c", "shop")
    assert watcher.did == {
        "test_a": Counter(matched=2, delivered=2),
        "test_b": Counter(),
        "test_c": Counter(matched=1, delivered=1),
    }
    [covered] = watcher.data
    assert covered.tests == {"test_a", "test_b", "test_c"}
    assert watcher.active == {covered.key: {"test_a", "test_c"}}


def test_a_test_may_have_many_mocks(watcher, test_of):
    test_of("test_a", "shop", mocks=40)
    assert watcher.did == {"test_a": Counter(matched=40, delivered=40)}


def test_what_is_forgotten_counts_as_well(watcher):
    watcher.begin("test_a")
    with mock_events() as backend:
        client = backend.client()
        client.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        put(client, "shop")
        backend.reset()
    watcher.end()
    assert watcher.did == {"test_a": Counter(matched=1)}


def test_what_happens_between_tests_is_of_none(watcher):
    with mock_events() as backend:
        client = backend.client()
        client.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        put(client, "shop")
        watcher.end()
        watcher.begin("test_a")
        put(client, "shop")
        watcher.end()
    assert watcher.did == {"test_a": Counter(matched=1)}


def test_a_watcher_that_has_stopped_sees_nothing(watcher, test_of):
    watcher.stop()
    test_of("test_a", "shop")
    assert watcher.did == {"test_a": Counter()}
    watcher.start()


def test_coverage_may_watch_the_same_mocks(watcher, tmp_path):
    collector = Collector(tmp_path)
    observers.append(collector.watch)
    try:
        watcher.begin("test_a")
        with mock_events() as backend:
            backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
            put(backend.client(), "shop")
            backend.reset()
        watcher.end()
        collector.read()
    finally:
        observers.remove(collector.watch)
    assert [one.counts["matched"] for one in (*collector.data, *watcher.data)] == [1, 1]
