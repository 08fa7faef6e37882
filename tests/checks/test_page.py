from __future__ import annotations

from pathlib import Path

from eventmock.checks.finding import SEVERITIES
from eventmock.checks.rules import all_rules

PAGE = (Path(__file__).parents[2] / "docs" / "check.md").read_text("utf-8")


def rows(after):
    """The rows of the first table after a text of the page."""
    table = PAGE.partition(after)[2].partition("\n| --- ")[2].partition("\n")[2].partition("\n\n")[0]
    return [tuple(cell.strip() for cell in row.strip("|").split(" | ")) for row in table.splitlines()]


def test_the_page_lists_all_rules():
    wanted = [(f"`{rule.id}`", rule.severity, rule.summary) for rule in all_rules().values()]
    assert rows("## The rules") == wanted


def test_the_page_explains_the_severities():
    assert tuple(name for name, _ in rows("`--fail-on never` none.")) == SEVERITIES
