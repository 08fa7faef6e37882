from __future__ import annotations

import pytest

from eventmock.coverage.labels import labelled
from eventmock.coverage.selection import KINDS, Selection, read_kinds, read_omitted, read_percent
from eventmock.coverage.totals import totals_of
from eventmock.exceptions import OptionError


def test_rules_that_are_omitted_do_not_count(measured):
    measured.rule("legacy-a", source=["a"])
    measured.rule("ship", source=["b"])
    Selection(omit=("default/legacy-*",)).narrow(measured.data)
    assert [label for label, _ in labelled(measured.data)] == ["default/ship"]


def test_points_of_other_kinds_do_not_count(three_gaps):
    Selection(kinds=frozenset({"value", "branch"})).narrow(three_gaps)
    [covered] = three_gaps
    assert {point.kind for point in covered.points.values()} == {"value", "branch"}
    assert totals_of(three_gaps) == (7, 3)


def test_a_rule_without_points_that_count_does_not_count(three_gaps):
    Selection(kinds=frozenset({"firing"})).narrow(three_gaps)
    assert len(three_gaps) == 0


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("value", {"value"}),
        ("value, branch", {"value", "branch"}),
        ("dead-letter failure", {"dead letter", "failure"}),
        ("dead letter,failure", {"dead letter", "failure"}),
        (" ".join(KINDS), set(KINDS)),
    ],
)
def test_kinds_have_commas_or_blanks_between_them(text, kinds):
    assert read_kinds(text, "--points") == kinds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("valeu", "--points: there is no kind of points 'valeu': did you mean 'value'?"),
        (
            "",
            "--points: there is no kind of points '': there are value, branch, refusal, delivery, failure, "
            "dead-letter, input, firing, end, batch, order, replay",
        ),
    ],
)
def test_a_kind_that_does_not_exist_is_refused(text, said):
    with pytest.raises(OptionError) as caught:
        read_kinds(text, "--points")
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "percent"), [("90", 90), ("87.5", 87.5), (" 87.5% ", 87.5), ("0", 0), ("100", 100)]
)
def test_a_percentage_may_have_decimals_and_a_sign(text, percent):
    assert read_percent(text, "--fail-under") == percent


@pytest.mark.parametrize("text", ["", "ninety", "-1", "100.1", "nan", "inf", "90 %  of it"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(OptionError) as caught:
        read_percent(text, "--fail-under")
    assert str(caught.value) == f"--fail-under={text}: wanted a percentage from 0 to 100, such as 90 or 87.5"


def test_empty_lines_omit_nothing():
    assert read_omitted(["", " shop/* ", "\t"]) == ("shop/*",)
