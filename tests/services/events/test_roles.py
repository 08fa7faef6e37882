"""Whether EventBridge can assume a role that moto's IAM holds."""

from __future__ import annotations

import json
from contextlib import ExitStack

import boto3
import pytest
from moto import mock_aws

HERE, THERE = "us-east-1", "us-west-2"
ROLE = "arn:aws:iam::123456789012:role/r"
TRUST = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
REFUSED = (
    "ValidationException",
    f"Provided role '{ROLE}' cannot be assumed by principal 'events.amazonaws.com'.",
)


def members(**more):
    config = {
        "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/h"},
        "Secondary": {"Route": THERE},
    }
    buses = [
        {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/default"} for region in (HERE, THERE)
    ]
    return {
        "Name": "ep",
        "RoutingConfig": {"FailoverConfig": config},
        "EventBuses": buses,
        "RoleArn": ROLE,
        **more,
    }


@pytest.fixture
def iam():
    with mock_aws():
        yield boto3.client("iam", HERE)


def make_role(iam, name="r", principal="events.amazonaws.com", path="/"):
    policy = {"Statement": [TRUST | {"Principal": {"Service": principal}}]}
    return iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(policy))["Role"][
        "Arn"
    ]


class TestEndpoints:
    def test_a_role_that_is_not_there_is_refused(self, iam, events, error_of):
        assert error_of(events.create_endpoint, **members()) == REFUSED
        assert events.list_endpoints()["Endpoints"] == []

    def test_one_that_trusts_another_service_is_refused(self, iam, events, error_of):
        make_role(iam, principal="lambda.amazonaws.com")
        assert error_of(events.create_endpoint, **members()) == REFUSED

    def test_one_that_trusts_eventbridge_is_good(self, iam, events):
        make_role(iam)
        assert events.create_endpoint(**members())["RoleArn"] == ROLE

    def test_a_path_is_part_of_a_role_s_arn(self, iam, events, error_of):
        arn = make_role(iam, path="/service/")
        assert error_of(events.create_endpoint, **members()) == REFUSED
        assert events.create_endpoint(**members(RoleArn=arn))["RoleArn"] == arn

    def test_without_replication_nobody_looks(self, iam, events):
        events.create_endpoint(**members(ReplicationConfig={"State": "DISABLED"}))
        events.update_endpoint(Name="ep", Description="d")

    def test_an_update_looks_at_what_it_makes_together(self, iam, events, error_of):
        events.create_endpoint(**members(ReplicationConfig={"State": "DISABLED"}))
        on = {"Name": "ep", "ReplicationConfig": {"State": "ENABLED"}}
        assert error_of(events.update_endpoint, **on) == REFUSED
        other = make_role(iam, "other")
        events.update_endpoint(**on, RoleArn=other)
        assert error_of(events.update_endpoint, Name="ep", RoleArn=ROLE) == REFUSED

    def test_without_moto_any_role_is_good(self, events):
        assert events.create_endpoint(**members())["RoleArn"] == ROLE

    def test_what_breaks_a_constraint_is_told_first(self, iam, unchecked, error_of):
        code, message = error_of(unchecked.create_endpoint, **members(RoleArn="r"))
        assert (code, "failed to satisfy constraint" in message) == ("ValidationException", True)

    def test_buses_are_looked_at_first_and_health_checks_later(self, iam, events, error_of):
        config = members()["RoutingConfig"]["FailoverConfig"] | {"Secondary": {"Route": "eu-west-1"}}
        wrong = members(RoutingConfig={"FailoverConfig": config})
        assert "primary and secondary regions" in error_of(events.create_endpoint, **wrong)[1]


class TestHealthChecks:
    """Documented to be refused; the text, and that only a strict mock beside moto's Route 53 does so, is inferred."""

    OFF = {"ReplicationConfig": {"State": "DISABLED"}}  # noqa: RUF012 - never changed
    GONE = "ValidationException", "Health check arn:aws:route53:::healthcheck/h does not exist."

    @pytest.fixture
    def make(self, iam):
        config = {"Type": "TCP", "IPAddress": "10.0.0.1", "Port": 80}
        create = boto3.client("route53", HERE).create_health_check
        return lambda: create(CallerReference="x", HealthCheckConfig=config)["HealthCheck"]["Id"]

    @pytest.mark.eventmock(strict=True)
    def test_a_strict_mock_refuses_one_that_is_not_there(self, events, make, error_of):
        check_id = make()
        assert error_of(events.create_endpoint, **members(**self.OFF)) == self.GONE
        config = members()["RoutingConfig"]["FailoverConfig"]
        config["Primary"] = {"HealthCheck": f"arn:aws:route53:::healthcheck/{check_id}"}
        events.create_endpoint(**members(**self.OFF, RoutingConfig={"FailoverConfig": config}))
        events.update_endpoint(Name="ep", Description="d")
        routing = {"RoutingConfig": members()["RoutingConfig"]}
        assert error_of(events.update_endpoint, Name="ep", **routing) == self.GONE

    @pytest.mark.eventmock(strict=True)
    @pytest.mark.parametrize("beside_moto", [True, False])
    def test_it_takes_any_where_there_are_none(self, events, beside_moto):
        with ExitStack() as stack:
            if beside_moto:
                stack.enter_context(mock_aws())
            events.create_endpoint(**members(**self.OFF))

    def test_another_mock_takes_any(self, events, make):
        make()
        events.create_endpoint(**members(**self.OFF))
