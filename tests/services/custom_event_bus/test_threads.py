"""Threads that publish on one bus, and snapshots that other threads take meanwhile."""

from __future__ import annotations

import threading
from collections import defaultdict

import pytest

from eventmock.services.custom_event_bus.batch_courier import readers_of

THREADS, EACH = 8, 6
ROLE = "arn:aws:iam::123456789012:role/deliver"


def in_threads(work):
    """Call a function with the numbers of some threads, at the same time; an error in one fails the test."""
    errors, barrier = [], threading.Barrier(THREADS)

    def run(number):
        try:
            barrier.wait()
            work(number)
        except Exception as raised:  # noqa: BLE001 - whatever it is, the test fails with it
            errors.append(raised)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize("fails_first", [False, True])
def test_each_event_is_delivered_once_in_the_order_of_its_group_by_many_threads(
    subscribed, backend, fails_first
):
    seen = set()

    def fail(value):
        number = value["detail"]["n"]
        if not fails_first or number % 5 or number in seen:
            return None
        seen.add(number)
        return ValueError("the first time")

    subscribed.failing["fifo"] = fail
    subscribed.subscribe("fifo", Type="FIFO")
    subscribed.subscribe("any", Type="UNORDERED")

    def publish(thread):
        for number in range(EACH):
            subscribed.publish(100 * thread + number, group=f"g{thread % 3}")

    in_threads(publish)
    if fails_first:
        backend.clock.advance(minutes=5)
    wanted = sorted(100 * thread + number for thread in range(THREADS) for number in range(EACH))
    assert sorted(subscribed.numbers("any")) == wanted
    got = subscribed.numbers("fifo")
    assert sorted(set(got)) == wanted
    assert len(got) == len(wanted) + len(seen)
    assert {one.status for one in backend.deliveries} == {"delivered"}

    place = {event.content["Data"]["detail"]["n"]: event for event in backend.bus_log("orders")}
    by_group = defaultdict(list)
    for number in dict.fromkeys(reversed(got)):  # of what failed, the last attempt counts
        by_group[place[number].event_group_id].insert(0, place[number].sequence_number)
    assert len(by_group) == 3
    assert all(numbers == sorted(numbers) for numbers in by_group.values())


@pytest.mark.parametrize("target", ["function", "custom", "classic"])
def test_a_restored_snapshot_of_another_thread_neither_repeats_nor_loses_an_event(
    backend, client, create, target
):
    """A part of the state takes an event and ends its delivery under one lock, so a snapshot has both or none."""
    bus, other, taken = create("from"), create("to"), []
    arn = {
        "function": "arn:aws:lambda:us-east-1:123456789012:function:work",
        "custom": other,
        "classic": "arn:aws:events:us-east-1:123456789012:event-bus/default",
    }[target]
    backend.lambda_function("work", lambda event, _context: taken.extend(event))
    client.create_subscriber(
        Name="s", EventBusArn=bus, InvokeConfiguration={"TargetArn": arn, "RoleArn": ROLE}
    )
    courier = readers_of(backend.state).courier
    snapshots, conclude = [], courier._conclude

    def snapshot_first(*given):
        thread = threading.Thread(target=lambda: snapshots.append(backend.snapshot()))
        thread.start()
        thread.join()
        conclude(*given)

    courier._conclude = snapshot_first
    client.put_events(EventBusArn=bus, Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}] * 2)
    [snapshot] = snapshots
    backend.restore(snapshot)
    backend.clock.advance(minutes=5)
    assert [one.status for one in backend.deliveries if one.subscriber_name == "s"] == ["delivered"] * 2
    arrived = {
        "function": lambda: backend.invocations,
        "custom": lambda: backend.bus_log(other),
        "classic": lambda: [event for event in backend.events if event.bus == "default"],
    }[target]()
    assert len(arrived) == (1 if target == "function" else 2)
