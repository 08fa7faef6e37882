"""The lines for a template: read again and evaluated, they say what was to be written."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, strategies as st

pytest.importorskip("yaml")

from eventmock.delivery.permissions import senders
from eventmock.delivery.permissions.template_lines import TemplateLines
from eventmock.delivery.permissions.template_to_change import (
    PolicyInTemplate,
    Reference,
    TemplateToChange,
)
from eventmock.templates.yaml_reader import read_yaml

HERE, OWN = "us-east-1", "123456789012"
RULE = f"arn:aws:events:{HERE}:{OWN}:rule/app-Placed-0A"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:app-Queue-0A"
LONGER = f"{QUEUE}2"
ALIAS = f"arn:aws:lambda:{HERE}:{OWN}:function:app-Ship-0A:live"
URL = f"https://sqs.{HERE}.amazonaws.com/{OWN}/app-Queue-0A"
IMPORTED = f"arn:aws:sns:{HERE}:{OWN}:news"
ANY_PLACED = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-Placed-*"
REFERENCES = {
    RULE: Reference("GetAtt", "Placed.Arn", "Placed", ANY_PLACED),
    QUEUE: Reference("GetAtt", "Queue.Arn", "Queue"),
    LONGER: Reference("GetAtt", "Longer.Arn", "Longer"),
    ALIAS: Reference("Ref", "Live", "Live"),
    URL: Reference("Ref", "Queue", "Queue"),
    IMPORTED: Reference("ImportValue", "the-news", "the-news"),
}
VALUES = {
    "AWS::AccountId": OWN,
    "AWS::Region": HERE,
    "AWS::Partition": "aws",
    "AWS::StackName": "app",
    **{reference.argument: text for text, reference in REFERENCES.items()},
}


def lines_for(arn=QUEUE, *, policy=None, taken=(), origins=None):
    template = TemplateToChange(
        stack="app",
        account=OWN,
        region=HERE,
        is_of_sender=True,
        references=REFERENCES,
        logical_ids={QUEUE: "Queue", RULE: "Placed"},
        taken=frozenset(taken),
        origins=origins or {},
        policy=policy,
    )
    return TemplateLines(senders.rule(RULE, "t"), arn, template)


def written(value, lines=None):
    """A value as it stands in a template."""
    text = (lines or lines_for()).policy("P", "AWS::SQS::QueuePolicy", {"Value": value}, {})
    [resource] = read_yaml(text, None)[0].values()
    return resource["Properties"]["Value"]


def evaluated(node):
    """The value of a part of a template."""
    if isinstance(node, list):
        return [evaluated(item) for item in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"Ref": str(name)} | {"Fn::ImportValue": str(name)}:
            return VALUES[name]
        case {"Fn::GetAtt": [name, attribute]}:
            return VALUES[f"{name}.{attribute}"]
        case {"Fn::Sub": str(text)}:
            return re.sub(
                r"\$\{(!?)(.*?)\}", lambda one: f"${{{one[2]}}}" if one[1] else VALUES[one[2]], text
            )
    return {name: evaluated(member) for name, member in node.items()}


PIECES = st.sampled_from(
    [
        *REFERENCES,
        ":*",
        "*",
        "/",
        "-",
        "2",
        "x",
        OWN,
        HERE,
        "${aws:username}",
        ": ",
        " #",
        "'",
        '"',
        "arn:aws:s3:::b",
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map("".join)
STATEMENTS = st.recursive(
    TEXTS | st.booleans() | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ABC"), inner, max_size=3),
    max_leaves=8,
)


@given(STATEMENTS)
def test_what_is_written_has_the_value(value):
    assert evaluated(written(value)) == value


@given(STATEMENTS)
def test_json_text_that_is_written_has_the_value(value):
    text = json.dumps({"Statement": value})
    assert evaluated(written(text)) == text


@given(STATEMENTS)
def test_without_a_template_only_the_account_and_region_are_variables(value):
    without = TemplateLines(senders.rule(RULE, "t"), QUEUE)
    text = json.dumps(written(value, without))
    assert not re.search(r"Fn::GetAtt|\"Ref\"|\$\{!", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (QUEUE, {"Fn::GetAtt": ["Queue", "Arn"]}),
        (URL, {"Ref": "Queue"}),
        (ALIAS, {"Ref": "Live"}),
        (IMPORTED, {"Fn::ImportValue": "the-news"}),
        (OWN, {"Ref": "AWS::AccountId"}),
        (LONGER, {"Fn::GetAtt": ["Longer", "Arn"]}),
        (f"{QUEUE}:*", {"Fn::Sub": "${Queue.Arn}:*"}),
        (f"{LONGER}/x", {"Fn::Sub": "${Longer.Arn}/x"}),
        (
            f"{QUEUE}3",
            {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:app-Queue-0A3"},
        ),
        ("arn:aws:s3:::b/${aws:username}", {"Fn::Sub": "arn:${AWS::Partition}:s3:::b/${!aws:username}"}),
        ("app-Queue-0A", "app-Queue-0A"),
    ],
)
def test_texts_are_written_as_references(text, expected):
    assert written(text) == expected


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ((), "QueuePolicy"),
        (("QueuePolicy",), "QueueEventsPolicy"),
        (("QueuePolicy", "QueueEventsPolicy"), "QueueEventsPolicy2"),
        (("QueuePolicy", "QueueEventsPolicy", "QueueEventsPolicy2"), "QueueEventsPolicy3"),
    ],
)
def test_a_new_resource_has_a_name_of_its_own(taken, name):
    text = lines_for(taken=taken).policy("P", "AWS::SQS::QueuePolicy", {}, {})
    assert text.splitlines()[0] == f"{name}:"


def test_a_policy_of_what_the_template_has_not_has_the_name_of_the_rule():
    text = lines_for(IMPORTED).policy("NewsPolicy", "AWS::SNS::TopicPolicy", {}, {})
    assert text.startswith("PlacedTopicPolicy:\n")


def test_a_permission_has_the_names_of_function_and_rule():
    assert lines_for().policy("P", "AWS::Lambda::Permission", {}, {}).startswith("QueuePlacedPermission:\n")


def test_a_statement_cannot_refer_to_what_depends_on_the_policy():
    policy = PolicyInTemplate(
        "Key", "KeyPolicy.Statement", "app.yaml:7", dependents=frozenset({"Key", "Placed"})
    )
    statement = {"Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": RULE}}}
    text = lines_for(policy=policy).policy("P", "AWS::KMS::Key", {}, statement)
    assert text.splitlines()[0] == "# add to KeyPolicy.Statement of Key (app.yaml:7):"
    [one] = read_yaml(text, None)[0]
    assert one["Condition"]["ArnEquals"]["aws:SourceArn"] == {"Fn::Sub": ANY_PLACED}


def test_a_role_that_is_depended_on_gets_another_policy_instead():
    policy = PolicyInTemplate("Role", "Policies[0].PolicyDocument.Statement", "app.yaml:7", is_only=False)
    statement, kind = {"Resource": f"{QUEUE}/x"}, "AWS::IAM::RolePolicy"
    assert "# add to Policies[0]" in lines_for(policy=policy).policy("P", kind, {}, statement)
    policy = policy._replace(dependents=frozenset({"Role", "Queue"}))
    assert lines_for(policy=policy).policy("P", kind, {}, statement).startswith("QueuePolicy:\n")


def test_a_part_that_the_transform_made_is_said_with_its_origin():
    policy = PolicyInTemplate("Made", "AssumeRolePolicyDocument.Statement", "app.yaml:7")
    lines = lines_for(policy=policy, origins={"Made": "app.yaml:3"})
    where, *_ = lines.policy("P", "AWS::IAM::Role", {}, {"Action": "sts:AssumeRole"}).splitlines()
    assert (
        where
        == "# add to AssumeRolePolicyDocument.Statement of Made, which the transform made of app.yaml:3:"
    )
