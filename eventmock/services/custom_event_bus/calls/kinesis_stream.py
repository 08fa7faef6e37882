"""Kinesis streams: PutRecords, a record of the payload's bytes for each event.

Source: custom-event-bus sections 9.1 and 9.2. Documented: without a partition key Kinesis refuses the record.
Inferred: Kinesis's words for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.delivery.failures import DeliveryFailed
from eventmock.services.custom_event_bus.calls.batch import given, of_items
from eventmock.services.custom_event_bus.failures import INVALID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.custom_event_bus.calls.batch import Batch, Entry
    from eventmock.target_kinds import ApiCall


def item_of(entry: Entry, _target_arn: str) -> dict[str, Any]:
    """Return the record for an event.

    Raises:
        DeliveryFailed: There is no partition key.
    """
    if not entry.parameters.get("PartitionKey"):
        raise DeliveryFailed(
            INVALID,
            "1 validation error detected: Value null at 'records.1.member.partitionKey' failed to satisfy constraint: "
            "Member must not be null",
            hint="a stream wants KinesisParameters.PartitionKey, such as {% $events.SystemMetadata.EventGroupId %}",
        )
    return {"Data": entry.made.data, **given(entry.parameters, "PartitionKey", "ExplicitHashKey")}


def call_of(batch: Batch) -> ApiCall:
    """Return the call."""
    target = batch.subscriber.target.arn
    name = batch.arn.resource.partition("/")[2]
    records = [item_of(entry, target) for entry in batch.entries]
    return batch.call("kinesis", "PutRecords", {"StreamName": name, "Records": records})


def failures_in(answer: Mapping[str, Any], batch: Batch) -> Mapping[int, DeliveryFailed]:
    """Return the failures of the events, by their place."""
    failed = {
        place: DeliveryFailed(one["ErrorCode"], one.get("ErrorMessage", ""))
        for place, one in enumerate(answer.get("Records", ()))
        if one.get("ErrorCode")
    }
    return of_items(failed, len(batch.entries))
