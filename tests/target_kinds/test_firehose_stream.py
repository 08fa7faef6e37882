from __future__ import annotations

from eventmock.target_kinds import ApiCall

STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/orders"


def test_the_event_is_a_record_without_a_newline(request_of, event_text):
    assert request_of(STREAM) == ApiCall(
        service="firehose",
        operation="PutRecord",
        parameters={"DeliveryStreamName": "orders", "Record": {"Data": event_text.encode()}},
        region="us-east-1",
        account="123456789012",
    )
