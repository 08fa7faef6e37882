"""``AWS::EventsV2::EventBus``."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from eventmock import TemplateError, mock_events

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"


def tags(**given):
    return [{"Key": key, "Value": value} for key, value in given.items()]


@pytest.fixture
def names(client):
    """A function that gives the names of the event buses."""
    return lambda: [one["Name"] for one in client.list_event_buses()["EventBuses"]]


def test_ref_and_the_attributes_are_what_the_mock_made(client, deploy):
    attributes = ("EventBusArn", "State", "CreationTime", "LastModifiedTime")
    wanted = {"Ref": {"Ref": "X"}, **{name: {"Fn::GetAtt": ["X", name]} for name in attributes}}
    deployment = deploy("EventBus", {"Name": "orders"}, Seen={"Type": "AWS::Made::Up", "Properties": wanted})
    [bus] = client.list_event_buses()["EventBuses"]
    assert deployment["Seen"].properties == {
        "Ref": bus["EventBusArn"],
        "EventBusArn": bus["EventBusArn"],
        "State": "ACTIVE",
        "CreationTime": "2027-01-01T00:00:00.000Z",
        "LastModifiedTime": "2027-01-01T00:00:00.000Z",
    }
    assert (deployment["X"].arn, deployment["X"].name) == (bus["EventBusArn"], "orders")
    assert deployment.not_served == []


def test_all_properties_reach_the_event_bus(deploy, describe, client):
    arn = deploy(
        "EventBus",
        {
            "Name": "orders",
            "Description": "of the shop",
            "StorageConfiguration": {"RetentionPeriodInDays": "7"},
            "EncryptionConfiguration": {"KmsKeyIdentifier": KEY},
            "Tags": tags(Team="shop", Number=5),
        },
    )["X"].arn
    shown = describe(arn)
    assert shown["Description"] == "of the shop"
    assert shown["StorageConfiguration"]["RetentionPeriodInDays"] == 7
    assert shown["EncryptionConfiguration"] == {"KmsKeyIdentifier": KEY}
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"Team": "shop", "Number": "5"}


def test_properties_change_in_place_and_what_is_left_out_gets_its_default(deploy, describe, client, backend):
    given = {
        "Description": "of the shop",
        "StorageConfiguration": {"RetentionPeriodInDays": 7},
        "EncryptionConfiguration": {"KmsKeyIdentifier": KEY},
    }
    arn = deploy("EventBus", {"Name": "orders", **given, "Tags": tags(a="1", b="2")})["X"].arn
    backend.clock.advance(seconds=5)
    changed = deploy("EventBus", {"Name": "orders", "Tags": tags(b="3", c="4")})["X"]
    shown = describe(arn)
    assert changed.arn == arn
    assert changed.attributes["LastModifiedTime"] == "2027-01-01T00:00:05.000Z"
    assert not {"Description", "EncryptionConfiguration"} & shown.keys()
    assert shown["StorageConfiguration"]["RetentionPeriodInDays"] == 1
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "3", "c": "4"}


def test_another_name_replaces_the_event_bus(deploy, names):
    first = deploy("EventBus", {"Name": "a"})["X"].arn
    assert deploy("EventBus", {"Name": "b"})["X"].arn != first
    assert names() == ["b"]


def test_a_deployment_waits_until_an_event_bus_is_active(backend, deploy, names):
    backend.delays.custom_event_bus = timedelta(seconds=30)
    deployment = deploy("EventBus", {"Name": "orders"})
    assert deployment["X"].attributes["State"] == "ACTIVE"
    assert backend.delays.custom_event_bus == timedelta(seconds=30)
    deployment.delete()
    assert names() == []


def test_an_event_bus_that_does_not_become_active_fails_the_deployment_and_goes(backend, refusal, names):
    backend.faults.inject(
        "the key is disabled", service="eventbridgev2", operation="CreateEventBus", state="CREATE_FAILED"
    )
    text = refusal("EventBus", {"Name": "orders"})
    assert "did not stabilize." in text
    assert "the event bus is CREATE_FAILED: the key is disabled" in text
    assert names() == []


def test_an_event_bus_that_cannot_be_deleted_fails_the_removal(backend, deploy, names):
    deployment = deploy("EventBus", {"Name": "orders"})
    backend.faults.inject("no", service="eventbridgev2", operation="DeleteEventBus", state="DELETE_FAILED")
    with pytest.raises(TemplateError, match="the event bus is DELETE_FAILED: no"):
        deployment.delete()
    assert names() == ["orders"]


def test_an_event_bus_with_a_subscriber_of_others_stays(client, deploy, names):
    deployment = deploy("EventBus", {"Name": "orders"})
    invoke = {
        "TargetArn": "arn:aws:sqs:us-east-1:123456789012:work",
        "RoleArn": "arn:aws:iam::123456789012:role/deliver",
    }
    client.create_subscriber(Name="s", EventBusArn=deployment["X"].arn, InvokeConfiguration=invoke)
    with pytest.raises(TemplateError) as told:
        deployment.delete()
    assert told.value.code == "ResourceInUseException"
    assert names() == ["orders"]


def test_an_event_bus_that_a_test_has_deleted_is_removed_all_the_same(client, deploy):
    deployment = deploy("EventBus", {"Name": "orders"})
    client.delete_event_bus(EventBusArn=deployment["X"].arn)
    deployment.delete()


def test_what_was_changed_is_restored_if_a_later_resource_is_refused(deploy, describe, refusal):
    arn = deploy("EventBus", {"Name": "orders", "Description": "old", "Tags": tags(a="1")})["X"].arn
    before = describe(arn)
    broken = {
        "Type": "AWS::Events::Rule",
        "Properties": {"ScheduleExpression": "never", "State": {"Ref": "X"}},
    }
    refusal("EventBus", {"Name": "orders", "StorageConfiguration": {"RetentionPeriodInDays": 9}}, Rule=broken)
    assert describe(arn) == before


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "#: required key [Name] not found"),
        ({"Name": "a b"}, "failed to satisfy constraint"),
        ({"Names": "a"}, "extraneous key [Names] is not permitted; did you mean Name?"),
        (
            {"Name": "a", "ClientToken": "t"},
            "extraneous key [ClientToken] is not permitted; only the API has it",
        ),
        ({"Name": "a", "Tags": {"a": "b"}}, "#/Tags: expected type: JSONArray, found: JSONObject"),
        ({"Name": "a", "Tags": ["b"]}, "#/Tags/0: expected type: JSONObject, found: String"),
        ({"Name": "a", "Tags": [{"Key": "b"}]}, "#/Tags/0: required key [Value] not found"),
        ({"Name": "a", "Tags": [{"Key": "b", "Value": []}]}, "#/Tags/0/Value: expected type: String"),
        ({"Name": "a", "Tags": [{"Key": "b", "Value": "c", "X": 1}]}, "extraneous key [X] is not permitted"),
        ({"Name": "a", "Tags": tags(b="1") * 2}, "array items are not unique: the key b"),
        (
            {"Name": "a", "Tags": tags(**{f"t{n}": "" for n in range(51)})},
            "maximum item count: 50, found: 51",
        ),
        ({"Name": "a", "StorageConfiguration": {"RetentionPeriodInDays": 0}}, "failed to satisfy constraint"),
    ],
    ids=lambda one: json.dumps(one)[:60],
)
def test_what_aws_would_refuse_is_told(refusal, given, words):
    assert words in refusal("EventBus", given)


def test_a_name_that_is_taken_is_told_at_its_line(refusal, create):
    create("orders")
    assert "already exists" in refusal("EventBus", {"Name": "orders"})


def test_where_the_installed_botocore_lacks_the_service_the_reason_is_told(monkeypatch):
    monkeypatch.setattr("eventmock.services.service.is_installed", lambda name: name != "eventbridgev2")
    with mock_events(region="us-east-1") as backend:
        body = {"Type": "AWS::EventsV2::EventBus", "Properties": {"Name": "orders"}}
        deployment = backend.deploy({"Resources": {"Bus": body}})
        assert deployment.not_served == ["Bus (AWS::EventsV2::EventBus)"]
        assert (
            "Bus is not made: the installed botocore lacks eventbridgev2, which AWS::EventsV2::EventBus needs: "
            "install botocore 1.43.102 or newer" in str(backend.report())
        )
