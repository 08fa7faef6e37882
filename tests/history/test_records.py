from __future__ import annotations

from typing import ClassVar

import pytest

from eventmock import OptionError, mock_events
from eventmock.history.delivery import Deliveries
from eventmock.history.records import Records

PATTERN = '{"source": ["shop"]}'


@pytest.fixture
def deliveries(events, events_backend, order):
    """Three deliveries of two rules on two buses."""
    events.create_event_bus(Name="orders")
    for bus in ("default", "orders"):
        events.put_rule(Name=f"on-{bus}", EventBusName=bus, EventPattern=PATTERN)
        target = {"Id": "t", "Arn": f"arn:aws:sqs:us-east-1:123456789012:{bus}"}
        events.put_targets(Rule=f"on-{bus}", EventBusName=bus, Targets=[target])
    events.put_events(Entries=[order, order | {"EventBusName": "orders"}, order | {"DetailType": "refund"}])
    return events_backend.deliveries


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 3),
        ({"rule": "on-default"}, 2),
        ({"rule": "arn:aws:events:us-east-1:123456789012:rule/orders/on-orders"}, 1),
        ({"target": "t"}, 3),
        ({"target": "arn:aws:sqs:us-east-1:123456789012:orders"}, 1),
        ({"bus": "orders"}, 1),
        ({"source": "shop"}, 3),
        ({"source": "other"}, 0),
        ({"detail_type": "refund"}, 1),
        ({"status": "delivered"}, 3),
        ({"status": "dropped"}, 0),
        ({"bus": "default", "detail_type": "order"}, 1),
    ],
)
def test_filters(deliveries, wanted, count):
    found = deliveries.where(**wanted)
    assert isinstance(found, Deliveries)
    assert len(found) == count


def test_bodies_and_details(deliveries):
    assert deliveries.details == [{"state": "PAID"}] * 3
    assert deliveries.bodies == [delivery.body for delivery in deliveries]


def test_a_status_that_there_is_not_is_told(deliveries):
    with pytest.raises(
        OptionError, match=r"where\(status='failed'\): there are dead-lettered, delivered, dropped, pen"
    ):
        deliveries.where(status="failed")


def test_a_repr_tells_the_story(deliveries):
    assert repr(deliveries[:1]) == (
        "[\n  <order from shop: rule 'on-default' on 'default' -> "
        "arn:aws:sqs:us-east-1:123456789012:default, delivered (recorded: nobody stands at the other end)>\n]"
    )
    assert repr(deliveries.where(bus="nope")) == "[]"


def test_records_equal_lists_and_each_other(deliveries):
    assert deliveries == list(deliveries)
    assert deliveries == Deliveries(deliveries)
    assert deliveries != []
    assert deliveries != "text"
    assert Records([]) == []
    assert deliveries[1:] == [deliveries[1], deliveries[2]]
    assert isinstance(deliveries[1:], Deliveries)


def test_what_became_of_an_event(events, events_backend, order):
    events.put_rule(Name="a", EventPattern='{"detail": {"state": ["NEW"]}}')
    events.put_rule(Name="b", EventPattern=PATTERN)
    events.put_events(Entries=[order])
    assert events_backend.events[0].problem == "matched b, but there are no targets"
    events_backend.target("b")
    events.put_events(Entries=[order])
    event = events_backend.events[1]
    assert event.matched == ["b"]
    assert [str(verdict) for verdict in event.unmatched] == [
        'a: detail.state held "PAID", wanted one of ["NEW"]'
    ]
    assert event.problem is None
    assert repr(event) == "<order from shop on 'default': matched b>"


def test_a_record_keeps_the_rules_as_they_stood(events, events_backend, order):
    events.put_rule(Name="a", EventPattern='{"detail": {"state": ["NEW"]}}')
    events.put_events(Entries=[order])
    events.put_rule(Name="a", EventPattern=PATTERN)
    events.put_rule(Name="later", EventPattern=PATTERN)
    [event] = events_backend.events
    assert [verdict.rule_name for verdict in event.unmatched] == ["a"]
    assert event.problem == "did not match the only rule on 'default'"


class TestWhoseRuleItIs:
    """One property says it, and all who ask, ask it."""

    BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"

    @pytest.fixture
    def owners(self, events, events_backend):
        """Rules of everybody that there is, on the default bus: by name, whether each is a user's."""
        events.put_rule(Name="mine", EventPattern=PATTERN)
        events_backend.add_managed_rule("theirs", managed_by="states.amazonaws.com", event_pattern=PATTERN)
        for name in ("kept", "emptied"):
            events.create_archive(ArchiveName=name, EventSourceArn=self.BUS)
        archived = "Events-Archive-emptied"
        ids = [target["Id"] for target in events.list_targets_by_rule(Rule=archived)["Targets"]]
        events.remove_targets(Rule=archived, Ids=ids, Force=True)
        return {"mine": True, "theirs": False, "Events-Archive-kept": False, archived: False}

    def test_it_is_true_of_users_rules_only(self, events, events_backend, owners, order):
        events.put_events(Entries=[order])
        [event] = events_backend.events
        assert {rule.name: rule.is_users_own for rule in event.rules} == owners
        told = {rule["name"]: rule["is_users_own"] for rule in events_backend.flow()["events"][0]["rules"]}
        assert told == owners

    def test_an_event_that_only_other_rules_matched_is_a_problem(self, events, events_backend, owners, order):
        events.delete_rule(Name="mine")
        events.put_events(Entries=[order])
        [event] = events_backend.events
        assert len(event.matched) == 3
        assert event.problem == "matched none of the 0 rules on 'default', but is in archive kept"


class TestWhatWasSeenStays:
    """Reports, snapshots and values that somebody keeps stay as they are, whatever the backend does next."""

    QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"

    @pytest.fixture
    def backend(self):
        with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
            client = backend.client()
            client.create_event_bus(Name="other")
            client.put_rule(Name="r", EventPattern=PATTERN)
            client.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": self.QUEUE}])
            backend.faults.inject(503, target=self.QUEUE, times=2)
            yield backend

    @staticmethod
    def goes_on(backend):
        backend.clock.advance(hours=1)
        backend.client().put_rule(Name="r", EventBusName="other", EventPattern=PATTERN)
        backend.client().put_rule(Name="r", EventPattern='{"source": ["none"]}')

    STEPS: ClassVar = {
        "goes on": lambda backend, _snapshot: TestWhatWasSeenStays.goes_on(backend),
        "restored": lambda backend, snapshot: backend.restore(snapshot),
        "reset": lambda backend, _snapshot: backend.reset(),
    }

    @pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
    @pytest.mark.parametrize("later", [False, True])
    def test_a_report(self, backend, order, step, later):
        backend.client().put_events(Entries=[order, order | {"Source": "none"}])
        snapshot = backend.snapshot()
        if later:
            backend.clock.advance(hours=1)
        asked, kept = backend.report_until_now(), backend.report_until_now()
        before = asked.text(), asked.flow(), asked.mermaid(), repr(asked.ledger.received[0].deliveries)
        step(backend, snapshot)
        assert (kept.text(), kept.flow(), kept.mermaid()) == before[:3]
        assert repr(kept.ledger.received[0].deliveries) == before[3]

    @pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
    def test_the_story(self, backend, order, step):
        backend.client().put_events(Entries=[order])
        snapshot = backend.snapshot()
        backend.clock.advance(hours=1)
        trace = backend.trace
        before = str(trace)
        assert "delivered" in before
        step(backend, snapshot)
        assert str(trace) == before

    def test_a_snapshot(self, backend, order):
        backend.client().put_events(Entries=[order])
        snapshot = backend.snapshot()
        before = backend.report(), backend.flow(), str(backend.trace)
        for _ in range(2):
            self.goes_on(backend)
            assert backend.report() != before[0]
            backend.restore(snapshot)
            assert (backend.report(), backend.flow(), str(backend.trace)) == before

    def test_the_progress_of_a_delivery(self, backend, order):
        backend.client().put_events(Entries=[order])
        [delivery] = backend.deliveries
        seen = delivery.progress
        backend.clock.advance(hours=1)
        assert (seen.status, len(seen.attempts), seen.ended) == ("pending", 1, None)
        assert (delivery.status, len(delivery.attempts)) == ("delivered", 3)

    def test_a_report_links_its_own_records(self, backend, order):
        other = "arn:aws:events:us-east-1:123456789012:event-bus/other"
        role = "arn:aws:iam::123456789012:role/r"
        backend.client().put_targets(Rule="r", Targets=[{"Id": "bus", "Arn": other, "RoleArn": role}])
        backend.client().put_events(Entries=[order])
        ledger = backend.report_until_now().ledger
        first, second = ledger.received
        assert second.arrived_by in first.deliveries
        assert {one.cause for one in ledger.deliveries} == {first}
        assert not {*ledger.received, *ledger.deliveries} & {*backend.events, *backend.deliveries}
