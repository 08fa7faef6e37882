"""Whether an event costs more after many events: a long run in one mock.

    python benchmarks/long_run.py [VARIANT ...] [--events N]

A mock with one rule, whose target is a function, gets 100,000 events. Each variant is a process of its own:

- one: PutEvents with one entry a call;
- ten: PutEvents with ten entries a call;
- looks: as ten; after each block the test reads `backend.deliveries` and asserts a delivery;
- tests: as ten, as in a mock of a class of tests: after each 10 events a snapshot is restored.

Prints for each tenth of the run: the events per CPU second; the CPU time beside that of a second mock, which gets as
many events in turns and forgets them after each turn; and the bytes per event. Then the medians, and by how much the
second and the third grow over the run. Garbage is collected in the turns of the long run only, so it pays for all of
it. Bytes are those that the process has from the system, so that nothing is traced. The looks are timed apart.
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
    from collections.abc import Callable

    from eventmock.backend.events_backend import EventsBackend

VARIANTS: Final = ("one", "ten", "looks", "tests")
BLOCKS: Final = 10
TURN: Final = 500
"""The number of events of a turn."""
PATTERN: Final = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
ENTRY: Final = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID", "total": 30}'}
UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""The bytes in which the system counts memory."""


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


def prepare(backend: EventsBackend, entries: int, *, forgets: bool) -> Callable[[], float]:
    """Return a function that puts the events of a turn, and returns the CPU seconds that this took.

    Args:
        backend: The backend of the mock.
        entries: The number of entries of a call.
        forgets: Whether a snapshot is restored after each call.
    """
    client, given = backend.client(), [ENTRY] * entries
    client.put_rule(Name="r", EventPattern=PATTERN)
    backend.target("r", lambda _event: None)
    snapshot = backend.snapshot()

    def put() -> float:
        began = time.process_time()
        for _ in range(TURN // entries):
            client.put_events(Entries=given)
            if forgets:
                backend.restore(snapshot)
        return time.process_time() - began

    return put


def look(backend: EventsBackend) -> float:
    """Read the deliveries, assert one, and return the CPU seconds that this took."""
    began = time.process_time()
    assert backend.deliveries[-1].status == "delivered"
    backend.assert_delivered(detail={"state": "PAID", "total": 30})
    return time.process_time() - began


def run(variant: str, events: int) -> list[dict[str, float]]:
    """Return the figures of each block."""
    entries, blocks = 1 if variant == "one" else 10, []
    with mock_events(isolated=True) as backend, mock_events(isolated=True) as other:
        put = prepare(backend, entries, forgets=variant == "tests")
        put_beside = prepare(other, entries, forgets=False)
        empty = other.snapshot()
        for warm_up in (put, put, put_beside):
            warm_up()
        for _ in range(BLOCKS):
            seconds, beside, held = 0.0, 0.0, memory()
            for _ in range(events // BLOCKS // TURN):
                seconds += put()
                gc.disable()
                beside += put_beside()
                other.restore(empty)
                gc.enable()
            grown = memory() - held
            blocks.append(
                {
                    "rate": events / BLOCKS / seconds,
                    "ratio": seconds / beside,
                    "bytes": grown / events * BLOCKS,
                    "look": look(backend) if variant == "looks" else 0.0,
                }
            )
    return blocks


def growth(costs: list[float]) -> float:
    """Return by which part of its median a cost grows over the run: by the median slope between two blocks.

    Medians, because some blocks have a full garbage collection more than others.
    """
    numbered = enumerate(costs)
    slopes = [(late - early) / (there - here) for (here, early), (there, late) in combinations(numbered, 2)]
    return statistics.median(slopes) * (len(costs) - 1) / statistics.median(costs)


def show(variant: str, blocks: list[dict[str, float]]) -> None:
    looks = variant == "looks"
    head = f"{variant:<10}{'events a CPU second':>20}{'beside':>10}{'bytes an event':>16}"
    print(f"\n{head}" + f"{'look':>12}" * looks)
    for number, block in enumerate(blocks, 1):
        look = f"{block['look'] * 1e3:>9.0f} ms" * looks
        print(f"{number:<10}{block['rate']:>20,.0f}{block['ratio']:>10.2f}{block['bytes']:>16,.0f}{look}")
    rates, ratios, held = ([block[name] for block in blocks] for name in ("rate", "ratio", "bytes"))
    middle = statistics.median
    print(f"{'median':<10}{middle(rates):>20,.0f}{middle(ratios):>10.2f}{middle(held):>16,.0f}")
    grown = f"{growth(held):>+16.1%}" if variant != "tests" else ""
    print(f"{'growth':<30}{growth(ratios):>+10.1%}{grown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variants", nargs="*", help=f"of {', '.join(VARIANTS)}; by default all")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--data", action="store_true", help="print the figures of one variant as JSON")
    arguments = parser.parse_args()
    if arguments.data:
        [variant] = arguments.variants
        print(json.dumps(run(variant, arguments.events)))
        return
    for variant in arguments.variants or VARIANTS:
        command = [sys.executable, __file__, variant, "--data", "--events", str(arguments.events)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own interpreter is run
        figures: Any = json.loads(done.stdout)
        show(variant, figures)


if __name__ == "__main__":
    main()
