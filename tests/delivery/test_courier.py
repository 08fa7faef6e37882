from __future__ import annotations

import itertools
import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from eventmock import DeliveryFailed, EndlessLoop, MockStateError, OptionError, mock_events

ROLE = "arn:aws:iam::123456789012:role/r"


def make_api_destination(backend):
    """Make an API destination, and return its ARN."""
    events = backend.client()
    connection = events.create_connection(
        Name="c",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "secret"}},
    )
    destination = events.create_api_destination(
        Name="d",
        ConnectionArn=connection["ConnectionArn"],
        InvocationEndpoint="https://api.example.com/orders",
        HttpMethod="POST",
    )
    return destination["ApiDestinationArn"]


@pytest.fixture
def rule(events):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    return "r"


def test_a_function_gets_the_json_value(events, events_backend, rule, order):
    got = []
    events_backend.target(rule, got.append)
    events.put_events(Entries=[order])
    assert got == [events_backend.events[0].event]


def test_a_function_gets_the_text_where_it_is_no_json(events, events_backend, rule, order):
    got = []
    arn = "arn:aws:sqs:us-east-1:123456789012:q"
    transformer = {"InputTemplate": '"one"\n"two"'}
    events.put_targets(Rule=rule, Targets=[{"Id": "t", "Arn": arn, "InputTransformer": transformer}])
    events_backend.target(arn, got.append)
    events.put_events(Entries=[order])
    assert got == ['"one"\n"two"']


def test_an_exception_of_a_function_is_a_failed_attempt(events, events_backend, rule, order):
    def fail(_event):
        raise ValueError("no stock")

    target = events_backend.target(rule, fail)
    assert events.put_events(Entries=[order])["FailedEntryCount"] == 0
    [delivery] = target.deliveries
    assert (delivery.status, delivery.error, len(delivery.attempts)) == ("pending", "ValueError: no stock", 1)
    assert delivery.attempts[0].time >= delivery.time


def test_what_nobody_takes_is_recorded_as_delivered(events, events_backend, rule, order):
    target = events_backend.target(rule)
    events.put_events(Entries=[order])
    assert [(delivery.status, delivery.error) for delivery in target.deliveries] == [("delivered", None)]


def test_a_function_that_puts_events_is_called_again_after_what_waits(events, events_backend, order):
    events.put_rule(Name="first", EventPattern='{"source": ["shop"]}')
    events.put_rule(Name="second", EventPattern='{"source": ["shop", "warehouse"]}')
    order_of_calls = []

    def forward(event):
        order_of_calls.append(("first", event["source"]))
        events.put_events(Entries=[order | {"Source": "warehouse"}])
        order_of_calls.append("put")

    events_backend.target("first", forward)
    events_backend.target("second", lambda event: order_of_calls.append(("second", event["source"])))
    events.put_events(Entries=[order])
    assert order_of_calls == [("first", "shop"), "put", ("second", "shop"), ("second", "warehouse")]


def test_a_function_may_wait_for_a_thread_that_calls(events, events_backend, rule, order):
    def call_from_a_thread(_event):
        thread = threading.Thread(target=events.list_rules)
        thread.start()
        thread.join(timeout=10)
        assert not thread.is_alive()

    target = events_backend.target(rule, call_from_a_thread)
    events.put_events(Entries=[order])
    assert target.deliveries[0].status == "delivered"


def test_an_endless_loop_is_told(events, events_backend, rule, order):
    events_backend.target(rule, lambda _event: events.put_events(Entries=[order]))
    with pytest.raises(
        EndlessLoop, match="100 deliveries caused one another; the last is <order from shop: rule 'r'"
    ):
        events.put_events(Entries=[order])
    assert len(events_backend.deliveries) == 101
    events_backend.reset()
    events.put_events(Entries=[order])
    assert len(events_backend.events) == 1


def test_schedules_that_make_schedules_without_end_are_told(events_backend):
    client, role = events_backend.client("scheduler"), "arn:aws:iam::123456789012:role/scheduler"
    function = "arn:aws:lambda:us-east-1:123456789012:function:remind"

    def make(_event):
        client.create_schedule(
            Name=f"s{len(events_backend.deliveries)}",
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": function, "RoleArn": role},
        )

    events_backend.target(function, make)
    with pytest.raises(
        EndlessLoop, match=r"makes schedules that fire at once, as rate\(...\) does: give them"
    ):
        make(None)


def test_each_thread_delivers_its_own(events, events_backend, rule, order):
    seen = {}
    events_backend.target(
        rule, lambda event: seen.setdefault(event["detail"]["number"], threading.get_ident())
    )

    def put(number):
        events.put_events(Entries=[order | {"Detail": json.dumps({"number": number})}])
        assert seen[number] == threading.get_ident()

    threads = [threading.Thread(target=put, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(20))
    assert len(events_backend.deliveries) == len(events_backend.events) == 20


def test_a_loop_that_fans_out_is_told(events, events_backend, rule, order, monkeypatch):
    monkeypatch.setattr("eventmock.delivery.outbox.MAX_CAUSED", 50)
    for _ in range(2):
        events_backend.target(rule, lambda _event: events.put_events(Entries=[order]))
    with pytest.raises(EndlessLoop, match="50 deliveries caused one another"):
        events.put_events(Entries=[order])
    assert events_backend.deliveries.where(status="pending") == []


def test_what_ends_the_test_at_once_is_on_record(events, events_backend, rule, order):
    def stop(_event):
        pytest.fail("enough")

    events_backend.target(rule, stop)
    events_backend.target(rule)
    with pytest.raises(pytest.fail.Exception, match="enough") as ended:
        events.put_events(Entries=[order])
    failed, left = events_backend.events[0].deliveries
    assert (failed.status, failed.error, failed.reason) == ("dropped", "Failed: enough", "Failed: enough")
    assert failed.attempts[0].exception is ended.value
    assert failed.attempts[0].details[0].endswith(' in stop: pytest.fail("enough")')
    assert (left.status, len(left.attempts)) == ("delivered", 1)


def test_an_error_is_one_line(events, events_backend, rule, order):
    def fail(_event):
        raise ValueError("first\nsecond")

    events_backend.target(rule, fail)
    events.put_events(Entries=[order])
    assert events_backend.deliveries[0].error == "ValueError: first"


class TestRetries:
    QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
    DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"

    @pytest.fixture
    def backend(self):
        with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
            yield backend

    @pytest.fixture
    def put(self, backend, order):
        """A function that has an event delivered to the queue, and gives the delivery."""

        def put(policy=None, dead_letter_queue=None, **more):
            members = {"Id": "q", "Arn": self.QUEUE, **more}
            if policy is not None:
                members["RetryPolicy"] = policy
            if dead_letter_queue is not None:
                members["DeadLetterConfig"] = {"Arn": dead_letter_queue}
            events = backend.client()
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            events.put_targets(Rule="r", Targets=[members])
            events.put_events(Entries=[order])
            return backend.events[-1].deliveries[0]

        return put

    @staticmethod
    def waits(delivery):
        times = [delivery.time, *(attempt.time for attempt in delivery.attempts)]
        return [int((after - before).total_seconds()) for before, after in itertools.pairwise(times)]

    def test_the_first_attempt_is_at_once_and_waits_double(self, backend, put):
        backend.faults.inject(503, target=self.QUEUE)
        delivery = put()
        assert (delivery.status, len(delivery.attempts)) == ("pending", 1)
        planned = delivery.next_attempt
        backend.clock.advance(seconds=2)
        assert delivery.attempts[1].time == planned
        backend.clock.advance(hours=24)
        for number, wait in enumerate(self.waits(delivery)[1:]):
            assert min(2**number, 4096) <= wait <= min(2**number, 4096) * 1.25

    def test_it_is_delivered_as_soon_as_the_target_takes_it(self, backend, put):
        backend.faults.inject(503, target=self.QUEUE, times=2)
        delivery = put()
        backend.clock.advance(hours=24)
        assert (delivery.status, len(delivery.attempts), delivery.outcome) == (
            "delivered",
            3,
            "delivered at attempt 3 (recorded: nobody stands at the other end)",
        )
        assert delivery.ended == delivery.attempts[-1].time
        assert backend.dead_letters == []

    def test_what_is_permanent_is_not_tried_again(self, backend, put):
        backend.faults.inject("AccessDeniedException", target=self.QUEUE)
        delivery = put(dead_letter_queue=self.DEAD)
        assert (delivery.status, len(delivery.attempts), backend.clock.pending) == ("dead-lettered", 1, [])
        [letter] = backend.dead_letters
        assert letter.attributes == {
            "RULE_ARN": "arn:aws:events:us-east-1:123456789012:rule/r",
            "TARGET_ARN": self.QUEUE,
            "ERROR_CODE": "NO_PERMISSIONS",
            "ERROR_MESSAGE": "AccessDeniedException: injected by the test",
        }
        assert (letter.queue_arn, letter.body, letter.taken_by) == (
            self.DEAD,
            delivery.envelope.text,
            "nobody",
        )
        assert letter.json == delivery.event

    @pytest.mark.parametrize("attempts", [0, 1, 4])
    def test_it_is_out_of_attempts(self, backend, put, attempts):
        backend.faults.inject("ThrottlingException", target=self.QUEUE)
        delivery = put({"MaximumRetryAttempts": attempts}, self.DEAD)
        backend.clock.advance(hours=24)
        assert len(delivery.attempts) == attempts + 1
        assert backend.dead_letters[0].attributes == {
            "RULE_ARN": "arn:aws:events:us-east-1:123456789012:rule/r",
            "TARGET_ARN": self.QUEUE,
            "ERROR_CODE": "THROTTLING",
            "ERROR_MESSAGE": "ThrottlingException: Rate exceeded",
            "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
            "RETRY_ATTEMPTS": str(attempts),
        }
        assert delivery.reason == (
            "THROTTLING: ThrottlingException: Rate exceeded; MaximumRetryAttempts reached after "
            f"{'1 retry' if attempts == 1 else f'{attempts} retries'}"
        )

    def test_it_is_too_old_at_the_moment_at_which_its_age_is_up(self, backend, put):
        backend.faults.inject("ThrottlingException", target=self.QUEUE)
        delivery = put({"MaximumEventAgeInSeconds": 60}, self.DEAD)
        backend.clock.advance(seconds=59.9)
        assert (delivery.status, delivery.next_attempt) == ("pending", None)
        assert [due.what for due in backend.clock.pending] == [f"order from shop for {self.QUEUE} is too old"]
        backend.clock.advance(seconds=0.1)
        assert delivery.ended == delivery.time + timedelta(seconds=60)
        [letter] = backend.dead_letters
        assert letter.time == delivery.ended
        assert letter.attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"
        assert letter.attributes["RETRY_ATTEMPTS"] == str(len(delivery.attempts) - 1) == "5"

    def test_its_age_counts_from_its_arrival_and_not_from_its_own_time(self, backend, put, order):
        order["Time"] = datetime(2020, 1, 1, tzinfo=UTC)
        backend.faults.inject(503, target=self.QUEUE, times=1)
        delivery = put()
        backend.clock.advance(minutes=1)
        assert (delivery.status, delivery.event["time"]) == ("delivered", "2020-01-01T00:00:00Z")

    def test_without_a_dead_letter_queue_the_event_is_lost(self, backend, put):
        backend.faults.inject(TimeoutError, target=self.QUEUE)
        delivery = put({"MaximumRetryAttempts": 0})
        assert (delivery.status, delivery.dead_letter) == ("dropped", None)
        assert delivery.reason == (
            "TIMEOUT: TimeoutError: injected by the test; MaximumRetryAttempts reached after 0 retries; "
            "there is no dead-letter queue, so the event is lost"
        )

    def test_a_dead_letter_queue_that_fails_loses_the_event(self, backend, put):
        backend.faults.inject("NO_RESOURCE", kind="SQS queue")
        delivery = put(dead_letter_queue=self.DEAD)
        assert (delivery.status, delivery.dead_letter, backend.dead_letters) == ("dropped", None, [])
        assert delivery.reason == (
            "NO_RESOURCE: injected by the test; the dead-letter queue did not take it "
            "(NO_RESOURCE: injected by the test), so the event is lost"
        )

    def test_a_function_gets_the_dead_letter(self, backend, put):
        got = []
        backend.target(self.DEAD, got.append)
        backend.faults.inject("NO_RESOURCE", target=self.QUEUE)
        delivery = put(dead_letter_queue=self.DEAD)
        assert got == [delivery.event]
        assert delivery.dead_letter.taken_by == "function"

    def test_an_assertion_about_a_dead_letter_fails_the_test(self, backend, put):
        def check(_event):
            raise AssertionError("no")

        backend.target(self.DEAD, check)
        backend.faults.inject("NO_RESOURCE", target=self.QUEUE)
        delivery = put(dead_letter_queue=self.DEAD)
        assert delivery.status == "dropped"
        with pytest.raises(AssertionError, match="no"):
            backend.check()

    def test_what_cannot_be_shaped_is_the_dead_letter_as_it_came_out(self, backend, put):
        transformer = {"InputPathsMap": {"d": "$.detail"}, "InputTemplate": '{"x": "<d>"}'}
        delivery = put(dead_letter_queue=self.DEAD, InputTransformer=transformer)
        assert (delivery.status, delivery.attempts) == ("dead-lettered", [])
        [letter] = backend.dead_letters
        assert letter.body == '{"x": "{"state":"PAID"}"}'
        assert letter.attributes["ERROR_CODE"] == "INVALID_JSON"
        assert "RETRY_ATTEMPTS" not in letter.attributes

    def test_an_empty_input_gives_the_event(self, backend, put):
        delivery = put(dead_letter_queue=self.DEAD, Input="")
        assert backend.dead_letters[0].body == delivery.envelope.text

    def test_a_call_that_cannot_be_made_is_permanent(self, backend, order):
        events = backend.client()
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        queue = "arn:aws:sqs:us-east-1:123456789012:q.fifo"
        target = {"Id": "s", "Arn": queue, "SqsParameters": {"MessageGroupId": "$.detail.nothing"}}
        events.put_targets(Rule="r", Targets=[target])
        events.put_events(Entries=[order])
        [delivery] = backend.deliveries
        assert delivery.reason.startswith("INVALID_PARAMETER: $.detail.nothing leads to nothing in the event")

    def test_a_function_says_exactly_what_failed(self, backend, put):
        def refuse(_event):
            raise DeliveryFailed("THROTTLING", "slowly", retry_after=timedelta(minutes=10))

        backend.target(self.QUEUE, refuse)
        delivery = put()
        assert delivery.next_attempt == delivery.time + timedelta(minutes=10)
        assert delivery.error == "THROTTLING: slowly"

    def test_an_assertion_is_the_test_s_own_and_not_tried_again(self, backend, put):
        def check(_event):
            raise AssertionError("assert 1 == 2")

        backend.target(self.QUEUE, check)
        delivery = put(dead_letter_queue=self.DEAD)
        assert (delivery.status, backend.clock.pending, backend.dead_letters) == ("dropped", [], [])
        assert delivery.reason == "AssertionError: assert 1 == 2 (the test's own; not tried again)"
        backend.state.outbox.errors_of_test.clear()

    def test_a_snapshot_holds_what_waits(self, backend, put):
        fault = backend.faults.inject(503, target=self.QUEUE)
        delivery = put()
        snapshot = backend.snapshot()
        for _ in range(2):
            fault.stop()
            backend.clock.advance(minutes=1)
            assert delivery.status == "delivered"
            backend.restore(snapshot)
            assert (delivery.status, len(delivery.attempts), delivery.ended) == ("pending", 1, None)

    def test_a_reset_forgets_what_waits(self, backend, put):
        backend.faults.inject(503, target=self.QUEUE)
        put()
        backend.reset()
        assert backend.clock.pending == backend.dead_letters == backend.deliveries == []

    def test_the_wall_clock_does_it_too(self, order):
        with freeze_time("2026-11-21 12:00:00") as frozen, mock_events(isolated=True) as backend:
            events = backend.client()
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            target = backend.target("r")
            backend.faults.inject(503, target=target.arn, times=1)
            events.put_events(Entries=[order])
            assert target.deliveries[0].status == "pending"
            frozen.tick(2)
            assert target.deliveries[0].status == "delivered"

    def test_delays_say_how_long_it_takes(self, backend, put):
        backend.delays.first_retry = timedelta(minutes=1)
        backend.delays.longest_retry = timedelta(minutes=3)
        backend.faults.inject(503, target=self.QUEUE)
        delivery = put({"MaximumRetryAttempts": 3})
        backend.clock.advance(hours=1)
        assert [wait // 60 for wait in self.waits(delivery)] == [0, 1, 2, 3]

    def test_what_ends_the_test_at_once_in_a_dead_letter_queue_is_on_record(self, backend, put):
        def stop(_event):
            raise KeyboardInterrupt

        backend.target(self.DEAD, stop)
        backend.faults.inject("NO_RESOURCE", target=self.QUEUE)
        with pytest.raises(KeyboardInterrupt):
            put(dead_letter_queue=self.DEAD)
        [delivery] = backend.deliveries
        assert delivery.reason == (
            "NO_RESOURCE: injected by the test; the dead-letter queue did not take it (KeyboardInterrupt), "
            "so the event is lost"
        )

    def test_a_new_target_may_have_a_policy_and_a_dead_letter_queue(self, backend, order):
        def fail(_event):
            raise OSError("no")

        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        target = backend.target(
            "r", fail, RetryPolicy={"MaximumRetryAttempts": 0}, DeadLetterConfig={"Arn": self.DEAD}
        )
        queue = backend.target(self.DEAD)
        backend.client().put_events(Entries=[order])
        assert [delivery.status for delivery in target.deliveries] == ["dead-lettered"]
        assert queue.dead_letters == backend.dead_letters == [target.deliveries[0].dead_letter]
        assert backend.dead_letters.where(error_code="TIMEOUT") == []

    def test_a_member_that_a_new_target_does_not_take_is_told(self, backend):
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        with pytest.raises(OptionError, match="only a rule's new target takes RetryPolicy"):
            backend.target(self.QUEUE, RetryPolicy={})
        with pytest.raises(OptionError, match=r"target\('r', RetryPolcy=...\): did you mean 'RetryPolicy'\?"):
            backend.target("r", RetryPolcy={})


class TestOddMoments:
    QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
    DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"

    @pytest.fixture
    def backend(self):
        with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
            yield backend

    @pytest.fixture
    def put(self, backend, order):
        def put(count=1):
            backend.client().put_events(Entries=[order] * count)

        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        return put

    def test_nothing_is_carried_out_once_the_mock_has_stopped(self, order):
        mock = mock_events(start_time="2026-11-21T12:00:00Z", isolated=True)
        backend = mock.start()
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        calls = []

        def fail(event):
            calls.append(event)
            raise OSError

        backend.target("r", fail)
        outage = backend.region("us-east-1").outage(starting=timedelta(seconds=30))
        backend.client().put_events(Entries=[order])
        backend.clock.advance(minutes=1)
        made = len(calls)
        mock.stop()
        with pytest.raises(MockStateError, match="this backend's mock has stopped"):
            outage.end()
        with pytest.raises(MockStateError):
            backend.region("us-east-1").outage()
        with outage:
            pass
        assert len(calls) == made

    def test_a_target_that_stops_the_mock_is_the_last_one(self, order):
        mock = mock_events(start_time="2026-11-21T12:00:00Z", isolated=True)
        backend = mock.start()
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        backend.target("r", lambda _event: mock.stop(quietly=True))
        later = []
        backend.target("r", later.append)
        backend.client().put_events(Entries=[order])
        assert (later, [one.status for one in backend.events[0].deliveries]) == ([], ["delivered", "dropped"])

    def test_a_retry_without_a_wait_is_tried_on_the_wall_clock(self, order):
        with mock_events(isolated=True) as backend:
            backend.delays.first_retry = backend.delays.longest_retry = timedelta(0)
            backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            target = backend.target("r", RetryPolicy={"MaximumRetryAttempts": 2})
            backend.faults.inject(503, target=target.arn)
            backend.client().put_events(Entries=[order])
            backend.clock.advance(seconds=5)
            [delivery] = target.deliveries
            assert (delivery.status, len(delivery.attempts)) == ("dropped", 3)
            assert "MaximumRetryAttempts reached after 2 retries" in delivery.reason

    def test_a_snapshot_holds_what_cannot_be_shaped_and_waits(self, backend, put):
        outages = []
        backend.target("r", lambda _event: outages.append(backend.region("us-east-1").outage()))
        transformer = {"InputPathsMap": {"x": "$.detail"}, "InputTemplate": '{"a": "<x>"}'}
        members = {"Id": "z", "Arn": self.QUEUE, "InputTransformer": transformer}
        members["DeadLetterConfig"] = {"Arn": self.DEAD}
        backend.client().put_targets(Rule="r", Targets=[members])
        put()
        waits = backend.events[0].deliveries[1]
        snapshot = backend.snapshot()
        for _ in range(2):
            assert waits.outcome == "pending: us-east-1 is out"
            outages[0].end()
            assert (waits.status, len(backend.dead_letters)) == ("dead-lettered", 1)
            backend.restore(snapshot)

    @pytest.mark.parametrize("way", ["reset", "restore"])
    def test_what_is_under_way_is_forgotten_by(self, backend, put, way):
        snapshot = backend.snapshot()
        calls = []

        def fail(event):
            calls.append(event)
            if len(calls) == 1:
                backend.reset() if way == "reset" else backend.restore(snapshot)
            raise OSError

        backend.target("r", fail)
        backend.target("r", calls.append)
        put()
        assert len(calls) == 1
        backend.clock.advance(hours=1)
        assert (len(calls), str(backend.trace), backend.clock.pending) == (1, "nothing happened", [])
        assert backend.clock.now() == datetime(2026, 11, 21, 13, tzinfo=UTC)

    @pytest.mark.parametrize("way", ["reset", "restore"])
    def test_the_clock_stays_where_it_was_put_by(self, backend, put, way):
        snapshot = backend.snapshot()

        def go_back(_event):
            backend.reset() if way == "reset" else backend.restore(snapshot)

        backend.target("r", go_back)
        backend.faults.inject(503, delivery=True, times=1)
        put()
        backend.clock.advance(hours=1)
        assert backend.clock.now() == datetime(2026, 11, 21, 12, tzinfo=UTC)

    def test_many_that_wait_are_no_loop(self, backend, put, monkeypatch):
        monkeypatch.setattr("eventmock.delivery.outbox.MAX_CAUSED", 5)
        other = backend.client(region="us-west-2")
        other.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        target = backend.target("r", region="us-west-2")
        bus = {"Id": "bus", "Arn": "arn:aws:events:us-west-2:123456789012:event-bus/default"}
        bus["RoleArn"] = "arn:aws:iam::123456789012:role/r"
        backend.client().put_targets(Rule="r", Targets=[bus])
        backend.faults.inject(503, target=bus["Arn"], times=30)
        for _ in range(3):
            put(10)
        with backend.region("us-east-1").outage():
            backend.clock.advance(seconds=2)
            assert {one.waits_for for one in backend.deliveries} == {"us-east-1"}
        assert len(target.deliveries) == 30

    def test_an_exception_without_a_text_of_its_own_is_a_failed_attempt(self, backend, put):
        class BrokenError(Exception):
            def __str__(self):
                raise ValueError("boo")

        def fail(_event):
            raise BrokenError

        backend.target("r", fail)
        backend.target("r")
        put()
        assert [one.status for one in backend.deliveries] == ["pending", "delivered"]
        assert backend.deliveries[0].error == "BrokenError: its text cannot be made"

    def test_a_wait_beyond_the_calendar_is_too_long(self, backend, put):
        def fail(_event):
            raise DeliveryFailed("THROTTLING", "x", retry_after=timedelta.max)

        target = backend.target("r", fail)
        put()
        backend.clock.advance(hours=24)
        assert target.deliveries[0].reason.startswith("THROTTLING: x; MaximumEventAgeInSeconds reached")

    def test_a_wait_is_a_timedelta(self):
        with pytest.raises(OptionError, match=r"DeliveryFailed\(retry_after=5\): wanted a timedelta"):
            DeliveryFailed("THROTTLING", "x", retry_after=5)

    def test_what_no_terminal_can_show_is_escaped(self, backend, put):
        def fail(_event):
            raise ValueError("\ud800 \x1b[31m")

        backend.target("r", fail)
        backend.client().put_events(Entries=[{"Source": "shop", "DetailType": "d\ud800\n", "Detail": "{}"}])
        for text in (repr(backend.deliveries), repr(backend.events), repr(backend.trace), str(backend.trace)):
            assert text.replace("\n", "").isprintable()

    def test_an_object_that_nobody_would_await_is_no_target(self, backend, put):
        class Handler:
            async def __call__(self, event): ...

        with pytest.raises(OptionError, match=r"nothing would await what <.*Handler object at .*> returns"):
            backend.target("r", Handler())


class TestASnapshotOfADelivery:
    """After a restore, every delivery that was pending has ended or is on the clock."""

    NAMES = ("a", "b", "c")

    @pytest.fixture
    def backend(self):
        with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
            backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            yield backend

    @pytest.fixture
    def calls(self):
        """Which targets were called, in order."""
        return []

    @pytest.fixture
    def targets(self, backend, calls):
        """A function that gives the rule three targets; the second does something once it is called."""

        def targets(do):
            def second(_event):
                calls.append("b")
                do()

            for name in self.NAMES:
                backend.target("r", second if name == "b" else lambda _event, name=name: calls.append(name))

        return targets

    @staticmethod
    def fates(backend):
        return [(one.status, len(one.attempts)) for one in backend.events[0].deliveries]

    def test_restored_at_once_changes_nothing(self, backend, calls, targets, order):
        targets(lambda: backend.restore(backend.snapshot()))
        backend.client().put_events(Entries=[order])
        assert (calls, self.fates(backend)) == (["a", "b", "c"], [("delivered", 1)] * 3)
        assert str(backend.trace).count("delivered") == 3

    def test_restored_at_once_by_a_target_that_fails_is_tried_again(self, backend, calls, targets, order):
        def fail():
            backend.restore(backend.snapshot())
            if len(calls) == 2:
                raise OSError

        targets(fail)
        backend.client().put_events(Entries=[order])
        assert self.fates(backend) == [("delivered", 1), ("pending", 1), ("delivered", 1)]
        backend.clock.advance(hours=1)
        assert (calls, self.fates(backend)[1]) == (["a", "b", "c", "b"], ("delivered", 2))
        assert backend.clock.now() == datetime(2026, 11, 21, 13, tzinfo=UTC)

    def test_restored_later_carries_out_what_was_on_hand(self, backend, calls, targets, order):
        taken = []
        targets(lambda: taken.append(backend.snapshot()))
        backend.client().put_events(Entries=[order])
        for _ in range(2):
            calls.clear()
            backend.restore(taken[0])
            assert self.fates(backend) == [("delivered", 1)] * 3
            assert calls == ["b", "c"]

    def test_restored_after_a_reset_in_the_same_call(self, backend, calls, targets, order):
        def go():
            snapshot = backend.snapshot()
            backend.reset()
            backend.restore(snapshot)

        targets(go)
        backend.client().put_events(Entries=[order])
        assert (calls, self.fates(backend)) == (["a", "b", "c"], [("delivered", 1)] * 3)

    def test_a_second_attempt_that_is_under_way_counts_for_the_first(self, backend, calls, targets, order):
        taken = []

        def go():
            if not taken:
                taken.append(backend.snapshot())
                raise OSError
            backend.restore(taken[0])

        targets(go)
        backend.client().put_events(Entries=[order])
        backend.clock.advance(minutes=1)
        assert self.fates(backend) == [("delivered", 1)] * 3
        assert backend.clock.pending == []

    def test_what_the_tester_is_to_be_told_is_not_lost(self, backend, targets, order):
        def fail():
            raise AssertionError("not paid")

        targets(fail)
        backend.target("r", lambda _event: backend.restore(backend.snapshot()))
        backend.client().put_events(Entries=[order])
        with pytest.raises(AssertionError, match="not paid"):
            backend.check()

    def test_a_dead_letter_that_is_under_way_ends_once(self, backend, order):
        dead = "arn:aws:sqs:us-east-1:123456789012:dead"
        target = backend.target("r", DeadLetterConfig={"Arn": dead})
        backend.target(dead, lambda _event: backend.restore(backend.snapshot()))
        backend.faults.inject("NO_RESOURCE", target=target.arn)
        backend.client().put_events(Entries=[order])
        assert (self.fates(backend), len(backend.dead_letters)) == ([("dead-lettered", 1)], 1)

    @pytest.mark.parametrize("way", ["reset", "restore"])
    def test_an_event_that_is_forgotten_goes_to_no_other_bus(self, backend, order, way):
        before = backend.snapshot()
        other = backend.client().create_event_bus(Name="other")["EventBusArn"]
        role = "arn:aws:iam::123456789012:role/r"
        backend.client().put_targets(Rule="r", Targets=[{"Id": "bus", "Arn": other, "RoleArn": role}])

        def forget(_delivery):
            backend.reset() if way == "reset" else backend.restore(before)

        backend.faults.inject(503, delivery=forget)
        backend.client().put_events(Entries=[order])
        assert (list(backend.events), backend.flow()["events"]) == ([], [])

    @pytest.mark.parametrize(
        "raised",
        [None, OSError("down"), DeliveryFailed("NO_RESOURCE"), AssertionError("not paid")],
        ids=["succeeds", "may be tried again", "fails for good", "is wrong"],
    )
    @pytest.mark.parametrize("way", ["reset", "restore"])
    def test_what_a_target_does_after_it_was_forgotten_is_not_written_down(
        self, backend, calls, order, way, raised
    ):
        before, begun = backend.snapshot(), []

        def forget(_event):
            calls.append(way)
            begun.extend(backend.deliveries)
            backend.reset() if way == "reset" else backend.restore(before)
            if raised is not None:
                raise raised

        backend.target("r", forget)
        backend.client().put_events(Entries=[order])
        assert (calls, len(begun)) == ([way], 1)
        assert (begun[0].status, begun[0].attempts) == ("pending", [])
        assert (
            backend.state.ledger.received,
            backend.state.ledger.deliveries,
            backend.state.ledger.journal,
        ) == ([], [], [])
        assert (backend.deliveries, str(backend.trace)) == ([], "nothing happened")
        assert (backend.flow()["events"], backend.flow()["steps"]) == ([], [])
        assert backend.clock.pending == []
        backend.check()

    @pytest.mark.parametrize("way", ["reset", "restore"])
    def test_what_comes_after_it_was_forgotten_is_written_down(self, backend, calls, order, way):
        before = backend.snapshot()

        def forget(_event):
            calls.append(way)
            backend.reset() if way == "reset" else backend.restore(before)
            backend.client().put_rule(Name="new", EventPattern='{"source": ["shop"]}')
            backend.target("new", lambda _event: calls.append("new"))
            backend.client().put_events(Entries=[order])

        backend.target("r", forget)
        backend.client().put_events(Entries=[order])
        assert calls == [way, "new"]
        assert [(one.rule_name, one.status) for one in backend.deliveries] == [("new", "delivered")]
        assert str(backend.trace).count("delivered") == len(backend.state.ledger.received) == 1

    @pytest.mark.parametrize("way", ["reset", "restore"])
    def test_another_thread_forgets_what_a_target_then_takes(self, backend, order, way):
        called, may_go_on, before = threading.Event(), threading.Event(), backend.snapshot()

        def wait(_event):
            called.set()
            assert may_go_on.wait(10)

        backend.target("r", wait)
        client = backend.client()
        thread = threading.Thread(target=client.put_events, kwargs={"Entries": [order]})
        thread.start()
        assert called.wait(10)
        backend.reset() if way == "reset" else backend.restore(before)
        may_go_on.set()
        thread.join(10)
        assert (backend.state.ledger.journal, backend.deliveries, list(backend.trace)) == ([], [], [])

    def test_by_another_thread_while_a_target_is_called(self, backend, order):
        called, may_go_on = threading.Event(), threading.Event()

        def wait(_event):
            called.set()
            assert may_go_on.wait(10)

        backend.target("r", wait)
        backend.target("r")
        client = backend.client()
        thread = threading.Thread(target=client.put_events, kwargs={"Entries": [order]})
        thread.start()
        assert called.wait(10)
        snapshot = backend.snapshot()
        backend.restore(snapshot)
        may_go_on.set()
        thread.join(10)
        assert self.fates(backend) == [("delivered", 1)] * 2
        backend.restore(snapshot)
        assert self.fates(backend) == [("delivered", 1)] * 2

    def test_of_an_earlier_moment_and_then_of_a_later_one(self, backend, targets, order):
        taken = []
        targets(lambda: taken.append(backend.snapshot()))
        backend.client().put_events(Entries=[order])
        late = backend.snapshot()
        backend.restore(taken[0])
        backend.restore(late)
        assert self.fates(backend) == [("delivered", 1)] * 3
        assert backend.clock.pending == []

    def test_only_the_thread_that_took_it_last_ends_it(self, backend, order):
        called, may_go_on = threading.Event(), threading.Event()

        def call(_event):
            if threading.current_thread() is other:
                called.set()
                assert may_go_on.wait(10)
                raise OSError
            if not other.ident:
                raise OSError
            may_go_on.set()
            other.join(10)

        backend.target("r", call)
        outage = backend.region("us-east-1").outage(starting=timedelta(seconds=1))
        other = threading.Thread(target=outage.end)
        backend.client().put_events(Entries=[order])
        on_the_clock = backend.snapshot()
        backend.clock.advance(hours=1)
        assert backend.deliveries[0].waits_for == "us-east-1"
        other.start()
        assert called.wait(10)
        backend.restore(on_the_clock)
        outage.end()
        backend.clock.advance(hours=1)
        assert (self.fates(backend), backend.clock.pending) == ([("delivered", 2)], [])

    def test_a_request_that_is_sent_after_it_was_forgotten_is_not_written_down(self, backend, order):
        taken = []
        arn = make_api_destination(backend)
        backend.http("https://api.example.com/*", lambda _call: None)
        backend.client().put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn, "RoleArn": ROLE}])
        backend.faults.inject(503, delivery=lambda _delivery: taken.append(backend.snapshot()) and False)
        backend.client().put_events(Entries=[order])
        [delivery] = backend.deliveries
        late, ended = backend.snapshot(), delivery.progress
        backend.faults.clear()
        backend.restore(taken[0])
        backend.faults.clear()
        backend.faults.inject(503, delivery=lambda _delivery: backend.restore(late))
        assert backend.deliveries[0].progress is ended

    def test_whenever_threads_restore(self, backend, order):
        def again(_event):
            snapshot = backend.snapshot()
            time.sleep(0)  # another thread may go on
            backend.restore(snapshot)

        for _ in range(3):
            backend.target("r", again)

        def put():
            client = backend.client()
            for _ in range(5):
                client.put_events(Entries=[order])

        threads = [threading.Thread(target=put) for _ in range(4)]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(interval)
        backend.clock.advance(hours=1)
        deliveries = [one for event in backend.events for one in event.deliveries]
        assert {one.status for one in deliveries} == {"delivered"}
        ended = [
            one for one, progress in backend.state.ledger.journal if progress is not None and progress.ended
        ]
        assert len(ended) == len(set(ended)) == len(deliveries)
        assert backend.clock.pending == []


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_comes_after_one_that_ends_the_test_is_not_lost(events, events_backend, rule, order, raised):
    got = []

    def stop(_event):
        raise raised

    for function in (got.append, stop, got.append, got.append):
        events_backend.target(rule, function)
    with pytest.raises(raised):
        events.put_events(Entries=[order])
    assert len(got) == 1
    deliveries = events_backend.events[0].deliveries
    assert [one.status for one in deliveries] == ["delivered", "dropped", "delivered", "delivered"]
    assert len(got) == 3


def test_a_delivery_that_has_ended_plans_no_attempt(events_backend):
    arn = "arn:aws:sqs:us-east-1:123456789012:q"
    scheduler = events_backend.client("scheduler")
    events_backend.faults.inject("ThrottlingException", target=arn)
    scheduler.create_schedule(
        Name="nightly",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE},
    )
    [delivery] = events_backend.deliveries
    assert delivery.next_attempt is not None
    scheduler.delete_schedule(Name="nightly")
    events_backend.clock.advance(minutes=1)
    assert (delivery.status, delivery.reason) == ("dropped", "the schedule was deleted")
    assert (delivery.next_attempt, delivery.waits_for) == (None, None)
