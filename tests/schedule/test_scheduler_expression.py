"""Which expressions EventBridge Scheduler accepts: recorded, seen on AWS, and inferred."""

import pytest
from hypothesis import given, strategies as st

from eventmock.schedule import At, Cron, InvalidSchedule, Rate, parse, parse_for_schedule

RECORDED_AS_TAKEN = [
    "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
    "cron(30-30 13-13 ? * 2,4,6 *)",
    "cron(1-31/30 1-1 ? * 1,7 *)",
    "cron(0 18 ? * MON-FRI *)",
    "cron(*/15 * * * ? *)",
    "cron(0-59/10 0-23/2 ? * * *)",
    "rate(1 day)",
    "rate(1 minutes)",
    "rate(10 minutes)",
    "at(2022-12-31T23:59:59)",
]
SEEN_AS_TAKEN = [
    "rate(1minute)",
    "rate(2 minute)",
    "RATE(1 minute)",
    "AT(2030-01-01T00:00:00)",
    "CRON(0 12 * * ? *)",
    "at(2030-01-01T00:00)",
    "cron(0 12 * * ?)",
    "cron(0 12 L * ? *)",
    "cron(0 12 1W * ? *)",
    "cron(0 12 ? * 3L *)",
]
RECORDED_AS_REFUSED = [
    "cron(0 1 * * * *)",
    "cron(7 20 * * NOT *)",
    "cron(INVALID)",
    "cron(0 dummy ? * MON-FRI *)",
    "cron(71 8 1 * ? *)",
    "cron()",
    "cron(* * * * * *)",
    "rate(10 seconds)",
    "rate(10 years)",
    "rate()",
    "rate(10)",
    "rate(10 minutess)",
    "rate(foo minutes)",
    "rate(-10 minutes)",
    "rate( 10 minutes )",
    " rate(10 minutes)",
    "at(2021-12-31T23:59:59Z)",
    "at(2021-12-31)",
]
SEEN_AS_REFUSED = [
    "rate(1 second)",
    "rate(1 week)",
    "rate(5 weeks)",
    "rate(0 minute)",
    "rate(0 minutes)",
    "rate(-1 minutes)",
    "rate(1.5 minutes)",
    "rate( 1 minute )",
    "at(2030-01-01)",
    "at(2030-01-01 00:00:00)",
    "at(2030-01-01T00:00:00Z)",
    "at(2030-01-01T00:00:00.000)",
    "cron(0 12 * *)",
    "cron(0 12 * * ? * *)",
    "cron(0 12 1 * MON *)",
    "cron(0 12 ? * ? *)",
    "cron(0 12 ? * 3#0 *)",
    "cron(0 12 ? * 3#6 *)",
    "cron(60 12 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 12 0 * ? *)",
    "cron(0 12 32 * ? *)",
    "cron(0 12 * 0 ? *)",
    "cron(0 12 * 13 ? *)",
    "cron(0 12 ? * 0 *)",
    "cron(0 12 ? * 8 *)",
]
INFERRED_TO_BE_REFUSED = [
    "",
    "every 5 minutes",
    "rate(1  minute)",
    "rate(1\tminute)",
    "rate(1 Minute)",
    "rate(minute)",
    "rate(\u0661 minute)",
    "rate(2147483648 days)",
    "cron(0, 12, *, *, ?, *)",
    "cron(0  12 * * ?)",
    "cron(0 12 * * ? )",
    "cron(0 12 * * ?",
    "cron(0 12 * * ?) ",
    "at(2030-02-30T00:00:00)",
]


@pytest.mark.parametrize("expression", RECORDED_AS_TAKEN + SEEN_AS_TAKEN)
def test_these_are_taken_and_keep_their_text(expression):
    schedule = parse_for_schedule(expression)
    kind = {"rate": Rate, "cron": Cron, "at": At}[expression.partition("(")[0].lower()]
    assert isinstance(schedule, kind)
    assert schedule.expression == expression


@pytest.mark.parametrize("expression", RECORDED_AS_REFUSED + SEEN_AS_REFUSED + INFERRED_TO_BE_REFUSED)
def test_these_are_refused_in_the_words_of_aws(expression):
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_schedule(expression)
    assert str(refusal.value) == f"Invalid Schedule Expression {expression}."
    assert refusal.value.why


@pytest.mark.parametrize(
    ("loose", "of_a_rule"),
    [
        ("rate(1 minutes)", "rate(1 minute)"),
        ("rate(2 hour)", "rate(2 hours)"),
        ("rate(3days)", "rate(3 days)"),
        ("rAtE(01minutes)", "rate(01 minute)"),
        ("cron(0 12 * * ?)", "cron(0 12 * * ? *)"),
        ("CRON(0 12 ? * mon)", "cron(0 12 ? * MON *)"),
    ],
)
def test_the_loose_forms_mean_what_the_strict_ones_do(loose, of_a_rule):
    found, wanted = parse_for_schedule(loose), parse(of_a_rule)
    if isinstance(wanted, Rate):
        assert (found.value, found.unit) == (wanted.value, wanted.unit)
    else:
        assert found.moments == wanted.moments


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("rate(10 seconds)", "unit: 'seconds' is not minute(s), hour(s) or day(s), in lower case"),
        (
            "rate(5 min)",
            "unit: 'min' is not minute(s), hour(s) or day(s), in lower case: did you mean rate(5 minutes)?",
        ),
        (
            "rate(1 Hours)",
            "unit: 'Hours' is not minute(s), hour(s) or day(s), in lower case: did you mean rate(1 hour)?",
        ),
        (
            "rate(2 dyas)",
            "unit: 'dyas' is not minute(s), hour(s) or day(s), in lower case: did you mean rate(2 days)?",
        ),
        ("rate(1 week)", "unit: 'week' is not minute(s), hour(s) or day(s), in lower case"),
        ("rate(0 minute)", "value: 0 is outside 1-2147483647"),
        (
            "rate( 1 minute )",
            "rate: ' 1 minute ' is not a value, one space and a unit: did you mean rate(1 minute)?",
        ),
        (
            "cron(0 12 * *)",
            "cron: '0 12 * *' has 4 fields; wanted six, or five without the year, one space apart",
        ),
        ("cron(71 8 1 * ?)", "minutes: 71 is outside 0-59"),
        (
            "cron(0, 12, *, *, ?, *)",
            "minutes: an item of the list is empty; wanted 0-59: did you mean cron(0 12 * * ? *)?",
        ),
        (
            "cron(0 12 * * 1-5)",
            "day-of-month and day-of-week: * and 1-5 are both set; wanted ? in exactly one of them, "
            "such as ? and 1-5: did you mean cron(0 12 ? * 1-5)?",
        ),
    ],
)
def test_a_refusal_says_why_and_what_may_be_meant(expression, why):
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_schedule(expression)
    assert refusal.value.why == why


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("", ""),
        ("every 5 minutes", "rate(5 minutes)"),
        ("5 minutes", "rate(5 minutes)"),
        ("rates(5 minutes)", "rate(5 minutes)"),
        (" rate(5 minutes)", "rate(5 minutes)"),
        ("rate(5 minutes", "rate(5 minutes)"),
        ("0 12 * * ? *", "cron(0 12 * * ? *)"),
        ("0 12 * * 1-5", "cron(0 12 ? * 1-5)"),
        ("corn(0 12 * * ?)", "cron(0 12 * * ?)"),
        ("2030-01-01T00:00:00", "at(2030-01-01T00:00:00)"),
        ("rate(0 12 * * ?)", "cron(0 12 * * ?)"),
    ],
)
def test_what_has_another_form_is_told_the_forms_or_what_may_be_meant(expression, meant):
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_schedule(expression)
    if meant:
        assert refusal.value.why.endswith(f": did you mean {meant}?")
        assert parse_for_schedule(meant).expression == meant
    else:
        assert refusal.value.why == (
            f"expression: {expression!r} is neither rate(value unit) nor cron(fields) nor at(yyyy-mm-ddThh:mm:ss)"
        )


def test_256_characters_are_accepted_and_257_are_not():
    longest = f"cron({'0' * 242} 0 * * ?)"
    assert len(longest) == 256
    assert parse_for_schedule(longest).minutes == (0,)
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_schedule(longest.replace("(", "(0"))
    assert refusal.value.why == "expression: 257 characters; wanted at most 256"


_GRAMMAR = st.text("0123456789*?,-/#LWMONFRIJATminute \té\u0661", max_size=12)


@given(
    st.one_of(
        st.text(),
        _GRAMMAR,
        st.builds("cron({} {} {} {} {})".format, *[_GRAMMAR] * 5),
        st.builds("{}({})".format, st.sampled_from(["rate", "Rate", "at", "AT", "cron"]), _GRAMMAR),
        st.datetimes().map("at({:%Y-%m-%dT%H:%M:%S})".format),
    )
)
def test_any_text_is_either_read_or_refused_with_a_reason(text):
    refused = None
    try:
        schedule = parse_for_schedule(text)
    except InvalidSchedule as refusal:
        refused = refusal
    if refused is None:
        assert schedule.expression == text
    else:
        assert refused.why
        assert str(refused) == f"Invalid Schedule Expression {text}."


@given(st.sampled_from(["rate({} minutes)", "cron({} 0 * * ? *)"]), st.integers(2, 59))
def test_what_a_rule_accepts_is_accepted(form, number):
    text = form.format(number)
    assert parse_for_schedule(text) == parse(text)


def test_schedules_with_one_cron_share_it():
    """It takes 10 kB, and a stack may have thousands of schedules."""
    assert parse_for_schedule("cron(0 12 * * ?)") is parse_for_schedule("cron(0 12 * * ?)")
