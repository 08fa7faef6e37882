"""The report section of a test, with a text about its backends."""

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
    """Add the section to the first phase of a test that fails; if an option says so, to the call of each test."""
    report = yield
    wanted = item.config.getoption(TRACE_FLAG) or "fail"
    is_first_failure = note_phase(item, report)
    if wanted != "none" and (
        is_first_failure or (wanted == "all" and report.when == "call" and report.passed)
    ):
        most = None if wanted == "all" else mock.MOST_LINES
        for happened in reports_of(item):
            report.sections.append((f"{_TITLE}{happened.region})", _text_of(happened, most)))
    return report


def _text_of(report: Report, max_lines: int | None) -> str:
    """Return the text of a report; if that fails, a line about the error, because the run must go on."""
    try:
        return report.text(max_lines)
    except Exception as error:  # noqa: BLE001 - an error of the report must not end the run
        return f"eventmock could not tell what happened, which is a bug of eventmock: {error!r}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the sections of tests that passed, if an option says so; pytest prints those of other tests."""
    if config.getoption(TRACE_FLAG) != "all" or "P" in terminalreporter.reportchars:
        return
    for report in terminalreporter.getreports("passed"):
        for title, text in report.sections:
            if title.startswith(_TITLE):
                terminalreporter.write_sep("-", f"{report.head_line}: {title}")
                terminalreporter.write_line(text)
