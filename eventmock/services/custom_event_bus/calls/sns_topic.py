"""SNS topics: PublishBatch, a message for each event.

Source: custom-event-bus sections 9.1 and 9.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus.calls.batch import attributes, given
from eventmock.services.custom_event_bus.calls.sqs_queue import failures_in

if TYPE_CHECKING:
    from eventmock.services.custom_event_bus.calls.batch import Batch, Entry
    from eventmock.target_kinds import ApiCall

__all__ = ["call_of", "failures_in", "item_of"]


def item_of(entry: Entry, _target_arn: str) -> dict[str, Any]:
    """Return the message for an event, without its id.

    Raises:
        DeliveryFailed: A ``BinaryValue`` is not base64.
    """
    names = ("Subject", "MessageStructure", "MessageDeduplicationId", "MessageGroupId")
    return {
        "Message": entry.payload,
        **given(entry.parameters, *names),
        **attributes(entry.parameters, "MessageAttributes"),
    }


def call_of(batch: Batch) -> ApiCall:
    """Return the call."""
    target = batch.subscriber.target.arn
    items = [{"Id": str(place), **item_of(entry, target)} for place, entry in enumerate(batch.entries)]
    return batch.call("sns", "PublishBatch", {"TopicArn": target, "PublishBatchRequestEntries": items})
