"""How much was tried, counted in points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.coverage.data import Covered


class Totals(NamedTuple):
    """How many points there are, and how many were tried.

    Attributes:
        points: The number of points.
        missed: The number of points that no test tried.
    """

    points: int
    missed: int

    @property
    def tried(self) -> int:
        """The number of points that tests tried."""
        return self.points - self.missed

    @property
    def percent(self) -> float:
        """The share of the points that was tried, in percent; 0 if there are no points."""
        return 100 * self.tried / self.points if self.points else 0.0

    @property
    def words(self) -> str:
        """The share in whole percent, rounded down: only what is covered fully has 100 %."""
        return f"{int(self.percent)}%"


def totals_of(subjects: Iterable[Covered]) -> Totals:
    """Return the totals of some subjects."""
    counted = [(len(one.points), len(one.missed)) for one in subjects]
    return Totals(sum(points for points, _ in counted), sum(missed for _, missed in counted))


def too_little(totals: Totals, wanted: float, option: str) -> str | None:
    """Return words about a share that is less than was wanted; None if it is enough.

    Args:
        totals: The totals.
        wanted: The least share in percent.
        option: The option that wants it.
    """
    if totals.percent >= wanted and (totals.points or not wanted):
        return None
    if not totals.points:
        return f"no rule, schedule or subscriber was measured, and {option} wants {wanted:g}%"
    shown = math.floor(totals.percent * 100) / 100
    return f"{shown:g}% of the points were tried, and {option} wants {wanted:g}%"
