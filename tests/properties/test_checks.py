"""No template, however malformed, stops the check: it has findings, or it is refused as no template."""

from __future__ import annotations

import json
from copy import deepcopy

from hypothesis import example, given, settings, strategies as st

from eventmock.checks.check import Around, check_all
from eventmock.exceptions import TemplateError

TEMPLATE = {
    "Parameters": {"Stage": {"Type": "String"}, "Size": {"Type": "Number", "Default": 5}},
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    "Resources": {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}},
        "Policy": {
            "Type": "AWS::Events::EventBusPolicy",
            "Properties": {"EventBusName": {"Ref": "Bus"}, "StatementId": "s", "Principal": "*"},
        },
        "Kept": {
            "Type": "AWS::Events::Archive",
            "Properties": {"SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "EventPattern": {"source": ["shop"]}},
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Metadata": {"eventmock": {"ignore": ["missing-role"]}},
            "Properties": {
                "EventBusName": {"Ref": "Bus"},
                "EventPattern": {
                    "source": ["shop"],
                    "detail": {"n": [{"numeric": [">", 1]}], "$or": [{"a": [1]}, {"b": [2]}]},
                },
                "State": "ENABLED",
                "Targets": [
                    {
                        "Id": "queue",
                        "Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
                        "InputTransformer": {
                            "InputTemplate": '{"a": <a>}',
                            "InputPathsMap": {"a": "$.detail.a"},
                        },
                        "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}},
                        "SqsParameters": {"MessageGroupId": "$.detail.a"},
                        "RetryPolicy": {"MaximumRetryAttempts": 3},
                    },
                    {"Id": "machine", "Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
                    {"Id": "function", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}, "InputPath": "$.detail"},
                ],
            },
        },
        "Nightly": {
            "Type": "AWS::Events::Rule",
            "Properties": {"ScheduleExpression": "cron(0 9 ? * 1-5 *)", "Description": "every Monday"},
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": {
                    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Principal": "*", "Resource": "*"}]
                },
            },
        },
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "KeyPolicy": {
                    "Statement": [{"Effect": "Allow", "Action": "kms:*", "Principal": "*", "Resource": "*"}]
                }
            },
        },
        "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"StateMachineName": "m"}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]
                },
                "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": []}}],
                "ManagedPolicyArns": [],
            },
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"FunctionName": {"Fn::Sub": "f-${Stage}"}},
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Condition": "IsProd",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": "Function"},
                "Principal": "events.amazonaws.com",
                "SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]},
            },
        },
        "Key2": {
            "Type": "AWS::Events::Connection",
            "Properties": {
                "AuthorizationType": "API_KEY",
                "AuthParameters": {
                    "ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"},
                    "InvocationHttpParameters": {
                        "HeaderParameters": [{"Key": "k", "Value": "v", "IsValueSecret": True}]
                    },
                },
            },
        },
    },
    "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Key2", "Arn"]}}},
}
VALUES = [
    *(None, True, 0, 3.5, "", "x", "$.a", "cron(", [], {}, ["x"], [[]], {"a": 1}, {"Ref": "Nothing"}),
    *({"Ref": "AWS::NoValue"}, {"Fn::GetAtt": ["A"]}, {"Fn::Sub": "${X.Y}"}, {"Fn::ImportValue": "x"}),
    *("arn:aws:sqs", "arn:aws:sqs:us-east-1:123456789012:q.fifo", {"Fn::Transform": "x"}),
]


def places(value, place=()):
    """The places of all parts of a value."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield (*place, key)
        yield from places(member, (*place, key))


PLACES = list(places(TEMPLATE))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(VALUES)), min_size=1, max_size=3))
@example([(("Parameters",), True)])
@example([(("Parameters",), [[]])])
@example([(("Conditions",), True), (("Resources", "Made"), {"Type": "AWS::SQS::Queue", "Condition": "None"})])
def test_a_malformed_template_does_not_stop_the_check(tmp_path_factory, changes):
    template = deepcopy(TEMPLATE)
    for place, value in changes:
        around = template
        try:
            for key in place[:-1]:
                around = around[key]
            around[place[-1]] = deepcopy(value)
        except (LookupError, TypeError):
            continue  # an earlier change has removed the place
    file = tmp_path_factory.mktemp("check") / "template.json"
    file.write_text(json.dumps(template), "utf-8")
    try:
        [report] = check_all([str(file)], Around())
    except TemplateError:
        return
    assert all(finding.text for finding in report.findings)
