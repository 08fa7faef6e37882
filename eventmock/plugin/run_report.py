"""The report of a run: what happened in the backends of its tests, as one HTML page, and as Mermaid of the failed.

Each test's flows travel in its last report, so that with pytest-xdist they come from the workers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from eventmock.plugin.isolation import backends_of, has_failed

if TYPE_CHECKING:
    from collections.abc import Generator

    from eventmock.report.html import Section

PAGE: Final = "eventmock.html"
DIAGRAMS: Final = "eventmock-failed.md"

_ATTRIBUTE: Final = "eventmock_section"


class RunReport:
    """Collects what happened in the tests, and writes it at the end of the session.

    Args:
        directory: Where to; it is made.
        is_worker: Whether somebody else writes, as with pytest-xdist.
    """

    def __init__(self, directory: str, *, is_worker: bool) -> None:
        self._directory = Path(directory)
        self._is_worker = is_worker
        self._sections: list[Section] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put what happened into the last report of a test."""
        report = yield
        if report.when == "teardown":
            flows = [backend.flow() for backend in backends_of(item)]
            flows = [flow for flow in flows if flow["steps"] or flow["refused_requests"]]
            outcome = "failed" if report.failed or has_failed(item) else "passed"
            setattr(report, _ATTRIBUTE, {"name": item.nodeid, "outcome": outcome, "flows": flows})
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take it out again."""
        section: Section | None = getattr(report, _ATTRIBUTE, None)
        if section is not None and section["flows"]:
            self._sections.append(section)

    def pytest_sessionfinish(self) -> None:
        """Write the page, and the diagrams if a test has failed."""
        if self._is_worker:
            return
        from eventmock.report.html import html_page
        from eventmock.report.mermaid import mermaid

        self._directory.mkdir(parents=True, exist_ok=True)
        sections = sorted(self._sections, key=lambda section: section["name"])
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
