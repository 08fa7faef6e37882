"""``AWS::EventsV2::EventSource``."""

from __future__ import annotations

import pytest

BUS = ("EventBus", {"Name": "orders"})
OBJECTS = {"AwsServiceEventsConfiguration": {"AwsService": "aws.s3"}}
CREATED = {
    "AwsServiceEventsConfiguration": {"AwsService": "aws.s3", "Pattern": '{"detail-type":["Object Created"]}'}
}


def source(configuration=OBJECTS, **more):
    return (
        "EventSource",
        {"Name": "objects", "EventBusArn": {"Ref": "Bus"}, "Configuration": configuration, **more},
    )


def tags(**given):
    return [{"Key": key, "Value": value} for key, value in given.items()]


@pytest.fixture
def described(client):
    """A function that gives what DescribeEventSource shows of the only event source."""

    def described():
        [listed] = client.list_event_sources()["EventSources"]
        return client.describe_event_source(EventSourceArn=listed["EventSourceArn"])

    return described


def test_ref_and_the_attributes_are_what_the_mock_made(deploy, described):
    deployment = deploy(Bus=BUS, Source=source())
    shown, made = described(), deployment["Source"]
    assert made.arn == made.ref == shown["EventSourceArn"]
    assert made.attributes == {
        "EventSourceArn": shown["EventSourceArn"],
        "State": "ACTIVE",
        "Revoked": "false",
        "CreationTime": "2027-01-01T00:00:00.000Z",
        "LastModifiedTime": "2027-01-01T00:00:00.000Z",
    }
    assert deployment.not_served == []


def test_it_changes_in_place_and_what_is_left_out_gets_its_default(deploy, described, client):
    given = source(CREATED, Description="d", Tags=tags(a="1", b="2"))
    arn = deploy(Bus=BUS, Source=given)["Source"].arn
    assert (described()["Description"], described()["Configuration"]) == ("d", CREATED)
    assert deploy(Bus=BUS, Source=source(Tags=tags(b="3")))["Source"].arn == arn
    assert "Description" not in described()
    assert described()["Configuration"] == OBJECTS
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "3"}


def test_another_name_replaces_it(deploy, described):
    first = deploy(Bus=BUS, Source=source())["Source"].arn
    second = deploy(Bus=BUS, Source=source(Name="files"))["Source"].arn
    assert second != first
    assert described()["EventSourceArn"] == second


def test_another_bus_under_the_same_name_is_refused_as_cloudformation_does(deploy, refusal):
    deploy(Bus=BUS, Source=source())
    assert "Rename objects" in refusal(Bus=("EventBus", {"Name": "returns"}), Source=source())


def test_a_stack_is_deleted_with_it_and_made_again(deploy, client):
    for _ in range(2):
        deployment = deploy(Bus=BUS, Source=source())
        deployment.delete()
        assert client.list_event_sources()["EventSources"] == []


def test_one_that_fails_is_told_and_removed(backend, refusal, client):
    backend.faults.inject("no", operation="CreateEventSource", state="CREATE_FAILED", service="eventbridgev2")
    text = refusal(Bus=BUS, Source=source())
    assert "did not stabilize" in text
    assert client.list_event_sources()["EventSources"] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            source({"WebhookEventsConfiguration": {}}),
            "#/Configuration: extraneous key [WebhookEventsConfiguration] is not permitted; only the API has it",
        ),
        (source(Pattern="{}"), "extraneous key [Pattern] is not permitted"),
        (source(Name="aws.s3"), "failed to satisfy constraint"),
        (source({"AwsServiceEventsConfiguration": {}}), "required key [AwsService] not found"),
    ],
    ids=["webhook", "place", "name", "service"],
)
def test_what_aws_would_refuse_is_told(refusal, given, words):
    assert words in refusal(Bus=BUS, Source=given)
