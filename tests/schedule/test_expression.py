"""Which expressions are accepted, as recorded, and which way a text goes."""

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from eventmock.schedule import Cron, InvalidSchedule, Rate, parse

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


_GRAMMAR = st.text("0123456789*?,-/#LWMONFRIJAxé \t", max_size=12)


@given(
    st.one_of(
        _GRAMMAR,
        st.builds("cron({} {} {} {} {} {})".format, *[_GRAMMAR] * 6),
        st.builds("rate({})".format, _GRAMMAR),
    )
)
def test_any_text_is_either_read_or_refused_with_a_reason(text):
    why = None
    try:
        schedule = parse(text)
    except InvalidSchedule as refusal:
        why = refusal.why
    assert schedule.expression == text if why is None else why
