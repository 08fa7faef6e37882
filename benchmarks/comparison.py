"""What a process pays before the first answer, with eventmock and with moto.

    python benchmarks/comparison.py [--turns N]

Each figure is the time of a process of its own, less that of one that does nothing. All take turns.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from typing import Final

IMPORTS: Final = {
    "eventmock": "from eventmock import mock_events as mock",
    "moto": "from moto import mock_aws as mock",
}
FIRST_ANSWER: Final = """
import boto3

with mock():
    boto3.client("events", region_name="us-east-1").list_rules()
"""


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own interpreter is run
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=15)
    arguments = parser.parse_args()
    codes = {("nothing", ""): "pass", ("boto3", "import"): "import boto3"}
    for name, code in IMPORTS.items():
        codes[name, "import"] = code
        codes[name, "first answer"] = code + FIRST_ANSWER
    for code in codes.values():
        seconds(code)  # the byte code is written, the files are in memory
    measured: dict[tuple[str, str], list[float]] = {which: [] for which in codes}
    for _ in range(arguments.turns):
        for which, code in codes.items():
            measured[which].append(seconds(code))
    median = {which: statistics.median(times) for which, times in measured.items()}
    nothing = median.pop(("nothing", ""))
    for (name, what), time_taken in median.items():
        print(f"{name:<12}{what:<14}{(time_taken - nothing) * 1e3:>7.0f} ms")
    for what in ("import", "first answer"):
        ratio = (median["moto", what] - nothing) / (median["eventmock", what] - nothing)
        print(f"{what}: moto takes {ratio:.2f} times as long")


if __name__ == "__main__":
    main()
