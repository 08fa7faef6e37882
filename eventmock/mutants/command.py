"""The user's command that runs the tests, started with eventmock's plugin for mutants.

Source: ours.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.mutants.baseline import Baseline
from eventmock.mutants.errors import SearchError
from eventmock.mutants.search import Found, search
from eventmock.mutants.settings import BASELINE, OUTCOMES, PLUGIN, VARIABLE, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.mutants.job import Job
    from eventmock.mutants.settings import Settings

_NO_TESTS: Final = 5
_MOST_NAMED: Final = 10


class Searched(NamedTuple):
    """A search, and how long it took.

    Attributes:
        found: What was found.
        tests: The number of tests that ran without a mistake.
        seconds: How long all took.
    """

    found: Found
    tests: int
    seconds: float


def run_command(command: Sequence[str], settings: Settings, *, to_stderr: bool = False) -> Searched:
    """Run the tests without a mistake, then with each mutant.

    Args:
        command: The words of the command that runs the tests.
        settings: What is asked for.
        to_stderr: Whether what the command prints goes to standard error.

    Raises:
        SearchError: The command cannot be started, or runs no pytest, or a test fails without a mistake.
        OptionError: There is no such rule or kind of mistake.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="eventmock-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        order = {"folder": name, "settings": settings.as_json(), "job": None}
        output = sys.stderr.fileno() if to_stderr else None
        code = _start(command, order, folder / "order.json", output=output).wait()
        baseline = _baseline(command, folder, code)
        if settings.forks:
            found = _found(folder)
        else:
            found = search(baseline, settings, lambda job: _Started(command, folder, job), folder)
        return Searched(found, len(baseline.did), time.monotonic() - begun)


class _Started:
    """A process of the user's command that runs a job."""

    def __init__(self, command: Sequence[str], folder: Path, job: Job) -> None:
        order = {"folder": str(folder), "settings": None, "job": job.as_json()}
        # pytest would write into its own cache which tests a mutant fails
        cache = f"-o cache_dir={shlex.quote((folder / f'cache-{job.number}').as_posix())}"
        self._process = _start(
            command, order, folder / f"order-{job.number}.json", options=cache, quietly=True
        )

    def ended(self) -> str | None:
        """Return how the process ended; None if it still runs."""
        code = self._process.poll()
        return None if code is None else f"exit code {code}"

    def kill(self) -> None:
        """End the process, and those that it has started where the system has groups of processes."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()


def _start(  # noqa: PLR0913 - how a process differs
    command: Sequence[str],
    order: dict[str, Any],
    path: Path,
    *,
    options: str = "",
    output: int | None = None,
    quietly: bool = False,
) -> subprocess.Popen[bytes]:
    path.write_text(text_of(order), encoding="utf-8")
    plugins = os.environ.get("PYTEST_PLUGINS", "")
    more = {
        VARIABLE: str(path),
        "PYTEST_PLUGINS": ",".join(filter(None, (plugins, PLUGIN))),
        "PYTEST_ADDOPTS": " ".join(filter(None, (os.environ.get("PYTEST_ADDOPTS", ""), options))),
    }
    nowhere = subprocess.DEVNULL if quietly else None
    # ``pytest`` and ``python`` mean those of this environment, also if it is not activated
    program = shutil.which(command[0], path=sysconfig.get_path("scripts")) or command[0]
    try:
        return subprocess.Popen(  # noqa: S603 - it is the user's own command
            [program, *command[1:]],
            env=os.environ | more,
            stdin=nowhere,
            stdout=nowhere or output,
            stderr=nowhere,
            start_new_session=quietly,
        )
    except OSError as error:
        raise SearchError(
            f"{command[0]} cannot be started: {error.strerror}; wanted a command that runs pytest, such as: "
            "python -m eventmock mutate -- python -m pytest"
        ) from None


def _baseline(command: Sequence[str], folder: Path, code: int) -> Baseline:
    """Return what the tests did without a mistake.

    Raises:
        SearchError: pytest did not run, or a test failed.
    """
    try:
        text = (folder / BASELINE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SearchError(
            f"{shlex.join(command)} ended with exit code {code} and ran no tests with eventmock; see above what it "
            "says; wanted a command that runs pytest where eventmock is installed"
        ) from None
    baseline = Baseline.of_json(json.loads(text))
    if baseline.status == _NO_TESTS:
        raise SearchError(f"{shlex.join(command)} has found no tests")
    if baseline.status:
        named = ", ".join(baseline.failed[:_MOST_NAMED])
        more = f" and {len(baseline.failed) - _MOST_NAMED} more" if len(baseline.failed) > _MOST_NAMED else ""
        what = f"{named}{more} failed" if named else f"pytest's exit code is {baseline.status}"
        raise SearchError(
            f"the tests must pass before mistakes are made in rules, and {what}; see above what pytest says"
        )
    return baseline


def _found(folder: Path) -> Found:
    """Return what the process that forks has found.

    Raises:
        SearchError: The process has ended before it found anything, or has refused what was asked for.
    """
    try:
        value = json.loads((folder / OUTCOMES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SearchError(
            "the process that forks for each mutant has ended early; see above, or try --no-fork"
        ) from None
    if "error" in value:
        raise SearchError(value["error"])
    return Found.of_json(value)
