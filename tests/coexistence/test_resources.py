"""boto3's resources and sessions, of which the clients are made that nobody names."""

from __future__ import annotations

import boto3
import pytest
from moto import mock_aws

from eventmock import NetworkBlocked, mock_events


@pytest.mark.parametrize("make", [boto3.resource, lambda name: boto3.Session().resource(name)])
def test_a_resource_of_another_service_is_refused(events_backend, make):
    with pytest.raises(NetworkBlocked, match="service 'sqs'"):
        list(make("sqs").queues.all())


def test_a_resource_made_before_the_mock_is_refused():
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    sqs = boto3.Session(region_name="us-east-1", **keys).resource("sqs")
    with mock_events(), pytest.raises(NetworkBlocked):
        sqs.create_queue(QueueName="orders")


def test_a_resource_of_moto_gets_what_a_rule_delivers(order):
    with mock_aws(), mock_events():
        session = boto3.Session(region_name="eu-west-1")
        queue = session.resource("sqs").create_queue(QueueName="orders")
        events = session.client("events")
        events.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
        target = {"Id": "queue", "Arn": queue.attributes["QueueArn"], "InputPath": "$.detail"}
        events.put_targets(Rule="ship", Targets=[target])
        events.put_events(Entries=[order])
        assert [message.body for message in queue.receive_messages()] == ['{"state":"PAID"}']


def test_a_session_s_clients_are_the_mock_s(events_backend):
    session = boto3.Session(region_name="eu-west-1")
    session.client("events").create_event_bus(Name="orders")
    names = [bus["Name"] for bus in session.client("events").list_event_buses()["EventBuses"]]
    assert names == ["default", "orders"]
    assert events_backend.client(region="eu-west-1").describe_event_bus(Name="orders")["Name"] == "orders"


def test_the_default_session_of_the_mock_ends_with_it():
    before = boto3.DEFAULT_SESSION
    with mock_events():
        boto3.setup_default_session(region_name="ap-south-1")
        assert boto3.client("events").describe_event_bus()["Arn"].split(":")[3] == "ap-south-1"
    assert boto3.DEFAULT_SESSION is before
