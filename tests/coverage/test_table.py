from __future__ import annotations

import json

import pytest

from eventmock.coverage.data import CoverageData
from eventmock.coverage.table import NOTHING, table_of
from eventmock.services.coverage import Point, Subject

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"
RULE = "-" * 110


def rows(data, width=160):
    """The lines between the two rules of a table."""
    lines = table_of(data, width).splitlines()
    rules = [at for at, line in enumerate(lines) if set(line) == {"-"}]
    return lines[rules[0] + 1 : rules[-1]]


def test_it_shows_a_value_a_branch_and_a_failure_that_were_never_tried(three_gaps):
    assert table_of(three_gaps, 120) == (
        "Rule          Points  Miss  Cover  Missing\n"
        f"{RULE}\n"
        'default/ship      13     4    69%  never tried: detail.state "REFUNDED"\n'
        "                                   never taken: $or branch 2 (detail.free)\n"
        "                                   never failed: sqs parcels\n"
        f"{RULE}\n"
        "TOTAL             13     4    69%"
    )


def test_in_a_narrow_terminal_what_is_missing_stands_below_the_row(three_gaps):
    assert table_of(three_gaps, 60) == (
        "Rule          Points  Miss  Cover  Missing\n"
        f"{'-' * 60}\n"
        "default/ship      13     4    69%\n"
        '    never tried: detail.state "REFUNDED"\n'
        "    never taken: $or branch 2 (detail.free)\n"
        "    never failed: sqs parcels\n"
        f"{'-' * 60}\n"
        "TOTAL             13     4    69%"
    )


def test_a_long_phrase_is_wrapped_and_nothing_of_it_is_lost(measured):
    values = [f"value-number-{number}" for number in range(8)]
    measured.rule(detail={"state": values})
    measured.put(state=values[0])
    lines = rows(measured.data, 80)
    assert max(map(len, lines)) <= 80
    words = " ".join(" ".join(lines).split())
    assert ", ".join(json.dumps(value) for value in values[1:]) in words


def test_a_label_that_is_too_long_has_a_line_of_its_own(measured):
    name = "a-rule-whose-name-is-longer-than-a-share-of-the-line"
    measured.rule(name, source=["shop"])
    measured.rule("ship", detail={"state": ["PAID"]})
    long, numbers, *_ = rows(measured.data, 100)
    assert long == f"default/{name}"
    assert numbers.split(maxsplit=3) == ["2", "2", "0%", "got no event"]


def test_rules_that_are_covered_fully_are_counted_below_it(measured):
    measured.rule("ship", source=["shop"])
    measured.rule("bill", source=["office"])
    measured.put()
    measured.put("office")
    assert rows(measured.data) == []
    assert table_of(measured.data, 80).splitlines()[-3:] == [
        "TOTAL       4     0   100%",
        "",
        "2 rules are covered fully, and not listed.",
    ]
    assert [
        line.split()[0] for line in table_of(measured.data, 80, shows_covered=True).splitlines()[2:4]
    ] == [
        "default/bill",
        "default/ship",
    ]


def test_only_a_rule_that_is_covered_fully_has_100_percent(measured):
    measured.rule(source=[f"s{number}" for number in range(150)])
    for number in range(149):
        measured.put(f"s{number}")
    measured.put("another")
    [row] = rows(measured.data)
    assert row.split(maxsplit=4) == ["default/ship", "151", "1", "99%", 'never tried: source "s149"']


def test_without_rules_it_says_so():
    assert table_of(CoverageData(), 80) == NOTHING


def test_control_characters_are_escaped(measured):
    measured.rule(source=["shop", "\x1b[31m\u202e"])
    measured.put()
    assert table_of(measured.data, 120).isascii()
    assert all(line.isprintable() for line in table_of(measured.data, 120).splitlines())


@pytest.mark.parametrize("width", [1, 20, 41, 80, 500])
def test_any_width_will_do(three_gaps, width):
    text = " ".join(table_of(three_gaps, width).split())
    assert 'never tried: detail.state "REFUNDED" never taken: $or branch 2 (detail.free)' in text


def test_a_subject_of_another_service_has_its_kind_and_the_words_of_its_points():
    data = CoverageData()
    points = (
        Point("delivery", "delivery imports", "the import runs"),
        Point("input", "input file", "the file is read"),
        Point("firing", "fires", "fires"),
    )
    subject = Subject(
        "import", "1" * 12, "us-east-1", "crm", "orders", "arn", "orders", {"Name": "orders"}, points
    )
    data.of(subject, None).add_subject(subject)
    assert [line.strip() for line in table_of(data, 80).splitlines()[2:5]] == [
        "import crm/orders       3     3     0%  nothing delivered to: the import runs",
        "never: the file is read",
        "never fired",
    ]
