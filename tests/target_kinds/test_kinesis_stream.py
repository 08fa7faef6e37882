from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders"


def test_the_event_is_a_record_under_its_id(request_of, event_text):
    assert request_of(STREAM) == ApiCall(
        service="kinesis",
        operation="PutRecord",
        parameters={
            "StreamName": "orders",
            "Data": event_text.encode(),
            "PartitionKey": "11111111-2222-4333-8444-555555555555",
        },
        region="us-east-1",
        account="123456789012",
    )


@pytest.mark.parametrize(("path", "key"), [("$.detail.name", "box"), ("$.detail.id", "7")])
def test_the_partition_key_is_read_from_the_event_as_it_came(request_of, path, key):
    call = request_of(STREAM, body="{}", KinesisParameters={"PartitionKeyPath": path})
    assert call.parameters["PartitionKey"] == key


@pytest.mark.parametrize(
    ("path", "problem"), [("$.detail.none", "leads nowhere in the event"), ("$.detail.*", "is not a path")]
)
def test_a_partition_key_that_is_not_there_fails(request_of, path, problem):
    with pytest.raises(InvalidRequest, match=problem):
        request_of(STREAM, KinesisParameters={"PartitionKeyPath": path})
