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


@pytest.fixture
def nightly(events_backend):
    """A function that makes a schedule that fires at 03:30 in Berlin."""

    def nightly(**members):
        wanted = {
            "Name": "nightly",
            "ScheduleExpression": "cron(30 3 * * ? *)",
            "ScheduleExpressionTimezone": "Europe/Berlin",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": "arn:aws:sqs:us-east-1:123456789012:work",
                "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
            },
        }
        events_backend.client("scheduler").create_schedule(**wanted | members)

    events_backend.clock.move_to("2027-03-25T00:00:00Z")
    return nightly


def of_kind(backend, kind):
    return [one for one in backend.unnoticed_mutants() if one.mutant.kind == kind]


def test_firings_show_mistakes_in_the_time_of_a_schedule(events_backend, nightly):
    nightly()
    assert of_kind(events_backend, "another time zone")
    events_backend.clock.move_to("2027-03-25T23:00:00Z")  # a Thursday, in winter
    assert {one.mutant.kind for one in events_backend.unnoticed_mutants()} == {"another day", "fixed offset"}
    events_backend.clock.move_to("2027-03-29T00:00:00Z")
    assert events_backend.unnoticed_mutants() == []


def test_the_moment_of_a_mistake_can_be_moved_to(events_backend, nightly):
    nightly()
    events_backend.clock.move_to("2027-03-25T23:00:00Z")
    [one] = of_kind(events_backend, "fixed offset")
    events_backend.clock.move_to(one.mutant.event["time"])
    assert of_kind(events_backend, "fixed offset") == []


def test_a_mistake_in_a_schedule_says_where(events_backend, nightly):
    nightly()
    [one] = of_kind(events_backend, "fixed offset")
    assert (one.kind, one.name, one.place, one.rule, one.bus) == (
        "schedule",
        "nightly",
        "default",
        None,
        None,
    )
    assert str(one) == (
        "schedule nightly in default: UTC+01:00 all year (Etc/GMT-1) instead of Europe/Berlin (changed)"
    )


def test_a_disabled_schedule_shows_nothing(events_backend, nightly):
    nightly(State="DISABLED")
    before = texts(events_backend)
    events_backend.clock.advance(days=30)
    assert texts(events_backend) == before != []


def test_a_schedule_that_was_deleted_shows_what_its_firings_have_shown(events_backend, nightly):
    nightly()
    events_backend.clock.move_to("2027-03-25T23:00:00Z")
    events_backend.client("scheduler").delete_schedule(Name="nightly")
    events_backend.clock.advance(days=30)
    assert {one.mutant.kind for one in events_backend.unnoticed_mutants()} == {"another day", "fixed offset"}


def test_a_schedule_that_was_deleted_before_it_fired_has_shown_nothing(events_backend, nightly):
    nightly()
    before = texts(events_backend)
    events_backend.client("scheduler").delete_schedule(Name="nightly")
    assert texts(events_backend) == before


def test_one_of_many_one_time_schedules_shows_a_mistake(events_backend, nightly):
    for number in range(1, 5):
        moment = f"at(2027-03-{25 + number}T12:00:00)"
        nightly(Name=f"once-{number}", ScheduleExpression=moment, ActionAfterCompletion="DELETE")
    assert of_kind(events_backend, "another hour")
    events_backend.clock.move_to("2027-03-26T23:00:00Z")
    assert events_backend.unnoticed_mutants() == []


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
