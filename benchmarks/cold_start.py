"""What a run of pytest with one small test costs: eventmock beside moto, over a test that only makes a client.

    python benchmarks/cold_start.py [--turns N]

Each figure is the CPU time of a whole process, user and system, that runs pytest on one file with one test: the median
of the turns. What is over the floor is the median of the differences to the floor of the same turn.

- floor: the test makes a boto3 client. No plugin of eventmock is loaded;
- eventmock: a client, a rule with one target, one event; the delivery is asserted;
- moto: a client, a rule with one target, one event; the delivery is asserted. moto calls no functions, so the target is
  a queue of moto's own, which the test makes and reads with a client of its own.

They take turns. eventmock is installed from a wheel, as a user installs it: pytest reads an
editable install otherwise.

The two blocks are the two ways in which Python is run: as it comes, where the first run has written bytecode that the
next runs read; and with PYTHONDONTWRITEBYTECODE=1, as in most container images. There pip has compiled what it
installed, and nothing is written after that.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Final

PROJECT: Final = Path(__file__).parent.parent
HEAD: Final = """
import boto3

PATTERN = '{"source": ["shop"], "detail": {"state": ["PAID"]}}'
ENTRY = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID", "total": 30}'}
QUEUE = {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}


def put(events):
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=[QUEUE])
    events.put_events(Entries=[ENTRY])
"""
FLOOR, OURS, MOTO = "floor", "eventmock", "moto"
TESTS: Final = {
    FLOOR: """

def test():
    assert boto3.client("events", region_name="us-east-1")
""",
    OURS: """

def test(events_backend):
    put(boto3.client("events", region_name="us-east-1"))
    [delivery] = events_backend.deliveries
    assert delivery.event["detail"]["state"] == "PAID"
""",
    MOTO: """
from moto import mock_aws


@mock_aws
def test():
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    put(boto3.client("events", region_name="us-east-1"))
    [message] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert "PAID" in message["Body"]
""",
}
MODULES: Final = """
import sys
from pathlib import Path


def pytest_unconfigure():
    names = sorted(name for name in sys.modules if name.partition(".")[0] == "eventmock")
    Path(__file__).with_suffix(".txt").write_text("\\n".join(names))
"""
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


class Installed:
    """eventmock, installed by pip into a directory of its own, and the three tests beside it."""

    def __init__(self, directory: Path, *, bytecode: bool) -> None:
        self.directory = directory
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("AWS_", "PYTHON", "PYTEST"))
            },
            **CREDENTIALS,
            "PYTHONPATH": str(directory / "site"),
            **({} if bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}),
        }
        install = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(directory / "site"),
        ]
        subprocess.run([*install, str(PROJECT)], check=True)  # noqa: S603 - our own interpreter is run
        for name, text in TESTS.items():
            (directory / name).mkdir()
            (directory / name / "test_one.py").write_text(HEAD + text, encoding="utf-8")

    def run(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Pytest on the one test of that name, in a process of its own."""
        command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider", *options]
        command += [] if name == OURS else ["-p", "no:eventmock"]
        directory = self.directory / name
        process = subprocess.run(  # noqa: S603 - our own interpreter is run
            [*command, "--rootdir", str(directory), str(directory)],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        if process.returncode:
            raise SystemExit(process.stdout + process.stderr)
        return process

    def cpu_seconds(self, name: str) -> float:
        """What the process of one run took of a CPU, user and system."""
        before = getrusage(RUSAGE_CHILDREN)
        self.run(name)
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    def modules(self) -> list[str]:
        """The modules of eventmock that its test has loaded."""
        plugin = self.directory / "site" / "modules_loaded.py"
        plugin.write_text(MODULES, encoding="utf-8")
        self.run(OURS, "-p", plugin.stem)
        return plugin.with_suffix(".txt").read_text(encoding="utf-8").split()


def measure(installed: Installed, turns: int) -> dict[str, list[float]]:
    """CPU seconds by name, of as many turns; the files are read once before."""
    for name in TESTS:
        installed.cpu_seconds(name)
    measured: dict[str, list[float]] = {name: [] for name in TESTS}
    for _ in range(turns):
        for name, taken in measured.items():
            taken.append(installed.cpu_seconds(name))
    return measured


def show(title: str, measured: dict[str, list[float]], most: float) -> None:
    over = {
        name: statistics.median(one - floor for one, floor in zip(taken, measured[FLOOR], strict=True))
        for name, taken in measured.items()
    }
    print(f"\n{title}")
    for name, taken in measured.items():
        seconds = statistics.median(taken)
        print(f"  {name:<12}{seconds * 1e3:>7.0f} ms CPU{over[name] * 1e3:>9.0f} ms over the floor")
    print(f"  over the floor, eventmock takes {over[OURS] / over[MOTO]:.2f} of moto (at most {most:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=15)
    arguments = parser.parse_args()
    for title, bytecode, most in (
        ("Bytecode is written", True, 0.30),
        ("PYTHONDONTWRITEBYTECODE=1", False, 0.45),
    ):
        directory = Path(tempfile.mkdtemp())
        try:
            installed = Installed(directory, bytecode=bytecode)
            show(title, measure(installed, arguments.turns), most)
            if bytecode:
                print(f"  modules of eventmock loaded: {len(installed.modules())}")
        finally:
            shutil.rmtree(directory)


if __name__ == "__main__":
    main()
