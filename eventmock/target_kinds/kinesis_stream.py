"""Kinesis streams: PutRecord with what the target receives, one record an event.

Source: aws-recorded-behaviour section 9; the record was recorded. That its partition key is the event's id unless
KinesisParameters leads to another is documented (the model's text on Target).
"""

from __future__ import annotations

from eventmock.target_kinds.kind import ApiCall, Invocation, TargetKind


def _put_record(invocation: Invocation) -> ApiCall:
    parameters = {
        "StreamName": invocation.name,
        "Data": invocation.body.encode(errors="replace"),
        "PartitionKey": invocation.block("KinesisParameters").get("PartitionKeyPath", invocation.event_id),
    }
    return invocation.call("kinesis", "PutRecord", parameters)


KIND = TargetKind(
    name="Kinesis stream",
    service="kinesis",
    resource="stream/.+",
    parameters="KinesisParameters",
    request=_put_record,
)
