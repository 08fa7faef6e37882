from __future__ import annotations

import json
import threading

import pytest

from eventmock import EndlessLoop


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
    monkeypatch.setattr("eventmock.delivery.courier.MAX_CAUSED", 50)
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
    with pytest.raises(pytest.fail.Exception, match="enough"):
        events.put_events(Entries=[order])
    failed, left = events_backend.deliveries
    assert (failed.status, failed.error, failed.reason) == ("dropped", "Failed: enough", "Failed: enough")
    assert (left.status, left.attempts) == ("dropped", [])
    assert left.reason == "not carried out: the delivery before it broke off"


def test_an_error_is_one_line(events, events_backend, rule, order):
    def fail(_event):
        raise ValueError("first\nsecond")

    events_backend.target(rule, fail)
    events.put_events(Entries=[order])
    assert events_backend.deliveries[0].error == "ValueError: first"
