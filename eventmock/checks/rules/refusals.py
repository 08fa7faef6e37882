"""What AWS refuses when the template is deployed into a scratch mock, where no other rule has found it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.checks.table import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject


@rule("refused", "error", "Anything else that AWS refuses when the template is deployed.")
def refused(subject: Subject) -> Iterator[Found]:
    """Yield what AWS refuses."""
    yield from ()
