from __future__ import annotations

import pytest

RULE = """
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [shop]}}
      Targets:
        - {{Id: it, Arn: '{arn}'{more}}}
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: /shop/orders}}
"""
ACCOUNT = "us-east-1:123456789012"


@pytest.fixture
def rules(checked):
    """A function that checks a rule with a target, and gives the ids of the errors and warnings."""

    def run(arn, more=""):
        text = RULE.format(arn=arn, more=more)
        return [one.rule for one in checked(text).findings if one.severity != "note"]

    return run


@pytest.mark.parametrize(
    ("arn", "needs_role"),
    [
        (f"arn:aws:states:{ACCOUNT}:stateMachine:m", True),
        (f"arn:aws:kinesis:{ACCOUNT}:stream/s", True),
        (f"arn:aws:firehose:{ACCOUNT}:deliverystream/d", True),
        (f"arn:aws:codepipeline:{ACCOUNT}:p", True),
        (f"arn:aws:events:{ACCOUNT}:event-bus/other", True),
        (f"arn:aws:sqs:{ACCOUNT}:q", False),
        (f"arn:aws:sns:{ACCOUNT}:t", False),
        (f"arn:aws:lambda:{ACCOUNT}:function:f", False),
        (f"arn:aws:logs:{ACCOUNT}:log-group:g", False),
    ],
)
def test_kinds_that_need_a_role(rules, arn, needs_role):
    assert rules(arn) == ["missing-role"] * needs_role
    role = ", RoleArn: 'arn:aws:iam::123456789012:role/r'"
    assert rules(arn, role) == ["role-on-log-group"] * ("log-group" in arn)


@pytest.mark.parametrize(
    ("arn", "found"),
    [
        (f"arn:aws:sqs:{ACCOUNT}:letters", []),
        (f"arn:aws:sqs:{ACCOUNT}:letters.fifo", ["unusable-dead-letter-queue"]),
        ("arn:aws:sqs:eu-west-1:123456789012:letters", ["unusable-dead-letter-queue"]),
        (f"arn:aws:sns:{ACCOUNT}:letters", ["unusable-dead-letter-queue"]),
        ("arn:aws:sqs:us-east-1:210987654321:letters", []),
    ],
)
def test_dead_letter_queues(rules, arn, found):
    assert rules(f"arn:aws:sqs:{ACCOUNT}:q", f", DeadLetterConfig: {{Arn: '{arn}'}}") == found


def test_the_advice_names_the_log_group_of_the_template(found):
    begin = "!Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
    [own] = found(
        "log-group-arn-ends-in-star",
        RULE.format(arn=f"arn:aws:logs:{ACCOUNT}:log-group:/shop/orders:*", more=""),
    )
    assert own.instead == f"{begin}${{Group}}"
    [other] = found(
        "log-group-arn-ends-in-star",
        RULE.format(arn=f"arn:aws:logs:{ACCOUNT}:log-group:/shop/bills:*", more=""),
    )
    assert other.instead == f"{begin}/shop/bills"


@pytest.mark.parametrize(
    ("policy", "after"),
    [
        ("", "after 24 hours or 185 retries"),
        (
            ", RetryPolicy: {MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600}",
            "after 1 hour or 3 retries",
        ),
        (", RetryPolicy: {MaximumRetryAttempts: 0}", "is lost at once"),
    ],
)
def test_without_a_dead_letter_queue_it_is_told_when_events_are_lost(found, policy, after):
    [one] = found("missing-dead-letter-queue", RULE.format(arn=f"arn:aws:sqs:{ACCOUNT}:q", more=policy))
    assert after in one.production


SCHEDULE = """
Resources:
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      Target: {{Arn: '{arn}', {role}Input: '{{}}'{more}}}
"""


class TestSchedules:
    @pytest.fixture
    def rules(self, checked):
        """A function that checks a schedule with a target, and returns the ids of errors and warnings."""

        def run(arn, more="", role="RoleArn: 'arn:aws:iam::123456789012:role/r', ", **around):
            text = SCHEDULE.format(arn=arn, more=more, role=role)
            return [one.rule for one in checked(text, **around).findings if one.severity != "note"]

        return run

    @pytest.mark.parametrize(
        ("arn", "more", "found"),
        [
            (f"arn:aws:sqs:{ACCOUNT}:q", "", []),
            (f"arn:aws:sqs:{ACCOUNT}:q.fifo", "", ["fifo-without-message-group"]),
            (f"arn:aws:sqs:{ACCOUNT}:q.fifo", ", SqsParameters: {}", ["fifo-without-message-group"]),
            (f"arn:aws:sqs:{ACCOUNT}:q.fifo", ", SqsParameters: {MessageGroupId: g}", []),
            (f"arn:aws:sqs:{ACCOUNT}:q", ", SqsParameters: {MessageGroupId: g}", ["refused"]),
            (f"arn:aws:kinesis:{ACCOUNT}:stream/s", "", ["refused"]),
            (f"arn:aws:dynamodb:{ACCOUNT}:table/t", "", ["refused"]),
            (f"arn:aws:logs:{ACCOUNT}:log-group:g", "", ["refused"]),
            ("arn:aws:lambda:eu-west-1:123456789012:function:f", "", ["refused"]),
        ],
    )
    def test_targets(self, rules, arn, more, found):
        assert rules(arn, more) == found

    def test_another_region_is_wrong_only_if_the_region_is_known(self, rules):
        assert rules("arn:aws:lambda:eu-west-1:123456789012:function:f", region=None) == []

    def test_a_schedule_always_needs_a_role(self, rules):
        assert rules(f"arn:aws:sqs:{ACCOUNT}:q", role="") == ["missing-role"]

    @pytest.mark.parametrize(
        ("arn", "found"),
        [
            (f"arn:aws:sqs:{ACCOUNT}:letters", []),
            ("arn:aws:sqs:us-east-1:210987654321:letters", []),
            (f"arn:aws:sqs:{ACCOUNT}:letters.fifo", ["unusable-dead-letter-queue"]),
            (f"arn:aws:sns:{ACCOUNT}:letters", ["unusable-dead-letter-queue"]),
        ],
    )
    def test_dead_letter_queues(self, rules, arn, found):
        assert rules(f"arn:aws:sqs:{ACCOUNT}:q", f", DeadLetterConfig: {{Arn: '{arn}'}}") == found

    @pytest.mark.parametrize(
        ("policy", "found"),
        [
            ("", []),
            (", RetryPolicy: {MaximumRetryAttempts: 0}", ["no-retry"]),
            (", RetryPolicy: {MaximumRetryAttempts: 1}", []),
            (", RetryPolicy: {MaximumEventAgeInSeconds: 60}", []),
        ],
    )
    def test_retries(self, checked, policy, found):
        more = f", DeadLetterConfig: {{Arn: 'arn:aws:sqs:{ACCOUNT}:letters'}}{policy}"
        role = "RoleArn: 'arn:aws:iam::123456789012:role/r', "
        text = SCHEDULE.format(arn=f"arn:aws:sqs:{ACCOUNT}:q", more=more, role=role)
        assert [one.rule for one in checked(text).findings] == found
