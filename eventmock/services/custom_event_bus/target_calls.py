"""The calls by which subscribers deliver: what each event becomes, the call of a batch, and what its answer says.

Source: custom-event-bus sections 7.2, 9.1 and 9.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.delivery.failures import DeliveryFailed
from eventmock.target_kinds import ApiCall
from eventmock.target_kinds.sqs_queue import queue_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.history.subscriber_delivery import SubscriberDelivery
    from eventmock.services.custom_event_bus.subscriber import FilterVersion, Subscriber
    from eventmock.state import State
    from eventmock.target_kinds.http_call import HttpCall


class Entry(NamedTuple):
    """An event of a batch, ready to be sent.

    Attributes:
        delivery: The delivery.
        version: The filters of the time of publishing, with the transformer and the parameters.
        payload: What the target gets, as text; of binary data under RAW, their base64.
        parameters: The parameters of the target for this event, with the results of their expressions. Parameters of a
            whole call are not here.
    """

    delivery: SubscriberDelivery
    version: FilterVersion
    payload: str
    parameters: Mapping[str, Any]


def entry_of(state: State, subscriber: Subscriber, delivery: SubscriberDelivery) -> Entry:
    """Return an event of a batch, ready to be sent.

    Raises:
        DeliveryFailed: The transformer or an expression of a parameter fails.
    """
    version = subscriber.version_for(delivery.content)
    payload = version.transformer.payload(delivery.content, delivery.delivery_type)
    return Entry(delivery, version, payload, version.parameters)


def body_of(subscriber: Subscriber, entries: Sequence[Entry]) -> str:
    """Return the body of a call that carries all its events: an array, or one event (`Batching.is_size_given`)."""
    payloads = [entry.payload for entry in entries]
    is_single = subscriber.batching.is_size_given and subscriber.batching.size == 1
    return payloads[0] if is_single else "[" + ",".join(payloads) + "]"


def call_of(state: State, subscriber: Subscriber, entries: Sequence[Entry]) -> ApiCall | HttpCall | None:
    """Return the call that delivers a batch; None if eventmock knows none, such as for an event bus.

    Raises:
        DeliveryFailed: An expression of a parameter fails.
        InvalidRequest: AWS cannot make the call.
    """
    arn = subscriber.target.parsed
    items = [{"Id": str(number), "MessageBody": entry.payload} for number, entry in enumerate(entries)]
    return ApiCall(
        service="sqs",
        operation="SendMessageBatch",
        parameters={"QueueUrl": queue_url(arn), "Entries": items},
        region=arn.region,
        account=arn.account,
    )


def failures_in(
    subscriber: Subscriber, answer: Mapping[str, Any], entries: Sequence[Entry]
) -> Mapping[int, DeliveryFailed]:
    """Return the failures of the events of a batch that the answer to its call has, by their place in the batch."""
    return {
        int(failed["Id"]): DeliveryFailed(failed["Code"], failed.get("Message", ""))
        for failed in answer.get("Failed", ())
    }
