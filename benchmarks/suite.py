"""What a test pays: a suite of small tests, eventmock beside moto in one pytest run; events after a snapshot was
restored; and memory over many mocks.

    python benchmarks/suite.py [--tests N] [--cycles N]

Every test begins a mock, makes a fresh client, puts a rule, a target and an event and asserts the delivery. moto
calls no functions, so its event goes to a queue of moto's own, which the test reads with a client of the same session.
Blocks of tests of both take turns, so that each pays for its own garbage. Times are pytest's own: set-up, call and
tear-down of each test.

Tests that share a mock restore a snapshot each. The first event after that is compared with the one after it.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import tempfile
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path

import pytest

from eventmock import mock_events

BLOCK = 25
PATTERN = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
HEAD = f"""
import boto3
import pytest
from moto import mock_aws

PATTERN = {PATTERN!r}
ENTRY = {{"Source": "shop", "DetailType": "order", "Detail": '{{"state": "PAID", "total": 30}}'}}
QUEUE = {{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}}


@pytest.fixture
def moto_is_on(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


def put(events):
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=[QUEUE])
    events.put_events(Entries=[ENTRY])
"""
TESTS = {
    "eventmock": """

def test_eventmock_{number}(events_backend):
    put(boto3.client("events"))
    [delivery] = events_backend.deliveries
    assert delivery.event["detail"]["state"] == "PAID"
""",
    "moto": """

def test_moto_{number}(moto_is_on):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    put(boto3.client("events"))
    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert "PAID" in message["Body"]
""",
}


def suite_of(tests: int) -> str:
    """A module of that many tests of each, in blocks that take turns."""
    return HEAD + "".join(
        text.format(number=number)
        for block in range(0, tests, BLOCK)
        for text in TESTS.values()
        for number in range(block, min(block + BLOCK, tests))
    )


class Durations:
    """Adds up what each test took; what one block leaves behind is collected before the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if int(nodeid.rpartition("_")[2]) % BLOCK == 0:
            gc.collect()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name, _, number = report.nodeid.rpartition("::test_")[2].partition("_")
        self.seconds[name][number] += report.duration


def run_suite(tests: int) -> None:
    durations = Durations()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "test_suite.py")
        path.write_text(suite_of(tests), encoding="utf-8")
        arguments = [str(path), "-q", "--no-header", "-p", "no:cacheprovider", "--rootdir", directory]
        outcome = pytest.main([*arguments, "-c", "/dev/null"], plugins=[durations])
    if outcome != 0:
        raise SystemExit(int(outcome))
    # the first test of each imports what it mocks; a suite does that once
    means = {name: statistics.mean(list(seconds.values())[1:]) for name, seconds in durations.seconds.items()}
    first = {name: next(iter(seconds.values())) for name, seconds in durations.seconds.items()}
    print(f"\n{'a test (set-up, call, tear-down)':<40}{'mean':>12}{'first':>12}")
    for name, mean in means.items():
        print(f"{name:<40}{mean * 1e3:>9.2f} ms{first[name] * 1e3:>9.0f} ms")
    print(f"moto takes {means['moto'] / means['eventmock']:.1f} times as long")


def run_restores(rules: int) -> None:
    """Time the first and the second event after a snapshot was restored, with and without a rule of the test's own."""
    entry = {"Source": "shop-1", "DetailType": "order", "Detail": '{"state": "PAID", "total": 30}'}
    with mock_events() as backend:
        client = backend.client()
        for number in range(rules):
            wanted = {
                "source": [f"shop-{number % 10}"],
                "detail-type": [f"order-{number % 7}", "any"],
                "detail": {
                    "state": [f"s{number}", {"prefix": f"p{number}"}],
                    "total": [{"numeric": [">", number]}],
                },
            }
            client.put_rule(Name=f"r{number}", EventPattern=json.dumps(wanted))
        snapshot = backend.snapshot()
        seconds: dict[str, list[float]] = defaultdict(list)
        for turn in range(60):
            backend.restore(snapshot)
            names = ("first event after a restore", "second event")
            if turn % 2:
                client.put_rule(Name="own", EventPattern=PATTERN)
                names = ("first event after a restore and PutRule", "second event")
            for name in names:
                begun = time.perf_counter()
                client.put_events(Entries=[entry])
                seconds[name].append(time.perf_counter() - begun)
    print(f"\n{f'a bus of {rules} rules':<40}{'median':>12}{'first':>12}")
    for name, each in seconds.items():
        print(f"{name:<40}{statistics.median(each) * 1e3:>9.2f} ms{each[0] * 1e3:>9.2f} ms")


def run_cycles(cycles: int) -> None:
    def cycle() -> None:
        with mock_events():
            pass

    for _ in range(100):
        cycle()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(cycles):
        cycle()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    print(f"{cycles:,} mocks begun and ended: memory grew by {grown / 1024:.1f} KiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", type=int, default=200)
    parser.add_argument("--cycles", type=int, default=10_000)
    arguments = parser.parse_args()
    run_suite(arguments.tests)
    run_restores(100)
    run_cycles(arguments.cycles)


if __name__ == "__main__":
    main()
