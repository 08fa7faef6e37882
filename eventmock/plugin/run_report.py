"""The report of a run: what happened in the backends of its tests, as one HTML page, and as Mermaid of the failed.

Each test's flows travel in its last report as JSON, so that with pytest-xdist they come from the workers.
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
    """Collects what happened in the tests, and writes it at the end of the session.

    Args:
        directory: Where to; it is made.
        is_worker: Whether somebody else writes, as with pytest-xdist.
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
        """Put what happened into the last report of a test."""
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
            except Exception as error:  # noqa: BLE001 - whatever it is, it shall not end the run
                setattr(report, _ERROR, repr(error))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take it out again; of a test that was tried again, the last."""
        section = json.loads(getattr(report, _SECTION, "{}"))
        if section.get("flows"):
            self._sections[report.nodeid] = section
        if hasattr(report, _ERROR):
            self._errors[report.nodeid] = getattr(report, _ERROR)

    def pytest_sessionfinish(self) -> None:
        """Write the page, and the diagrams if a test has failed."""
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
        """Say where it is."""
        count = len(self._sections)
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"eventmock: what happened in {tests} is in {self._directory / PAGE}")
        for name, error in self._errors.items():
            terminalreporter.write_line(f"eventmock: not in it, which is a bug of eventmock: {name}: {error}")


def _message(report: pytest.TestReport) -> str:
    """Return what pytest says of a failure in a few lines."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return report.longreprtext if crash is None else crash.message
