"""Whether an event costs more after many events: a long run in one mock.

    python benchmarks/long_run.py [VARIANT ...] [--events N]

A mock with one rule, whose target is a function, gets 100,000 events. Each variant is a process of its own:

- one: PutEvents with one entry a call;
- ten: PutEvents with ten entries a call;
- looks: as ten; after each block the test reads `backend.deliveries` and asserts a delivery;
- tests: as ten, as in a mock of a class of tests: after each 10 events a snapshot is restored.

Prints, for each block of a tenth of the run, the events per CPU second and the bytes per event; then their medians, and
by how much the cost of an event grows over the whole run. Bytes are what the process has
from the system at most, so they need no tracing. The looks of a block are timed apart: each reads all events so far,
so they cost more the more there are.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from eventmock import mock_events

if TYPE_CHECKING:
    from eventmock.backend.events_backend import EventsBackend

VARIANTS: Final = ("one", "ten", "looks", "tests")
BLOCKS: Final = 10
A_TEST: Final = 10
"""The number of events of a test."""
PATTERN: Final = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
ENTRY: Final = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID", "total": 30}'}
UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""The bytes in which the system counts memory."""


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


def look(backend: EventsBackend) -> None:
    assert backend.deliveries[-1].status == "delivered"
    backend.assert_delivered(detail={"state": "PAID", "total": 30})


def run(variant: str, events: int) -> list[dict[str, float]]:
    """Return the figures of each block."""
    blocks = []
    with mock_events(isolated=True) as backend:
        client = backend.client()
        client.put_rule(Name="r", EventPattern=PATTERN)
        backend.target("r", lambda _event: None)
        snapshot = backend.snapshot()
        entries = [ENTRY] * (1 if variant == "one" else A_TEST)

        def put(count: int) -> None:
            for _ in range(count // len(entries)):
                client.put_events(Entries=entries)
                if variant == "tests":
                    backend.restore(snapshot)

        put(1000)
        gc.collect()
        for _ in range(BLOCKS):
            held, began = memory(), time.process_time()
            put(events // BLOCKS)
            took, grown = time.process_time() - began, memory() - held
            began = time.process_time()
            if variant == "looks":
                look(backend)
            looked = time.process_time() - began
            each = events // BLOCKS
            blocks.append({"seconds": took / each, "bytes": grown / each, "look": looked})
    return blocks


def growth(costs: list[float]) -> float:
    """Return by which part of its median a cost grows over the run: the median slope of two blocks, times the run.

    Medians, because the machine has other work, and because some blocks have one full garbage collection more.
    """
    slopes = [
        (late - early) / apart
        for (here, early), (there, late) in combinations(enumerate(costs), 2)
        for apart in [there - here]
    ]
    return statistics.median(slopes) * (len(costs) - 1) / statistics.median(costs)


def show(variant: str, blocks: list[dict[str, float]]) -> None:
    print(
        f"\n{variant:<12}{'events a CPU second':>20}{'bytes an event':>16}"
        + f"{'look':>12}" * (variant == "looks")
    )
    for number, block in enumerate(blocks, 1):
        look = f"{block['look'] * 1e3:>9.0f} ms" * (variant == "looks")
        print(f"block {number:<6}{1 / block['seconds']:>20,.0f}{block['bytes']:>16,.0f}{look}")
    seconds, held = ([block[name] for block in blocks] for name in ("seconds", "bytes"))
    print(f"{'median':<12}{1 / statistics.median(seconds):>20,.0f}{statistics.median(held):>16,.0f}")
    grown = "" if variant == "tests" else f"{growth(held):>+16.1%}"
    print(f"{'cost grows':<12}{growth(seconds):>+20.1%}{grown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variants", nargs="*", choices=[*VARIANTS, []], default=[])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--data", action="store_true", help="print the figures of one variant as JSON")
    arguments = parser.parse_args()
    if arguments.data:
        [variant] = arguments.variants
        print(json.dumps(run(variant, arguments.events)))
        return
    for variant in arguments.variants or VARIANTS:
        command = [sys.executable, __file__, variant, "--data", "--events", str(arguments.events)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own interpreter
        figures: Any = json.loads(done.stdout)
        show(variant, figures)


if __name__ == "__main__":
    main()
