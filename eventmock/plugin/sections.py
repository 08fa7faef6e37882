"""The report section of a test: what happened in its backends, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from eventmock.mock import mock_events as mock
from eventmock.plugin.isolation import note_phase, reports_of
from eventmock.plugin.settings import TRACE_FLAG

if TYPE_CHECKING:
    from collections.abc import Generator

    from eventmock.backend.report.report import Report

_TITLE: Final = "eventmock ("


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what happened to the first phase that fails, or to each test's call if it is asked for."""
    report = yield
    wanted = item.config.getoption(TRACE_FLAG) or "fail"
    is_first_failure = note_phase(item, report)
    if wanted != "none" and (
        is_first_failure or (wanted == "all" and report.when == "call" and report.passed)
    ):
        most = None if wanted == "all" else mock.MOST_LINES
        for happened in reports_of(item):
            report.sections.append((f"{_TITLE}{happened.region})", _told(happened, most)))
    return report


def _told(happened: Report, max_lines: int | None) -> str:
    """Return the text of a report; that it cannot be made shall not end the run."""
    try:
        return happened.text(max_lines)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return f"eventmock could not tell what happened, which is a bug of eventmock: {error!r}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the sections of tests that passed, if it is asked for; pytest shows those of the others."""
    if config.getoption(TRACE_FLAG) != "all" or "P" in terminalreporter.reportchars:
        return
    for report in terminalreporter.getreports("passed"):
        for title, text in report.sections:
            if title.startswith(_TITLE):
                terminalreporter.write_sep("-", f"{report.head_line}: {title}")
                terminalreporter.write_line(text)
