"""The index of a bus's rules follows their changes, and is shared by the copies that snapshots make of the bus."""

import json
from contextlib import ExitStack

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from eventmock import mock_events
from eventmock.pattern import PatternSet

NAMES = "abcdef"


def put_rules(events, names, source="shop"):
    for name in names:
        events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}))


def put_event(events, source="shop"):
    events.put_events(Entries=[{"Source": source, "DetailType": "order", "Detail": "{}"}])


@pytest.fixture
def indexed(monkeypatch):
    """The names of the rules that were put into an index, in order."""
    names, add = [], PatternSet.add

    def noted(patterns, name, pattern):
        names.append(name)
        add(patterns, name, pattern)

    monkeypatch.setattr(PatternSet, "add", noted)
    return names


def test_nothing_is_indexed_before_an_event_comes(events, events_backend, indexed):
    put_rules(events, "abc")
    events_backend.restore(events_backend.snapshot())
    assert indexed == []
    put_event(events)
    assert indexed == ["a", "b", "c"]
    assert events_backend.events[-1].matched == ["a", "b", "c"]


def test_after_a_snapshot_is_restored_nothing_is_indexed_again(events, events_backend, indexed):
    put_rules(events, "abc")
    snapshot = events_backend.snapshot()
    for _ in range(3):
        put_event(events)
        assert events_backend.events[-1].matched == ["a", "b", "c"]
        events_backend.restore(snapshot)
    assert indexed == ["a", "b", "c"]


def test_only_what_differs_is_indexed(events, events_backend, indexed):
    put_rules(events, "abc")
    snapshot = events_backend.snapshot()
    put_event(events)
    del indexed[:]
    for _ in range(2):
        put_rules(events, "d")
        events.disable_rule(Name="a")
        put_event(events)
        assert events_backend.events[-1].matched == ["b", "c", "d"]
        events_backend.restore(snapshot)
        put_event(events)
        assert events_backend.events[-1].matched == ["a", "b", "c"]
    assert indexed == ["d", "a", "d", "a"]


def test_tags_and_targets_change_nothing_in_the_index(events, events_backend, indexed):
    put_rules(events, "a")
    put_event(events)
    events.tag_resource(
        ResourceARN=events.describe_rule(Name="a")["Arn"], Tags=[{"Key": "team", "Value": "shop"}]
    )
    events.put_targets(Rule="a", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    put_event(events)
    assert events_backend.events[-1].matched == ["a"]
    assert indexed == ["a"]


def test_a_report_does_not_use_the_index_of_the_bus(events, events_backend, indexed):
    events.create_event_bus(Name="other")
    events.put_rule(Name="a", EventBusName="other", EventPattern='{"source": ["shop"]}')
    put_event(events)
    report = events_backend.report()
    assert 'on "other" it would match a' in report
    assert indexed == ["a"]
    events.put_events(
        Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": "other"}]
    )
    assert indexed == ["a", "a"]


class RulesChange(RuleBasedStateMachine):
    """Rules of a bus that are changed, saved and restored, beside a dictionary of them."""

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        self.backend = self.stack.enter_context(mock_events(isolated=True))
        self.events = self.backend.client()
        self.rules = {}
        self.saved = [(self.backend.snapshot(), {})]

    def teardown(self):
        self.stack.close()

    @rule(names=st.sets(st.sampled_from(NAMES), min_size=1), source=st.sampled_from("xy"), on=st.booleans())
    def put(self, names, source, on):
        for name in names:
            self.events.put_rule(
                Name=name,
                EventPattern=json.dumps({"source": [source]}),
                State="ENABLED" if on else "DISABLED",
            )
            self.rules[name] = source, on

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name):
        self.events.delete_rule(Name=name)
        self.rules.pop(name, None)

    @rule(name=st.sampled_from(NAMES), on=st.booleans())
    def switch(self, name, on):
        if name in self.rules:
            (self.events.enable_rule if on else self.events.disable_rule)(Name=name)
            self.rules[name] = self.rules[name][0], on

    @rule()
    def save(self):
        self.saved.append((self.backend.snapshot(), dict(self.rules)))

    @rule(number=st.integers(0, 5))
    def restore(self, number):
        snapshot, rules = self.saved[number % len(self.saved)]
        self.backend.restore(snapshot)
        self.rules = dict(rules)

    @rule(source=st.sampled_from("xyz"))
    def event(self, source):
        put_event(self.events, source)
        wanted = sorted(name for name, of_rule in self.rules.items() if of_rule == (source, True))
        assert self.backend.events[-1].matched == wanted


TestRulesChange = RulesChange.TestCase
TestRulesChange.settings = settings(deadline=None, max_examples=30, stateful_step_count=40)
