from __future__ import annotations

import pytest

QUEUE = """
  Queue: {{Type: 'AWS::SQS::Queue', Properties: {{KmsMasterKeyId: {key}}}}}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument: {{Statement: {{Effect: Allow, Action: sqs:SendMessage, Principal: '*', Resource: '*'}}}}
"""
KEY = """
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {{Effect: Allow, Action: 'kms:*', Resource: '*', Principal: {{AWS: 'arn:aws:iam::123456789012:root'}}}}
          - {{Effect: Allow, Action: {action}, Resource: '*', Principal: {{Service: events.amazonaws.com}}{more}}}
  Alias: {{Type: 'AWS::KMS::Alias', Properties: {{AliasName: alias/shop, TargetKeyId: !Ref Key}}}}
"""
BOTH = "['kms:GenerateDataKey*', kms:Decrypt]"
LACKING = ["key-without-permission"]


@pytest.mark.parametrize("name", ["!Ref Key", "!GetAtt Key.Arn", "alias/shop", "!Ref Alias"])
@pytest.mark.parametrize(("action", "found"), [(BOTH, []), ("kms:Decrypt", LACKING)])
def test_the_policy_of_a_key_of_the_template_is_judged(warned, name, action, found):
    assert warned("!GetAtt Queue.Arn", QUEUE.format(key=name) + KEY.format(action=action, more="")) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("ArnLike: {aws:SourceArn: 'arn:aws:events:*:123456789012:rule/*'}", []),
        ("StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}", []),
        ("StringEquals: {'kms:ViaService': !Sub 'sqs.${AWS::Region}.amazonaws.com'}", []),
        ("StringEquals: {aws:SourceAccount: '210987654321'}", LACKING),
        ("StringEquals: {'kms:SomethingNew': x}", []),
    ],
)
def test_conditions_count(warned, condition, found):
    key = KEY.format(action=BOTH, more=f", Condition: {{{condition}}}")
    assert warned("!GetAtt Queue.Arn", QUEUE.format(key="!Ref Key") + key) == found


@pytest.mark.parametrize(
    "name", ["!Ref Given", "alias/elsewhere", "arn:aws:kms:us-east-1:123456789012:key/x"]
)
def test_a_key_that_is_not_in_the_template_is_not_judged(warned, name):
    assert warned("!GetAtt Queue.Arn", QUEUE.format(key=name)) == []


def test_the_key_of_aws_cannot_let_events_in_but_a_role_may_use_it(warned):
    queue = QUEUE.format(key="alias/aws/sqs")
    assert warned("!GetAtt Queue.Arn", queue) == ["encrypted-by-key-of-aws"]
    assert warned("!GetAtt Queue.Arn", queue, "\n          RoleArn: !Ref Given") == []
