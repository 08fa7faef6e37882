"""Coverage of rules over a run: it collects what each test tries, prints a table and writes the data and the page.

The data of pytest-xdist's workers comes with the output that each worker sends at its end. A worker that crashes sends
none; the summary says so.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from eventmock.coverage.collector import Collector
from eventmock.coverage.data import read_text
from eventmock.coverage.output import DIRECTORY, PAGE, write
from eventmock.coverage.selection import KINDS, Selection, read_kinds, read_omitted, read_percent
from eventmock.coverage.table import table_of
from eventmock.coverage.totals import too_little, totals_of
from eventmock.exceptions import OptionError
from eventmock.history.wording import counted
from eventmock.mock import mock_events as mock

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    _Options = Mapping[str, tuple[Any, str]]

_DATA: Final = "eventmock_coverage"
_ERRORS: Final = "eventmock_coverage_errors"
_BEGIN: Final = "eventmock coverage: "


class RunCoverage:
    """Collects the coverage of a run.

    Args:
        config: The configuration of pytest.
        options: The options that are given: by name the value, and the flag or ini option that has it.

    Raises:
        OptionError: An option is wrong.
    """

    def __init__(self, config: pytest.Config, options: _Options) -> None:
        self._config = config
        self._directory = _directory(config, options)
        self._selection = _selection(options)
        self._wanted, self._wanted_by = _fail_under(options)
        self._collector = Collector(config.rootpath)
        self._workers: set[str] = set()
        self._errors: list[str] = []
        self._page: Path | None = None
        self._problems: list[str] = []
        self._has_run = False
        mock.observers.append(self._collector.watch)
        config.add_cleanup(self._end)

    def _end(self) -> None:
        mock.observers.remove(self._collector.watch)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Collect what a test tries, with its set-up and its tear-down."""
        self._collector.test = item.nodeid
        try:
            return (yield)
        finally:
            self._collector.read()
            self._collector.test = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test has run and passed."""
        self._has_run = self._has_run or (report.when == "call" and report.passed)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        """Note that a worker has begun, whose data is to come."""
        self._workers.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the data of a worker that has ended."""
        output = getattr(node, "workeroutput", None) or {}
        if _DATA in output:
            with self._noting_errors():
                self._collector.data.combine(read_text(output[_DATA], node.gateway.id))
                self._workers.discard(node.gateway.id)
            self._errors += output[_ERRORS]

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the data and the page, and have the run fail if too little was tried; a worker sends its data."""
        with self._noting_errors():
            self._collector.read()
            self._errors += [f"{test}: {error!r}" for test, error in self._collector.errors.items()]
            if hasattr(self._config, "workeroutput"):
                self._config.workeroutput |= {_ERRORS: self._errors, _DATA: self._collector.data.text()}
            else:
                is_judged = self._has_run and exitstatus == pytest.ExitCode.OK
                self._finish(session if is_judged else None)

    def _finish(self, session: pytest.Session | None) -> None:
        """Judge the coverage, and write the data and the page.

        Args:
            session: The session that fails if too little was tried; None if that is not judged.
        """
        data = self._collector.data
        self._selection.narrow(data)
        too_few = None if self._wanted is None else too_little(totals_of(data), self._wanted, self._wanted_by)
        if session is not None and too_few is not None:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self._problems.append(too_few)
        try:
            write(data, self._directory)
        except OSError as error:
            self._problems.append(f"{self._directory} cannot be written: {error.strerror}")
        else:
            self._page = self._directory / PAGE

    @contextmanager
    def _noting_errors(self) -> Iterator[None]:
        """Keep an error of coverage for the summary, because it must not end the run."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - as above
            self._errors.append(repr(error))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, and the problems below it."""
        terminalreporter.write_sep("=", "eventmock coverage")
        with self._noting_errors():
            width = self._config.get_terminal_writer().fullwidth
            for line in table_of(self._collector.data, width).splitlines():
                terminalreporter.write_line(line)
        if self._page is not None:
            here = self._config.invocation_params.dir
            page = self._page.relative_to(here) if self._page.is_relative_to(here) else self._page
            terminalreporter.write_line(f"\n{_BEGIN}each rule, with what the tests tried of it, is in {page}")
        for problem in self._all_problems():
            terminalreporter.write_line(_BEGIN + problem, red=True)

    def _all_problems(self) -> Iterator[str]:
        for worker in sorted(self._workers):
            yield (
                f"what the tests of worker {worker} tried is missing, because it crashed or was stopped: the figures "
                "are too low"
            )
        if self._errors:
            others = len(self._errors) - 1
            more = f" and {counted(others, 'other error')}" if others else ""
            yield f"the figures may be too low, which is a bug of eventmock: {self._errors[0]}{more}"
        yield from self._problems


def _directory(config: pytest.Config, options: _Options) -> Path:
    """Return the directory of the output. That of the ini file is relative to the root directory.

    Raises:
        OptionError: The directory is a file.
    """
    given, option = options.get("dir", (DIRECTORY, ""))
    base = config.invocation_params.dir if option.startswith("--") else config.rootpath
    directory: Path = base / given
    if directory.exists() and not directory.is_dir():
        raise OptionError(
            f"{option or 'eventmock_coverage_dir'}={given}: wanted a directory, and that is a file"
        )
    return directory


def _selection(options: _Options) -> Selection:
    """Return what counts.

    Raises:
        OptionError: There is no such kind of points.
    """
    omit, _ = options.get("omit", ((), ""))
    kinds, option = options.get("points", (KINDS, ""))
    return Selection(read_omitted(omit), read_kinds(" ".join(kinds), option))


def _fail_under(options: _Options) -> tuple[float | None, str]:
    """Return the least share of points in percent, and the option that has it.

    Raises:
        OptionError: The value is not a percentage.
    """
    given, option = options.get("fail_under", (None, ""))
    return (None if given is None else read_percent(str(given), option)), option
