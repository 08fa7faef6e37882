"""Reports of many events on many rules: what is told of those that did not match, and how much work it is."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, strategies as st

from eventmock import mock_events
from eventmock.backend.report.misses import MOST_MISSED, Misses
from eventmock.pattern import Pattern

RULES, EVENTS = 300, 500

VIEWS = {
    "flow": lambda backend: backend.flow(),
    "text": lambda backend: backend.report(),
    "html": lambda backend: backend.report("html"),
    "mermaid": lambda backend: backend.report("mermaid"),
    "trace": lambda backend: backend.trace,
    "problems": lambda backend: [event.problem for event in backend.events],
}
PATTERNS = {
    "one field": lambda number: {"source": [f"shop-{number}"]},
    "several fields": lambda number: {
        "source": ["shop"],
        "detail": {"state": [f"S{number}"], "total": [{"numeric": [">", number]}]},
    },
    "alternatives": lambda number: {
        "source": ["shop"],
        "$or": [{"region": [f"{number}"]}, {"account": ["none"]}],
    },
}


@pytest.fixture
def explained(monkeypatch):
    """Every event that was explained, by pattern."""
    calls = []
    explain = Pattern.explain

    def counted(pattern, event):
        calls.append(pattern)
        return explain(pattern, event)

    monkeypatch.setattr(Pattern, "explain", counted)
    return calls


@pytest.fixture(scope="module", params=PATTERNS)
def many(request):
    """A backend in which many events matched none of many rules."""
    with mock_events(isolated=True) as backend:
        client = backend.client()
        for number in range(RULES):
            pattern = json.dumps(PATTERNS[request.param](number))
            client.put_rule(Name=f"r{number:03}", EventPattern=pattern)
        for first in range(0, EVENTS, 10):
            details = [json.dumps({"state": "X", "number": first + n, "total": -1}) for n in range(10)]
            client.put_events(
                Entries=[{"Source": "shop", "DetailType": "t", "Detail": detail} for detail in details]
            )
    yield backend


@pytest.mark.parametrize("view", VIEWS)
def test_events_that_are_alike_where_rules_look_are_explained_once(many, view, explained):
    VIEWS[view](many)
    assert len(explained) <= MOST_MISSED


@pytest.mark.parametrize("view", ["flow", "text", "html"])
def test_half_a_second_is_enough(many, view):
    def seconds():
        begun = time.process_time()
        VIEWS[view](many)
        return time.process_time() - begun

    assert any(seconds() <= 0.5 for _ in range(3))


def test_of_each_event_10_rules_are_explained_however_events_differ(events, events_backend, explained):
    for number in range(100):
        pattern = {"source": ["shop"], "detail": {"number": [f"x{number}"]}}
        events.put_rule(Name=f"r{number:02}", EventPattern=json.dumps(pattern))
    details = [json.dumps({"number": str(number)}) for number in range(10)]
    events.put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": detail} for detail in details])
    flow = events_backend.flow()
    assert [(len(event["rules"]), event["more_rules"]) for event in flow["events"]] == [(10, 90)] * 10
    assert len(explained) == 10 * MOST_MISSED
    explained.clear()
    assert events_backend.report().count("... and 90 more rules did not match") == 10
    assert len(explained) == 10 * MOST_MISSED


def test_a_strict_mock_explains_the_few_rules_that_it_tells_of(explained, order):
    with pytest.raises(AssertionError), mock_events(isolated=True, strict=True) as backend:
        client = backend.client()
        for number in range(100):
            client.put_rule(Name=f"r{number:02}", EventPattern=f'{{"source": ["s{number}"]}}')
        client.put_events(Entries=[order])
    assert len(explained) <= 2 * 5


NAMES = st.sampled_from(["a", "b", "", "c.d"])
VALUES = st.sampled_from(["x", "y", 1, 1.0, True, None, -0.0, 0.0, "é"])
DETAILS = st.dictionaries(
    NAMES, VALUES | st.lists(VALUES | st.dictionaries(NAMES, VALUES, max_size=2), max_size=2), max_size=3
)
TERMS = VALUES | st.sampled_from(
    [{"prefix": "x"}, {"exists": False}, {"exists": True}, {"anything-but": ["x"]}, {"numeric": [">", 0]}]
)
FIELDS = st.dictionaries(NAMES.filter(bool), st.lists(TERMS, min_size=1, max_size=2), min_size=1, max_size=3)
DETAIL_PATTERNS = st.one_of(
    FIELDS.map(lambda fields: {"detail": fields}),
    st.lists(FIELDS, min_size=2, max_size=2).map(lambda both: {"detail": {"$or": both}}),
)


@given(
    patterns=st.lists(DETAIL_PATTERNS, min_size=1, max_size=30),
    details=st.lists(DETAILS, min_size=1, max_size=4),
)
def test_it_tells_of_the_same_rules_and_the_same_reasons_as_asking_each_rule(patterns, details):
    with mock_events(isolated=True) as backend:
        client = backend.client()
        for number, pattern in enumerate(patterns):
            try:
                client.put_rule(Name=f"r{number:02}", EventPattern=json.dumps(pattern))
            except client.exceptions.InvalidEventPatternException:
                continue
        client.put_events(
            Entries=[
                {"Source": "shop", "DetailType": "t", "Detail": json.dumps(detail)} for detail in details
            ]
        )
        misses = Misses()
        for event in backend.events:
            matched, missed = misses.judge(event)
            asked = event.unmatched
            if not event.matching:
                asked = sorted(asked, key=lambda verdict: verdict.distance)
            told = sorted(asked[:MOST_MISSED], key=lambda verdict: verdict.rule_name)
            assert [one.verdict for one in missed] == told
            assert [one.rule for one in matched] == list(event.matching)


def test_a_name_that_the_event_has_is_advice_about_this_event_only(events, events_backend):
    events.put_rule(Name="ship", EventPattern='{"detail": {"state": ["PAID"]}}')
    for detail in ({}, {"State": "PAID"}, {"stat": 1}, {}):
        entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps(detail)}
        events.put_events(Entries=[entry])
    told = [line.split('PAID"]')[1] for line in events_backend.report().splitlines() if "no match" in line]
    assert told == ["", " (the event has detail.State)", " (the event has detail.stat)", ""]
