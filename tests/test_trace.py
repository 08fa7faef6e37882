from __future__ import annotations

from datetime import timedelta

import pytest

from eventmock import mock_events
from eventmock.trace import (
    Attempted,
    DeadLettered,
    Delivered,
    DeliveryFact,
    Dropped,
    EventFact,
    Finished,
    Fired,
    Invoked,
    Matched,
    Received,
    Skipped,
)

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"


@pytest.fixture
def backend():
    with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
        yield backend


@pytest.fixture
def rule(backend):
    """A function that makes a rule with a target and a dead-letter queue or none."""
    events = backend.client()

    def rule(name, target=None, *, source="shop", bus="default", dead=None, **more):
        events.put_rule(Name=name, EventPattern=f'{{"source": ["{source}"]}}', EventBusName=bus)
        if target is not None:
            members = {"Id": "t", "Arn": target, **more}
            if dead is not None:
                members["DeadLetterConfig"] = {"Arn": dead}
            events.put_targets(Rule=name, EventBusName=bus, Targets=[members])

    return rule


def test_nothing_happened(backend):
    assert (list(backend.trace), str(backend.trace)) == ([], "nothing happened")


def test_facts_in_order_each_with_its_cause(backend, rule, order):
    rule("ship", f"{QUEUE}q", dead=f"{QUEUE}dead")
    rule("other", source="office")
    backend.faults.inject(503, target=f"{QUEUE}q", times=1)
    backend.client().put_events(Entries=[order])
    backend.clock.advance(minutes=1)
    facts = list(backend.trace)
    assert [type(fact) for fact in facts] == [Received, Matched, Skipped, Attempted, Attempted, Delivered]
    received, matched, skipped, first, second, delivered = facts
    causes = [fact.cause for fact in facts]
    assert causes == [None, received, received, matched, first, second]
    assert all(fact.event is backend.events[0] for fact in facts)
    assert (matched.rule_name, matched.targets, matched.archive) == ("ship", 1, None)
    assert (skipped.rule_name, skipped.reason) == ("other", 'source held "shop", wanted one of ["office"]')
    assert first.delivery is delivered.delivery is backend.deliveries[0]
    assert [first.attempt, second.attempt] == backend.deliveries[0].attempts
    assert delivered.time == second.time > first.time == received.time


def test_a_dead_letter(backend, rule, order):
    rule("ship", f"{QUEUE}q", dead=f"{QUEUE}dead")
    backend.faults.inject("NO_RESOURCE", target=f"{QUEUE}q")
    backend.client().put_events(Entries=[order])
    attempted, dead = backend.trace[-2:]
    assert isinstance(dead, DeadLettered)
    assert (dead.cause, dead.dead_letter) == (attempted, backend.dead_letters[0])
    assert (
        str(dead)
        == "order from shop: rule ship -> sqs q: DEAD LETTER to sqs dead: NO_RESOURCE: injected by the test"
    )


def test_what_is_lost(backend, rule, order):
    rule("ship", f"{QUEUE}q", RetryPolicy={"MaximumRetryAttempts": 0})
    backend.faults.inject(503, target=f"{QUEUE}q")
    events = backend.client()
    events.put_events(Entries=[order])
    lost = backend.trace[-1]
    assert isinstance(lost, Dropped)
    assert lost.delivery is backend.deliveries[0]
    assert lost.reason == backend.deliveries[0].reason
    events.put_events(Entries=[order | {"EventBusName": "nope"}])
    received, nowhere = backend.trace[-2:]
    assert (nowhere.delivery, nowhere.cause) == (None, received)
    assert str(nowhere).startswith("order from shop: LOST: there is no event bus 'nope'")


def test_what_comes_from_another_bus_is_caused_by_its_delivery(backend, rule, order):
    events = backend.client()
    events.create_event_bus(Name="other")
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/other"
    rule("forward", bus, RoleArn="arn:aws:iam::123456789012:role/r")
    rule("end", f"{QUEUE}q", bus="other")
    events.put_events(Entries=[order])
    first, matched, second, _, attempted, delivered, *_ = backend.trace
    assert (first.cause, second.cause, attempted.cause) == (None, matched, matched)
    assert (type(second), type(delivered)) == (Received, Delivered)


def test_an_entry_that_is_refused(backend, order):
    backend.client().put_events(Entries=[order | {"Detail": "x"}])
    [fact] = backend.trace
    assert str(fact) == (
        'order from shop: put on "default" of 123456789012 in us-east-1 '
        "and was refused: MalformedDetail: Detail is malformed."
        "; a Detail must be JSON: Expecting value: line 1 column 1 (char 0)"
    )


def test_a_target_that_nobody_wrote_down_is_recorded_and_says_so(backend, rule, order):
    rule(
        "ship",
        "arn:aws:events:us-east-1:123456789012:target/stop-instance",
        RoleArn="arn:aws:iam::123456789012:role/r",
    )
    backend.client().put_events(Entries=[order])
    assert backend.trace[-1].text == (
        "rule ship -> events target/stop-instance: delivered "
        "(recorded: eventmock does not know what AWS calls for such a target)"
    )


def test_an_archive_keeps_it(backend, order):
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    backend.client().create_archive(ArchiveName="a", EventSourceArn=bus)
    backend.client().put_events(Entries=[order])
    assert str(backend.trace[1]) == "order from shop: archive a keeps it"


def test_the_story(backend, rule, order):
    rule("audit")
    rule("refund", source="office")
    rule("ship", f"{QUEUE}q", dead=f"{QUEUE}dead", RetryPolicy={"MaximumRetryAttempts": 4})
    rule("tell", f"{QUEUE}tell")
    backend.delays.longest_retry = timedelta(0)
    backend.target(f"{QUEUE}tell", lambda _event: None)
    backend.faults.inject("ThrottlingException", target=f"{QUEUE}q", times=4)
    backend.faults.inject(503, target=f"{QUEUE}q")
    backend.client().put_events(Entries=[order, order | {"DetailType": "line\nbreak", "Source": "x"}])
    backend.clock.advance(minutes=1)
    assert str(backend.trace).splitlines() == [
        '12:00:00  #1 order from shop put on "default" of 123456789012 in us-east-1',
        "12:00:00      #1 rule audit matched and has no targets",
        "12:00:00      #1 rule ship matched and has 1 target",
        "12:00:00      #1 rule tell matched and has 1 target",
        '12:00:00      #1 rule refund did not match: source held "shop", wanted one of ["office"]',
        '12:00:00  #2 line\\nbreak from x put on "default" of 123456789012 in us-east-1',
        *(
            f'12:00:00      #2 rule {name} did not match: source held "x", wanted one of ["{wanted}"]'
            for name, wanted in (("audit", "shop"), ("refund", "office"), ("ship", "shop"), ("tell", "shop"))
        ),
        "12:00:00      #1 rule ship -> sqs q: attempt 1 failed: THROTTLING: ThrottlingException: Rate exceeded",
        "12:00:00      #1 rule tell -> sqs tell: delivered to a function of the test",
        "12:00:00      #1 rule ship -> sqs q: attempts 2 to 4 failed the same way, the last one now",
        "12:00:00      #1 rule ship -> sqs q: attempt 5 failed: HTTP status 503",
        "12:00:00      #1 rule ship -> sqs q: DEAD LETTER to sqs dead: HTTP status 503; "
        "MaximumRetryAttempts reached after 4 retries",
    ]


def test_a_story_of_several_days_tells_them_apart(backend, rule, order):
    rule("ship", f"{QUEUE}q")
    backend.client().put_events(Entries=[order])
    backend.clock.advance(days=1)
    backend.client().put_events(Entries=[order])
    assert [line[:19] for line in str(backend.trace).splitlines()] == ["2026-11-21 12:00:00"] * 3 + [
        "2026-11-22 12:00:00"
    ] * 3


def test_a_restored_backend_tells_what_was_then(backend, rule, order):
    rule("ship", f"{QUEUE}q")
    backend.faults.inject(503, target=f"{QUEUE}q", times=1)
    backend.client().put_events(Entries=[order])
    before, snapshot = str(backend.trace), backend.snapshot()
    backend.clock.advance(hours=1)
    assert str(backend.trace) != before
    backend.restore(snapshot)
    assert str(backend.trace) == before


class TestSchedules:
    @pytest.fixture
    def schedule(self, backend):
        """A function that makes a schedule that fires now and then each hour."""

        def schedule(name="nightly", arn=f"{QUEUE}q", *, window=None, zone="UTC", **target):
            flexible = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": window}
            backend.client("scheduler").create_schedule(
                Name=name,
                ScheduleExpression="rate(1 hour)",
                ScheduleExpressionTimezone=zone,
                FlexibleTimeWindow=flexible if window else {"Mode": "OFF"},
                Target={"Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/scheduler", **target},
            )

        return schedule

    def test_facts_in_order_each_with_its_cause(self, backend, schedule):
        backend.faults.inject(503, target=f"{QUEUE}q", times=1)
        schedule()
        backend.clock.advance(minutes=1)
        facts = list(backend.trace)
        assert [type(fact) for fact in facts] == [Fired, Attempted, Attempted, Delivered]
        fired, first, second, delivered = facts
        assert [fact.cause for fact in facts] == [None, fired, first, second]
        assert all(isinstance(fact, DeliveryFact) and not isinstance(fact, EventFact) for fact in facts)
        assert all(fact.event is None and fact.delivery is backend.deliveries[0] for fact in facts)
        assert delivered.time == second.time > first.time == fired.time

    def test_an_event_that_a_schedule_puts_is_caused_by_the_firing(self, backend, schedule, rule):
        rule("ship", f"{QUEUE}q", source="clock")
        bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        parameters = {"Source": "clock", "DetailType": "tick"}
        schedule(arn=bus, Input="{}", EventBridgeParameters=parameters)
        fired, received, *_ = backend.trace
        assert received.cause is fired
        assert received.event.arrived_by is fired.delivery
        assert received.text == 'put on "default" of 123456789012 in us-east-1 by schedule nightly'
        assert str(backend.trace).splitlines() == [
            "12:00:00  #1 schedule nightly fired",
            '12:00:00  #2 tick from clock put on "default" of 123456789012 in us-east-1 by schedule nightly',
            "12:00:00      #2 rule ship matched and has 1 target",
            "12:00:00      #1 schedule nightly -> events event-bus/default: delivered",
            "12:00:00      #2 rule ship -> sqs q: delivered (recorded: nobody stands at the other end)",
        ]

    def test_a_lambda_function(self, backend, schedule):
        function = backend.lambda_function("night", lambda _event, _context: None)
        schedule(arn=function.arn)
        facts = list(backend.trace)
        assert [type(fact) for fact in facts] == [Fired, Attempted, Delivered, Invoked, Finished]
        assert [fact.cause for fact in facts] == [None, *facts[:-1]]
        assert all(fact.event is None for fact in facts)

    def test_what_is_lost_and_what_is_dead_lettered(self, backend, schedule):
        backend.faults.inject("AccessDeniedException", target=f"{QUEUE}q")
        schedule("lost")
        schedule("kept", DeadLetterConfig={"Arn": f"{QUEUE}dead"})
        lost, kept = (fact for fact in backend.trace if isinstance(fact, (Dropped, DeadLettered)))
        assert (lost.event, lost.delivery) == (None, backend.deliveries[0])
        assert str(lost).startswith("schedule lost -> sqs q: LOST: AccessDeniedException: ")
        assert str(kept).startswith(
            "schedule kept -> sqs q: DEAD LETTER to sqs dead: AccessDeniedException: "
        )
        assert kept.dead_letter is backend.dead_letters[0]

    def test_the_story(self, backend, schedule):
        schedule("plain")
        schedule("tokyo", zone="Asia/Tokyo")
        schedule("loose", window=30)
        backend.clock.advance(minutes=30)
        *lines, fired, _ = str(backend.trace).splitlines()
        recorded = "delivered (recorded: nobody stands at the other end)"
        assert lines == [
            "12:00:00  #1 schedule plain fired",
            f"12:00:00      #1 schedule plain -> sqs q: {recorded}",
            "12:00:00  #2 schedule tokyo fired, scheduled for 2026-11-21 21:00:00 Asia/Tokyo (12:00:00 UTC)",
            f"12:00:00      #2 schedule tokyo -> sqs q: {recorded}",
        ]
        assert "  #3 schedule loose fired, scheduled for 2026-11-21 12:00:00 UTC, " in fired
        assert fired.endswith(" later in its flexible time window")
