"""Mistakes in patterns that the events of a test do not show."""

from __future__ import annotations

import json

import pytest

PATTERN = json.dumps({"source": ["shop"], "detail": {"state": ["PAID"]}})


@pytest.fixture
def put(events):
    """A function that puts an event."""

    def put(state="PAID", source="shop"):
        entry = {"Source": source, "DetailType": "order", "Detail": json.dumps({"state": state})}
        events.put_events(Entries=[entry])

    return put


@pytest.fixture
def rule(events):
    events.put_rule(Name="paid", EventPattern=PATTERN)


def texts(backend):
    return [one.mutant.text for one in backend.unnoticed_mutants()]


def test_without_events_no_mistake_was_shown(events_backend, rule):
    unnoticed = texts(events_backend)
    assert 'detail.state: prefix "PAID" instead of "PAID"' in unnoticed
    assert "source is missing" in unnoticed


def test_an_event_shows_the_mistakes_that_change_its_verdict(events_backend, rule, put):
    put()
    unnoticed = texts(events_backend)
    assert 'detail.state: "paid" instead of "PAID"' not in unnoticed
    assert "detail.state is missing" in unnoticed
    put(state="NEW")
    assert "detail.state is missing" not in texts(events_backend)


def test_enough_events_show_all(events_backend, rule, put):
    for one in events_backend.unnoticed_mutants():
        put(state=one.mutant.event["detail"].get("state", ""), source=one.mutant.event["source"])
    assert texts(events_backend) == []


def test_an_event_that_came_while_the_rule_was_disabled_shows_nothing(events_backend, events, rule, put):
    events.disable_rule(Name="paid")
    before = texts(events_backend)
    put()
    assert texts(events_backend) == before


def test_an_event_of_another_bus_shows_nothing(events_backend, events, put):
    events.create_event_bus(Name="orders")
    events.put_rule(Name="paid", EventBusName="orders", EventPattern=PATTERN)
    put()
    [one, *_] = events_backend.unnoticed_mutants()
    assert (one.bus, one.rule, one.region, one.account) == ("orders", "paid", "us-east-1", "123456789012")


def test_a_rule_that_was_deleted_counts_too(events_backend, events, rule, put):
    put()
    events.delete_rule(Name="paid")
    assert "detail.state is missing" in texts(events_backend)


def test_the_worst_come_first_and_say_where(events_backend, rule):
    unnoticed = events_backend.unnoticed_mutants()
    order = ["silence", "less", "lost", "changed", "more"]
    harms = [order.index(one.mutant.harm) for one in unnoticed]
    assert harms == sorted(harms)
    assert (
        str(unnoticed[0]) == 'rule paid on default: source: anything-but "shop" instead of "shop" (silence)'
    )


def test_a_rule_with_a_schedule_has_no_pattern(events_backend, events):
    events.put_rule(Name="r", ScheduleExpression="rate(1 hour)")
    assert events_backend.unnoticed_mutants() == []


def test_a_mistake_that_changes_nothing_is_left_out(events_backend, events):
    events.put_rule(Name="r", EventPattern='{"source": [{"wildcard": "*shop"}]}')
    assert 'source: suffix "shop" instead of wildcard "*shop"' not in texts(events_backend)
