from __future__ import annotations

import threading
import time

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from eventmock import mock_events
from eventmock.mock.patch.sending import _RawBody

BREAKS_AWS = '{"a": [{"anything-but": {"prefix": []}}]}'


@pytest.fixture
def slept(monkeypatch):
    """The seconds that were slept, or waited for a condition as a rate limiter does."""
    slept = []

    def wait(_condition, timeout=None):
        slept.append(timeout)
        raise AssertionError(f"waited {timeout} seconds")

    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(threading.Condition, "wait", wait)
    return slept


@pytest.mark.parametrize(("mode", "attempts"), [("legacy", 5), ("standard", 3), ("adaptive", 3)])
def test_a_fault_is_retried_without_waiting(slept, mode, attempts):
    with mock_events():
        client = boto3.client("events", config=Config(retries={"mode": mode}))
        with pytest.raises(ClientError) as caught:
            client.put_rule(Name="r", EventPattern=BREAKS_AWS)
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == attempts - 1
    assert slept == []


def test_another_service_s_back_off_is_real(slept):
    class Transport:
        def send(self, request):
            from botocore.exceptions import EndpointConnectionError

            raise EndpointConnectionError(endpoint_url=request.url)

    with mock_events():
        client = boto3.client("sqs")
        client._endpoint.http_session = Transport()
        with pytest.raises(Exception, match="Could not connect"):
            client.list_queues()
    assert len(slept) > 0


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_a_sixth_target_is_refused_at_once_and_so_is_the_next_call(slept, mode):
    with mock_events():
        client = boto3.client("events", config=Config(retries={"mode": mode}))
        client.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        queue = "arn:aws:sqs:us-east-1:123456789012:q"
        for _ in range(3):
            with pytest.raises(client.exceptions.LimitExceededException):
                client.put_targets(Rule="r", Targets=[{"Id": str(n), "Arn": queue} for n in range(6)])
        assert client.list_targets_by_rule(Rule="r")["Targets"] == []
    assert slept == []


def test_the_rate_limiter_of_another_service_is_real(slept):
    """The first attempt is throttled, so the second one waits for a token."""
    with mock_aws(), mock_events():
        client = boto3.client("secretsmanager", config=Config(retries={"mode": "adaptive"}))
        client.meta.events.register_first("before-send.secrets-manager", lambda **_: _throttled())
        with pytest.raises(AssertionError, match="waited"):
            client.list_secrets()


def _throttled():
    body = b'{"__type": "ThrottlingException", "message": "slow down"}'
    return AWSResponse("https://secretsmanager.us-east-1.amazonaws.com/", 400, {}, _RawBody(body))
