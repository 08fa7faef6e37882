from __future__ import annotations

import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from eventmock import mock_events

BREAKS_AWS = '{"a": [{"anything-but": {"prefix": []}}]}'


@pytest.fixture
def slept(monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.mark.parametrize(("mode", "attempts"), [("legacy", 5), ("standard", 3)])
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
