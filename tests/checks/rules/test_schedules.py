from __future__ import annotations

import re

import pytest

RULE = """
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
{comment}      ScheduleExpression: {expression}{end}
      Description: {description}
"""
SCHEDULE = """
Resources:
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: {expression}
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      {more}
      Target: {{Arn: 'arn:aws:sqs:us-east-1:123456789012:q', RoleArn: 'arn:aws:iam::123456789012:role/r'}}
"""


@pytest.fixture
def difference(found):
    """A function that returns how a schedule differs from what is written about it; None if it does not."""

    def run(expression, *, comment="", end="", description="x"):
        text = RULE.format(expression=expression, comment=comment, end=end, description=description)
        texts = [one.production for one in found("schedule-unlike-its-description", text)]
        return texts[0] if texts else None

    return run


@pytest.mark.parametrize(
    ("expression", "text", "says"),
    [
        ("cron(0 9 ? * TUE *)", "every Monday", "it fires on Tuesday"),
        ("cron(0 9 ? * MON-SAT *)", "Mon-Fri 9:00", "it fires on Monday to Saturday"),
        ("cron(0 9 * * ? *)", "every weekday at 9", "it fires every day"),
        ("cron(0 9 1 * ? *)", "every day at 9", "it fires on some of the next 400 days"),
        ("cron(0 9 * * ? *)", "every day at 9 pm", "it fires at 09:00 UTC"),
        ("cron(0 13 * * ? *)", "every day at 9 am UTC", "it fires at 13:00 UTC"),
        ("rate(5 minutes)", "every 10 minutes", "it fires every 5 minutes"),
        ("rate(1 day)", "runs hourly", "it fires every 1 day"),
    ],
)
def test_a_difference_is_found(difference, expression, text, says):
    production = difference(expression, description=text)
    assert re.sub(r"\d+ of the next", "some of the next", production or "") == says


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("cron(0 9 ? * MON *)", "every Monday at 9am"),
        ("cron(0 13 * * ? *)", "every day at 9 am"),
        ("cron(0 13 ? * TUE *)", "every Monday at 11 pm"),
        ("cron(0 2 ? * TUE *)", "every Monday"),
        ("cron(0 20 ? * SUN *)", "every Monday"),
        ("cron(0 9 ? * MON-FRI *)", "Daily report"),
        ("cron(0 9 ? * 2#1 *)", "first Monday of the month"),
        ("cron(0 9 1 * ? *)", "monthly"),
        ("cron(0/5 * * * ? *)", "every five minutes"),
        ("rate(1 hour)", "hourly"),
        ("rate(5 minutes)", "checks the queue"),
    ],
)
def test_what_agrees_or_is_not_clear_is_left(difference, expression, text):
    assert difference(expression, description=text) is None


def test_comments_on_the_line_and_above_it_are_read(difference):
    assert difference("cron(0 9 ? * TUE *)", end="  # every Monday") == "it fires on Tuesday"
    above = "      # for the team in Bern\n      # every Monday\n"
    assert difference("cron(0 9 ? * TUE *)", comment=above) == "it fires on Tuesday"
    assert (
        difference("cron(0 9 ? * TUE *)", comment=above, description="every Tuesday") == "it fires on Tuesday"
    )
    assert difference("cron(0 9 ? * TUE *)", comment="      # every Monday\n      Name: r\n") is None


def test_comments_above_the_resource_are_read(found):
    text = RULE.format(expression="cron(0 9 ? * TUE *)", comment="", end="", description="x")
    rule = "schedule-unlike-its-description"
    assert len(found(rule, text.replace("  R:", "  # every Monday\n  R:"))) == 1
    assert found(rule, text.replace("  R:", "  # every Monday\n\n  R:")) == []
    assert found(rule, text.replace("  R:", "  # ScheduleExpression: cron(0 9 ? * MON *)\n  R:")) == []


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(1minute)",
        "RATE(1 minute)",
        "cron(0 12 * * ?)",
        "cron(0 18 ? * MON-FRI *)",
        "at(2030-01-01T00:00:00)",
        "at(2030-01-01T00:00)",
    ],
)
def test_eventbridge_scheduler_takes_more_than_rules_do(found, expression):
    assert found("refused-schedule", SCHEDULE.format(expression=expression, more="")) == []


@pytest.mark.parametrize(
    "expression",
    [
        "rate(10 seconds)",
        "rate(0 minutes)",
        "rate( 1 minute )",
        "at(2030-01-01)",
        "at(2030-01-01T00:00:00Z)",
        "cron(71 8 1 * ? *)",
        "cron(* * * * * *)",
    ],
)
def test_and_refuses_what_it_refuses(found, expression):
    assert len(found("refused-schedule", SCHEDULE.format(expression=expression, more=""))) == 1


@pytest.mark.parametrize(
    ("expression", "instead"),
    [
        ("rate(1 minutes)", "rate(1 minute); only an AWS::Scheduler::Schedule takes rate(1 minutes)"),
        ("rate(2 minute)", "rate(2 minutes); only an AWS::Scheduler::Schedule takes rate(2 minute)"),
        ("rate(1 week)", "rate(value unit), such as"),
        ("at(2030-01-01T00:00:00)", "at(2030-01-01T00:00:00) in an AWS::Scheduler::Schedule; rules take"),
        ("cron(0 12 * * ?)", "rate(value unit), such as"),
        ("0 9 * * *", "rate(value unit), such as"),
    ],
)
def test_a_rule_refuses_more(found, expression, instead):
    text = RULE.format(expression=f"'{expression}'", comment="", end="", description="x")
    [one] = found("refused-schedule", text)
    assert one.instead.startswith(instead)


@pytest.mark.parametrize(
    ("expression", "says", "difference"),
    [
        ("cron(0 9 ? * TUE *)", "every Monday", "it fires on Tuesday"),
        ("cron(0 21 * * ? *)", "every day at 9 am", "it fires at 21:00 America/New_York"),
        ("rate(5 minutes)", "every 10 minutes", "it fires every 5 minutes"),
        ("cron(0 2 ? * TUE *)", "every Monday", "it fires on Tuesday"),
        ("cron(0 9 ? * MON *)", "every Monday at 9 am", None),
        ("cron(0 13 * * ? *)", "every day at 9 am", None),
        ("cron(0 9 * * ? *)", "every day at 13:00 UTC", None),
        ("at(2030-01-01T09:00:00)", "every Monday", None),
    ],
)
def test_words_about_a_schedule_in_a_time_zone_mean_its_local_time(found, expression, says, difference):
    more = f"Description: {says}\n      ScheduleExpressionTimezone: America/New_York"
    texts = found("schedule-unlike-its-description", SCHEDULE.format(expression=expression, more=more))
    assert [one.production for one in texts] == ([] if difference is None else [difference])


def test_words_about_a_schedule_without_a_time_zone_are_read_as_of_a_rule(found):
    text = SCHEDULE.format(expression="cron(0 9 ? * TUE *)", more="Description: every Monday")
    assert len(found("schedule-unlike-its-description", text)) == 1


def test_a_year_that_is_past_never_fires(found):
    text = RULE.format(expression="cron(0 9 1 1 ? 2020)", comment="", end="", description="x")
    [one] = found("schedule-never-fires", text)
    assert "all firings of year 2020 are past" in one.what


class TestOfScheduler:
    """What is found in the schedules of EventBridge Scheduler only."""

    @pytest.fixture
    def rules(self, checked):
        """A function that returns the rules that find something in a schedule, but for the dead-letter queue."""

        def run(expression, more="", **around):
            text = SCHEDULE.format(expression=expression, more=more)
            left = {"missing-dead-letter-queue"}
            return [one.rule for one in checked(text, **around).findings if one.rule not in left]

        return run

    def test_a_year_that_is_past_is_refused(self, rules):
        assert rules("cron(0 9 1 1 ? 2020)") == ["refused-schedule"]
        assert rules("cron(0 9 31 2 ? *)") == ["refused-schedule"]

    @pytest.mark.parametrize(
        ("expression", "more", "found"),
        [
            ("at(2020-01-01T00:00:00)", "", ["schedule-never-fires"]),
            ("at(2020-01-01T00:00:00)", "StartDate: '2020-01-01T00:00:00Z'", ["schedule-never-fires"]),
            ("rate(1 day)", "EndDate: '2020-01-01T00:00:00Z'", ["schedule-never-fires"]),
            (
                "cron(0 9 1 1 ? 2199)",
                "EndDate: '2190-01-01T00:00:00Z'",
                ["schedule-never-fires"],
            ),
            ("rate(1 day)", "EndDate: '2190-01-01T00:00:00Z'", []),
            (
                "rate(1 day)",
                "StartDate: '2191-01-01T00:00:00Z'\n      EndDate: '2190-01-01T00:00:00Z'",
                ["refused"],
            ),
            ("rate(1 day)", "StartDate: '2190-01-01T00:00:00Z'", []),
            ("rate(1 day)", "StartDate: '2020-01-01T00:00:00Z'", ["start-date-is-past"]),
            ("at(2190-01-01T00:00:00)", "StartDate: '2020-01-01T00:00:00Z'", []),
        ],
    )
    def test_dates(self, rules, expression, more, found):
        assert rules(expression, more) == found

    @pytest.mark.parametrize(
        ("expression", "zone", "found"),
        [
            ("cron(30 2 * * ? *)", "Europe/Berlin", ["local-time-is-skipped"]),
            ("cron(30 2 * * ? *)", "America/New_York", ["local-time-is-skipped"]),
            ("cron(30 2 * * ? *)", "UTC", []),
            ("cron(30 2 * * ? *)", "Asia/Tokyo", []),
            ("cron(30 3 * * ? *)", "Europe/Berlin", []),
            ("cron(*/15 * * * ? *)", "Europe/Berlin", []),
            ("cron(30 2 ? * MON *)", "Europe/Berlin", []),
            ("rate(1 day)", "Europe/Berlin", []),
            ("at(2030-03-31T02:30:00)", "Europe/Berlin", ["local-time-is-skipped"]),
            ("cron(30 2 * * ? *)", "europe/berlin", ["unknown-time-zone"]),
        ],
    )
    def test_local_times_that_clocks_skip(self, rules, expression, zone, found):
        assert rules(expression, f"ScheduleExpressionTimezone: {zone}") == found

    @pytest.mark.parametrize(
        ("expression", "minutes", "is_found"),
        [
            ("rate(5 minutes)", 5, False),
            ("rate(5 minutes)", 6, True),
            ("cron(0/20 * * * ? *)", 15, False),
            ("cron(0,5 9 * * ? *)", 15, True),
            ("cron(0 9 * * ? *)", 1440, False),
            ("at(2190-01-01T00:00:00)", 1440, False),
        ],
    )
    def test_flexible_windows(self, found, expression, minutes, is_found):
        window = f"{{Mode: FLEXIBLE, MaximumWindowInMinutes: {minutes}}}"
        text = SCHEDULE.format(expression=expression, more="").replace("{Mode: 'OFF'}", window)
        assert bool(found("window-longer-than-period", text)) is is_found

    def test_a_made_up_value_is_not_judged(self, checked):
        text = "Parameters:\n  Given: {Type: String}" + SCHEDULE.format(
            expression="cron(30 2 * * ? *)",
            more="ScheduleExpressionTimezone: !Ref Given\n      EndDate: !Ref Given",
        )
        assert [one.rule for one in checked(text).findings] == ["missing-dead-letter-queue"]
