"""Findings as commands of GitHub Actions, which shows them beside the lines of a pull request.

Source: "Workflow commands for GitHub Actions" of GitHub's documentation, with its escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.checks.finding import Finding
    from eventmock.checks.report import Checked

_COMMANDS: Final = {"error": "error", "warning": "warning", "note": "notice"}
_IN_MESSAGE: Final[dict[str, int | str | None]] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final[dict[str, int | str | None]] = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def github_of(reports: Sequence[Checked]) -> str:
    """Return the findings of some templates as commands, one on a line."""
    return "\n".join(_command(finding) for report in reports for finding in report.findings)


def _command(finding: Finding) -> str:
    properties = {"file": finding.file, "line": str(finding.line), "title": finding.rule}
    given = ",".join(f"{name}={_escaped(value, _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {given}::{_escaped(finding.text, _IN_MESSAGE)}"


def _escaped(text: str, codes: dict[str, int | str | None]) -> str:
    return text.translate(str.maketrans(codes))
