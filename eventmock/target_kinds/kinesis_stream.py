"""Kinesis streams: PutRecord with what the target receives, one record an event.

Source: aws-recorded-behaviour section 9 for the record, lambda-and-handlers section 5 for its partition key, both
recorded. The key is the event's id and a UUID, unless KinesisParameters lead to another: then it is JSON text, so a
string has quotes, and where the path leads nowhere or to null it is ``{}``.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, TargetKind


def _put_record(invocation: Invocation) -> ApiCall:
    parameters = {
        "StreamName": invocation.name,
        "Data": invocation.body.encode(errors="replace"),
        "PartitionKey": _partition_key(invocation),
    }
    return invocation.call("kinesis", "PutRecord", parameters)


def _partition_key(invocation: Invocation) -> str:
    path = invocation.target.get("KinesisParameters", {}).get("PartitionKeyPath")
    if path is None:
        return f"{invocation.event_id}_{invocation.token}"
    if not path.startswith("$"):
        return str(path)
    found = invocation.found(path)
    return "{}" if found is None else found.text


KIND = TargetKind(
    name="Kinesis stream",
    service="kinesis",
    resource=f"stream/{NAME}",
    parameters="KinesisParameters",
    request=_put_record,
)
