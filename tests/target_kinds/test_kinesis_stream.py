from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest
from eventmock.target_kinds.kinesis_stream import KIND

STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders"


def test_the_event_is_a_record_under_its_id_and_a_uuid(request_of, invocation, event_text):
    assert request_of(STREAM) == ApiCall(
        service="kinesis",
        operation="PutRecord",
        parameters={
            "StreamName": "orders",
            "Data": event_text.encode(),
            "PartitionKey": f"11111111-2222-4333-8444-555555555555_{invocation(STREAM).token}",
        },
        region="us-east-1",
        account="123456789012",
    )


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("$.detail.name", '"box"'),
        ("$.detail.empty", '""'),
        ("$.detail.id", "7"),
        ("$.detail.paid", "true"),
        ("$.detail.tags", '["a","b"]'),
        ("$.resources", "[]"),
        ("$.detail.null", "{}"),
        ("$.detail.nothing", "{}"),
        ("$.detail.name.x", "{}"),
    ],
)
def test_the_partition_key_is_json_of_the_event_as_it_came(request_of, path, key):
    call = request_of(
        STREAM, body='{"detail":{"name":"shaped"}}', KinesisParameters={"PartitionKeyPath": path}
    )
    assert call.parameters["PartitionKey"] == key


def test_a_key_that_kinesis_does_not_take_fails(invocation):
    def request(length):
        text = json.dumps({"detail": {"long": "x" * length}})
        made = invocation(STREAM, KinesisParameters={"PartitionKeyPath": "$.detail.long"})
        return KIND.request(replace(made, event_text=text))

    assert len(request(254).parameters["PartitionKey"]) == 256
    with pytest.raises(InvalidRequest) as caught:
        request(255)
    assert str(caught.value) == (
        "$.detail.long gives a partition key of 257 characters; Kinesis takes 256 at most"
    )


def test_two_targets_have_keys_of_their_own(request_of):
    first, second = (request_of(STREAM, Id=name).parameters["PartitionKey"] for name in "ab")
    assert first != second


def test_a_partition_key_that_is_no_path_fails(request_of):
    with pytest.raises(InvalidRequest, match="is not a path"):
        request_of(STREAM, KinesisParameters={"PartitionKeyPath": "$.detail.*"})
