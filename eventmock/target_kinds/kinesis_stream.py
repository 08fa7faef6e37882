"""Kinesis streams: PutRecord of the target's input, a record for each event.

Source: aws-recorded-behaviour section 9 for the record, lambda-and-handlers section 5 for its partition key, both
recorded. The key is the event's id and a UUID, unless KinesisParameters have a path. Then the key is the value at the
path as JSON text, so that a string keeps its quotes; it is ``{}`` if the path leads nowhere or to null. Inferred: the
delivery fails if the key is longer than Kinesis allows.
"""

from __future__ import annotations

from typing import Final

from eventmock.target_kinds.kind import NAME, ApiCall, InvalidRequest, Invocation, Permission, TargetKind

LONGEST_KEY: Final = 256
"""The most characters of a partition key of Kinesis (documented: PutRecord)."""


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
    key = "{}" if found is None else found.text
    if len(key) > LONGEST_KEY:
        raise InvalidRequest(
            f"{path} gives a partition key of {len(key)} characters; Kinesis takes {LONGEST_KEY} at most"
        )
    return key


KIND = TargetKind(
    name="Kinesis stream",
    service="kinesis",
    resource=f"stream/{NAME}",
    parameters="KinesisParameters",
    request=_put_record,
    permission=Permission("kinesis:PutRecord", "AmazonKinesis", has_policy=True, crosses_accounts=True),
)
