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
