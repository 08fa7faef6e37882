"""The form of errors: the statuses, the header and the body that real AWS sends."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

NAMESPACE = "http://internal.amazon.com/coral/com.amazonaws.chronos/"


@pytest.fixture
def sent(client):
    """The HTTP answers that the client got, in order."""
    answers = []
    client.meta.events.register(
        "after-call.scheduler", lambda http_response, **_: answers.append(http_response)
    )
    return answers


@pytest.mark.parametrize(
    ("call", "given", "code", "status"),
    [
        ("get_schedule", {"Name": "s"}, "ResourceNotFoundException", 404),
        ("get_schedule_group", {"Name": "jobs"}, "ResourceNotFoundException", 404),
        ("create_schedule_group", {"Name": "default"}, "ValidationException", 400),
        ("list_schedules", {"NextToken": "forged"}, "ValidationException", 400),
    ],
)
def test_status_header_and_body(client, sent, call, given, code, status):
    with pytest.raises(ClientError) as caught:
        getattr(client, call)(**given)
    [answer] = sent
    response, message = caught.value.response, json.loads(answer.content)["Message"]
    assert answer.status_code == response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert answer.headers["x-amzn-errortype"] == f"{code}:{NAMESPACE}"
    assert response["Error"] == {"Code": code, "Message": message}
    assert response["Message"] == message


def test_a_conflict_is_409(client, create, members):
    create()
    with pytest.raises(client.exceptions.ConflictException) as caught:
        client.create_schedule(**members())
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


@pytest.mark.parametrize(("fault", "code", "status"), [("ThrottlingException", "ThrottlingException", 429)])
def test_a_fault_has_the_status_of_its_code(backend, fault, code, status):
    client = boto3.client("scheduler", config=Config(retries={"max_attempts": 0}))
    backend.faults.inject(fault, operation="ListSchedules")
    with pytest.raises(ClientError) as caught:
        client.list_schedules()
    response = caught.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
