"""Findings as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.checks.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.checks.finding import Finding
    from eventmock.checks.report import Checked


def json_of(reports: Sequence[Checked]) -> Any:
    """Return the findings of some templates as a JSON value."""
    findings = [finding for report in reports for finding in report.findings]
    return {
        "templates": [{"file": report.file, "made_up": list(report.made_up)} for report in reports],
        "counts": {one: sum(finding.severity == one for finding in findings) for one in SEVERITIES},
        "findings": [_members(finding) for finding in findings],
    }


def _members(finding: Finding) -> dict[str, Any]:
    found = finding.found
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "file": found.place.file,
        "line": found.place.line,
        "logical_id": found.logical_id,
        "what": found.what,
        "production": found.production,
        "instead": found.instead,
    }
