from __future__ import annotations

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.config import Config

NOW = datetime(2027, 1, 1, tzinfo=UTC)
OFF, FLEXIBLE = {"Mode": "OFF"}, {"Mode": "FLEXIBLE"}
BAD_EXPRESSION = {"expression": "rate(10 years)"}
BAD_ZONE = {"ScheduleExpressionTimezone": "Europe/Berln"}
NO_MINUTES = {"FlexibleTimeWindow": FLEXIBLE}
BAD_DATES = {"StartDate": NOW + timedelta(days=2), "EndDate": NOW + timedelta(days=1)}
NO_ARN = {"Target": {"Arn": "x", "RoleArn": "arn:aws:iam::123456789012:role/r"}}
NO_GROUP = {"GroupName": "nope"}
TEXTS = [
    (BAD_EXPRESSION, "Invalid Schedule Expression rate(10 years)."),
    (BAD_ZONE, "Invalid timezone Europe/Berln."),
    (
        NO_MINUTES,
        "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.",
    ),
    (BAD_DATES, "The StartDate you specify must come before the EndDate."),
    (NO_ARN, "Provided Arn is not in correct format."),
    (NO_GROUP, "Schedule group nope does not exist."),
]


@pytest.fixture
def text_of(client, members, error_of):
    """A function that gives the text by which a schedule is refused."""
    return lambda **more: error_of(client.create_schedule, **members(**more))[1]


@pytest.mark.parametrize(("given", "text"), TEXTS)
def test_each_is_refused(text_of, given, text):
    assert text_of(**given) == text


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_the_first_of_several_is_told(text_of, number):
    given = {}
    for each, _ in TEXTS[number:]:
        given |= each
    assert text_of(**given) == TEXTS[number][1]


def test_the_constraints_of_the_model_come_before_all(backend, members, error_of):
    client = boto3.client("scheduler", config=Config(parameter_validation=False))
    wrong = members(**BAD_EXPRESSION, Description="d" * 513)
    wrong["Target"]["Input"] = ""
    code, message = error_of(client.create_schedule, **wrong)
    assert code == "ValidationException"
    assert message.startswith("2 validation errors detected: Value '")
    assert "'target.input' failed to satisfy constraint" in message


class TestTheWindow:
    def test_off_has_no_minutes(self, text_of):
        assert text_of(FlexibleTimeWindow=OFF | {"MaximumWindowInMinutes": 1}) == (
            "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF."
        )

    def test_flexible_has_them(self, create):
        assert create(FlexibleTimeWindow=FLEXIBLE | {"MaximumWindowInMinutes": 1440})


class TestDates:
    def test_equal_dates_are_refused(self, text_of):
        assert text_of(StartDate=NOW, EndDate=NOW) == (
            "The StartDate you specify must come before the EndDate."
        )

    @pytest.mark.parametrize("expression", ["rate(1 day)", "cron(0 12 * * ? *)"])
    def test_a_start_date_is_at_most_five_minutes_ago(self, create, text_of, expression):
        assert text_of(expression=expression, StartDate=NOW - timedelta(minutes=5, seconds=1)) == (
            "The StartDate you specify cannot be earlier than 5 minutes ago."
        )
        assert create(expression=expression, StartDate=NOW - timedelta(minutes=5))

    def test_for_at_it_may_be_of_any_time(self, create):
        assert create(StartDate=NOW - timedelta(days=400))

    def test_an_end_date_of_the_past_is_taken(self, create):
        assert create(expression="rate(1 day)", EndDate=NOW - timedelta(days=400))


class TestACronThatNeverFires:
    @pytest.mark.parametrize(
        "expression", ["cron(0 0 1 1 ? 2026)", "cron(0 0 30 2 ? *)", "cron(0 0 1 1 ? 2027)"]
    )
    def test_it_is_refused(self, text_of, expression):
        assert text_of(expression=expression) == f"Invalid Schedule Expression {expression}."

    def test_its_last_occurrence_may_be_before_start_date(self, text_of):
        expression = "cron(0 0 1 6 ? 2027)"
        assert text_of(expression=expression, StartDate=datetime(2027, 7, 1, tzinfo=UTC)) == (
            f"Invalid Schedule Expression {expression}."
        )

    def test_an_end_date_before_its_first_occurrence_is_taken(self, create):
        assert create(expression="cron(0 0 1 6 ? 2027)", EndDate=datetime(2027, 2, 1, tzinfo=UTC))

    def test_an_at_of_the_past_is_taken(self, create):
        assert create(expression="at(2020-01-01T00:00:00)")


class TestTheHint:
    """The report says what is wrong, where AWS only quotes what it got."""

    @pytest.mark.parametrize(
        ("given", "hint"),
        [
            ({"expression": "rate(10 yers)"}, "rate"),
            (BAD_ZONE, "did you mean Europe/Berlin?"),
            ({"expression": "cron(0 0 1 1 ? 2026)"}, "it selects no moment after 2027-01-01 00:00:00 UTC"),
            (
                {"expression": "rate(1 day)", "StartDate": NOW - timedelta(days=1)},
                "the backend's clock is at 2027-01-01 00:00:00 UTC",
            ),
            ({"GroupName": "defalt"}, "did you mean default?"),
        ],
    )
    def test_it_is_there(self, backend, text_of, given, hint):
        text_of(**given)
        assert hint in str(backend.report())
