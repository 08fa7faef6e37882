from __future__ import annotations

import threading

import boto3
import pytest
from moto import mock_aws

from eventmock import MockStateError, mock_events
from eventmock.services.events.quotas import Quotas

ARN = "arn:aws:route53:::healthcheck/7f42c1d0-0000-4000-8000-000000000000"


class Tide:
    """A part that a service could have."""

    def __init__(self, state):
        self.level = 0
        self.own_lock = threading.Lock()

    def clear(self):
        self.level = 0

    def save(self):
        level = self.level

        def restore():
            self.level = level

        return restore


@pytest.fixture
def state():
    with mock_events(start_time="2026-01-01T12:00:00Z") as backend:
        yield backend.state


class TestParts:
    def test_a_part_is_made_once(self, state):
        assert state.part(Tide) is state.part(Tide)
        assert state.settings(Quotas) is state.settings(Quotas)

    def test_threads_that_ask_at_the_same_time_get_the_same_part(self, state):
        begin, found = threading.Barrier(8), []

        def ask():
            begin.wait(timeout=5)
            found.append(state.part(Tide))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({id(part) for part in found}) == 1

    def test_it_is_cleared_with_the_rest(self, state):
        state.part(Tide).level = 5
        state.clear()
        assert state.part(Tide).level == 0

    def test_it_is_saved_and_brought_back_as_often_as_wanted(self, state):
        state.part(Tide).level = 5
        snapshot = state.save()
        for _ in range(2):
            state.part(Tide).level = 9
            state.restore(snapshot)
            assert state.part(Tide).level == 5

    def test_one_that_was_made_after_the_snapshot_is_cleared(self, state):
        snapshot = state.save()
        state.part(Tide).level = 5
        state.settings(Quotas).rules_per_event_bus = 1
        state.restore(snapshot)
        assert state.part(Tide).level == 0
        assert state.settings(Quotas) == Quotas()

    def test_its_lock_is_among_the_locks_of_the_state(self, state):
        tide = state.part(Tide)
        assert tide.own_lock in state.locks
        assert state.locks[0] is state.lock
        assert state.clock.own_lock in state.locks


class TestPerform:
    def test_the_work_has_the_lock_and_what_it_causes_is_delivered(self, state):
        with_lock = []
        state.perform(lambda: with_lock.append(state.lock._is_owned()))
        assert with_lock == [True]
        assert not state.lock._is_owned()

    def test_nothing_is_done_for_a_mock_that_has_stopped(self):
        with mock_events() as backend:
            pass
        with pytest.raises(MockStateError, match="has stopped"):
            backend.state.perform(lambda: None)


@mock_aws
def test_moto_is_never_called_while_the_lock_is_held(monkeypatch):
    """Neither for secrets, roles and health checks, nor for targets and dead-letter queues."""
    held = []

    def note_lock(state, call):
        def call_and_note(request):
            held.append((request.operation, state.lock._is_owned()))
            return call(request)

        return call_and_note

    with mock_events(strict=False) as backend:
        monkeypatch.setattr(backend.state.moto, "call", note_lock(backend.state, backend.state.moto.call))
        role = boto3.client("iam").create_role(
            RoleName="r",
            AssumeRolePolicyDocument='{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
            '"Principal": {"Service": "events.amazonaws.com"}}]}',
        )["Role"]["Arn"]
        queue = boto3.client("sqs", "us-east-1").create_queue(QueueName="q")
        assert queue["QueueUrl"]
        events, west = backend.client("events"), backend.client("events", region="us-west-2")
        basic = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
        events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=basic)
        events.update_connection(Name="c", AuthParameters=basic)
        events.deauthorize_connection(Name="c")
        events.delete_connection(Name="c")
        for client in events, west:
            client.create_event_bus(Name="orders")
        buses = [
            {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/orders"}
            for region in ("us-east-1", "us-west-2")
        ]
        endpoint = events.create_endpoint(
            Name="e",
            RoleArn=role,
            EventBuses=buses,
            RoutingConfig={
                "FailoverConfig": {"Primary": {"HealthCheck": ARN}, "Secondary": {"Route": "us-west-2"}}
            },
        )
        assert endpoint["State"] == "CREATING"
        assert backend.endpoint("e").serving_region == "us-east-1"
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        target = {"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}
        lost = {
            "Id": "nobody",
            "Arn": "arn:aws:sns:us-east-1:123456789012:t",
            "DeadLetterConfig": {"Arn": target["Arn"]},
        }
        events.put_targets(Rule="r", Targets=[target, lost])
        backend.faults.inject("NO_PERMISSIONS", target=lost["Arn"])
        events.put_events(Entries=[{"Source": "shop", "DetailType": "t", "Detail": "{}"}])
    assert {operation for operation, _ in held} >= {
        "CreateSecret",
        "PutSecretValue",
        "DeleteSecret",
        "GetRole",
        "GetHealthCheck",
        "SendMessage",
    }
    assert [operation for operation, with_lock in held if with_lock] == []
