"""What a test pays: a suite of small tests, eventmock beside moto in one pytest run; events after a snapshot was
restored; and memory over many mocks.

    python benchmarks/suite.py [--tests N] [--cycles N]

Every test makes a fresh client and puts a rule, a target and an event:

- floor: without a mock. The client comes from one session, which has read all its files, and botocore's send is
  replaced by constant answers;
- eventmock: a mock begins and ends, and the test asserts the delivery;
- moto: a mock begins and ends, and the test asserts the delivery. moto calls no functions, so its event goes to a queue
  of moto's own, which the test reads with a client of the same session.

Blocks of tests take turns, so that each pays for its own garbage. The figures are CPU time: set-up, call and tear-down
of each test. The first test of each imports what it uses; a suite does that once, so the mean is of the others.

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
from typing import TYPE_CHECKING

import pytest

from eventmock import mock_events

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 25
PATTERN = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
HEAD = f"""
import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session
from moto import mock_aws

PATTERN = {PATTERN!r}
ENTRY = {{"Source": "shop", "DetailType": "order", "Detail": '{{"state": "PAID", "total": 30}}'}}
QUEUE = {{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}}


SESSION = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1")
ANSWERS = {{
    "AWSEvents.PutRule": b'{{"RuleArn":"arn:aws:events:us-east-1:123456789012:rule/r"}}',
    "AWSEvents.PutTargets": b'{{"FailedEntryCount":0,"FailedEntries":[]}}',
    "AWSEvents.PutEvents": b'{{"FailedEntryCount":0,"Entries":[{{"EventId":"8c4f0a3e-0000-4000-8000-000000000000"}}]}}',
}}


class Body:
    def __init__(self, content):
        self.content = content

    def stream(self, **_options):
        yield self.content


@pytest.fixture
def constant_answers(monkeypatch):
    def send(_session, request):
        target = request.headers["X-Amz-Target"].decode()
        return AWSResponse(request.url, 200, {{}}, Body(ANSWERS[target]))

    monkeypatch.setattr(URLLib3Session, "send", send)


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
    "floor": """

def test_floor_{number}(constant_answers):
    put(SESSION.client("events"))
""",
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
    """Adds up what each test took of a CPU; what one block leaves behind is collected before the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        name, _, number = item.name.removeprefix("test_").partition("_")
        if int(number) % BLOCK == 0:
            gc.collect()
        self.seconds[name].append(0)
        yield from self._timed(item)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        yield from self._timed(item)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        yield from self._timed(item)

    def _timed(self, item: pytest.Item) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds[item.name.split("_")[1]][-1] += time.process_time() - start


def run_suite(tests: int) -> None:
    durations = Durations()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "test_suite.py")
        path.write_text(suite_of(tests), encoding="utf-8")
        arguments = [str(path), "-q", "--no-header", "-p", "no:cacheprovider", "--rootdir", directory]
        outcome = pytest.main([*arguments, "-c", "/dev/null"], plugins=[durations])
    if outcome != 0:
        raise SystemExit(int(outcome))
    means = {name: statistics.mean(seconds[1:]) for name, seconds in durations.seconds.items()}
    print(f"\n{'CPU time of a test':<40}{'mean':>12}{'first':>12}")
    for name, mean in means.items():
        print(f"{name:<40}{mean * 1e3:>9.2f} ms{durations.seconds[name][0] * 1e3:>9.0f} ms")
    print(
        f"eventmock takes {means['eventmock'] / means['floor']:.2f} times as long as the floor (at most 1.15)"
    )
    print(f"moto takes {means['moto'] / means['eventmock']:.1f} times as long as eventmock (at least 40)")


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
                begun = time.process_time()
                client.put_events(Entries=[entry])
                seconds[name].append(time.process_time() - begun)
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
