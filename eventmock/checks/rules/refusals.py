"""What AWS refuses when the template is deployed into a scratch mock, where no other rule has found it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.checks.finding import Finding
    from eventmock.checks.subject import Subject


def refusals(subject: Subject, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what AWS refuses."""
    yield from ()
