"""The table of coverage for a terminal, in the form of coverage.py's: a row for each subject, and what is missing.

Subjects that are covered fully have no row, because a reader looks for gaps; the line below the table has their number.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.coverage.labels import counted_subjects, kinds_of, labelled
from eventmock.coverage.missing import missing_of
from eventmock.coverage.totals import totals_of
from eventmock.history.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.coverage.data import CoverageData, Covered

NOTHING: Final = "there is nothing to cover: no test made a rule, a schedule or a subscriber that counts"
GAP: Final = "  "
_NARROWEST: Final = 36
"""The least width of the last column, in characters. Where there is less room, its text stands below the row."""
_SHARE: Final = 0.4
"""The most that the labels take of the width. A longer label has a line of its own."""


class _Row(NamedTuple):
    """A row of the table.

    Attributes:
        label: The label of the subject.
        numbers: The numbers of points and of those missed, and the share.
        missing: What is missing, each phrase in a line of its own.
    """

    label: str
    numbers: tuple[str, ...]
    missing: list[str]


def table_of(data: CoverageData, width: int, *, shows_covered: bool = False) -> str:
    """Return the table.

    Args:
        data: The data.
        width: The width of the terminal in characters.
        shows_covered: Whether subjects that are covered fully have rows too.
    """
    subjects = labelled(data)
    if not subjects:
        return NOTHING
    rows, left_out = [], []
    for label, covered in subjects:
        totals = totals_of([covered])
        if totals.missed or shows_covered:
            numbers = (str(totals.points), str(totals.missed), totals.words)
            rows.append(_Row(printable(label), numbers, [printable(one) for one in missing_of(covered)]))
        else:
            left_out.append(covered)
    totals = totals_of(data)
    total = _Row("TOTAL", (str(totals.points), str(totals.missed), totals.words), [])
    return "\n".join([*_drawn(head_of(data), rows, total, width), *left_out_line(left_out)])


def head_of(subjects: Iterable[Covered]) -> tuple[str, ...]:
    """Return the heads of the columns."""
    return (kinds_of(subjects).capitalize(), "Points", "Miss", "Cover", "Missing")


def left_out_line(left_out: Sequence[Covered]) -> list[str]:
    """Return the lines about subjects that have no row; none if there are no such subjects."""
    verb = "is" if len(left_out) == 1 else "are"
    return ["", f"{counted_subjects(left_out)} {verb} covered fully, and not listed."] if left_out else []


def _drawn(heads: Sequence[str], rows: Sequence[_Row], total: _Row, width: int) -> Iterator[str]:
    most = max(len(heads[0]), int(width * _SHARE))
    first = max(len(label) for label, _, _ in (*rows, total) if len(label) <= most or label == total[0])
    first = max(first, len(heads[0]))
    widths = [
        max(len(head), *(len(numbers[at]) for _, numbers, _ in (*rows, total)))
        for at, head in enumerate(heads[1:-1])
    ]
    begin = first + sum(len(GAP) + one for one in widths) + len(GAP)

    def line(label: str, numbers: Sequence[str], last: str = "") -> str:
        cells = [
            label.ljust(first),
            *(text.rjust(one) for text, one in zip(numbers, widths, strict=True)),
            last,
        ]
        return GAP.join(cells).rstrip()

    head = line(heads[0], heads[1:-1], heads[-1])
    rule = "-" * (min(width, 110) if rows else len(head))
    yield head
    yield rule
    for label, numbers, missing in rows:
        is_long = len(label) > first
        if is_long:
            yield label
        is_below = width - begin < _NARROWEST
        indent = 4 if is_below else begin
        wrapped = [text for phrase in missing for text in _wrapped(phrase, max(width - indent, _NARROWEST))]
        yield line("" if is_long else label, numbers, wrapped.pop(0) if wrapped and not is_below else "")
        yield from (" " * indent + text for text in wrapped)
    if rows:
        yield rule
    yield line(total.label, total.numbers)


def _wrapped(phrase: str, width: int) -> list[str]:
    """Return the lines of a phrase; those after the first are indented."""
    return textwrap.wrap(
        phrase, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
