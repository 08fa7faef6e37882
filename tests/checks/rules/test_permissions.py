"""What is permitted by another way than the usual one is not found, and what is not in the template is not judged."""

from __future__ import annotations

import pytest

RULE = """
Parameters:
  Given: {{Type: String}}
Conditions:
  Never: !Equals [a, b]
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [shop]}}
      Targets:
        - Id: it
          Arn: {arn}{more}
{resources}
"""
TRUST = (
    "AssumeRolePolicyDocument: "
    "{Statement: {Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sts:AssumeRole}}"
)
FUNCTION = (
    "  Function: {Type: 'AWS::Lambda::Function', Properties: {Role: 'arn:aws:iam::123456789012:role/r'}}\n"
)
QUEUE = "  Queue: {Type: 'AWS::SQS::Queue'}\n"


@pytest.fixture
def rules(checked):
    """A function that checks a rule with a target, and gives the ids of the warnings."""

    def run(arn, resources="", more=""):
        text = RULE.format(arn=arn, resources=resources.rstrip("\n"), more=more)
        return [one.rule for one in checked(text).findings if one.severity != "note"]

    return run


def permission(function="!Ref Function", source="!GetAtt Rule.Arn", **more):
    lines = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"} | more
    lines |= {"FunctionName": function} | ({} if source is None else {"SourceArn": source})
    inside = "".join(f"      {name}: {value}\n" for name, value in lines.items())
    return f"  Permission:\n    Type: AWS::Lambda::Permission\n    Properties:\n{inside}"


class TestFunctions:
    def test_without_a_permission(self, rules):
        assert rules("!GetAtt Function.Arn", FUNCTION) == ["function-without-permission"]

    @pytest.mark.parametrize(
        "given",
        [
            permission(),
            permission("!GetAtt Function.Arn"),
            permission(source=None),
            permission(source="!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*'"),
            permission(
                source="!Sub 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${Rule}'"
            ),
            permission(Action="lambda:*"),
            permission(Principal="'*'"),
            permission(Principal="!Ref Given"),
            permission(source="!Ref Given"),
            permission(source="!ImportValue rule"),
        ],
    )
    def test_with_one_that_covers_the_rule(self, rules, given):
        assert rules("!GetAtt Function.Arn", FUNCTION + given) == []

    @pytest.mark.parametrize(
        "given",
        [
            permission(source="arn:aws:events:us-east-1:123456789012:rule/other"),
            permission(source="!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/orders/*'"),
            permission("!Sub '${Function}:live'"),
        ],
    )
    def test_with_one_that_does_not(self, rules, given):
        assert rules("!GetAtt Function.Arn", FUNCTION + given) == ["permission-of-another-rule"]

    def test_an_alias_needs_a_permission_of_its_own(self, rules):
        properties = "{FunctionName: !Ref Function, FunctionVersion: '1', Name: live}"
        alias = f"  Live: {{Type: 'AWS::Lambda::Alias', Properties: {properties}}}\n"
        assert rules("!Ref Live", FUNCTION + alias + permission("!Ref Live")) == []
        assert rules("!Ref Live", FUNCTION + alias + permission()) == ["permission-of-another-rule"]

    def test_a_rule_on_another_bus_has_the_bus_in_its_arn(self, checked):
        text = RULE.format(
            arn="!GetAtt Function.Arn",
            more="",
            resources="  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}\n"
            + FUNCTION
            + permission(source="!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/${Rule}'"),
        ).replace("EventPattern", "EventBusName: !Ref Bus\n      EventPattern")
        found = [one.found.what for one in checked(text).findings if one.rule == "permission-of-another-rule"]
        assert found == [
            "it lets in arn:aws:events:us-east-1:123456789012:rule/orders|${Rule}, "
            "and the rule is arn:aws:events:us-east-1:123456789012:rule/orders/${Rule}"
        ]

    def test_what_is_not_in_the_template_is_not_judged(self, rules):
        assert rules("arn:aws:lambda:us-east-1:123456789012:function:elsewhere") == []
        assert rules("!Ref Given", FUNCTION) == []
        left_out = permission().replace("  Permission:\n", "  Permission:\n    Condition: Never\n")
        assert rules("!GetAtt Function.Arn", FUNCTION + left_out) == []

    def test_with_a_role_the_role_counts(self, rules):
        assert rules("!GetAtt Function.Arn", FUNCTION, "\n          RoleArn: !Ref Given") == []


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
    def test_a_policy_that_lets_the_rule_in_or_is_not_understood(self, rules, given):
        assert rules("!GetAtt Queue.Arn", QUEUE + given) == []

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
    def test_a_policy_that_does_not(self, rules, given):
        assert rules("!GetAtt Queue.Arn", QUEUE + given) == ["queue-without-policy"]

    def test_a_dead_letter_queue_needs_a_policy_also_where_the_target_has_a_role(self, rules):
        role = "\n          RoleArn: !Ref Given"
        assert rules("!GetAtt Queue.Arn", QUEUE, role) == []
        letters = f"{role}\n          DeadLetterConfig: {{Arn: !GetAtt Queue.Arn}}"
        assert rules("arn:aws:sqs:us-east-1:123456789012:q", QUEUE, letters) == ["queue-without-policy"]

    def test_the_policy_that_a_topic_has_by_default_does_not_let_events_in(self, rules):
        topic = "  Topic: {Type: 'AWS::SNS::Topic'}\n"
        allow = ALLOW.replace("sqs:SendMessage", "sns:Publish")
        assert rules("!Ref Topic", topic) == ["topic-without-policy"]
        assert (
            rules("!Ref Topic", topic + policy(allow, "AWS::SNS::TopicPolicy", "Topics: [!Ref Topic]")) == []
        )
        assert (
            rules("!Ref Topic", topic + policy(allow, "AWS::SNS::TopicInlinePolicy", "TopicArn: !Ref Topic"))
            == []
        )

    def test_a_policy_that_a_condition_leaves_out_may_be_there_in_production(self, rules):
        left_out = policy(ALLOW).replace("  Policy:\n", "  Policy:\n    Condition: Never\n")
        assert rules("!GetAtt Queue.Arn", QUEUE + left_out) == []


def role(more="", trust=TRUST):
    return f"  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      {trust}\n{more}"


def inline(action, resource="'*'"):
    statement = f"{{Effect: Allow, Action: '{action}', Resource: {resource}}}"
    return f"      Policies:\n        - {{PolicyName: p, PolicyDocument: {{Statement: {statement}}}}}\n"


STREAM = "  Stream: {Type: 'AWS::Kinesis::Stream', Properties: {ShardCount: 1}}\n"
BY_ROLE = "\n          RoleArn: !GetAtt Role.Arn"


class TestRoles:
    @pytest.mark.parametrize(
        "given",
        [
            role(inline("kinesis:PutRecord", "!GetAtt Stream.Arn")),
            role(inline("kinesis:Put*")),
            role("      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonKinesisFullAccess']\n"),
            role("      ManagedPolicyArns: [!Ref Given]\n"),
            role(inline("kinesis:PutRecord", "!Ref Given")),
            role()
            + "  Attached: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: p, Roles: [!Ref Role], PolicyDocument: "
            "{Statement: {Effect: Allow, Action: kinesis:PutRecord, Resource: '*'}}}}\n",
            role("      ManagedPolicyArns: [!Ref Managed]\n")
            + "  Managed: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: "
            "{Statement: {Effect: Allow, Action: kinesis:PutRecord, Resource: '*'}}}}\n",
        ],
    )
    def test_a_role_that_may(self, rules, given):
        assert rules("!GetAtt Stream.Arn", STREAM + given, BY_ROLE) == []

    @pytest.mark.parametrize(
        "given",
        [
            role(),
            role(inline("kinesis:GetRecords")),
            role(inline("kinesis:PutRecord", "'arn:aws:kinesis:us-east-1:123456789012:stream/other'")),
        ],
    )
    def test_a_role_that_may_not(self, rules, given):
        assert rules("!GetAtt Stream.Arn", STREAM + given, BY_ROLE) == ["role-without-permission"]

    @pytest.mark.parametrize(
        ("principal", "found"),
        [
            ("Service: [lambda.amazonaws.com, events.amazonaws.com]", []),
            ("Service: lambda.amazonaws.com", ["role-not-for-events"]),
            ("AWS: '*'", []),
        ],
    )
    def test_who_may_assume_the_role(self, rules, principal, found):
        trust = TRUST.replace("Service: events.amazonaws.com", principal)
        assert rules("!GetAtt Stream.Arn", STREAM + role(inline("kinesis:*"), trust), BY_ROLE) == found
