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
