from __future__ import annotations

import pytest

from eventmock.coverage.totals import Totals, too_little, totals_of


def test_the_totals_of_several_rules_are_sums(measured):
    measured.rule("a", source=["a"])
    measured.rule("b", source=["b"])
    for source in ("a", "b"):
        measured.put(source)
    measured.put("c")
    measured.rule("c", source=["c", "d"])
    totals = totals_of(measured.data)
    assert (totals.points, totals.missed, totals.tried, totals.percent) == (7, 3, 4, 400 / 7)


@pytest.mark.parametrize(
    ("points", "missed", "words"),
    [(3, 0, "100%"), (1000, 1, "99%"), (3, 1, "66%"), (2, 2, "0%"), (0, 0, "0%")],
)
def test_the_share_is_rounded_down(points, missed, words):
    assert Totals(points, missed).words == words


@pytest.mark.parametrize("wanted", [0, 66.6, 66.66])
def test_enough_is_enough(wanted):
    assert too_little(Totals(3, 1), wanted, "--fail-under") is None


@pytest.mark.parametrize(
    ("totals", "wanted", "said"),
    [
        (Totals(3, 1), 90, "66.66% of the points were tried, and --fail-under wants 90%"),
        (Totals(3, 1), 66.67, "66.66% of the points were tried, and --fail-under wants 66.67%"),
        (Totals(2, 1), 87.5, "50% of the points were tried, and --fail-under wants 87.5%"),
        (Totals(100_000, 1), 100, "99.99% of the points were tried, and --fail-under wants 100%"),
        (Totals(0, 0), 1, "no rule, schedule or subscriber was measured, and --fail-under wants 1%"),
    ],
)
def test_too_little_is_said_in_figures_that_differ(totals, wanted, said):
    assert too_little(totals, wanted, "--fail-under") == said


def test_where_nothing_is_wanted_nothing_is_enough():
    assert too_little(Totals(0, 0), 0, "--fail-under") is None
