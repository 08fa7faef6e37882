"""at(yyyy-mm-ddThh:mm:ss)."""

from datetime import datetime

import pytest

from eventmock.schedule import At, InvalidSchedule, parse_for_schedule


@pytest.mark.parametrize(
    ("expression", "local"),
    [
        ("at(2022-12-31T23:59:59)", datetime(2022, 12, 31, 23, 59, 59)),
        ("at(2030-01-01T00:00)", datetime(2030, 1, 1)),
        ("AT(2028-02-29T12:30:01)", datetime(2028, 2, 29, 12, 30, 1)),
        ("at(0001-01-01T00:00:00)", datetime(1, 1, 1)),
        ("at(9999-12-31T23:59:59)", datetime(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_it_knows_its_text_and_its_local_time(expression, local):
    assert parse_for_schedule(expression) == At(expression=expression, local=local)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("at()", "at: '' is not yyyy-mm-ddThh:mm:ss"),
        (
            "at(2021-12-31)",
            "at: '2021-12-31' is not yyyy-mm-ddThh:mm:ss: did you mean at(2021-12-31T00:00:00)?",
        ),
        (
            "at(2030-01-01 00:00:00)",
            "at: '2030-01-01 00:00:00' is not yyyy-mm-ddThh:mm:ss: did you mean at(2030-01-01T00:00:00)?",
        ),
        (
            "at(2030-01-01T00:00:00.000)",
            "at: '2030-01-01T00:00:00.000' is not yyyy-mm-ddThh:mm:ss: did you mean at(2030-01-01T00:00:00)?",
        ),
        (
            "at(2021-12-31T23:59:59Z)",
            "at: '2021-12-31T23:59:59Z' is not yyyy-mm-ddThh:mm:ss; a time zone is given apart, "
            "in ScheduleExpressionTimezone: did you mean at(2021-12-31T23:59:59)?",
        ),
        (
            "at(2021-12-31T23:59:59+02:00)",
            "at: '2021-12-31T23:59:59+02:00' is not yyyy-mm-ddThh:mm:ss; a time zone is given apart, "
            "in ScheduleExpressionTimezone: did you mean at(2021-12-31T23:59:59)?",
        ),
        (
            "at( 2030-01-01T00:00:00 )",
            "at: ' 2030-01-01T00:00:00 ' is not yyyy-mm-ddThh:mm:ss: did you mean at(2030-01-01T00:00:00)?",
        ),
        ("at(tomorrow)", "at: 'tomorrow' is not yyyy-mm-ddThh:mm:ss"),
        ("at(12030-01-01T00:00:00)", "at: '12030-01-01T00:00:00' is not yyyy-mm-ddThh:mm:ss"),
    ],
)
def test_what_has_another_form_is_refused(expression, why):
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_schedule(expression)
    assert refusal.value.why == why


@pytest.mark.parametrize(
    "expression",
    [
        "at(2030-02-30T00:00:00)",
        "at(2029-02-29T00:00:00)",
        "at(2030-13-01T00:00:00)",
        "at(2030-00-01T00:00:00)",
        "at(0000-01-01T00:00:00)",
        "at(2030-01-01T24:00:00)",
        "at(2030-01-01T00:60:00)",
        "at(2030-01-01T00:00:60)",
    ],
)
def test_what_the_calendar_and_the_clock_do_not_have_is_refused(expression):
    with pytest.raises(InvalidSchedule) as refusal:
        parse_for_schedule(expression)
    assert refusal.value.why.startswith(f"at: '{expression[3:-1]}' does not exist: ")


@pytest.mark.parametrize(
    "expression", ["at(2030-01-01t00:00:00)", "at(2030-1-1T00:00:00)", "at(\u0662030-01-01T00:00:00)"]
)
def test_digits_and_letters_are_as_written(expression):
    with pytest.raises(InvalidSchedule):
        parse_for_schedule(expression)
