"""The findings of several templates, for the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.checks.finding import Finding


class Checked(NamedTuple):
    """A template that was checked.

    Attributes:
        file: The path of the template as it was given.
        findings: The findings, by line, the worst first on a line.
        made_up: What has a made-up value, since nothing was given for it, such as ``parameter Stage``.
    """

    file: str
    findings: Sequence[Finding]
    made_up: Sequence[str] = ()
