"""Which subjects, such as rules, count, and which kinds of points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from eventmock.coverage.labels import is_named
from eventmock.exceptions import OptionError
from eventmock.options import hint_for
from eventmock.services.coverage import PointKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.coverage.data import CoverageData

KINDS: Final[tuple[str, ...]] = get_args(PointKind)


class Selection(NamedTuple):
    """What counts.

    Attributes:
        omit: The patterns of the labels of subjects that do not count.
        kinds: The kinds of points that count.
    """

    omit: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset(KINDS)

    def narrow(self, data: CoverageData) -> None:
        """Take out of the data what does not count."""
        for covered in list(data):
            covered.keep(self.kinds)
            if not covered.points or is_named(covered, self.omit):
                data.remove(covered)


def read_kinds(text: str, what: str) -> frozenset[str]:
    """Return the kinds of points that a text names.

    Args:
        text: The kinds, between which there are commas or blanks. ``dead-letter`` is the kind ``dead letter``.
        what: The option, for the error's text.

    Raises:
        OptionError: There is no such kind, or none is named.
    """
    names = text.replace(",", " ").replace("dead letter", "dead-letter").split()
    return frozenset(_kind(name, what) for name in names or [""])


def read_percent(text: str, what: str) -> float:
    """Return the percentage that a text states, such as ``87.5``.

    Args:
        text: The text; a percent sign at its end does not count.
        what: The option, for the error's text.

    Raises:
        OptionError: The text is not a number from 0 to 100.
    """
    try:
        percent = float(text.strip().removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise OptionError(f"{what}={text}: wanted a percentage from 0 to 100, such as 90 or 87.5")
    return percent


def read_omitted(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns of some lines. Empty lines do not count."""
    return tuple(filter(None, (line.strip() for line in lines)))


def _kind(name: str, what: str) -> str:
    words = tuple(kind.replace(" ", "-") for kind in KINDS)
    if name not in words:
        raise OptionError(f"{what}: there is no kind of points {name!r}: {hint_for(name, words)}")
    return name.replace("-", " ")
