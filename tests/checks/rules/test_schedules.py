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
    "expression",
    ["rate(1 minutes)", "rate(1 week)", "at(2030-01-01T00:00:00)", "cron(0 12 * * ?)", "0 9 * * *"],
)
def test_a_rule_refuses_more(found, expression):
    text = RULE.format(expression=f"'{expression}'", comment="", end="", description="x")
    [one] = found("refused-schedule", text)
    assert ("AWS::Scheduler::Schedule" in one.instead) is expression.startswith("at(")


def test_a_schedule_in_a_time_zone_is_not_compared_with_words(found):
    rule = "schedule-unlike-its-description"
    text = SCHEDULE.format(expression="cron(0 9 ? * TUE *)", more="Description: every Monday")
    assert len(found(rule, text)) == 1
    zone = SCHEDULE.format(
        expression="cron(0 9 ? * TUE *)",
        more="Description: every Monday\n      ScheduleExpressionTimezone: America/New_York",
    )
    assert found(rule, zone) == []


def test_a_year_that_is_past_never_fires(found):
    text = RULE.format(expression="cron(0 9 1 1 ? 2020)", comment="", end="", description="x")
    [one] = found("schedule-never-fires", text)
    assert "all firings of year 2020 are past" in one.what
