"""What holds, and what an assertion that holds gives."""

from __future__ import annotations

import unittest
from unittest.mock import ANY

import pytest
from freezegun import freeze_time
from hypothesis import given, settings, strategies as st

from eventmock import Deliveries, OptionError, mock_events
from eventmock.history.dead_letter import DeadLetters

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
DEAD = "arn:aws:sqs:us-east-1:123456789012:ship-dead"


@pytest.fixture
def two(backend, rule, put):
    """Two orders that two rules deliver, one of them the detail only."""
    rule("ship", InputPath="$.detail")
    rule("audit", arn=QUEUE.replace("ship", "audit"))
    put({"n": 1}, {"n": 2})
    return backend


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 4),
        ({"rule": "ship"}, 2),
        ({"rule": "arn:aws:events:us-east-1:123456789012:rule/ship"}, 2),
        ({"target": "queue"}, 4),
        ({"target": QUEUE}, 2),
        ({"bus": "default", "source": "shop", "detail_type": "order"}, 4),
        ({"detail": {"n": 1}}, 2),
        ({"detail": {"n": ANY}}, 4),
        ({"body": {"n": 1}}, 1),
        ({"body": ANY, "detail": {"n": 2}}, 2),
        ({"matching": {"detail": {"n": [{"numeric": [">", 1]}]}}}, 2),
        ({"matching": '{"detail": {"n": [2]}}', "rule": "audit"}, 1),
        ({"matching": {"detail-type": ["order"]}}, 4),
    ],
)
def test_what_was_delivered_is_found(two, filters, count):
    found = two.assert_delivered(**filters)
    assert isinstance(found, Deliveries)
    assert len(found) == count
    assert found == [one for one in two.deliveries if one in list(found)]
    assert two.assert_delivered(times=count, **filters) == found


def test_a_target_s_assertions_are_about_it(two):
    ship = two.target(QUEUE)
    assert ship.assert_delivered() == ship.deliveries
    assert len(ship.deliveries) == 2
    ship.assert_not_delivered(detail={"n": 3})


def test_targets_named_by_kind_or_by_a_predicate_have_them_too(two):
    assert len(two.target(kind="SQS queue").assert_delivered()) == 4
    second = two.target(where=lambda delivery: delivery.event["detail"] == {"n": 2})
    assert len(second.assert_delivered(times=2)) == 2


def test_one_delivery_is_given(two):
    delivery = two.assert_delivered_once(rule="ship", detail={"n": 2})
    assert delivery is two.deliveries.where(rule="ship")[1]


def test_what_was_not_delivered(two):
    assert two.assert_not_delivered(detail={"n": 3}) is None
    assert two.assert_not_delivered(rule="ship", body={"n": 3}) is None


def test_a_body_that_is_no_json_is_its_text(backend, rule, put):
    rule(InputTransformer={"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '"order <n>"'})
    put({"n": 7})
    backend.assert_delivered_once(body="order 7")


def test_what_is_due_is_done_first():
    with freeze_time("2026-01-01T12:00:00Z") as frozen, mock_events(isolated=True) as backend:
        backend.client().put_rule(Name="often", ScheduleExpression="rate(1 minute)")
        often = backend.target("often")
        for assertion in (
            lambda: often.assert_delivered(times=1, source="aws.events", detail_type="Scheduled Event"),
            lambda: often.assert_delivered_in_order(details=[{}, {}]),
            lambda: backend.assert_delivered(times=3),
        ):
            frozen.tick(60)
            assertion()
        backend.client().put_rule(Name="later", ScheduleExpression="rate(1 minute)")
        frozen.tick(60)
        backend.assert_every_rule_was_used()


class TestInOrder:
    def test_others_may_stand_between(self, backend, rule, put):
        rule()
        put({"n": 1}, {"n": 2}, {"n": 3})
        found = backend.assert_delivered_in_order(details=[{"n": 1}, {"n": 3}])
        assert found.details == [{"n": 1}, {"n": 3}]

    def test_bodies(self, backend, rule, put):
        rule(InputPath="$.detail.n")
        put({"n": 1}, {"n": 2})
        assert len(backend.assert_delivered_in_order(bodies=[1, ANY], rule="ship")) == 2

    def test_equal_ones_are_as_many(self, backend, rule, put):
        rule()
        put({"n": 1}, {"n": 1})
        found = backend.assert_delivered_in_order(details=({"n": 1}, {"n": 1}))
        assert found == backend.deliveries

    def test_what_is_tried_again_comes_when_it_succeeds(self, backend, rule, put):
        rule()
        backend.faults.inject(503, target=QUEUE, times=1)
        put({"n": 1}, {"n": 2})
        backend.clock.advance(hours=1)
        backend.assert_delivered_in_order(details=[{"n": 2}, {"n": 1}])


class TestDeadLetters:
    @pytest.fixture(autouse=True)
    def _two_letters(self, backend, rule, put):
        rule(DeadLetterConfig={"Arn": DEAD}, InputPath="$.detail")
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({"n": 1}, {"n": 2})

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            ({}, 2),
            ({"queue": "ship-dead"}, 2),
            ({"queue": DEAD, "error_code": "NO_RESOURCE", "rule": "ship"}, 2),
            ({"detail": {"n": 1}}, 1),
            ({"matching": {"detail": {"n": [2]}}}, 1),
        ],
    )
    def test_they_are_found(self, backend, filters, count):
        found = backend.assert_dead_lettered(**filters)
        assert isinstance(found, DeadLetters)
        assert len(found) == count
        backend.assert_dead_lettered(times=count, **filters)

    def test_they_come_in_order(self, backend):
        assert backend.assert_dead_lettered() == backend.dead_letters

    def test_the_body_is_the_letter_s(self, backend):
        [letter] = backend.assert_dead_lettered(body=backend.deliveries[0].event)
        assert letter is backend.dead_letters[0]

    @pytest.mark.parametrize("arn", [QUEUE, DEAD])
    def test_those_of_a_target_and_those_in_a_queue(self, backend, arn):
        assert len(backend.target(arn).assert_dead_lettered(times=2)) == 2


def test_letters_that_came_later_stand_later(backend, rule, put):
    other = QUEUE.replace("ship", "other")
    rule("first", DeadLetterConfig={"Arn": DEAD}, RetryPolicy={"MaximumRetryAttempts": 1})
    rule("second", arn=other, DeadLetterConfig={"Arn": DEAD}, RetryPolicy={"MaximumRetryAttempts": 0})
    backend.faults.inject(503, target=QUEUE)
    backend.faults.inject(503, target=other)
    put({})
    backend.clock.advance(hours=1)
    rules = [letter.attributes["RULE_ARN"][-6:] for letter in backend.assert_dead_lettered(queue=DEAD)]
    assert rules == ["second", "/first"]


class TestLost:
    def test_a_delivery(self, backend, rule, put):
        rule()
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({"n": 1})
        assert backend.assert_dropped(rule="ship") == backend.deliveries
        assert backend.target(QUEUE).assert_dropped(times=1) == backend.deliveries

    def test_one_whose_input_cannot_be_made(self, backend, rule, put):
        rule(InputTransformer={"InputPathsMap": {"o": "$.detail"}, "InputTemplate": '{"o": "<o>"}'})
        put({"n": 1})
        assert backend.assert_dropped(detail={"n": 1}) == backend.events[0].deliveries

    def test_an_event_that_went_to_no_bus(self, backend, put):
        put({"n": 1}, EventBusName="nope")
        assert backend.assert_dropped(bus="nope", detail={"n": 1}) == backend.events

    def test_an_entry_that_was_refused(self, backend):
        backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "no"}])
        assert backend.assert_dropped(source="shop") == backend.events

    def test_in_order(self, backend, rule, put):
        rule()
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({"n": 1})
        put({"n": 2}, EventBusName="nope")
        put({"n": 3})
        first, second, third = backend.assert_dropped(times=3)
        assert (first, second, third) == (
            backend.deliveries[0],
            backend.events[1],
            backend.deliveries[1],
        )


class TestNothingElse:
    def test_nothing_at_all(self, backend):
        backend.assert_nothing_else_happened()

    def test_an_event_that_nobody_wanted_is_nothing(self, backend, rule, put):
        rule(pattern='{"source": ["office"]}')
        put({})
        backend.assert_nothing_else_happened()

    @pytest.mark.parametrize(
        "mention",
        [
            lambda backend: backend.assert_delivered(),
            lambda backend: backend.assert_delivered_in_order(details=[{"n": 1}, {"n": 2}]),
            lambda backend: [backend.assert_delivered_once(detail={"n": n}) for n in (1, 2)],
        ],
    )
    def test_what_was_found_is_mentioned(self, backend, rule, put, mention):
        rule()
        put({"n": 1}, {"n": 2})
        with pytest.raises(AssertionError, match="2 things happened"):
            backend.assert_nothing_else_happened()
        mention(backend)
        backend.assert_nothing_else_happened()

    def test_dead_letters_and_losses_too(self, backend, rule, put):
        rule(DeadLetterConfig={"Arn": DEAD})
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({})
        put({}, EventBusName="nope")
        backend.assert_dead_lettered()
        with pytest.raises(AssertionError, match="1 thing happened"):
            backend.assert_nothing_else_happened()
        backend.assert_dropped()
        backend.assert_nothing_else_happened()

    def test_an_assertion_that_does_not_hold_mentions_nothing(self, two):
        for attempt in (
            lambda: two.assert_delivered(times=3, rule="ship"),
            two.assert_not_delivered,
            lambda: two.assert_delivered_in_order(details=[{"n": 2}, {"n": 1}], rule="ship"),
        ):
            with pytest.raises(AssertionError):
                attempt()
        with pytest.raises(AssertionError, match="4 things happened"):
            two.assert_nothing_else_happened()

    def test_what_is_pending_is_not_done(self, backend, rule, put):
        rule()
        backend.faults.inject(503, target=QUEUE, times=1)
        put({})
        with pytest.raises(AssertionError, match="pending after 1 attempt"):
            backend.assert_nothing_else_happened()
        backend.clock.advance(hours=1)
        backend.assert_delivered()
        backend.assert_nothing_else_happened()

    def test_at_one_target(self, two):
        ship = two.target(QUEUE)
        ship.assert_delivered()
        ship.assert_nothing_else_happened()
        with pytest.raises(AssertionError, match="2 things happened"):
            two.assert_nothing_else_happened()

    def test_in_one_dead_letter_queue(self, backend, rule, put):
        rule(DeadLetterConfig={"Arn": DEAD})
        put({"n": 1})
        dead = backend.target(DEAD)
        dead.assert_nothing_else_happened()
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({"n": 2})
        with pytest.raises(AssertionError, match="1 thing happened"):
            dead.assert_nothing_else_happened()

    def test_what_was_mentioned_is_part_of_a_snapshot(self, two):
        before = two.snapshot()
        two.assert_delivered()
        after = two.snapshot()
        two.restore(before)
        with pytest.raises(AssertionError, match="4 things happened"):
            two.assert_nothing_else_happened()
        two.restore(after)
        two.assert_nothing_else_happened()
        two.restore(before)
        two.assert_delivered(rule="ship")
        two.restore(before)
        with pytest.raises(AssertionError, match="4 things happened"):
            two.assert_nothing_else_happened()

    def test_a_reset_forgets_it(self, two):
        [record, *_] = two.assert_delivered()
        two.reset()
        assert record not in two.state.mentioned
        two.assert_nothing_else_happened()


class TestEveryRule:
    def test_all_matched(self, backend, rule, put):
        rule("a")
        rule("b")
        put({})
        backend.assert_every_rule_was_used()

    def test_wherever_they_are(self, backend, rule, put):
        there = backend.client(region="eu-west-1", account="222222222222")
        there.create_event_bus(Name="orders")
        rule("r", bus="orders", client=there)
        with pytest.raises(AssertionError, match="1 of 1 rule matched"):
            backend.assert_every_rule_was_used()
        put({}, client=there, EventBusName="orders")
        backend.assert_every_rule_was_used()

    def test_a_schedule_that_fired(self, backend):
        backend.client().put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        backend.clock.advance(days=1)
        backend.assert_every_rule_was_used()

    def test_others_are_not_asked_about(self, backend, rule, put):
        events = backend.client()
        rule("used")
        events.put_rule(Name="off", EventPattern='{"source": ["x"]}', State="DISABLED")
        backend.add_managed_rule(
            "theirs", managed_by="states.amazonaws.com", event_pattern='{"source": ["x"]}'
        )
        events.create_archive(
            ArchiveName="kept",
            EventSourceArn="arn:aws:events:us-east-1:123456789012:event-bus/default",
            EventPattern='{"source": ["x"]}',
        )
        put({})
        backend.assert_every_rule_was_used()

    @pytest.mark.parametrize("name", ["off", "arn:aws:events:us-east-1:123456789012:rule/off"])
    def test_one_that_is_named_is_asked_about(self, backend, name):
        backend.client().put_rule(Name="off", EventPattern='{"source": ["x"]}', State="DISABLED")
        with pytest.raises(AssertionError, match="1 of 1 rule matched"):
            backend.assert_every_rule_was_used(name)

    def test_some_only(self, backend, rule, put):
        rule("a")
        rule("b", pattern='{"source": ["x"]}')
        put({})
        backend.assert_every_rule_was_used("a")
        backend.assert_every_rule_was_used(but=["b"])
        backend.assert_every_rule_was_used(but="b")
        backend.assert_every_rule_was_used(but={"arn:aws:events:us-east-1:123456789012:rule/b"})
        with pytest.raises(AssertionError, match="1 of 1 rule matched"):
            backend.assert_every_rule_was_used("a", "b", but=["a"])

    def test_a_rule_that_is_not_there_is_told(self, backend, rule):
        rule("ship")
        for call in (
            lambda: backend.assert_every_rule_was_used("shpi"),
            lambda: backend.assert_every_rule_was_used(but=["shpi"]),
        ):
            with pytest.raises(OptionError) as caught:
                call()
            assert str(caught.value) == (
                "assert_every_rule_was_used('shpi'): there is no such rule: did you mean 'ship'?"
            )

    def test_where_there_is_none_it_is_refused(self, backend, rule):
        for but in ([], ["ship"]):
            with pytest.raises(OptionError) as caught:
                backend.assert_every_rule_was_used(but=but)
            assert str(caught.value) == "assert_every_rule_was_used(): no rule is left to ask about"
            rule("ship")


DETAILS = st.lists(st.integers(0, 2), max_size=5)


@settings(max_examples=40, deadline=None)
@given(
    put=DETAILS,
    wanted=st.integers(0, 3),
    times=st.integers(1, 3),
    order=st.lists(st.integers(0, 2), min_size=1),
)
def test_the_assertions_agree_with_counting(put, wanted, times, order):
    with mock_events(isolated=True) as backend:
        events = backend.client()
        events.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        ship = backend.target("ship")
        for number in put:
            entry = {"Source": "shop", "DetailType": "order", "Detail": f'{{"n": {number}}}'}
            events.put_events(Entries=[entry])

        def holds(assertion, **filters):
            try:
                assertion(**filters)
            except AssertionError:
                return False
            return True

        detail, count = {"n": wanted}, put.count(wanted)
        assert holds(ship.assert_delivered, detail=detail) == (count > 0)
        assert holds(ship.assert_delivered, detail=detail, times=times) == (count == times)
        assert holds(ship.assert_delivered_once, detail=detail) == (count == 1)
        assert holds(ship.assert_not_delivered, detail=detail) == (count == 0)
        rest = iter(put)
        in_order = all(number in rest for number in order)
        details = [{"n": number} for number in order]
        assert holds(ship.assert_delivered_in_order, details=details) == in_order


def test_in_unittest_an_assertion_that_does_not_hold_is_a_failure():
    class Case(unittest.TestCase):
        def test_it(self):
            with mock_events(isolated=True) as backend:
                backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
                backend.assert_delivered(rule="ship")

    result = unittest.TestResult()
    Case("test_it").run(result)
    assert (len(result.failures), len(result.errors)) == (1, 0)


class TestSchedules:
    def test_deliveries_come_in_the_order_in_which_rules_matched_and_schedules_fired(
        self, backend, rule, schedule, put
    ):
        rule(InputPath="$.detail.n")
        schedule(target={"Input": "1"})
        put({"n": 2})
        backend.clock.advance(hours=1)
        put({"n": 3})
        bodies = ["1", "2", "1", "3"]
        assert backend.assert_delivered(times=4).bodies == bodies
        assert backend.assert_delivered_in_order(bodies=[1, 2, 1, 3]).bodies == bodies

    def test_order_is_that_in_which_targets_took_them(self, backend, schedule):
        backend.faults.inject("ThrottlingException", target=QUEUE, times=1)
        schedule("late", target={"Input": "1"})
        schedule("early", target={"Input": "2"}, arn=QUEUE + "-2")
        backend.clock.advance(minutes=1)
        backend.assert_delivered_in_order(bodies=[2, 1])

    def test_dead_letters_and_losses(self, backend, schedule):
        backend.faults.inject("AccessDeniedException", target=QUEUE)
        schedule(target={"DeadLetterConfig": {"Arn": DEAD}, "Input": '{"n": 1}'})
        schedule("lost")
        [letter] = backend.assert_dead_lettered(
            schedule="nightly", queue="ship-dead", error_code="AccessDeniedException", body={"n": 1}
        )
        assert letter.attributes["SCHEDULE_ARN"].endswith("/nightly")
        assert backend.target(DEAD).assert_dead_lettered(schedule="nightly") == [letter]
        [lost] = backend.assert_dropped(schedule="lost")
        assert lost.status == "dropped"
        backend.assert_not_delivered()
        backend.assert_nothing_else_happened()

    def test_targets_have_deliveries_of_rules_and_schedules(self, backend, rule, schedule, put):
        rule()
        schedule()
        put({})
        for target in (
            backend.target(QUEUE),
            backend.target(kind="SQS queue"),
            backend.target(where=lambda delivery: "ship" in delivery.target_arn),
        ):
            assert len(target.assert_delivered(times=2)) == 2
            assert len(target.deliveries) == 2
            target.assert_delivered_once(schedule="nightly")
            target.assert_delivered_once(rule="ship")
