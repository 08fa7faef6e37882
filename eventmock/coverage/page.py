"""Coverage as a single HTML page, `page.html`: each rule with its pattern coloured by what tests tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eventmock.backend.report.self_contained import self_contained_page
from eventmock.coverage.labels import labelled
from eventmock.coverage.listing import rule_of
from eventmock.coverage.pattern_text import pattern_pieces
from eventmock.coverage.totals import totals_of

if TYPE_CHECKING:
    from eventmock.coverage.data import CoverageData

TITLE: Final = "Rule coverage"
_PAGE: Final = Path(__file__).with_name("page.html")


def page_of(data: CoverageData) -> str:
    """Return the page. Rules of which the least was tried come first."""
    subjects = labelled(data)
    tests = sorted({test for _, covered in subjects for test in covered.tests})
    numbers = {test: number for number, test in enumerate(tests)}
    rules: list[dict[str, Any]] = [
        {
            **rule_of(label, covered),
            "tests": sorted(map(numbers.__getitem__, covered.tests)),
            "pieces": pattern_pieces(covered),
        }
        for label, covered in subjects
    ]
    rules.sort(key=lambda rule: rule["percent"])
    totals = totals_of(data)
    summary = {"percent": totals.words, "points": totals.points, "missed": totals.missed}
    return self_contained_page(_PAGE, title=TITLE, data={"summary": summary, "tests": tests, "rules": rules})
