"""Findings as text for people: a paragraph each, and one line about each template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.checks.finding import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.checks.finding import Finding
    from eventmock.checks.report import Checked


def text_of(reports: Sequence[Checked]) -> str:
    """Return the findings of some templates as text."""
    return "\n".join(line for report in reports for line in _lines(report))


def _lines(report: Checked) -> Iterator[str]:
    for finding in report.findings:
        yield from _paragraph(finding)
        yield ""
    number = counted(list(report.findings)) or "nothing found"
    yield f"{number} in {report.file}"
    if report.made_up:
        yield f"  made-up values stand for {', '.join(report.made_up)}: --parameters gives real ones"


def _paragraph(finding: Finding) -> Iterator[str]:
    found = finding.found
    about = f"{found.logical_id}: " if found.logical_id else ""
    yield f"{found.place}: {finding.severity}: {about}{found.what} [{finding.rule}]"
    yield f"  in production: {found.production}"
    yield f"  instead: {found.instead}"
