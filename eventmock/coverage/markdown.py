"""Coverage as a table of Markdown, such as for the summary of a job of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.coverage.labels import labelled
from eventmock.coverage.missing import missing_of
from eventmock.coverage.table import NOTHING, head_of, left_out_line
from eventmock.coverage.totals import totals_of
from eventmock.history.wording import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.coverage.data import CoverageData


def markdown_of(data: CoverageData, *, shows_covered: bool = False) -> str:
    """Return the table.

    Args:
        data: The data.
        shows_covered: Whether subjects that are covered fully have rows too.
    """
    subjects = labelled(data)
    if not subjects:
        return NOTHING
    lines = [_row(head_of(data)), _row([":--", "--:", "--:", "--:", ":--"])]
    left_out = []
    for label, covered in subjects:
        totals = totals_of([covered])
        if totals.missed or shows_covered:
            missing = "<br>".join(map(_escaped, missing_of(covered)))
            lines.append(
                _row([_escaped(label), str(totals.points), str(totals.missed), totals.words, missing])
            )
        else:
            left_out.append(covered)
    totals = totals_of(data)
    lines.append(_row(["**TOTAL**", str(totals.points), str(totals.missed), f"**{totals.words}**", ""]))
    return "\n".join([*lines, *left_out_line(left_out)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return a text in which nothing is Markdown or HTML."""
    marks = "\\`*_{}[]<>|$#~&"
    return "".join(f"&#{ord(char)};" if char in marks else char for char in printable(text))
