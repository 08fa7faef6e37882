"""The report section of a test, with a text about its backends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from eventmock.mock import mock_events as mock
from eventmock.plugin.isolation import note_phase, reports_of
from eventmock.plugin.settings import TRACE_FLAG

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

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
        report.sections += [(f"{_TITLE}{where})", text) for where, text in _texts_of(item, most)]
    return report


def _texts_of(item: pytest.Item, max_lines: int | None) -> Iterator[tuple[str, str]]:
    """Yield the region and the text of each backend of a test.

    In place of a text that cannot be made there is a line about the error, because the run must go on.
    """
    where = "report"
    try:
        for happened in reports_of(item):
            where = happened.region
            yield where, happened.text(max_lines)
    except Exception as error:  # noqa: BLE001 - an error of the report must not end the run
        yield where, f"eventmock could not tell what happened, which is a bug of eventmock: {error!r}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the sections of tests that passed, if an option says so; pytest prints those of other tests."""
    if config.getoption(TRACE_FLAG) != "all" or "P" in terminalreporter.reportchars:
        return
    for report in terminalreporter.getreports("passed"):
        for title, text in report.sections:
            if title.startswith(_TITLE):
                terminalreporter.write_sep("-", f"{report.head_line}: {title}")
                terminalreporter.write_line(text)
