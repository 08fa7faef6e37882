"""The values of dynamic references."""

from __future__ import annotations

import json

import boto3
import pytest


@pytest.fixture
def value(events_backend):
    """A function that gives the value of a text of a template, and what was unresolved."""

    def value(text, resources=None, **keywords):
        body = {"Type": "AWS::Made::Up", "Properties": {"Value": text}}
        if resources:
            body["DependsOn"] = list(resources)
        given = {"Resources": {"Seen": body, **(resources or {})}}
        deployment = events_backend.deploy(given, stack="shop", **keywords)
        return deployment["Seen"].properties["Value"], deployment.unresolved

    return value


@pytest.mark.parametrize(
    ("reference", "given"),
    [
        ("ssm:/shop/table", "ssm:/shop/table"),
        ("ssm:/shop/table:2", "ssm:/shop/table:2"),
        ("ssm:/shop/table:2", "ssm:/shop/table"),
        ("ssm-secure:/shop/key", "ssm-secure:/shop/key"),
        ("secretsmanager:shop", "secretsmanager:shop"),
        ("secretsmanager:shop:SecretString:password::", "secretsmanager:shop:SecretString:password::"),
        ("other:thing", "other:thing"),
    ],
)
def test_a_value_that_the_test_gives(value, reference, given):
    assert value(f"<{{{{resolve:{reference}}}}}>", resolve={given: "mine"}) == ("<mine>", [])


def test_a_reference_that_a_function_joined(value):
    joined = {"Fn::Join": ["", ["{{resolve:ssm:", "/shop/table", "}}"]]}
    assert value(joined, resolve={"ssm:/shop/table": "mine"}) == ("mine", [])


@pytest.mark.parametrize("reference", ["ssm:/shop/table", "ssm:/shop/table:1", "ssm-secure:/shop/table"])
def test_a_parameter_of_the_stack_itself(value, reference):
    parameter = {"Name": "/shop/table", "Type": "String", "Value": "ours"}
    resources = {"Table": {"Type": "AWS::SSM::Parameter", "Properties": parameter}}
    assert value(f"{{{{resolve:{reference}}}}}", resources) == ("ours", [])


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("", None),
        (":SecretString", None),
        (":SecretString:user", "shop"),
        (":SecretString:user:AWSCURRENT", "shop"),
    ],
)
def test_a_secret_of_the_stack_itself(value, tail, expected):
    text = json.dumps({"user": "shop"})
    secret = {"Name": "login", "SecretString": text}
    resources = {"Login": {"Type": "AWS::SecretsManager::Secret", "Properties": secret}}
    assert value(f"{{{{resolve:secretsmanager:login{tail}}}}}", resources) == (expected or text, [])


def test_the_arn_of_a_secret_of_the_stack(value):
    secret = {"SecretString": "hidden"}
    resources = {"Login": {"Type": "AWS::SecretsManager::Secret", "Properties": secret}}
    text = {"Fn::Sub": "{{resolve:secretsmanager:${Login}}}"}
    assert value(text, resources) == ("hidden", [])


@pytest.mark.parametrize("text", ["no json", '"text"', "{}", "[1]"])
def test_a_key_that_a_secret_lacks_is_unresolved(value, text):
    resources = {
        "Login": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "l", "SecretString": text}}
    }
    made_up, unresolved = value("{{resolve:secretsmanager:l:SecretString:user}}", resources)
    assert unresolved == ["secretsmanager:l:SecretString:user"]
    assert made_up.isalpha()


def test_a_value_of_nobody_is_made_up_once_for_all(value):
    text = "{{resolve:ssm:/a}}-{{resolve:ssm:/b}}-{{resolve:ssm:/a}}"
    made_up, unresolved = value(text)
    first, second, third = made_up.split("-")
    assert first == third != second
    assert unresolved == ["ssm:/a", "ssm:/b"]


def test_values_in_moto(value):
    from moto import mock_aws

    with mock_aws():
        boto3.client("ssm", "us-east-1").put_parameter(
            Name="/shop/table", Value="theirs", Type="SecureString"
        )
        secrets = boto3.client("secretsmanager", "us-east-1")
        secrets.create_secret(Name="login", SecretString=json.dumps({"user": "shop"}))
        assert value("{{resolve:ssm-secure:/shop/table}}") == ("theirs", [])
        assert value("{{resolve:secretsmanager:login:SecretString:user}}") == ("shop", [])
        assert value("{{resolve:ssm:/shop/table}}", resolve={"ssm:/shop/table": "mine"}) == ("mine", [])


WRITER = {
    "Type": "Custom::CrossRegionExportWriter",
    "Properties": {
        "WriterProps": {
            "region": "eu-west-1",
            "exports": {"/cdk/exports/Consumer/Bus": {"Fn::GetAtt": ["Bus", "Arn"]}},
        }
    },
}
PRODUCER = {
    "Resources": {
        "Writer": WRITER,
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "far"}},
    }
}
CONSUMER = {
    "Resources": {
        "Reader": {
            "Type": "Custom::CrossRegionExportReader",
            "Properties": {
                "ReaderProps": {
                    "region": "eu-west-1",
                    "imports": {"/cdk/exports/Consumer/Bus": "{{resolve:ssm:/cdk/exports/Consumer/Bus}}"},
                }
            },
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {"source": ["shop"]},
                "Description": {"Fn::GetAtt": ["Reader", "/cdk/exports/Consumer/Bus"]},
            },
        },
    }
}


def test_what_the_cdk_exports_to_another_region(events_backend):
    events_backend.deploy(PRODUCER, stack="producer")
    deployment = events_backend.deploy(CONSUMER, stack="consumer", region="eu-west-1")
    arn = "arn:aws:events:us-east-1:123456789012:event-bus/far"
    assert deployment["Rule"].properties["Description"] == arn
    assert deployment.unresolved == []


@pytest.mark.parametrize(
    "where", [{"region": "eu-west-2"}, {"region": "eu-west-1", "account": "999999999999"}]
)
def test_an_export_is_for_one_region_and_one_account(events_backend, where):
    events_backend.deploy(PRODUCER, stack="producer")
    deployment = events_backend.deploy(CONSUMER, stack="consumer", **where)
    assert deployment.unresolved == ["ssm:/cdk/exports/Consumer/Bus"]


def test_an_export_of_a_stack_that_is_not_deployed_may_be_given(events_backend):
    given = {"ssm:/cdk/exports/Consumer/Bus": "mine"}
    deployment = events_backend.deploy(CONSUMER, stack="consumer", region="eu-west-1", resolve=given)
    assert deployment["Rule"].properties["Description"] == "mine"
