from __future__ import annotations

from typing import ClassVar

import pytest

from eventmock import mock_events

PATTERN = '{"source": ["shop"]}'


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


class TestDeliveriesOfSchedules:
    QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"

    @pytest.fixture
    def backend(self):
        with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
            backend.faults.inject(503, target=self.QUEUE, times=1)
            backend.client("scheduler").create_schedule(
                Name="soon",
                ScheduleExpression="at(2026-11-21T12:01:00)",
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={"Arn": self.QUEUE, "RoleArn": "arn:aws:iam::123456789012:role/r"},
            )
            backend.clock.advance(minutes=1)
            yield backend

    def test_a_copy_does_not_change(self, backend):
        report = backend.report_until_now()
        before = report.text()
        backend.clock.advance(hours=1)
        assert report.text() == before
        assert [one.status for one in report.ledger.deliveries] == ["pending"]
        assert [one.status for one in backend.deliveries] == ["delivered"]

    def test_a_snapshot_has_their_progress(self, backend):
        snapshot = backend.snapshot()
        backend.clock.advance(hours=1)
        backend.restore(snapshot)
        assert [one.status for one in backend.deliveries] == ["pending"]
        backend.clock.advance(hours=1)
        assert [one.status for one in backend.deliveries] == ["delivered"]
