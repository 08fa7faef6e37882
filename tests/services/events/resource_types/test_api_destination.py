"""``AWS::Events::ApiDestination``."""

from __future__ import annotations

import pytest

CONNECTION = {
    "Type": "AWS::Events::Connection",
    "Properties": {
        "AuthorizationType": "BASIC",
        "AuthParameters": {"BasicAuthParameters": {"Username": "shop", "Password": "secret"}},
    },
}
PLAIN = {
    "ConnectionArn": {"Fn::GetAtt": ["Connection", "Arn"]},
    "HttpMethod": "POST",
    "InvocationEndpoint": "https://example.com/orders",
}


def test_ref_and_the_attributes_are_what_the_mock_made(events_backend, events, refs_of):
    found = refs_of(events_backend, "ApiDestination", PLAIN, "Arn", "ArnForPolicy", Connection=CONNECTION)
    made = events.describe_api_destination(Name=found["Ref"])
    assert found["Ref"].startswith("shop-X-")
    assert found["Arn"] == made["ApiDestinationArn"]
    assert found["ArnForPolicy"] == made["ApiDestinationArn"].rpartition("/")[0]
    assert found["ArnForPolicy"].endswith(f":api-destination/{found['Ref']}")


@pytest.mark.parametrize("rate", [5, "5"])
def test_each_property_reaches_the_destination(deploy, events, rate):
    given = {"Name": "partner", "Description": "theirs", "InvocationRateLimitPerSecond": rate}
    deployment = deploy("ApiDestination", {**PLAIN, **given}, Connection=CONNECTION)
    made = events.describe_api_destination(Name="partner")
    assert made["ConnectionArn"] == deployment["Connection"].arn
    assert (made["HttpMethod"], made["InvocationEndpoint"]) == ("POST", "https://example.com/orders")
    assert (made["Description"], made["InvocationRateLimitPerSecond"]) == ("theirs", 5)


def test_an_update_keeps_the_arn_and_resets_what_is_left_out(deploy, events):
    given = {"Name": "partner", "Description": "theirs", "InvocationRateLimitPerSecond": 5}
    before = deploy("ApiDestination", {**PLAIN, **given}, Connection=CONNECTION)["X"].arn
    after = deploy(
        "ApiDestination", {**PLAIN, "Name": "partner", "HttpMethod": "PUT"}, Connection=CONNECTION
    )["X"].arn
    made = events.describe_api_destination(Name="partner")
    assert before == after == made["ApiDestinationArn"]
    assert (made["HttpMethod"], made["InvocationRateLimitPerSecond"]) == ("PUT", 300)
    assert made.get("Description", "") == ""


def test_another_name_makes_another_destination(deploy, events):
    deploy("ApiDestination", {**PLAIN, "Name": "one"}, Connection=CONNECTION)
    deploy("ApiDestination", {**PLAIN, "Name": "two"}, Connection=CONNECTION)
    assert [one["Name"] for one in events.list_api_destinations()["ApiDestinations"]] == ["two"]


def test_a_destination_that_exists_is_not_made(refusal, events):
    arn = events.create_connection(Name="theirs", **CONNECTION["Properties"])["ConnectionArn"]
    events.create_api_destination(
        Name="partner", ConnectionArn=arn, HttpMethod="GET", InvocationEndpoint="https://example.com"
    )
    text = refusal("ApiDestination", {**PLAIN, "Name": "partner"}, Connection=CONNECTION)
    assert "already exists" in text
    assert [one["Name"] for one in events.list_connections()["Connections"]] == ["theirs"]


@pytest.mark.parametrize("name", PLAIN)
def test_a_destination_needs_where_and_how(refusal, name):
    properties = {key: value for key, value in PLAIN.items() if key != name}
    text = refusal("ApiDestination", properties, Connection=CONNECTION)
    assert text.endswith(f"#: required key [{name}] not found")


def test_a_limit_that_is_no_number_is_refused_in_the_words_of_cloudformation(refusal):
    properties = {**PLAIN, "InvocationRateLimitPerSecond": "many"}
    text = refusal("ApiDestination", properties, Connection=CONNECTION)
    assert text.endswith("#/InvocationRateLimitPerSecond: expected type: Integer, found: String")
