"""SQS queues: SendMessageBatch, a message for each event.

Source: custom-event-bus sections 9.1, 9.2 and 10. Documented: ``DelaySeconds`` is a text; the failures of an answer
are failures of those messages only. Inferred: a message for a FIFO queue without a group fails with SQS's words for
SendMessage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.delivery.failures import DeliveryFailed
from eventmock.services.custom_event_bus.calls.batch import attributes, given, of_items
from eventmock.services.custom_event_bus.failures import INVALID
from eventmock.target_kinds.sqs_queue import queue_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.custom_event_bus.calls.batch import Batch, Entry
    from eventmock.target_kinds import ApiCall


def item_of(entry: Entry, target_arn: str) -> dict[str, Any]:
    """Return the message for an event, without its id.

    Raises:
        DeliveryFailed: A parameter is not what SQS takes.
    """
    found = {
        "MessageBody": entry.payload,
        **given(entry.parameters, "MessageGroupId", "MessageDeduplicationId"),
        **attributes(entry.parameters, "MessageAttributes"),
        **attributes(entry.parameters, "MessageSystemAttributes"),
    }
    if target_arn.endswith(".fifo") and not found.get("MessageGroupId"):
        raise DeliveryFailed(
            INVALID,
            "The request must contain the parameter MessageGroupId.",
            hint="a FIFO queue wants SqsParameters.MessageGroupId, such as {% $events.SystemMetadata.EventGroupId %}",
        )
    delay = entry.parameters.get("DelaySeconds")
    if delay is not None:
        try:
            found["DelaySeconds"] = int(delay)
        except ValueError:
            message = f"SqsParameters.DelaySeconds is {delay!r}, which is no whole number"
            raise DeliveryFailed(INVALID, message) from None
    return found


def call_of(batch: Batch) -> ApiCall:
    """Return the call."""
    target = batch.subscriber.target.arn
    items = [{"Id": str(place), **item_of(entry, target)} for place, entry in enumerate(batch.entries)]
    return batch.call("sqs", "SendMessageBatch", {"QueueUrl": queue_url(batch.arn), "Entries": items})


def failures_in(answer: Mapping[str, Any], batch: Batch) -> Mapping[int, DeliveryFailed]:
    """Return the failures of the events, by their place."""
    failed = {
        int(one["Id"]): DeliveryFailed(one["Code"], one.get("Message", ""))
        for one in answer.get("Failed", ())
    }
    return of_items(failed, len(batch.entries))
