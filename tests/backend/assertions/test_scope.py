"""Names that were never there: an assertion with one would hold, or fail, for no reason."""

from __future__ import annotations

import pytest

from eventmock import OptionError

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
DEAD = "arn:aws:sqs:us-east-1:123456789012:ship-dead"
ASSERTIONS = (
    "assert_delivered",
    "assert_delivered_once",
    "assert_not_delivered",
    "assert_dead_lettered",
    "assert_dropped",
)


@pytest.fixture
def refusal():
    """A function that calls an assertion that is refused, and gives the text."""

    def refusal(assertion, **filters):
        with pytest.raises(OptionError) as caught:
            assertion(**filters)
        return str(caught.value)

    return refusal


@pytest.mark.parametrize("assertion", ASSERTIONS)
@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"rule": "shipp"}, "(rule='shipp'): there is no such rule: did you mean 'ship'?"),
        ({"rule": "x"}, "(rule='x'): there is no such rule: there are audit, ship"),
        (
            {"rule": "arn:aws:events:us-east-1:123456789012:rule/shi"},
            "(rule='arn:aws:events:us-east-1:123456789012:rule/shi'): there is no such rule: "
            "did you mean 'arn:aws:events:us-east-1:123456789012:rule/ship'?",
        ),
        ({"bus": "ordres"}, "(bus='ordres'): there is no such event bus: did you mean 'orders'?"),
        (
            {"bus": "orders", "rule": "ship"},
            "(rule='ship'): there is no such rule on orders: there are audit",
        ),
        ({"bus": "idle", "rule": "ship"}, "(rule='ship'): there is no rule on idle at all"),
        ({"target": "queu"}, "(target='queu'): there is no such target: did you mean 'queue'?"),
        ({"target": QUEUE + "s"}, f"(target='{QUEUE}s'): there is no such target: did you mean '{QUEUE}'?"),
        (
            {"rule": "ship", "target": "mail"},
            "(target='mail'): there is no such target of rule ship: there are queue",
        ),
        (
            {"bus": "orders", "rule": "audit", "target": "queue"},
            "(target='queue'): there is no target of rule audit on orders at all",
        ),
    ],
)
def test_a_name_that_was_never_there_is_told(backend, rule, refusal, assertion, filters, text):
    events = backend.client()
    for bus in ("orders", "idle"):
        events.create_event_bus(Name=bus)
    rule("ship")
    events.put_rule(Name="audit", EventBusName="orders", EventPattern='{"source": ["shop"]}')
    assert refusal(getattr(backend, assertion), **filters) == assertion + text


def test_a_bus_without_rules_is_a_bus(backend):
    backend.client().create_event_bus(Name="idle")
    backend.assert_not_delivered(bus="idle")


def test_a_rule_without_targets_is_a_rule(backend):
    backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    backend.assert_not_delivered(rule="ship")


def test_what_was_deleted_was_there(backend, rule, put):
    rule("ship", pattern='{"source": ["office"]}')
    rule("audit", bus="default")
    put({})
    events = backend.client()
    events.remove_targets(Rule="ship", Ids=["queue"])
    events.delete_rule(Name="ship")
    backend.assert_not_delivered(rule="ship", target="queue", bus="default")
    backend.target(QUEUE).assert_not_delivered(rule="ship")


def test_a_bus_that_was_deleted_was_there(backend, rule, put):
    events = backend.client()
    events.create_event_bus(Name="orders")
    rule("ship", bus="orders")
    put({}, EventBusName="orders")
    events.remove_targets(Rule="ship", EventBusName="orders", Ids=["queue"])
    events.delete_rule(Name="ship", EventBusName="orders")
    events.delete_event_bus(Name="orders")
    backend.assert_delivered_once(bus="orders", rule="ship")
    backend.assert_not_delivered(bus="orders", detail={"n": 1})


def test_a_bus_that_never_was_drops_events(backend, put, refusal):
    put({}, EventBusName="orders")
    assert len(backend.assert_dropped(bus="orders")) == 1
    assert refusal(backend.assert_not_delivered, bus="orders") == (
        "assert_not_delivered(bus='orders'): there is no such event bus: there are default"
    )


class TestQueues:
    @pytest.mark.parametrize(
        ("queue", "text"),
        [
            ("ship-daed", "did you mean 'ship-dead'?"),
            ("x", "there are ship-dead"),
            (DEAD + "s", f"did you mean '{DEAD}'?"),
        ],
    )
    def test_one_that_was_never_there_is_told(self, backend, rule, refusal, queue, text):
        rule(DeadLetterConfig={"Arn": DEAD})
        rule("audit")
        assert refusal(backend.assert_dead_lettered, queue=queue) == (
            f"assert_dead_lettered(queue={queue!r}): there is no such dead-letter queue: {text}"
        )

    def test_there_is_none(self, backend, rule, refusal):
        rule()
        assert refusal(backend.assert_dead_lettered, queue="ship-dead") == (
            "assert_dead_lettered(queue='ship-dead'): there is no dead-letter queue at all: "
            "no target has a DeadLetterConfig"
        )

    def test_one_of_a_target_that_was_removed_was_there(self, backend, rule, put):
        rule(DeadLetterConfig={"Arn": DEAD})
        backend.faults.inject("NO_RESOURCE", target=QUEUE)
        put({})
        backend.client().remove_targets(Rule="ship", Ids=["queue"])
        backend.assert_dead_lettered(queue="ship-dead")


class TestOfATarget:
    def test_an_arn_that_no_rule_has_is_told(self, backend, rule, refusal):
        target = backend.target(QUEUE)
        assert refusal(target.assert_not_delivered) == (
            f"assert_not_delivered() of {QUEUE}: there is no target at all"
        )
        rule(arn=QUEUE + "s")
        for name in (*ASSERTIONS, "assert_nothing_else_happened"):
            assert refusal(getattr(target, name)) == (
                f"{name}() of {QUEUE}: there is no such target: did you mean '{QUEUE}s'?"
            )

    def test_an_arn_that_an_event_met_was_there(self, backend, rule, put):
        rule(pattern='{"source": ["office"]}')
        put({})
        backend.client().remove_targets(Rule="ship", Ids=["queue"])
        backend.target(QUEUE).assert_not_delivered()

    def test_a_target_made_for_a_rule_was_there(self, backend):
        events = backend.client()
        events.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        ship = backend.target("ship")
        events.remove_targets(Rule="ship", Ids=["function-1"])
        events.delete_rule(Name="ship")
        ship.assert_not_delivered()
        ship.assert_nothing_else_happened()

    def test_a_dead_letter_queue_is_no_target(self, backend, rule, refusal):
        rule(DeadLetterConfig={"Arn": DEAD})
        dead = backend.target(DEAD)
        assert refusal(dead.assert_not_delivered) == (
            f"assert_not_delivered() of {DEAD}: that is a dead-letter queue: say assert_dead_lettered()"
        )

    def test_unless_it_is_both(self, backend, rule, put):
        rule("ship", DeadLetterConfig={"Arn": DEAD})
        rule("dead", arn=DEAD, pattern='{"source": ["office"]}')
        put({})
        backend.target(DEAD).assert_not_delivered()

    def test_a_kind_that_no_rule_has_is_told(self, backend, rule, refusal):
        rule()
        assert refusal(backend.target(kind="SNS topic").assert_not_delivered) == (
            "assert_not_delivered(): no rule has a target of the kind 'SNS topic'"
        )
        backend.target(kind="SQS queue").assert_not_delivered()

    def test_a_rule_that_has_another_target_is_told(self, backend, rule, refusal):
        rule("ship")
        rule("audit", arn=QUEUE + "s")
        assert refusal(backend.target(QUEUE).assert_not_delivered, rule="audit") == (
            "assert_not_delivered(rule='audit'): that does not go together with the target whose method it is"
        )
        backend.target(QUEUE).assert_not_delivered(rule="ship", target="queue", bus="default")

    def test_a_predicate_may_say_yes_to_any(self, backend, rule):
        backend.client().put_rule(Name="idle", EventPattern='{"source": ["shop"]}')
        backend.target(where=lambda _delivery: True).assert_not_delivered(rule="idle")


def test_the_logical_id_of_a_rule_is_no_name_and_is_told_with_what_to_say(events_backend):
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}}
    name = events_backend.deploy({"Resources": {"Paid": rule}}, stack="shop")["Paid"].name
    with pytest.raises(OptionError) as raised:
        events_backend.assert_delivered(rule="Paid")
    assert str(raised.value) == (
        f"assert_delivered(rule='Paid'): that is the logical ID of rule {name!r}: "
        "say deployment.rule('Paid').assert_delivered(...)"
    )


def test_the_logical_id_of_a_schedule_is_no_name_and_is_told_with_what_to_say(events_backend):
    schedule = {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {
            "ScheduleExpression": "rate(1 day)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": QUEUE, "RoleArn": "arn:aws:iam::123456789012:role/scheduler"},
        },
    }
    name = events_backend.deploy({"Resources": {"Nightly": schedule}}, stack="shop")["Nightly"].name
    with pytest.raises(OptionError) as raised:
        events_backend.assert_delivered(schedule="Nightly")
    assert str(raised.value) == (
        f"assert_delivered(schedule='Nightly'): that is the logical ID of schedule {name!r}: say "
        "deployment.schedule('Nightly').assert_delivered(...)"
    )


class TestSchedules:
    @pytest.mark.parametrize("assertion", ASSERTIONS)
    @pytest.mark.parametrize(
        ("filters", "text"),
        [
            (
                {"schedule": "nightli"},
                "(schedule='nightli'): there is no such schedule of EventBridge Scheduler: did you mean 'nightly'?",
            ),
            (
                {"schedule": "arn:aws:scheduler:us-east-1:123456789012:schedule/default/night"},
                "(schedule='arn:aws:scheduler:us-east-1:123456789012:schedule/default/night'): there is no such "
                "schedule of EventBridge Scheduler: did you mean "
                "'arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly'?",
            ),
            (
                {"schedule": "ship"},
                "(schedule='ship'): there is no such schedule, but there is such a rule: say rule='ship'",
            ),
            (
                {"rule": "nightly"},
                "(rule='nightly'): there is no such rule, but there is such a schedule of EventBridge Scheduler: "
                "say schedule='nightly'",
            ),
            (
                {"target": QUEUE[:-1]},
                f"(target='{QUEUE[:-1]}'): there is no such target: did you mean '{QUEUE}'?",
            ),
            (
                {"schedule": "nightly", "target": "queue"},
                f"(target='queue'): there is no such target of schedule nightly: there are {QUEUE}-late",
            ),
            (
                {"rule": "ship", "target": QUEUE + "-late"},
                f"(target='{QUEUE}-late'): there is no such target of rule ship: did you mean '{QUEUE}'?",
            ),
        ],
    )
    def test_a_name_that_was_never_there_is_told(
        self, backend, rule, schedule, refusal, assertion, filters, text
    ):
        rule()
        schedule(arn=QUEUE + "-late")
        assert refusal(getattr(backend, assertion), **filters) == assertion + text

    def test_there_is_none(self, backend, refusal):
        assert refusal(backend.assert_delivered, schedule="nightly") == (
            "assert_delivered(schedule='nightly'): there is no schedule of EventBridge Scheduler at all"
        )

    def test_a_schedule_that_exists_is_known_by_name_arn_and_target(self, backend, schedule):
        schedule(State="DISABLED")
        arn = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly"
        for filters in ({"schedule": "nightly"}, {"schedule": arn}, {"target": QUEUE}):
            backend.assert_not_delivered(**filters)
        backend.target(QUEUE).assert_not_delivered(schedule="nightly")

    def test_a_schedule_that_was_deleted_was_there(self, backend, schedule):
        schedule()
        backend.client("scheduler").delete_schedule(Name="nightly")
        backend.assert_delivered_once(schedule="nightly", target=QUEUE)
        backend.target(QUEUE).assert_delivered_once()

    def test_a_target_that_a_schedule_had_before_was_there(self, backend, schedule):
        schedule(target={"DeadLetterConfig": {"Arn": DEAD}}, State="DISABLED")
        backend.client("scheduler").update_schedule(
            Name="nightly",
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": f"{QUEUE}-late", "RoleArn": "arn:aws:iam::123456789012:role/r"},
        )
        backend.assert_not_delivered(schedule="nightly", target=f"{QUEUE}-late")
        backend.assert_not_delivered(schedule="nightly", target=QUEUE)
        backend.target(QUEUE).assert_not_delivered()
        with pytest.raises(AssertionError):
            backend.assert_dead_lettered(queue="ship-dead")

    def test_a_schedule_does_not_go_together_with_the_target_of_a_rule(
        self, backend, rule, schedule, refusal
    ):
        rule()
        schedule()
        assert refusal(backend.target("ship").assert_delivered, schedule="nightly") == (
            "assert_delivered(schedule='nightly'): that does not go together with the target whose method it is"
        )

    def test_error_codes_of_services_are_known_if_there_are_schedules(self, backend, schedule, refusal):
        asked = {"error_code": "AWS.SimpleQueueService.NonExistentQueue"}
        assert "error_code" in refusal(backend.assert_dead_lettered, **asked)
        schedule()
        for filters in (asked, {"schedule": "nightly", **asked}):
            with pytest.raises(AssertionError):
                backend.assert_dead_lettered(**filters)
        backend.client().put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        assert "error_code" in refusal(backend.assert_dead_lettered, rule="ship", **asked)
