"""When journals are read, and for which test."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from weakref import ref

import pytest

from eventmock import mock_events
from eventmock.coverage.collector import Collector
from eventmock.coverage.data import Origin
from eventmock.mock import mock_events as mock
from eventmock.plugin.isolation import MOST_BACKENDS
from eventmock.services.events.coverage import RuleCoverage

PATTERN = json.dumps({"source": ["shop"]})


@pytest.fixture
def collector(monkeypatch, tmp_path):
    """A collector that is told of each mock that begins."""
    collector = Collector(tmp_path)
    monkeypatch.setattr(mock, "observers", [*mock.observers, collector.watch])
    return collector


def act(backend):
    """Put a rule and an event that it takes."""
    events = backend.client()
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])


def counts(collector):
    collector.read()
    return {name: number for covered in collector.data for name, number in covered.counts.items()}


def test_an_event_counts_once_however_often_the_journal_is_read(collector):
    with mock_events() as backend:
        act(backend)
        assert counts(collector) == {"matched": 1}
        assert counts(collector) == {"matched": 1}
        act(backend)
        assert counts(collector) == {"matched": 2}


def test_a_mock_that_has_stopped_is_read_once_more(collector):
    with mock_events() as backend:
        act(backend)
    assert counts(collector) == {"matched": 1}
    assert counts(collector) == {"matched": 1}


def test_what_a_mock_forgets_is_read_before(collector):
    with mock_events() as backend:
        act(backend)
        backend.reset()
        act(backend)
        assert counts(collector) == {"matched": 2}


def test_what_a_snapshot_takes_back_is_read_before(collector):
    with mock_events() as backend:
        act(backend)
        snapshot = backend.snapshot()
        act(backend)
        backend.restore(snapshot)
        act(backend)
        act(backend)
        assert counts(collector) == {"matched": 4}


def test_a_snapshot_that_is_restored_after_reading_is_not_counted_twice(collector):
    with mock_events() as backend:
        snapshot = backend.snapshot()
        for number in range(1, 4):
            act(backend)
            assert counts(collector) == {"matched": number}
            backend.restore(snapshot)


def test_a_rule_that_was_replaced_had_the_test_that_tried_it(collector):
    with mock_events() as backend:
        collector.test = "a test"
        act(backend)
        backend.client().put_rule(Name="r", EventPattern=json.dumps({"source": ["bank"]}))
        collector.read()
    assert {(one.identity, tuple(one.tests)) for one in collector.data} == {
        (PATTERN, ("a test",)),
        (json.dumps({"source": ["bank"]}), ("a test",)),
    }


def test_a_mock_that_does_nothing_in_a_test_is_not_touched_by_it(collector):
    with mock_events() as backend:
        collector.test = "first"
        act(backend)
        collector.read()
        collector.test = "second"
        collector.read()
        collector.test = "third"
        backend.client().list_rules()
        collector.read()
    [covered] = collector.data
    assert covered.tests == {"first", "third"}


def test_a_rule_of_a_template_is_known_by_its_logical_id(collector, tmp_path):
    template = tmp_path / "template.json"
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}}
    template.write_text(json.dumps({"Resources": {"Ship": rule}}, indent=1))
    for account in ("111111111111", "222222222222"):
        with mock_events(account=account) as backend:
            backend.deploy(str(template))
            collector.read()
    [covered] = collector.data
    assert covered.origin == Origin("template.json", "Ship", 3)


def test_a_template_elsewhere_keeps_its_path(collector, tmp_path):
    template = tmp_path / "template.json"
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}}
    template.write_text(json.dumps({"Resources": {"Ship": rule}}))
    away = Collector(Path("/elsewhere"))
    with mock_events() as backend:
        away.watch(backend)
        backend.deploy(str(template))
        away.read()
    [covered] = away.data
    assert covered.origin.template == str(template)


def test_a_mock_that_is_not_measured_forgets_as_ever():
    with mock_events() as backend:
        act(backend)
        backend.reset()
        assert len(backend.events) == 0


def test_each_mock_of_a_test_is_read_also_those_that_have_stopped(collector):
    for _ in range(5):
        with mock_events() as backend:
            act(backend)
    gc.collect()
    collector.read()
    [covered] = collector.data
    assert covered.counts["matched"] == 5


def test_a_test_with_many_mocks_does_not_keep_all_of_them(collector):
    with mock_events() as backend:
        act(backend)
    first = ref(backend.state)
    for _ in range(MOST_BACKENDS + 1):
        with mock_events() as backend:
            act(backend)
    gc.collect()
    assert first() is None


def test_an_error_stops_no_test_and_is_kept_by_the_test(collector, monkeypatch):
    error = RuntimeError("no subjects")

    def subjects(_self, _state):
        raise error

    monkeypatch.setattr(RuleCoverage, "subjects", subjects)
    collector.test = "first"
    with mock_events() as backend:
        act(backend)
        backend.reset()
    collector.read()
    assert collector.errors == {"first": error}
