"""Firehose streams: PutRecord, a record for each event, without a newline after it (recorded: section 9)."""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _put_record(invocation: Invocation) -> ApiCall:
    parameters = {
        "DeliveryStreamName": invocation.name,
        "Record": {"Data": invocation.body.encode(errors="replace")},
    }
    return invocation.call("firehose", "PutRecord", parameters)


KIND = TargetKind(
    name="Firehose stream",
    service="firehose",
    resource=f"deliverystream/{NAME}",
    request=_put_record,
    permission=Permission("firehose:PutRecord", "AmazonKinesisFirehose"),
)
