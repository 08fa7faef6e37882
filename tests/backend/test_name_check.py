"""A misspelt name in ``where(...)`` is refused; what never existed and is like nothing, or was deleted, is not."""

from __future__ import annotations

from typing import ClassVar

import pytest

from eventmock import OptionError

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead-orders"
PATTERN = '{"source": ["shop"]}'


@pytest.fixture
def made(events):
    events.create_event_bus(Name="orders")
    for name in ("ship", "audit"):
        events.put_rule(Name=name, EventBusName="orders", EventPattern=PATTERN)
    target = {"Id": "queue", "Arn": QUEUE, "DeadLetterConfig": {"Arn": DEAD}}
    events.put_targets(Rule="ship", EventBusName="orders", Targets=[target])


def refusal(call, **words):
    with pytest.raises(OptionError) as caught:
        call(**words)
    return str(caught.value)


@pytest.mark.usefixtures("made")
class TestMisspelt:
    def test_a_rule(self, events_backend):
        assert refusal(events_backend.deliveries.where, rule="shipp") == (
            "deliveries.where(rule='shipp'): there is no such rule, and there never was: did you mean 'ship'? "
            "There are audit and ship"
        )

    def test_a_target_a_bus_and_an_arn(self, events_backend):
        assert refusal(events_backend.deliveries.where, target="qeue") == (
            "deliveries.where(target='qeue'): there is no such target, and there never was: did you mean 'queue'? "
            "There are queue"
        )
        assert "did you mean 'orders'? There are default and orders" in refusal(
            events_backend.deliveries.where, bus="ordres"
        )
        assert f"did you mean {QUEUE!r}? There are {QUEUE}" in refusal(
            events_backend.deliveries.where, target=QUEUE[:-1]
        )

    def test_a_queue_and_an_error_code(self, events_backend):
        assert "did you mean 'dead-orders'?" in refusal(
            events_backend.dead_letters.where, queue="dead_orders"
        )
        assert refusal(events_backend.dead_letters.where, error_code="THROTLING") == (
            "dead_letters.where(error_code='THROTLING'): did you mean 'THROTTLING'?"
        )

    def test_in_what_a_target_has_in_a_part_of_a_list_and_in_what_where_gives(self, events_backend):
        target = events_backend.target(QUEUE)
        for found in (
            target.deliveries,
            events_backend.deliveries[:0],
            events_backend.deliveries.where(rule="ship"),
        ):
            assert "did you mean 'ship'?" in refusal(found.where, rule="shpi")


class TestNotRefused:
    def test_nothing_exists_yet(self, events_backend):
        assert events_backend.deliveries.where(rule="ship", target="t", bus="orders") == []
        assert events_backend.dead_letters.where(queue="q") == []

    @pytest.mark.usefixtures("made")
    def test_what_is_like_nothing_may_come_later(self, events_backend):
        assert events_backend.deliveries.where(rule="refund") == []

    @pytest.mark.usefixtures("made")
    def test_a_number_tells_things_apart(self, events, events_backend):
        events.put_rule(Name="rule-1", EventPattern=PATTERN)
        assert events_backend.deliveries.where(rule="rule-2") == []

    @pytest.mark.usefixtures("made")
    def test_what_was_deleted_existed(self, events, events_backend):
        before = events_backend.snapshot()
        events.remove_targets(Rule="ship", EventBusName="orders", Ids=["queue"])
        for name in ("ship", "audit"):
            events.delete_rule(Name=name, EventBusName="orders")
        events.delete_event_bus(Name="orders")
        events.put_rule(Name="shop", EventPattern=PATTERN)
        assert events_backend.deliveries.where(rule="ship", target="queue", bus="orders") == []
        assert events_backend.dead_letters.where(queue=DEAD) == []
        events_backend.assert_not_delivered(rule="ship", bus="orders", target="queue")
        events_backend.restore(before)
        assert events_backend.deliveries.where(rule="ship") == []
        events_backend.reset()
        events.put_rule(Name="shop", EventPattern=PATTERN)
        assert "There are shop" in refusal(events_backend.deliveries.where, rule="ship")


def test_a_queue_may_be_asked_for_by_its_name(events, events_backend, made):
    events_backend.faults.inject("NO_RESOURCE", target=QUEUE)
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": "orders"}
    events.put_events(Entries=[entry])
    assert len(events_backend.dead_letters.where(queue="dead-orders", error_code="NO_RESOURCE")) == 1
    assert len(events_backend.dead_letters.where(queue=DEAD)) == 1


class TestFunctions:
    @pytest.fixture(autouse=True)
    def functions(self, events_backend):
        events_backend.lambda_function("ship", lambda _event, _context: None)
        events_backend.lambda_function("audit:live", lambda _event, _context: None)

    ARN = "arn:aws:lambda:us-east-1:123456789012:function:"

    def test_a_misspelt_function_is_refused(self, events_backend):
        assert refusal(events_backend.invocations.where, function="shipp") == (
            "invocations.where(function='shipp'): there is no such function, and there never was: did you mean 'ship'? "
            "There are audit and ship"
        )
        assert "did you mean 'ship'?" in refusal(events_backend.invocations[:0].where, function="shipp")
        assert f"did you mean '{self.ARN}ship'?" in refusal(
            events_backend.invocations.where(condition="Success").where, function=f"{self.ARN}shipp"
        )

    @pytest.mark.parametrize(
        "name", ["ship", "audit", f"{ARN}ship", f"{ARN}audit:live", "invoice", f"{ARN}ship:3"]
    )
    def test_others_are_not(self, events_backend, name):
        assert events_backend.invocations.where(function=name) == []


@pytest.mark.parametrize(
    ("records", "word", "hint"),
    [
        ("deliveries", "rules", "did you mean 'rule'?"),
        (
            "deliveries",
            "number",
            "there are bus, detail_type, rule, schedule, source, status, subscriber, target",
        ),
        ("dead_letters", "que", "did you mean 'queue'?"),
        ("invocations", "functions", "did you mean 'function'?"),
    ],
)
def test_a_keyword_that_does_not_exist_is_refused(events_backend, records, word, hint):
    assert (
        refusal(getattr(events_backend, records).where, **{word: "x"})
        == f"{records}.where({word}=...): {hint}"
    )


class TestSchedules:
    TARGET: ClassVar = {
        "Arn": QUEUE,
        "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
        "DeadLetterConfig": {"Arn": DEAD},
    }

    @pytest.fixture(autouse=True)
    def _made(self, events_backend):
        self.scheduler = events_backend.client("scheduler")
        asked = {"ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}}
        self.scheduler.create_schedule(Name="nightly", Target=self.TARGET, **asked)

    def test_a_misspelt_schedule_target_or_queue_is_refused(self, events_backend):
        assert refusal(events_backend.deliveries.where, schedule="nightli") == (
            "deliveries.where(schedule='nightli'): there is no such schedule, and there never was: "
            "did you mean 'nightly'? There are nightly"
        )
        assert f"did you mean {QUEUE!r}?" in refusal(events_backend.deliveries.where, target=QUEUE[:-1])
        assert "did you mean 'dead-orders'?" in refusal(events_backend.dead_letters.where, queue="dead-order")

    def test_a_schedule_that_was_deleted_is_known(self, events_backend):
        self.scheduler.delete_schedule(Name="nightly")
        arn = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly"
        for filters in ({"schedule": "nightly"}, {"schedule": arn}, {"target": QUEUE}):
            assert len(events_backend.deliveries.where(**filters)) == 1

    def test_dead_letters_have_codes_of_services(self, events_backend):
        assert events_backend.dead_letters.where(error_code="AccessDeniedException") == []
