"""botocore's Stubber on a client inside the mock: what it has a response for is its own, all else is the mock's."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError, StubResponseError
from botocore.stub import Stubber

from eventmock import NetworkBlocked, mock_events

ANSWER = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}


@pytest.fixture(params=["a session made before the mock", "a session made in the mock"])
def events(request, events_backend):
    session = boto3 if "before" in request.param else boto3.Session(region_name="us-east-1")
    return session.client("events")


@pytest.fixture
def stubber(events):
    return Stubber(events)


def test_a_stub_answers_and_the_mock_sees_nothing(events, events_backend, stubber, order):
    stubber.add_response("put_events", ANSWER, {"Entries": [order]})
    with stubber:
        assert events.put_events(Entries=[order]) == ANSWER
    assert events_backend.events == []
    stubber.assert_no_pending_responses()


def test_after_it_the_mock_answers(events, events_backend, stubber, order):
    stubber.add_client_error("put_events", "InternalException")
    with stubber, pytest.raises(ClientError, match="InternalException"):
        events.put_events(Entries=[order])
    assert events.put_events(Entries=[order])["FailedEntryCount"] == 0
    assert len(events_backend.events) == 1


def test_what_was_not_asked_for_is_told(stubber):
    stubber.add_response("put_events", ANSWER)
    with stubber, pytest.raises(AssertionError, match="1 responses remaining in queue"):
        stubber.assert_no_pending_responses()


def test_what_it_did_not_expect_does_not_come_to_the_mock(events, events_backend, stubber, order):
    with stubber, pytest.raises(StubResponseError):
        events.put_events(Entries=[order])
    assert events_backend.events == []


def test_other_clients_are_the_mock_s(events_backend, stubber, order):
    with stubber:
        assert boto3.client("events").put_events(Entries=[order])["FailedEntryCount"] == 0
    assert len(events_backend.events) == 1


def test_another_service_that_is_stubbed_is_not_refused(events_backend):
    sqs = boto3.client("sqs")
    stubber = Stubber(sqs)
    stubber.add_response("list_queues", {"QueueUrls": ["https://sqs/orders"]})
    with stubber:
        assert sqs.list_queues()["QueueUrls"] == ["https://sqs/orders"]
    with pytest.raises(NetworkBlocked):
        sqs.list_queues()


def test_one_that_was_there_before_the_mock(order):
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    client = boto3.client("events", region_name="us-east-1", **keys)
    stubber = Stubber(client)
    stubber.add_response("put_events", ANSWER)
    stubber.activate()
    with mock_events():
        assert client.put_events(Entries=[order]) == ANSWER
        stubber.deactivate()
        assert client.put_events(Entries=[order])["FailedEntryCount"] == 0
