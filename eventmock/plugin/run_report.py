"""The report of a run: an HTML page about the backends of all tests, and Mermaid diagrams of the tests that failed.

The data of a test is added to its last pytest report as JSON, so that pytest-xdist sends it from the workers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from eventmock.plugin.isolation import has_failed, reports_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from eventmock.backend.report.html import Section

PAGE: Final = "eventmock.html"
DIAGRAMS: Final = "eventmock-failed.md"

_SECTION: Final = "eventmock_section"
_ERROR: Final = "eventmock_error"


class RunReport:
    """Collects the data of the tests, and writes the report at the end of the session.

    Args:
        directory: The directory of the report, which is made if it does not exist.
        is_worker: Whether this is a worker of pytest-xdist. Then another process writes the report.
    """

    def __init__(self, directory: str, *, is_worker: bool) -> None:
        self._directory = Path(directory)
        self._is_worker = is_worker
        self._why: dict[str, str] = {}
        self._sections: dict[str, Section] = {}
        self._errors: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the data of a test to its last pytest report."""
        report = yield
        if report.failed:
            self._why.setdefault(item.nodeid, _message(report))
        if report.when == "teardown":
            outcome = "failed" if report.failed or has_failed(item) else "passed"
            try:
                flows = [happened.flow() for happened in reports_of(item, only_news=True)]
                why = self._why.pop(item.nodeid, None)
                section = {"name": item.nodeid, "outcome": outcome, "why": why, "flows": flows}
                setattr(report, _SECTION, json.dumps(section))
            except Exception as error:  # noqa: BLE001 - an error of the report must not end the run
                setattr(report, _ERROR, repr(error))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Read the data from the pytest report of a test. If a test runs several times, the last one counts."""
        section = json.loads(getattr(report, _SECTION, "{}"))
        if section.get("flows"):
            self._sections[report.nodeid] = section
        if hasattr(report, _ERROR):
            self._errors[report.nodeid] = getattr(report, _ERROR)

    def pytest_sessionfinish(self) -> None:
        """Write the page, and the diagrams if any test has failed."""
        if self._is_worker:
            return
        from eventmock.backend.report.html import html_page
        from eventmock.backend.report.mermaid import mermaid

        self._directory.mkdir(parents=True, exist_ok=True)
        sections = [section for _, section in sorted(self._sections.items())]
        page = html_page(sections, "eventmock")
        (self._directory / PAGE).write_text(page, encoding="utf-8")
        diagrams = "\n".join(
            f"### `{section['name']}`\n\n```mermaid\n{mermaid(flow)}\n```\n"
            for section in sections
            for flow in section["flows"]
            if section["outcome"] == "failed"
        )
        (self._directory / DIAGRAMS).write_text(diagrams or "No test has failed.\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the path of the report."""
        count = len(self._sections)
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"eventmock: what happened in {tests} is in {self._directory / PAGE}")
        for name, error in self._errors.items():
            terminalreporter.write_line(f"eventmock: not in it, which is a bug of eventmock: {name}: {error}")


def _message(report: pytest.TestReport) -> str:
    """Return pytest's short text about a failure."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return report.longreprtext if crash is None else crash.message
