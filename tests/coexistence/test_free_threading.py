"""CPython without its lock: threads share a mock and lose nothing."""

from __future__ import annotations

import sys
import threading

import pytest

pytestmark = pytest.mark.skipif(
    getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this Python runs with its global lock"
)

THREADS = 8
ROUNDS = 25


def test_threads_lose_nothing(events_backend, order):
    import boto3

    boto3.client("events").put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    got, failed, start = [], [], threading.Barrier(THREADS)
    shipped = events_backend.target("ship", got.append)

    def work(number):
        try:
            start.wait()
            session = boto3.Session(region_name="us-east-1")
            for turn in range(ROUNDS):
                name = f"rule-{number}-{turn}"
                client = session.client("events")
                client.put_rule(Name=name, EventPattern='{"source": ["other"]}')
                client.put_events(Entries=[order])
                events_backend.clock.advance(seconds=1)
        except BaseException as error:  # noqa: BLE001 - it is told by the test
            failed.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(got) == len(shipped.deliveries) == len(events_backend.events) == THREADS * ROUNDS
    assert len({received.event_id for received in events_backend.events}) == THREADS * ROUNDS
    pages = boto3.client("events").get_paginator("list_rules").paginate()
    assert len([rule for page in pages for rule in page["Rules"]]) == THREADS * ROUNDS + 1
