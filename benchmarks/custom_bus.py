"""What publishing on a custom event bus costs, and what many subscribers do.

    python benchmarks/custom_bus.py [--turns N] [--calls N] [--events N] [--subscribers N]

- PutEvents and PutRawEvents of one entry on a bus without subscribers, against the floor of ``calls.py``: the same call
  of boto3 with a constant answer. In turns, in one process, in CPU time.
- Events in requests of 100 entries, on a bus with subscribers whose targets are queues that are functions of the test,
  in a process of its own: events and deliveries a second of CPU time, and the growth of the memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from typing import Any, Final

from calls import CASES, measure, new_client, to_floor

from eventmock import mock_events

OPERATIONS: Final = ("PutEvents", "PutRawEvents")
ENTRIES: Final = 100
ROLE: Final = "arn:aws:iam::123456789012:role/deliver"


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024**2)


def deliver(events: int, subscribers: int) -> dict[str, Any]:
    """Publish events to subscribers, and return what it took."""
    got = [0]

    def take(_value: object) -> None:
        got[0] += 1

    with mock_events(region="us-east-1") as backend:
        client = new_client("eventbridgev2")
        arn = client.create_event_bus(Name="orders")["EventBusArn"]
        for number in range(subscribers):
            queue = f"arn:aws:sqs:us-east-1:123456789012:queue-{number}"
            client.create_subscriber(
                Name=f"subscriber-{number}",
                EventBusArn=arn,
                InvokeConfiguration={"TargetArn": queue, "RoleArn": ROLE},
            )
            backend.target(queue, take)
        before, begin, wall = peak_megabytes(), time.process_time(), time.perf_counter()
        for first in range(0, events, ENTRIES):
            numbers = range(first, min(first + ENTRIES, events))
            client.put_events(
                EventBusArn=arn,
                Entries=[
                    {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"number": number})}
                    for number in numbers
                ],
            )
        cpu, wall = time.process_time() - begin, time.perf_counter() - wall
        assert got[0] == events * subscribers, got
        return {"cpu": cpu, "wall": wall, "megabytes": peak_megabytes() - before}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--calls", type=int, default=100, help="calls a turn")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--subscribers", type=int, default=100)
    parser.add_argument("--deliver", action="store_true", help="deliver in this process, and print JSON")
    given = parser.parse_args()
    if given.deliver:
        print(json.dumps(deliver(given.events, given.subscribers)))
        return
    for case in CASES:
        if case.service == "eventbridgev2" and case.operation in OPERATIONS:
            measured = measure(case, given.turns, given.calls)
            ours, floor = (statistics.median(measured[name]) * 1e6 for name in ("eventmock", "floor"))
            ratio = to_floor(measured, "eventmock")
            print(
                f"{case.operation:<14}{ours:>8.0f} us, floor {floor:>6.0f} us, ratio {ratio:.2f}", flush=True
            )
    size = ["--events", str(given.events), "--subscribers", str(given.subscribers)]
    command = [sys.executable, __file__, "--deliver", *size]
    took = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603 - this file
    deliveries = given.events * given.subscribers
    print(
        f"{given.events:,} events to {given.subscribers:,} subscribers: {took['cpu']:.1f} s of CPU, "
        f"{took['wall']:.1f} s; {given.events / took['cpu']:,.0f} events and {deliveries / took['cpu']:,.0f} "
        f"deliveries a second of CPU; {took['megabytes']:,.0f} MB, "
        f"{took['megabytes'] * 2**20 / deliveries:,.0f} bytes a delivery"
    )


if __name__ == "__main__":
    main()
