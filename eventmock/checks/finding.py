"""Findings: what is wrong in a template, what happens in production, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from eventmock.templates.source import Place

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""The severities, the worst first.

    error    AWS refuses to deploy the template, or a part of it can never work
    warning  the template deploys, and does something else than it seems to
    note     the template works, and lacks something that most templates have
"""


class Found(NamedTuple):
    """What a rule found.

    Attributes:
        place: The place in the template.
        logical_id: The logical ID of the resource; None if the finding is about no single resource.
        what: What the template has there, with the value.
        production: What happens in production.
        instead: What to write instead.
    """

    place: Place
    logical_id: str | None
    what: str
    production: str
    instead: str


class Finding(NamedTuple):
    """What a rule found, with the rule.

    Attributes:
        rule: The id of the rule.
        severity: The severity of the rule.
        found: What the rule found.
    """

    rule: str
    severity: Severity
    found: Found

    @property
    def file(self) -> str:
        """The path of the template as it was given."""
        return self.found.place.file or "template"

    @property
    def line(self) -> int:
        """The number of the line, from 1; 1 if it is not known."""
        return self.found.place.line or 1

    @property
    def text(self) -> str:
        """The finding in one paragraph, for formats that have one text."""
        found = self.found
        about = f"{found.logical_id}: " if found.logical_id else ""
        parts = (found.what, f"In production: {found.production}", f"Instead: {found.instead}")
        return about + " ".join(f"{part.rstrip('.')}." for part in parts)


def is_at_least(severity: Severity, least: Severity) -> bool:
    """Return whether a severity is as bad as another one, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


def counted(findings: list[Finding]) -> str:
    """Return how many findings of each severity there are, such as ``2 errors, 1 warning``."""
    numbers = {one: sum(finding.severity == one for finding in findings) for one in SEVERITIES}
    return ", ".join(f"{number} {one}{'s' * (number > 1)}" for one, number in numbers.items() if number)
