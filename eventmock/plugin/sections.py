"""The report section of a test: what happened in its backends, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from eventmock import mock
from eventmock.plugin.isolation import backends_of, note_failure
from eventmock.plugin.settings import TRACE_FLAG

if TYPE_CHECKING:
    from collections.abc import Generator

_TITLE: Final = "eventmock ("


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what happened to the first phase that fails, or to each test's call if it is asked for."""
    report = yield
    wanted = item.config.getoption(TRACE_FLAG) or "fail"
    is_first_failure = report.failed and note_failure(item)
    if wanted != "none" and (
        is_first_failure or (wanted == "all" and report.when == "call" and report.passed)
    ):
        most = None if wanted == "all" else mock.MOST_LINES
        for backend in backends_of(item):
            section = backend.report(max_lines=most)
            report.sections.append((f"{_TITLE}{backend.default_region})", section))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the sections of tests that passed, if it is asked for; pytest shows those of the others."""
    if config.getoption(TRACE_FLAG) != "all" or "P" in terminalreporter.reportchars:
        return
    for report in terminalreporter.getreports("passed"):
        for title, text in report.sections:
            if title.startswith(_TITLE):
                terminalreporter.write_sep("-", f"{report.head_line}: {title}")
                terminalreporter.write_line(text)
