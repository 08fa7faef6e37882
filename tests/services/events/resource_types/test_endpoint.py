"""``AWS::Events::Endpoint``."""

from __future__ import annotations

from datetime import timedelta

import pytest

BUSES = ["us-east-1", "us-west-2"]
PLAIN = {
    "RoutingConfig": {
        "FailoverConfig": {
            "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/one"},
            "Secondary": {"Route": "us-west-2"},
        }
    },
    "ReplicationConfig": {"State": "DISABLED"},
    "EventBuses": [
        {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/orders"} for region in BUSES
    ],
}


@pytest.fixture(autouse=True)
def _buses(events_backend):
    """An event bus in each of the two regions."""
    for region in BUSES:
        events_backend.client(region=region).create_event_bus(Name="orders")


def test_ref_and_the_attributes_are_what_the_mock_made(events_backend, events, refs_of):
    names = ("Arn", "EndpointId", "EndpointUrl", "State", "StateReason")
    found = refs_of(events_backend, "Endpoint", PLAIN, *names)
    made = events.describe_endpoint(Name=found["Ref"])
    assert found["Ref"].startswith("shop-X-")
    assert {name: found[name] for name in names[:4]} == {name: made[name] for name in names[:4]}
    assert found["State"] == "ACTIVE"


def test_an_endpoint_is_active_when_it_is_deployed_however_long_that_takes(events_backend, deploy, events):
    events_backend.delays.endpoint = timedelta(minutes=5)
    deploy("Endpoint", {**PLAIN, "Name": "orders"})
    assert events.describe_endpoint(Name="orders")["State"] == "ACTIVE"
    assert events_backend.delays.endpoint == timedelta(minutes=5)


def test_each_property_reaches_the_endpoint(deploy, events):
    role = "arn:aws:iam::123456789012:role/replicate"
    given = {
        "Name": "orders",
        "Description": "all",
        "RoleArn": role,
        "ReplicationConfig": {"State": "ENABLED"},
    }
    deploy("Endpoint", {**PLAIN, **given})
    made = events.describe_endpoint(Name="orders")
    assert {name: made[name] for name in (*PLAIN, *given)} == {**PLAIN, **given}


def test_an_update_keeps_the_arn(deploy, events):
    before = deploy("Endpoint", {**PLAIN, "Name": "orders", "Description": "all"})["X"].arn
    after = deploy("Endpoint", {**PLAIN, "Name": "orders"})["X"].arn
    made = events.describe_endpoint(Name="orders")
    assert before == after == made["Arn"]
    assert made.get("Description", "") == ""


def test_another_name_makes_another_endpoint(deploy, events):
    deploy("Endpoint", {**PLAIN, "Name": "one"})
    deploy("Endpoint", {**PLAIN, "Name": "two"})
    assert [one["Name"] for one in events.list_endpoints()["Endpoints"]] == ["two"]


def test_an_endpoint_that_exists_is_not_made(refusal, events):
    events.create_endpoint(Name="orders", **PLAIN)
    assert "already exists" in refusal("Endpoint", {**PLAIN, "Name": "orders"})


@pytest.mark.parametrize("name", ["RoutingConfig", "EventBuses"])
def test_an_endpoint_needs_its_routes_and_buses(refusal, name):
    properties = {key: value for key, value in PLAIN.items() if key != name}
    assert refusal("Endpoint", properties).endswith(f"#: required key [{name}] not found")
