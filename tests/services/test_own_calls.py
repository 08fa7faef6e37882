"""Schedules that call services of this mock."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import boto3
import pytest

from eventmock import mock_events

ACCOUNT, OTHER = "123456789012", "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/scheduler"
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
EVENT = {"Source": "shop", "DetailType": "night"}


def bus_arn(name="default", account=ACCOUNT):
    return f"arn:aws:events:us-east-1:{account}:event-bus/{name}"


@pytest.fixture
def backend():
    with mock_events(start_time="2026-05-01T00:00:00Z") as backend:
        yield backend


@pytest.fixture
def fire(backend):
    """A function that makes a schedule fire, and returns its delivery."""

    def fire(arn, given, backend=backend, **members):
        scheduler = boto3.client("scheduler", "us-east-1")
        scheduler.create_schedule(
            Name="nightly",
            ScheduleExpression="at(2026-05-01T01:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": ROLE, "Input": given, **members},
        )
        backend.clock.advance(hours=25)
        [delivery] = backend.deliveries.where(schedule="nightly")
        return delivery

    return fire


@pytest.fixture
def put(fire):
    """A function that puts an event on a bus by a schedule, and returns the delivery of the schedule."""
    return lambda detail='{"n": 1}', bus=None, **members: fire(
        bus or bus_arn(), detail, EventBridgeParameters=EVENT, **members
    )


def universal(action):
    return f"arn:aws:scheduler:::aws-sdk:{action}"


class TestPutEvents:
    def test_rules_of_the_bus_get_the_event(self, backend, put):
        got = []
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        backend.target("r", got.append)
        assert put().taken_by == "event bus"
        [event] = got
        assert {
            name: event[name] for name in ("detail-type", "source", "account", "detail", "resources")
        } == {
            "detail-type": "night",
            "source": "shop",
            "account": ACCOUNT,
            "detail": {"n": 1},
            "resources": [],
        }

    def test_the_trace_says_which_schedule_put_the_event(self, backend, put):
        delivery = put()
        [received] = backend.events
        assert (received.origin, received.arrived_by) == ("PutEvents", delivery)
        assert received.time == datetime(2026, 5, 1, 1, tzinfo=UTC)

    def test_a_universal_target_puts_events_too(self, backend, fire):
        entry = EVENT | {"Detail": "{}", "Time": "2026-01-01T00:00:00Z"}
        delivery = fire(universal("eventbridge:putEvents"), json.dumps({"Entries": [entry, entry]}))
        assert delivery.taken_by == "event bus"
        assert [event.arrived_by for event in backend.events] == [delivery] * 2
        assert backend.events[0].envelope.time == datetime(2026, 1, 1, tzinfo=UTC)

    def test_a_bus_that_does_not_exist_swallows_the_event(self, backend, put):
        assert put(bus=bus_arn("nope")).status == "delivered"
        assert backend.events[0].dropped is not None

    def test_a_detail_that_is_no_object_fails_the_attempt(self, put):
        delivery = put("[]", DeadLetterConfig={"Arn": DEAD})
        assert (delivery.status, len(delivery.attempts)) == ("dead-lettered", 1)
        assert delivery.dead_letter.attributes["ERROR_CODE"] == "MalformedDetail"
        assert delivery.dead_letter.attributes["ERROR_MESSAGE"] == "Detail is malformed."
        assert delivery.dead_letter.body == "[]"

    def test_a_failed_entry_is_tried_again_if_it_may_succeed_later(self, backend, put):
        backend.faults.inject("ThrottlingException", operation="PutEvents", times=1)
        delivery = put()
        assert (delivery.status, len(delivery.attempts)) == ("delivered", 2)

    def test_a_failed_entry_of_a_universal_target_is_not_looked_at(self, backend, fire):
        delivery = fire(universal("eventbridge:putEvents"), '{"Entries": [{"Source": "s"}]}')
        assert (delivery.status, len(delivery.attempts)) == ("delivered", 1)
        assert backend.events[0].refused is not None

    def test_an_event_that_no_rule_matches_is_a_problem_in_a_strict_mock(self):
        pattern = "unmatched: <night from shop"
        with (
            pytest.raises(Exception, match=pattern),
            mock_events(strict=True, start_time="2026-05-01T00:00:00Z") as backend,
        ):
            boto3.client("scheduler", "us-east-1").create_schedule(
                Name="nightly",
                ScheduleExpression="at(2026-05-01T01:00:00)",
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={
                    "Arn": bus_arn(),
                    "RoleArn": ROLE,
                    "Input": "{}",
                    "EventBridgeParameters": EVENT,
                },
            )
            backend.clock.advance(hours=2)

    def test_a_bus_of_another_account_gets_the_event(self, backend, put):
        backend.client(account=OTHER).create_event_bus(Name="b")
        assert put(bus=bus_arn("b", OTHER)).status == "delivered"
        [received] = backend.events
        assert (received.account, received.envelope.account) == (OTHER, ACCOUNT)

    @pytest.mark.parametrize("is_allowed", [True, False])
    def test_with_policies_that_bus_has_to_allow_it(self, is_allowed, fire):
        with mock_events(enforce_policies=True, isolated=True, start_time="2026-05-01T00:00:00Z") as backend:
            other = backend.client(account=OTHER)
            other.create_event_bus(Name="b")
            if is_allowed:
                other.put_permission(
                    EventBusName="b", Action="events:PutEvents", Principal=ACCOUNT, StatementId="s"
                )
            delivery = fire(
                bus_arn("b", OTHER),
                "{}",
                backend=backend,
                EventBridgeParameters=EVENT,
                DeadLetterConfig={"Arn": DEAD},
            )
            assert delivery.status == ("delivered" if is_allowed else "dead-lettered")
            if not is_allowed:
                assert delivery.dead_letter.attributes["ERROR_CODE"] == "AccessDeniedException"

    def test_a_snapshot_has_the_event_and_its_schedule(self, backend, put):
        snapshot = backend.snapshot()
        put()
        after = backend.snapshot()
        backend.restore(snapshot)
        assert (len(backend.events), len(backend.deliveries)) == (0, 0)
        backend.restore(after)
        assert backend.events[0].arrived_by is backend.deliveries[0]


class TestOtherOperations:
    def test_a_schedule_makes_a_rule(self, backend, fire):
        given = json.dumps({"name": "hourly", "scheduleExpression": "rate(1 hour)"})
        assert fire(universal("eventbridge:putRule"), given).taken_by == "service"
        assert backend.client().describe_rule(Name="hourly")["ScheduleExpression"] == "rate(1 hour)"

    def test_a_schedule_makes_a_schedule(self, backend, fire):
        given = {
            "Name": "second",
            "ScheduleExpression": "rate(1 hour)",
            "StartDate": "2026-05-01T02:00:00Z",
            "EndDate": 1777604400,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q", "RoleArn": ROLE},
        }
        fire(universal("scheduler:createSchedule"), json.dumps(given))
        shown = boto3.client("scheduler", "us-east-1").get_schedule(Name="second")
        assert shown["StartDate"] == datetime(2026, 5, 1, 2, tzinfo=UTC)
        assert shown["EndDate"] == datetime(2026, 5, 1, 3, tzinfo=UTC)
        times = [delivery.scheduled_time.hour for delivery in backend.deliveries.where(schedule="second")]
        assert times == [2, 3]

    def test_a_schedule_deletes_itself(self, fire):
        given = '{"Name": "nightly", "ClientToken": "t"}'
        assert fire(universal("scheduler:deleteSchedule"), given).status == "delivered"
        scheduler = boto3.client("scheduler", "us-east-1")
        assert scheduler.list_schedules()["Schedules"] == []

    def test_the_error_of_an_operation_fails_the_attempt(self, fire):
        delivery = fire(
            universal("eventbridge:disableRule"), '{"Name": "nope"}', DeadLetterConfig={"Arn": DEAD}
        )
        assert len(delivery.attempts) == 1
        assert delivery.dead_letter.attributes["ERROR_CODE"] == "ResourceNotFoundException"
        assert delivery.dead_letter.attributes["ERROR_MESSAGE"] == (
            "Rule nope does not exist on EventBus default."
        )
        assert delivery.dead_letter.attributes["CONTAINS_INVALID_PAYLOAD"] == "false"

    def test_the_constraints_of_the_model_hold(self, fire):
        delivery = fire(universal("eventbridge:deleteRule"), json.dumps({"Name": "x" * 65}))
        assert "ValidationException: 1 validation error detected" in delivery.reason

    def test_a_refusal_whose_name_says_nothing_is_not_tried_again(self, backend, fire):
        backend.faults.inject("ManagedRuleException", operation="PutRule", message="managed")
        delivery = fire(
            universal("eventbridge:putRule"), '{"Name": "r", "ScheduleExpression": "rate(1 hour)"}'
        )
        assert (delivery.status, len(delivery.attempts)) == ("dropped", 1)
        assert "ManagedRuleException: managed" in delivery.reason

    def test_a_fault_of_the_operation_hits(self, backend, fire):
        backend.faults.inject("InternalException", operation="PutRule", times=2)
        delivery = fire(
            universal("eventbridge:putRule"), '{"Name": "hourly", "ScheduleExpression": "rate(1 hour)"}'
        )
        assert (delivery.status, len(delivery.attempts)) == ("delivered", 3)
