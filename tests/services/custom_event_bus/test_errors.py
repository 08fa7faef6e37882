from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

GONE = "arn:aws:events:us-east-1:123456789012:event-busv2/orders/" + "a" * 25


def test_an_error_has_its_status_its_class_and_its_member(client):
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.describe_event_bus(EventBusArn=GONE)
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert response["Message"] == response["Error"]["Message"] == f"Event bus {GONE} does not exist."
    assert response["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/cbor"


@pytest.mark.parametrize(
    ("failure", "status", "retries"),
    [
        ("ThrottlingException", 429, 2),
        ("InternalException", 500, 2),
        ("ConcurrentModificationException", 409, 0),
        ("SchemaRegistryUnavailableException", 400, 0),
    ],
)
def test_a_fault_has_the_status_of_the_model_and_the_retries_of_botocore(backend, failure, status, retries):
    client = boto3.client("eventbridgev2", config=Config(retries={"mode": "standard"}))
    backend.faults.inject(failure, service="eventbridgev2", operation="ListEventBuses")
    with pytest.raises(ClientError) as caught:
        client.list_event_buses()
    metadata = caught.value.response["ResponseMetadata"]
    assert caught.value.response["Error"]["Code"] == failure
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (status, retries)


def test_a_fault_by_a_status_is_answered_in_cbor(backend, client):
    backend.faults.inject(503, service="eventbridgev2", times=1)
    assert client.list_event_buses()["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_fault_of_the_classic_service_does_not_hit_it(backend, client):
    backend.faults.inject("InternalException", service="events", operation="ListEventBuses")
    assert client.list_event_buses()["EventBuses"] == []
