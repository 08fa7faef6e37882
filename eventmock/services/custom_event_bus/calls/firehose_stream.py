"""Firehose streams: PutRecordBatch, a record of the payload's bytes for each event, without a separator.

Source: custom-event-bus sections 9.1 and 9.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus.calls import kinesis_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.services.custom_event_bus.calls.batch import Batch
    from eventmock.target_kinds import ApiCall


def call_of(batch: Batch) -> ApiCall:
    """Return the call."""
    parameters = {
        "DeliveryStreamName": batch.arn.resource.partition("/")[2],
        "Records": [{"Data": entry.made.data} for entry in batch.entries],
    }
    return batch.call("firehose", "PutRecordBatch", parameters)


def failures_in(answer: Mapping[str, Any], batch: Batch) -> Mapping[int, DeliveryFailed]:
    """Return the failures of the events, by their place."""
    return kinesis_stream.failures_in({"Records": answer.get("RequestResponses", ())}, batch)
