from __future__ import annotations

from eventmock.coverage.data import CoverageData
from eventmock.coverage.markdown import markdown_of
from eventmock.coverage.table import NOTHING


def test_it_has_the_rows_of_the_table(three_gaps):
    assert markdown_of(three_gaps).splitlines() == [
        "| Rule | Points | Miss | Cover | Missing |",
        "| :-- | --: | --: | --: | :-- |",
        (
            '| default/ship | 13 | 4 | 69% | never tried: detail.state "REFUNDED"<br>never taken: &#36;or branch 2 '
            "(detail.free)<br>never failed: sqs parcels |"
        ),
        "| **TOTAL** | 13 | 4 | **69%** |  |",
    ]


def test_nothing_of_the_data_is_markup(measured):
    measured.rule("ship", source=["shop", "a|b", "<img src=x>", "[x](y)", "`z`", "line\nbreak"])
    measured.put()
    [_, _, row, _] = markdown_of(measured.data).splitlines()
    assert row.count("|") == 6
    assert not set("`[]\\") & set(row)
    assert row.replace("<br>", "").count("<") == 0


def test_rules_that_are_covered_fully_are_counted_below_it(measured):
    measured.rule(source=["shop"])
    measured.put()
    measured.put("office")
    assert markdown_of(measured.data).splitlines()[-1] == "1 rule is covered fully, and not listed."
    assert markdown_of(measured.data, shows_covered=True).splitlines()[2:] == [
        "| default/ship | 2 | 0 | 100% |  |",
        "| **TOTAL** | 2 | 0 | **100%** |  |",
    ]


def test_without_rules_it_says_so():
    assert markdown_of(CoverageData()) == NOTHING
