"""What is permitted by another way than the usual one is not found, and what is not in the template is not judged."""

from __future__ import annotations

import pytest

TRUST = (
    "AssumeRolePolicyDocument: "
    "{Statement: {Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sts:AssumeRole}}"
)


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
    def test_a_role_that_may(self, warned, given):
        assert warned("!GetAtt Stream.Arn", STREAM + given, BY_ROLE) == []

    @pytest.mark.parametrize(
        "given",
        [
            role(),
            role(inline("kinesis:GetRecords")),
            role(inline("kinesis:PutRecord", "'arn:aws:kinesis:us-east-1:123456789012:stream/other'")),
        ],
    )
    def test_a_role_that_may_not(self, warned, given):
        assert warned("!GetAtt Stream.Arn", STREAM + given, BY_ROLE) == ["role-without-permission"]

    @pytest.mark.parametrize(
        ("principal", "found"),
        [
            ("Service: [lambda.amazonaws.com, events.amazonaws.com]", []),
            ("Service: lambda.amazonaws.com", ["role-not-for-events"]),
            ("AWS: '*'", []),
        ],
    )
    def test_who_may_assume_the_role(self, warned, principal, found):
        trust = TRUST.replace("Service: events.amazonaws.com", principal)
        assert warned("!GetAtt Stream.Arn", STREAM + role(inline("kinesis:*"), trust), BY_ROLE) == found


SCHEDULE = """
Parameters:
  Given: {{Type: String}}
Resources:
  Queue: {{Type: AWS::SQS::Queue}}
  Letters: {{Type: AWS::SQS::Queue}}
  Group: {{Type: AWS::Scheduler::ScheduleGroup, Properties: {{Name: g}}}}
  Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      GroupName: !Ref Group
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      Target: {{Arn: {arn}, RoleArn: !GetAtt Role.Arn, DeadLetterConfig: {{Arn: !GetAtt Letters.Arn}}{more}}}
{role}
"""
SCHEDULER = TRUST.replace("events.", "scheduler.")
LETTERS = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Letters.Arn}"


def of_schedule(*statements, trust=SCHEDULER):
    listed = ", ".join([LETTERS, *statements])
    return role(
        f"      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{listed}]}}}}]\n", trust=trust
    )


class TestSchedules:
    @pytest.fixture
    def warned(self, checked):
        """A function that checks a schedule with a target and a role, and gives the ids of errors and warnings."""

        def run(role, arn="!GetAtt Queue.Arn", more=""):
            text = SCHEDULE.format(arn=arn, more=more, role=role)
            return [one.rule for one in checked(text).findings if one.severity != "note"]

        return run

    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            ("ArnEquals: {'aws:SourceArn': !GetAtt Group.Arn}", []),
            ("StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}", []),
            ("StringEquals: {'aws:SourceAccount': !Ref Given}", []),
            (
                "ArnLike: {'aws:SourceArn': !Sub 'arn:aws:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/g/*'}",
                ["role-not-for-scheduler"],
            ),
        ],
    )
    def test_the_group_is_the_source_in_the_trust(self, warned, condition, found):
        trust = SCHEDULER.replace("sts:AssumeRole", f"sts:AssumeRole, Condition: {{{condition}}}")
        may_send = "{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Queue.Arn}"
        assert warned(of_schedule(may_send, trust=trust)) == found

    def test_a_role_for_rules_does_not_do(self, warned):
        may_send = "{Effect: Allow, Action: 'sqs:*', Resource: '*'}"
        assert warned(of_schedule(may_send, trust=TRUST)) == ["role-not-for-scheduler"]

    @pytest.mark.parametrize(
        ("arn", "statement", "found"),
        [
            (
                "!GetAtt Queue.Arn",
                "{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn}",
                [],
            ),
            ("!GetAtt Queue.Arn", "{Effect: Allow, Action: 'sqs:*', Resource: !Ref Given}", []),
            (
                "!GetAtt Queue.Arn",
                "{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*'}",
                ["role-without-permission"],
            ),
            (
                "'arn:aws:lambda:us-east-1:123456789012:function:f:live'",
                "{Effect: Allow, Action: 'lambda:InvokeFunction', "
                "Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f'}",
                ["role-without-permission"],
            ),
            (
                "'arn:aws:lambda:us-east-1:999999999999:function:f'",
                "{Effect: Allow, Action: 's3:*', Resource: '*'}",
                [],
            ),
        ],
    )
    def test_what_the_role_may_do(self, warned, arn, statement, found):
        assert warned(of_schedule(statement), arn) == found

    @pytest.mark.parametrize(
        ("action", "resource", "found"),
        [
            ("ec2:StartInstances", "arn:aws:ec2:*:*:instance/i-2", []),
            ("ec2:StopInstances", "*", ["role-without-permission"]),
        ],
    )
    def test_what_the_role_may_do_with_a_universal_target(self, warned, action, resource, found):
        statement = f"{{Effect: Allow, Action: '{action}', Resource: '{resource}'}}"
        arn, more = (
            "'arn:aws:scheduler:::aws-sdk:ec2:startInstances'",
            ', Input: \'{"InstanceIds": ["i-1"]}\'',
        )
        assert warned(of_schedule(statement), arn, more) == found

    def test_the_role_sends_the_dead_letters(self, found):
        given = role(inline("sqs:SendMessage", "!GetAtt Queue.Arn"), trust=SCHEDULER)
        [one] = found(
            "role-without-permission", SCHEDULE.format(arn="!GetAtt Queue.Arn", more="", role=given)
        )
        assert one.what.endswith(":${Letters}, the dead-letter queue")
        assert one.production == "the dead letters are lost"

    def test_the_policy_of_the_queue_may_let_the_role_in(self, warned):
        statement = (
            "{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: 'sqs:SendMessage', Resource: '*'}"
        )
        policy = (
            "  Policy: {Type: 'AWS::SQS::QueuePolicy', Properties: {Queues: [!Ref Queue], "
            f"PolicyDocument: {{Statement: {statement}}}}}}}\n"
        )
        assert warned(of_schedule() + policy) == []

    @pytest.mark.parametrize(
        ("of_key", "of_role", "found"),
        [
            ("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", "kms:*", []),
            ("{AWS: !GetAtt Role.Arn}", "kms:ListKeys", []),
            ("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", "kms:Decrypt", ["role-without-permission"]),
            ("{Service: scheduler.amazonaws.com}", "kms:*", ["role-without-permission"]),
        ],
    )
    def test_the_key_of_the_queue(self, warned, of_key, of_role, found):
        key = (
            "  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: "
            f"{{Effect: Allow, Principal: {of_key}, Action: 'kms:*', Resource: '*'}}}}}}}}\n"
            "  Encrypted: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}\n"
        )
        statements = [
            "{Effect: Allow, Action: 'sqs:*', Resource: '*'}",
            f"{{Effect: Allow, Action: '{of_role}', Resource: '*'}}",
        ]
        assert warned(of_schedule(*statements) + key, "!GetAtt Encrypted.Arn") == found
