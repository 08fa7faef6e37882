"""The pytest plugin that runs tests with mutants. `python -m eventmock mutate` loads it, and nothing else does.

In the process that the user's command starts, pytest collects the tests and forks. The parent is a run of pytest as any
other: it runs the tests without a mistake, and writes what they did. The child has collected the same tests and has run
none, so it can fork again for each mutant, and all that a test does to its process is gone with that process.

Without forks, the user's command is started again for each mutant, with the ids of the tests to run.
Source: ours.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from eventmock.exceptions import EventmockError
from eventmock.mutants.altered_mocks import alter_mocks
from eventmock.mutants.baseline import Baseline
from eventmock.mutants.job import Answer, Failure, Job, write_answer
from eventmock.mutants.schedule import answer_path
from eventmock.mutants.search import search
from eventmock.mutants.settings import BASELINE, OUTCOMES, PLUGIN, VARIABLE, Settings, text_of
from eventmock.mutants.warm_up import loaded_modules, warm_up
from eventmock.mutants.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_OTHERS: Final[dict[str, Any]] = {
    # pytest-xdist and pytest-forked: one process collects, and forks
    "numprocesses": None,
    "dist": "no",
    "tx": [],
    "looponfail": False,
    "forked": False,
    # pytest-cov: it would measure mutants too
    "cov_source": [],
    "no_cov": True,
    # pytest-rerunfailures: a test that a mutant fails would be run again and again
    "reruns": 0,
    # pytest: which tests run, who looks at failures, and where files are
    "lf": False,
    "failedfirst": False,
    "newfirst": False,
    "stepwise": False,
    "stepwise_skip": False,
    "usepdb": False,
    "trace": False,
    "basetemp": None,
    # files to which each process would add lines
    "log_file": os.devnull,
    "report_log": None,
}
"""Options that do not go together with mutants, and what they are set to."""
_FILES: Final[dict[str, Any]] = {
    "xmlpath": None,
    "htmlpath": None,
    "eventmock_report": None,
}
"""Options of files that a run with a mutant would overwrite. The run without a mistake writes them as always."""
_TEXTS: Final[dict[str, Any]] = {"tbstyle": "line", "showcapture": "no", "eventmock_trace": "none"}
"""Options of texts about failures, of which only the first line is kept."""
_COVERAGE: Final = "eventmock-coverage"
"""The name of our own plugin that measures coverage: what mutants do is not what the tests try of rules."""
_TEMPORARY: Final = "PYTEST_DEBUG_TEMPROOT"
"""pytest's variable for the folder of temporary files. Those of mutants are removed with the folder of the search."""
_LONGEST_MESSAGE: Final = 300

_order_key: Final = pytest.StashKey[dict[str, Any]]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Read the order, and let other processes that the tests start know nothing of it."""
    path = os.environ.pop(VARIABLE, None)
    others = [name for name in os.environ.pop("PYTEST_PLUGINS", "").split(",") if name not in {"", PLUGIN}]
    if others:
        os.environ["PYTEST_PLUGINS"] = ",".join(others)
    if path is not None:
        early_config.stash[_order_key] = json.loads(Path(path).read_text(encoding="utf-8"))
        _set_options(early_config.known_args_namespace, _OTHERS)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Set the options that do not go together with mutants, before other plugins read them."""
    order = config.stash.get(_order_key, None)
    if order is not None:
        config.pluginmanager.set_blocked(_COVERAGE)
        _set_options(config.option, _OTHERS if order["job"] is None else _OTHERS | _FILES | _TEXTS)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Carry out the order."""
    order = config.stash.get(_order_key, None)
    if order is None or config.option.collectonly:
        return
    folder = Path(order["folder"])
    if order["job"] is None:
        run: object = BaselineRun(config, folder, Settings.of_json(order["settings"]))
    else:
        run = JobRun(config, folder, Job.of_json(order["job"]))
    config.pluginmanager.register(run, "eventmock-mutants")


def _set_options(options: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if hasattr(options, name):
            setattr(options, name, value)


class _Watching:
    """Watches the tests of a process: what they did, which failed, how long they took."""

    def __init__(self, config: pytest.Config) -> None:
        self.watcher: Final = Watcher(config.rootpath)
        self.failures: Final[list[Failure]] = []
        self.seconds: Final[Counter[str]] = Counter()
        self.longest_setup = 0.0
        self.watcher.start()
        config.add_cleanup(self.watcher.stop)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Watch what a test does."""
        self.watcher.begin(item.nodeid)
        try:
            return (yield)
        finally:
            self.watcher.end()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down whether a test failed, and how long it took."""
        if report.failed:
            self.failures.append(Failure(report.nodeid, report.when or "", _message(report)))
        self.seconds[report.nodeid] += report.duration  # type: ignore[assignment]  # a Counter takes any number
        if report.when == "setup":
            self.longest_setup = max(self.longest_setup, report.duration)


class BaselineRun(_Watching):
    """The run without a mistake, and the process that forks for each mutant.

    Args:
        config: pytest's configuration.
        folder: The folder for files of the search.
        settings: What is asked for.
    """

    def __init__(self, config: pytest.Config, folder: Path, settings: Settings) -> None:
        super().__init__(config)
        self._folder = folder
        self._settings = settings
        self._searching: tuple[int, int] | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Fork the process that will fork for each mutant, before any test has run."""
        if not self._settings.forks or session.testsfailed:
            return
        reader, writer = os.pipe()
        child = _fork()
        if child == 0:
            with _left_at_the_end():
                os.close(writer)
                os.read(reader, 1)  # until the run without a mistake is over, or its process
                self._search(session)
        os.close(reader)
        self._searching = child, writer

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write what the tests did."""
        baseline = Baseline(
            status=int(exitstatus),
            failed=list(dict.fromkeys(failure.test for failure in self.failures)),
            seconds=self.seconds,
            longest_setup=self.longest_setup,
            did=self.watcher.did,
            active=self.watcher.active,
            data=self.watcher.data,
            modules=loaded_modules(),
        )
        (self._folder / BASELINE).write_text(text_of(baseline.as_json()), encoding="utf-8")

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Let the search begin, and wait for its end."""
        if self._searching is not None:
            child, writer = self._searching
            sys.stdout.flush()
            with suppress(OSError):
                os.write(writer, b".")
            with suppress(KeyboardInterrupt, ChildProcessError):
                os.waitpid(child, 0)

    def _search(self, session: pytest.Session) -> None:
        """Search for mutants that no test notices, in the process that has run no test."""
        path = self._folder / BASELINE
        if not path.exists():
            return
        baseline = Baseline.of_json(json.loads(path.read_text(encoding="utf-8")))
        if baseline.status != 0:
            return
        items = {item.nodeid: item for item in session.items}
        warm_up(baseline.modules)
        gc.freeze()  # else the collector of each child would copy the memory that all share

        def start(job: Job) -> _Forked:
            return _Forked(lambda: self._run(session, [items[test] for test in job.tests], job))

        try:
            written = search(baseline, self._settings, start, self._folder).as_json()
        except EventmockError as error:
            written = {"error": str(error)}
        (self._folder / OUTCOMES).write_text(text_of(written), encoding="utf-8")

    def _run(self, session: pytest.Session, items: Sequence[pytest.Item], job: Job) -> None:
        """Run some tests in a process of their own, and write what became of them."""
        raised: list[BaseException] = []
        error = None
        try:
            _silence(session.config)
            _set_options(session.config.option, _TEXTS)
            os.environ[_TEMPORARY] = _temporary_folder(self._folder, job)
            if job.change is not None:
                raised = alter_mocks(job.change)
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if job.change is not None and self.failures:
                    break
            runner: Any = session.config.pluginmanager.get_plugin("runner")
            runner.pytest_sessionfinish(session)  # tears down what fixtures of wider scope have set up
        except BaseException as ended:  # noqa: BLE001 - whatever ends the tests is what became of them
            error = f"{type(ended).__name__}: {ended}"
        if raised:
            error = f"a bug of eventmock: {raised[0]!r}"
        write_answer(
            answer_path(self._folder, job.number),
            Answer(failures=tuple(self.failures), did=self.watcher.did, error=error),
        )


class JobRun(_Watching):
    """Some tests in a process that was started for them.

    Args:
        config: pytest's configuration.
        folder: The folder for files of the search.
        job: The tests, and the mistake.
    """

    def __init__(self, config: pytest.Config, folder: Path, job: Job) -> None:
        super().__init__(config)
        self._folder = folder
        self._job = job
        self._raised = [] if job.change is None else alter_mocks(job.change)
        os.environ[_TEMPORARY] = _temporary_folder(folder, job)
        config.option.maxfail = 0 if job.change is None else 1

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that are asked for, in their order."""
        found = {item.nodeid: item for item in items}
        items[:] = [found[test] for test in self._job.tests]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write what became of the tests."""
        error = f"a bug of eventmock: {self._raised[0]!r}" if self._raised else None
        write_answer(
            answer_path(self._folder, self._job.number),
            Answer(failures=tuple(self.failures), did=self.watcher.did, error=error),
        )


class _Forked:
    """A forked process, which is the first of a group of its own.

    Args:
        run: What the process does.
    """

    def __init__(self, run: Any) -> None:
        self._process = _fork()
        if self._process == 0:
            with _left_at_the_end():
                os.setsid()
                run()
        self._ended: str | None = None

    def ended(self) -> str | None:
        """Return how the process ended; None if it still runs."""
        if self._ended is None:
            process, status = os.waitpid(self._process, os.WNOHANG)
            if process:
                code = os.waitstatus_to_exitcode(status)
                self._ended = f"exit code {code}" if code >= 0 else f"by signal {signal.Signals(-code).name}"
        return self._ended

    def kill(self) -> None:
        """End the process, and those that it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process, signal.SIGKILL)
        while self.ended() is None:
            time.sleep(0.001)


class _left_at_the_end:  # noqa: N801 - it is used as a function
    """Ends the process, however the block ends, without what the parent's process does at its end."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None and not isinstance(error, KeyboardInterrupt):
            traceback.print_exception(error)
            sys.stderr.flush()
        os._exit(0 if error is None else 1)


def _fork() -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        # Python 3.12 warns if threads run; those of the parent do not exist in the child
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _silence(config: pytest.Config) -> None:
    """Print nothing from now on, also not what pytest prints beside the output that it captures."""
    faulthandler.disable()
    capture: Any = config.pluginmanager.get_plugin("capturemanager")
    if capture is not None:
        capture.stop_global_capturing()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    if capture is not None:
        capture.start_global_capturing()
        capture.suspend_global_capture(in_=True)


def _temporary_folder(folder: Path, job: Job) -> str:
    temporary = folder / f"temporary-{job.number}"
    temporary.mkdir(exist_ok=True)
    return str(temporary)


def _message(report: pytest.TestReport) -> str:
    """Return the first line of pytest's short text about a failure."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = report.longreprtext if crash is None else crash.message
    return text.strip().partition("\n")[0][:_LONGEST_MESSAGE]
