"""Changes of rules that take a while, as AWS warns: the length is the test's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from eventmock import OptionError, StrictFailure
from eventmock.services.events.propagation import Propagation

PATTERN, OTHER = '{"source": ["shop"]}', '{"source": ["office"]}'
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
ARCHIVED = "arn:aws:events:us-east-1:123456789012:event-bus/default"

pytestmark = pytest.mark.eventmock(start_time="2026-01-01T12:00:00Z")


@pytest.fixture
def slow(events_backend):
    """The delays, a minute for propagation."""
    events_backend.delays.propagation = timedelta(seconds=60)
    return events_backend.delays


@pytest.fixture
def put(events, order):
    """A function that puts an event."""
    return lambda: events.put_events(Entries=[order])


@pytest.fixture
def seen(events_backend, put):
    """A function that lets so many seconds pass, puts an event and gives the ids of the targets that got it."""

    def seen(seconds=0):
        events_backend.clock.advance(seconds=seconds)
        put()
        return [delivery.target_id for delivery in events_backend.events[-1].deliveries]

    return seen


def put_rule(events, name="r", targets=("t",), **members):
    events.put_rule(Name=name, **{"EventPattern": PATTERN} | members)
    if targets:
        events.put_targets(Rule=name, Targets=[{"Id": one, "Arn": QUEUE} for one in targets])


def test_it_is_off_by_default(events_backend, events, seen):
    put_rule(events)
    assert events_backend.delays.propagation == timedelta(0)
    assert seen() == ["t"]


def test_a_target_that_is_not_in_effect_yet_is_told_where_a_rule_has_none(events_backend, events, put):
    put_rule(events, targets=())
    events_backend.delays.propagation = timedelta(seconds=60)
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])
    events_backend.clock.advance(seconds=3)
    put()
    [told] = [line for line in events_backend.report().splitlines() if "no targets" in line]
    assert told.startswith("            r  match      but the rule has no targets; ")
    assert "it was changed 3 s before, which takes effect after 60 s" in told
    assert told.partition("no targets")[2] in str(events_backend.trace)


def test_a_new_rule_takes_effect_after_it(slow, events, seen):
    put_rule(events)
    assert events.describe_rule(Name="r")["State"] == "ENABLED"
    assert [seen(), seen(3), seen(56.5), seen(0.5), seen(1)] == [[], [], [], ["t"], ["t"]]


def test_the_report_says_that_a_rule_did_not_see_an_event_and_why(slow, events_backend, events, seen):
    put_rule(events)
    seen(3)
    why = "did not see it: it was put 3 s before and takes effect after 60 s"
    [verdict] = events_backend.events[0].unmatched
    assert (verdict.rule_name, verdict.matched, verdict.why) == ("r", False, why)
    assert f"r  no match   {why}" in events_backend.report()
    assert why in str(events_backend.trace)
    [verdict] = events_backend.explain({"source": "shop"})
    assert verdict.why == why


def test_what_an_event_met_stays_when_the_rule_has_taken_effect(slow, events_backend, events, seen):
    put_rule(events)
    seen(3)
    events_backend.clock.advance(minutes=5)
    assert "it was put 3 s before" in events_backend.events[0].unmatched[0].why
    assert [verdict.why for verdict in events_backend.explain({"source": "shop"})] == ["matches"]


def test_a_target_takes_effect_after_it(slow, events_backend, events, seen):
    put_rule(events, targets=())
    assert seen(60) == []
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])
    assert seen(10) == []
    assert events_backend.events[-1].problem == (
        "matched r, but there are no targets; r: it was changed 10 s before, which takes effect after 60 s"
    )
    assert seen(50) == ["t"]
    events.remove_targets(Rule="r", Ids=["t"])
    assert events.list_targets_by_rule(Rule="r")["Targets"] == []
    assert [seen(59), seen(1)] == [["t"], []]


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        (lambda events: events.disable_rule(Name="r"), lambda events: events.enable_rule(Name="r")),
        (
            lambda events: events.put_rule(Name="r", EventPattern=OTHER),
            lambda events: events.put_rule(Name="r", EventPattern=PATTERN),
        ),
    ],
    ids=["state", "pattern"],
)
def test_a_state_and_a_pattern_take_effect_after_it(slow, events_backend, events, seen, change, undo):
    put_rule(events)
    assert seen(60) == ["t"]
    change(events)
    assert [seen(59), seen(1)] == [["t"], []]
    undo(events)
    assert seen(2) == []
    [verdict] = events_backend.events[-1].unmatched
    assert verdict.why.endswith("; it was changed 2 s before, which takes effect after 60 s")
    assert seen(58) == ["t"]


def test_a_rule_that_is_deleted_matches_for_a_while(slow, events_backend, events, seen):
    put_rule(events)
    seen(60)
    events.remove_targets(Rule="r", Ids=["t"])
    events.delete_rule(Name="r")
    assert events.list_rules()["Rules"] == []
    assert [seen(59), seen(1)] == [["t"], []]
    assert events_backend.events[-1].unmatched == []


def test_a_rule_that_is_deleted_before_it_took_effect_never_does(slow, events_backend, events, seen):
    put_rule(events, targets=())
    events_backend.clock.advance(seconds=30)
    events.delete_rule(Name="r")
    assert [seen(n) for n in (0, 29, 1, 30, 60)] == [[]] * 5
    assert events_backend.events[-1].matched == []


def test_each_of_several_changes_has_its_own_moment(slow, events_backend, events, seen):
    put_rule(events, targets=("a",))
    events_backend.clock.advance(seconds=20)
    put_rule(events, targets=("b",))
    events_backend.clock.advance(seconds=20)
    events.put_rule(Name="r", EventPattern=OTHER)
    assert [seen(19), seen(1), seen(20), seen(20)] == [[], ["a"], ["a", "b"], []]


def test_tags_and_descriptions_are_nothing_to_events(slow, events_backend, events, seen):
    put_rule(events)
    events_backend.clock.advance(seconds=30)
    arn = events.describe_rule(Name="r")["Arn"]
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}])
    assert seen(29) == []
    assert seen(1) == ["t"]
    events.put_rule(Name="r", EventPattern=PATTERN, Description="d")
    assert seen() == ["t"]
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    events.disable_rule(Name="r")
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "w"}])
    assert [seen(59), seen(1)] == [["t"], []]


def test_without_it_again_a_change_takes_effect_at_once_and_what_is_under_way_is_overtaken(
    slow, events_backend, events, seen
):
    put_rule(events)
    put_rule(events, "other", targets=("u",))
    slow.propagation = timedelta(0)
    events.put_rule(Name="r", EventPattern=PATTERN, State="ENABLED", Description="d")
    events.put_targets(Rule="r", Targets=[{"Id": "v", "Arn": QUEUE}])
    assert seen() == ["t", "v"]
    assert seen(60) == ["u", "t", "v"]


def test_a_schedule_fires_once_its_rule_is_in_effect(slow, events_backend, events):
    put_rule(events, EventPattern="", ScheduleExpression="rate(1 minute)")
    events_backend.clock.advance(seconds=59)
    assert events_backend.events == []
    slow.propagation = timedelta(seconds=90)
    put_rule(events, "late", EventPattern="", ScheduleExpression="rate(1 minute)")
    events_backend.clock.advance(minutes=3)
    fired = [event.envelope.resources[0].rpartition("/")[2] for event in events_backend.events]
    assert (fired.count("r"), fired.count("late")) == (3, 2)


def test_a_schedule_that_is_disabled_fires_for_a_while(slow, events_backend, events):
    put_rule(events, EventPattern="", ScheduleExpression="rate(1 minute)")
    events_backend.clock.advance(seconds=90)
    events.disable_rule(Name="r")
    events_backend.clock.advance(minutes=5)
    assert [event.time.minute for event in events_backend.events] == [1, 2]
    events.enable_rule(Name="r")
    events_backend.clock.advance(minutes=3)
    assert [event.time.minute for event in events_backend.events][2:] == [7, 8, 9]


def test_an_archive_keeps_events_once_its_rule_is_in_effect(slow, events, seen):
    events.create_archive(ArchiveName="a", EventSourceArn=ARCHIVED)
    seen(59)
    seen(1)
    assert events.describe_archive(ArchiveName="a")["EventCount"] == 1
    events.delete_archive(ArchiveName="a")
    seen(1)


def test_each_bus_has_its_own(slow, events_backend, events, order):
    events.create_event_bus(Name="orders")
    events.put_rule(Name="r", EventPattern=PATTERN, EventBusName="orders")
    events_backend.clock.advance(seconds=30)
    put_rule(events)
    events_backend.clock.advance(seconds=30)
    events.put_events(Entries=[order, order | {"EventBusName": "orders"}])
    assert [event.matched for event in events_backend.events] == [[], ["r"]]


def test_a_snapshot_keeps_what_is_under_way(slow, events_backend, events, seen):
    put_rule(events)
    events_backend.clock.advance(seconds=30)
    snapshot = events_backend.snapshot()
    for _ in range(2):
        assert [seen(29), seen(1)] == [[], ["t"]]
        events_backend.restore(snapshot)
    events_backend.reset()
    put_rule(events)
    assert seen() == ["t"]


def test_a_delay_beyond_the_calendar_is_for_ever(slow, events_backend, events, seen):
    slow.propagation = timedelta.max
    put_rule(events)
    assert seen(10**9) == []


def test_it_is_a_span_of_time(events_backend):
    with pytest.raises(OptionError, match="wanted a timedelta that is not negative"):
        events_backend.delays.propagation = 60


CHANGES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from("ab"), st.integers(0, 3) | st.none(), st.integers(0, 8)),
    max_size=12,
)


@given(CHANGES, st.integers(0, 30))
def test_in_effect_is_the_last_change_of_those_whose_moment_has_come(changes, rest):
    """Each change is the seconds since the one before, a name, another version or None, and the delay."""
    now, made, propagation = datetime(2026, 1, 1, tzinfo=UTC), [], Propagation({})
    for after, name, version, delay in changes:
        now += timedelta(seconds=after)
        list(propagation.settle(now))
        propagation.add(name, version, now, timedelta(seconds=delay))
        made.append((name, version, now + timedelta(seconds=delay)))
    now += timedelta(seconds=rest)
    list(propagation.settle(now))
    last = {name: version for name, version, effective in made if effective <= now}
    assert propagation.in_effect == {name: version for name, version in last.items() if version is not None}
    assert propagation.is_over or any(effective > now for _, _, effective in made)


@pytest.mark.eventmock(strict=True, start_time="2026-01-01T12:00:00Z")
def test_a_strict_mock_tells_that_a_rule_did_not_see_it(slow, events_backend, events, seen):
    put_rule(events)
    seen(3)
    with pytest.raises(
        StrictFailure, match="r: did not see it: it was put 3 s before and takes effect after 60 s"
    ):
        events_backend.check()
    events_backend.reset()
