"""Which expressions are accepted, as recorded, and which way a text goes."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from eventmock.schedule import Cron, InvalidSchedule, Rate, parse, parse_for_rule

_RECORDED = Path(__file__).parent.parent / "conformance" / "schedules" / "expressions.jsonl"
_CASES = [json.loads(line) for line in _RECORDED.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", _CASES, ids=[f"{case['expression']}" for case in _CASES])
def test_every_expression_is_judged_as_recorded(case):
    try:
        parse(case["expression"])
    except InvalidSchedule:
        accepted = False
    else:
        accepted = True
    assert accepted == case["valid"], case["provenance"]


def test_every_case_says_where_it_comes_from():
    assert all(case["provenance"] for case in _CASES)


def test_rate_and_cron_keep_their_text():
    assert isinstance(parse("rate(5 minutes)"), Rate)
    assert isinstance(parse("cron(0 12 * * ? *)"), Cron)
    assert parse("rate(5 minutes)").expression == "rate(5 minutes)"
    assert parse("cron(0 12 * * ? *)").expression == "cron(0 12 * * ? *)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cron",
        "at(2026-01-01T00:00:00)",
        "CRON(0 12 * * ? *)",
        "Rate(5 minutes)",
        "rate(5 minutes) ",
        "rate(5 minutes",
    ],
)
def test_anything_else_is_told_the_two_forms(text):
    with pytest.raises(InvalidSchedule) as refusal:
        parse(text)
    assert refusal.value.why == (
        f"expression: {text!r} is neither rate(value unit) nor cron(six fields), "
        "in lower case with no blanks around it"
    )


def test_256_characters_are_accepted_and_257_are_not():
    longest = f"cron({'0' * 240} 0 * * ? *)"
    assert len(longest) == 256
    assert parse(longest).minutes == (0,)
    with pytest.raises(InvalidSchedule) as refusal:
        parse(longest.replace("(", "(0"))
    assert refusal.value.why == "expression: 257 characters; wanted at most 256"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("cron(0/5, 9-18, ?, *, MON-FRI, *)", "cron(0/5 9-18 ? * MON-FRI *)"),
        ("cron(5, 0, 1, *, ?, *)", "cron(5 0 1 * ? *)"),
        ("cron(0 12 * * ? *,)", "cron(0 12 * * ? *)"),
        ("cron(0, 12 * * ? *)", "cron(0 12 * * ? *)"),
        ("cron(0,30, 9,18, ? * MON,WED, 2026,2027,)", "cron(0,30 9,18 ? * MON,WED 2026,2027)"),
        ("cron(0,30 9 ? * * *)", "cron(0,30 9 ? * * *)"),
        ("rate(5 minutes)", "rate(5 minutes)"),
    ],
)
def test_to_a_rule_a_comma_at_the_end_of_a_field_means_nothing(text, same):
    read, wanted = parse_for_rule(text), parse(same)
    assert read.expression == text
    assert dataclasses.replace(read, expression=same) == wanted


@pytest.mark.parametrize("text", ["cron(0/5, 9-18, ?, *, MON-FRI, *)", "cron(0 12 * * ? *,)"])
def test_elsewhere_such_a_comma_is_refused(text):
    with pytest.raises(InvalidSchedule):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "cron(0,12,*,*,?,*)",
        "cron(0,, 12 * * ? *)",
        "cron(0 , 12 * * ? *)",
        "cron(0,  12 * * ? *)",
        "cron(,0 12 * * ? *)",
        "cron(, 0 12 * * ? *)",
        "cron(0, 30 9 * * ? *)",
        "cron(0 12 * * ? *, )",
        "cron(0 12 * * ? *),",
        "rate(5, minutes)",
        "rate(5 minutes,)",
        "",
    ],
)
def test_a_comma_elsewhere_is_refused_by_a_rule_too(text):
    with pytest.raises(InvalidSchedule):
        parse_for_rule(text)


def test_256_characters_are_counted_with_the_commas():
    longest = f"cron({'0' * 239}, 0 * * ? *)"
    assert len(longest) == 256
    assert parse_for_rule(longest).minutes == (0,)
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_rule(longest.replace("(", "(0"))
    assert refusal.value.why == "expression: 257 characters; wanted at most 256"


@pytest.mark.parametrize("case", _CASES, ids=[f"{case['expression']}" for case in _CASES])
def test_a_rule_reads_every_recorded_expression_alike(case):
    if case["valid"]:
        assert parse_for_rule(case["expression"]) == parse(case["expression"])
    else:
        with pytest.raises(InvalidSchedule):
            parse_for_rule(case["expression"])


_GRAMMAR = st.text("0123456789*?,-/#LWMONFRIJAxé \t", max_size=12)


@pytest.mark.parametrize("read", [parse, parse_for_rule])
@given(
    text=st.one_of(
        _GRAMMAR,
        st.builds("cron({} {} {} {} {} {})".format, *[_GRAMMAR] * 6),
        st.builds("rate({})".format, _GRAMMAR),
    )
)
def test_any_text_is_either_read_or_refused_with_a_reason(read, text):
    why = None
    try:
        schedule = read(text)
    except InvalidSchedule as refusal:
        why = refusal.why
    assert schedule.expression == text if why is None else why


def test_bare_fields_of_cron_are_known():
    with pytest.raises(InvalidSchedule) as refusal:
        parse("0 18 * * 1-5")
    assert refusal.value.why.endswith("no blanks around it: fields of cron stand in cron(...)")
