"""What is permitted by another way than the usual one is not found, and what is not in the template is not judged."""

from __future__ import annotations

import pytest

QUEUE = "  Queue: {Type: 'AWS::SQS::Queue'}\n"


def policy(statement, kind="AWS::SQS::QueuePolicy", of="Queues: [!Ref Queue]"):
    return (
        f"  Policy:\n    Type: {kind}\n    Properties:\n      {of}\n      PolicyDocument:\n"
        f"        Version: 2012-10-17\n        Statement: {{Resource: '*', {statement}}}\n"
    )


ALLOW = "Effect: Allow, Action: sqs:SendMessage, Principal: {Service: events.amazonaws.com}"


class TestQueuesAndTopics:
    @pytest.mark.parametrize(
        "given",
        [
            policy(ALLOW),
            policy("Effect: Allow, Action: 'sqs:*', Principal: '*'"),
            policy(ALLOW, of="Queues: [!GetAtt Queue.QueueUrl]"),
            policy(ALLOW, "AWS::SQS::QueueInlinePolicy", "Queue: !Ref Queue"),
            policy(f"{ALLOW}, Condition: {{StringEquals: {{aws:SourceAccount: !Ref AWS::AccountId}}}}"),
            policy(
                f"{ALLOW}, Condition: {{ArnLike: {{aws:SourceArn: 'arn:aws:events:*:123456789012:rule/*'}}}}"
            ),
            policy(f"{ALLOW}, Condition: {{StringEquals: {{aws:SourceAccount: !Ref Given}}}}"),
            policy(f"{ALLOW}, Condition: {{StringEquals: {{aws:SomethingNew: x}}}}"),
        ],
    )
    def test_a_policy_that_lets_the_rule_in_or_is_not_understood(self, warned, given):
        assert warned("!GetAtt Queue.Arn", QUEUE + given) == []

    @pytest.mark.parametrize(
        "given",
        [
            "",
            policy("Effect: Allow, Action: sqs:SendMessage, Principal: {Service: sns.amazonaws.com}"),
            policy("Effect: Allow, Action: sqs:ReceiveMessage, Principal: '*'"),
            policy("Effect: Deny, Action: 'sqs:*', Principal: '*'"),
            policy(f"{ALLOW}, Condition: {{StringEquals: {{aws:SourceAccount: '210987654321'}}}}"),
            policy(f"{ALLOW}, Condition: {{ArnEquals: {{aws:SourceArn: !Sub '${{Rule.Arn}}x'}}}}"),
        ],
    )
    def test_a_policy_that_does_not(self, warned, given):
        assert warned("!GetAtt Queue.Arn", QUEUE + given) == ["queue-without-policy"]

    def test_a_dead_letter_queue_needs_a_policy_also_where_the_target_has_a_role(self, warned):
        role = "\n          RoleArn: !Ref Given"
        assert warned("!GetAtt Queue.Arn", QUEUE, role) == []
        letters = f"{role}\n          DeadLetterConfig: {{Arn: !GetAtt Queue.Arn}}"
        assert warned("arn:aws:sqs:us-east-1:123456789012:q", QUEUE, letters) == ["queue-without-policy"]

    def test_the_policy_that_a_topic_has_by_default_does_not_let_events_in(self, warned):
        topic = "  Topic: {Type: 'AWS::SNS::Topic'}\n"
        allow = ALLOW.replace("sqs:SendMessage", "sns:Publish")
        assert warned("!Ref Topic", topic) == ["topic-without-policy"]
        assert (
            warned("!Ref Topic", topic + policy(allow, "AWS::SNS::TopicPolicy", "Topics: [!Ref Topic]")) == []
        )
        assert (
            warned("!Ref Topic", topic + policy(allow, "AWS::SNS::TopicInlinePolicy", "TopicArn: !Ref Topic"))
            == []
        )

    def test_a_policy_that_a_condition_leaves_out_may_be_there_in_production(self, warned):
        left_out = policy(ALLOW).replace("  Policy:\n", "  Policy:\n    Condition: Never\n")
        assert warned("!GetAtt Queue.Arn", QUEUE + left_out) == []
