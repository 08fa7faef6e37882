from __future__ import annotations

import boto3
import pytest
from botocore.config import Config

GROUP = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/jobs"


def as_list(**tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture(autouse=True)
def _group(client):
    client.create_schedule_group(Name="jobs", Tags=as_list(a="1"))


@pytest.fixture
def tags(client):
    """A function that gives the tags of the group."""
    return lambda: client.list_tags_for_resource(ResourceArn=GROUP)["Tags"]


def test_tags_are_added_changed_and_removed(client, tags, answer_of):
    assert tags() == as_list(a="1")
    assert answer_of(client.tag_resource, ResourceArn=GROUP, Tags=as_list(b="2", a="3")) == {}
    assert tags() == as_list(a="3", b="2")
    assert answer_of(client.untag_resource, ResourceArn=GROUP, TagKeys=["a", "nope"]) == {}
    assert tags() == as_list(b="2")


def test_a_group_without_tags_has_an_empty_list(client, answer_of):
    arn = GROUP.replace("jobs", "default")
    assert answer_of(client.list_tags_for_resource, ResourceArn=arn) == {"Tags": []}


@pytest.mark.parametrize(
    ("call", "more"),
    [
        ("list_tags_for_resource", {}),
        ("tag_resource", {"Tags": as_list(a="1")}),
        ("untag_resource", {"TagKeys": ["a"]}),
    ],
)
@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (GROUP.replace("jobs", "nope"), "nope"),
        (GROUP.replace("us-east-1", "eu-west-1"), "jobs"),
        (GROUP.replace("123456789012", "222222222222"), "jobs"),
    ],
)
def test_a_group_that_is_not_here(client, error_of, call, more, arn, name):
    assert error_of(getattr(client, call), ResourceArn=arn, **more) == (
        "ResourceNotFoundException",
        f"Schedule group {name} does not exist.",
    )


def test_a_schedule_has_no_tags(create, error_of):
    client = boto3.client("scheduler", config=Config(parameter_validation=False))
    code, message = error_of(client.list_tags_for_resource, ResourceArn=create())
    assert code == "ValidationException"
    assert message.startswith("1 validation error detected: Value 'arn:aws:scheduler:")


def test_keys_of_aws_are_refused(client, error_of, tags):
    assert error_of(client.tag_resource, ResourceArn=GROUP, Tags=as_list(**{"aws:k": "v"})) == (
        "ValidationException",
        "Tag keys that begin with aws: are reserved for system use.",
    )
    assert tags() == as_list(a="1")
