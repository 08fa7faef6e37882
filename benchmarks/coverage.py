"""What rule coverage costs: suites of tests with and without it, in one pytest run.

    python benchmarks/coverage.py [--tests N]

Three kinds of tests, each with half of its tests measured:

- small: a mock, 3 rules with a target each, 3 events;
- large: a mock, 30 rules with a target each, 10 events;
- shared: a mock of the whole module with 100 rules; each test puts 10 events in one request.

Blocks of tests take turns, so that each pays for its own garbage. The figures are CPU time: set-up, call and tear-down
of each test; for measured tests also the reading of the journal after it. The means leave out the first block of each.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eventmock.coverage.collector import Collector
from eventmock.mock import mock_events as mock

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 10
MOST = 1.10
SUITE = """
import json

import boto3
import pytest

from eventmock import mock_events


def deploy(events, rules):
    for number in range(rules):
        pattern = {
            "source": ["shop"],
            "detail-type": [f"type-{number % 10}"],
            "detail": {"state": ["PAID", "NEW"], "total": [{"numeric": [">", number]}]},
        }
        arn = f"arn:aws:sqs:us-east-1:123456789012:q{number}"
        events.put_rule(Name=f"r{number}", EventPattern=json.dumps(pattern))
        events.put_targets(Rule=f"r{number}", Targets=[{"Id": "1", "Arn": arn}])


def entry(kind, total):
    detail = json.dumps({"state": "PAID", "total": total, "customer": "Ada", "lines": [1, 2, 3]})
    return {"Source": "shop", "DetailType": f"type-{kind}", "Detail": detail}


def deployed():
    with mock_events(isolated=True) as backend:
        deploy(backend.client(), 100)
        yield backend


shared_plain = pytest.fixture(scope="module")(deployed)
shared_measured = pytest.fixture(scope="module")(deployed)
"""
TESTS = {
    "small": """

def test_small_{kind}_{number}(events_backend):
    events = boto3.client("events")
    deploy(events, 3)
    for kind in range(3):
        events.put_events(Entries=[entry(kind, {number})])
""",
    "large": """

def test_large_{kind}_{number}(events_backend):
    events = boto3.client("events")
    deploy(events, 30)
    for kind in range(10):
        events.put_events(Entries=[entry(kind, {number})])
""",
    "shared": """

def test_shared_{kind}_{number}(shared_{kind}):
    shared_{kind}.client().put_events(Entries=[entry(kind, {number}) for kind in range(10)])
""",
}


def suite_of(tests: int) -> str:
    """A module of that many tests of each kind, plain and measured in blocks that take turns."""
    return SUITE + "".join(
        text.format(kind=kind, number=number)
        for text in TESTS.values()
        for block in range(0, tests, BLOCK)
        for kind in ("plain", "measured")
        for number in range(block, min(block + BLOCK, tests))
    )


class Durations:
    """Adds up what each test took of a CPU, and measures those that are to be measured."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._collector = Collector(Path.cwd())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        _, size, kind, number = item.name.split("_")
        if int(number) % BLOCK == 0:
            gc.collect()
        start = time.process_time()
        if kind == "measured":
            self._collector.test = item.nodeid
            mock.observers.append(self._collector.watch)
        result = yield
        if kind == "measured":
            mock.observers.remove(self._collector.watch)
            self._collector.read()
        self.seconds[size, kind].append(time.process_time() - start)
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", type=int, default=100)
    tests = parser.parse_args().tests
    durations = Durations()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "test_suite.py")
        path.write_text(suite_of(tests), encoding="utf-8")
        arguments = [str(path), "-q", "--no-header", "-p", "no:cacheprovider", "--rootdir", directory]
        outcome = pytest.main([*arguments, "-c", "/dev/null"], plugins=[durations])
    if outcome != 0:
        raise SystemExit(int(outcome))
    print(f"\n{'CPU time of a test':<20}{'plain':>12}{'measured':>12}{'times':>8}   at most {MOST}")
    for size in TESTS:
        plain, measured = (
            statistics.mean(durations.seconds[size, kind][BLOCK:]) for kind in ("plain", "measured")
        )
        print(f"{size:<20}{plain * 1e3:>9.2f} ms{measured * 1e3:>9.2f} ms{measured / plain:>8.2f}")


if __name__ == "__main__":
    main()
