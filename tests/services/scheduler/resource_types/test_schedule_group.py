"""``AWS::Scheduler::ScheduleGroup``."""

from __future__ import annotations

import pytest


@pytest.fixture
def groups(client):
    """A function that gives the names of the groups but for the default group."""
    listed = client.list_schedule_groups
    return lambda: [one["Name"] for one in listed()["ScheduleGroups"] if one["Name"] != "default"]


def tags(**given):
    return [{"Key": key, "Value": value} for key, value in given.items()]


def test_ref_and_the_attributes_are_what_the_mock_made(client, deploy):
    attributes = ("Arn", "State", "CreationDate", "LastModificationDate")
    wanted = {"Ref": {"Ref": "X"}, **{name: {"Fn::GetAtt": ["X", name]} for name in attributes}}
    seen = deploy("ScheduleGroup", {"Name": "jobs"}, Seen={"Type": "AWS::Made::Up", "Properties": wanted})[
        "Seen"
    ]
    assert seen.properties == {
        "Ref": "jobs",
        "Arn": client.get_schedule_group(Name="jobs")["Arn"],
        "State": "ACTIVE",
        "CreationDate": "2027-01-01T00:00:00.000Z",
        "LastModificationDate": "2027-01-01T00:00:00.000Z",
    }


def test_a_name_is_made(deploy, groups):
    assert groups() == [] != [deploy("ScheduleGroup")["X"].name] == groups()


def test_tags_are_made_and_changed(client, deploy):
    arn = deploy("ScheduleGroup", {"Name": "jobs", "Tags": tags(a="1", b="2")})["X"].arn
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags(a="1", b="2")
    deploy("ScheduleGroup", {"Name": "jobs", "Tags": tags(b="3", c="4")})
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags(b="3", c="4")


def test_another_name_replaces_the_group(deploy, groups):
    deploy("ScheduleGroup", {"Name": "a"})
    deploy("ScheduleGroup", {"Name": "b"})
    assert groups() == ["b"]


def test_a_stack_is_deleted_with_its_group_and_made_again(deploy, properties, groups, names):
    nightly = {"Type": "AWS::Scheduler::Schedule", "Properties": properties(GroupName={"Ref": "X"})}
    for _ in range(2):
        deployment = deploy("ScheduleGroup", {"Name": "jobs"}, Nightly=nightly)
        assert (groups(), len(names())) == (["jobs"], 1)
        deployment.delete()
        assert (groups(), names()) == ([], [])


def test_a_schedule_of_the_group_that_the_stack_does_not_have_goes_with_it(deploy, create, names):
    deployment = deploy("ScheduleGroup", {"Name": "jobs"})
    create("s", GroupName="jobs")
    deployment.delete()
    assert names() == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Name": "default"}, "This operation cannot be performed on schedule group default."),
        ({"Name": "a b"}, "failed to satisfy constraint"),
        ({"Names": "a"}, "extraneous key [Names] is not permitted; did you mean Name?"),
    ],
)
def test_what_aws_would_refuse_is_told(refusal, given, words):
    assert words in refusal("ScheduleGroup", given)
