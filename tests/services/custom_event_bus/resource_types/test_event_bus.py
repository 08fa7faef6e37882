"""``AWS::EventsV2::EventBus``."""

from __future__ import annotations

from datetime import timedelta

import pytest


def tags(**given):
    return [{"Key": key, "Value": value} for key, value in given.items()]


def test_ref_and_the_attributes_are_what_the_mock_made(backend, client):
    attributes = ("EventBusArn", "State", "CreationTime", "LastModifiedTime")
    wanted = {"Ref": {"Ref": "Bus"}, **{name: {"Fn::GetAtt": ["Bus", name]} for name in attributes}}
    bus = {"Type": "AWS::EventsV2::EventBus", "Properties": {"Name": "orders"}}
    seen = {"Type": "AWS::Made::Up", "Properties": wanted}
    deployment = backend.deploy({"Resources": {"Bus": bus, "Seen": seen}}, stack="shop")
    (made,) = client.list_event_buses()["EventBuses"]
    assert deployment["Seen"].properties == {
        "Ref": made["EventBusArn"],
        "EventBusArn": made["EventBusArn"],
        "State": "ACTIVE",
        "CreationTime": "2027-01-01T00:00:00.000Z",
        "LastModifiedTime": "2027-01-01T00:00:00.000Z",
    }
    assert list(deployment.not_served) == []


def test_every_property_is_made_and_changed(deploy, describe, client):
    first = {
        "Name": "orders",
        "Description": "d",
        "StorageConfiguration": {"RetentionPeriodInDays": "90"},
        "EncryptionConfiguration": {"KmsKeyIdentifier": "k"},
        "Tags": tags(a="1", b="2"),
    }
    arn = deploy(Bus=("EventBus", first))["Bus"].arn
    shown = describe(arn)
    assert (shown["Description"], shown["StorageConfiguration"]["RetentionPeriodInDays"]) == ("d", 90)
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "1", "b": "2"}
    assert deploy(Bus=("EventBus", {"Name": "orders", "Tags": tags(b="3", c="4")}))["Bus"].arn == arn
    shown = describe(arn)
    assert not {"Description", "EncryptionConfiguration"} & shown.keys()
    assert (shown["State"], shown["StorageConfiguration"]["RetentionPeriodInDays"]) == ("ACTIVE", 1)
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "3", "c": "4"}


def test_another_name_replaces_the_bus(deploy, client):
    for name in ("a", "b"):
        deploy(Bus=("EventBus", {"Name": name}))
        assert [bus["Name"] for bus in client.list_event_buses()["EventBuses"]] == [name]


def test_a_deployment_does_not_wait_for_the_clock(backend, deploy, client, describe):
    backend.delays.custom_event_bus = timedelta(minutes=1)
    deployment = deploy(Bus=("EventBus", {"Name": "orders"}))
    arn = deployment["Bus"].arn
    assert describe(arn)["State"] == "ACTIVE"
    deploy(Bus=("EventBus", {"Name": "orders", "EncryptionConfiguration": {"KmsKeyIdentifier": "k"}}))
    assert describe(arn)["State"] == "ACTIVE"
    deployment.delete()
    assert client.list_event_buses()["EventBuses"] == []
    client.create_event_bus(Name="orders")
    backend.clock.advance(minutes=1)
    assert [bus["State"] for bus in client.list_event_buses()["EventBuses"]] == ["ACTIVE"]


def test_a_bus_that_fails_is_told_and_removed(backend, refusal, client):
    backend.faults.inject("KMS_ACCESS_DENIED: no", state="CREATE_FAILED", service="eventbridgev2")
    text = refusal(Bus=("EventBus", {"Name": "orders"}))
    assert "did not stabilize" in text
    assert "CREATE_FAILED: KMS_ACCESS_DENIED: no" in text
    assert client.list_event_buses()["EventBuses"] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "required key [Name] not found"),
        ({"Name": "a b"}, "failed to satisfy constraint"),
        (
            {"Name": "a", "ClientToken": "t"},
            "extraneous key [ClientToken] is not permitted; only the API has it",
        ),
        ({"Name": "a", "Descriptions": "d"}, "did you mean Description?"),
        ({"Name": "a", "Tags": {"k": "v"}}, "#/Tags: expected type: JSONArray, found: JSONObject"),
        ({"Name": "a", "Tags": ["k"]}, "expected type: JSONObject, found: String"),
        ({"Name": "a", "Tags": [{"Key": "k"}]}, "required key [Value] not found"),
    ],
)
def test_what_aws_would_refuse_is_told(refusal, given, words):
    assert words in refusal(Bus=("EventBus", given))


def test_a_name_that_is_taken_is_told(refusal, create):
    create("orders")
    assert "already exists" in refusal(Bus=("EventBus", {"Name": "orders"}))
