"""The calls by which subscribers deliver: what each event becomes, the call of a batch, and what its answer says.

The calls of each kind of target are in a file of `eventmock.services.custom_event_bus.calls`.

Source: custom-event-bus sections 7.2, 9.1 and 9.2. Inferred: where one request carries several events, the parameters
that are resolved for each event are those of the first (HttpParameters).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus.calls import calls_of
from eventmock.services.custom_event_bus.calls.batch import Batch, Entry
from eventmock.services.custom_event_bus.expressions import Sources, content_of
from eventmock.services.custom_event_bus.parameters import OF_CALLS, resolved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.history.subscriber_delivery import SubscriberDelivery
    from eventmock.services.custom_event_bus.subscriber import Subscriber
    from eventmock.state import State
    from eventmock.target_kinds import ApiCall
    from eventmock.target_kinds.http_call import HttpCall

__all__ = ["Batch", "Entry", "batch_of", "body_of", "call_of", "entry_of", "failures_in"]


def entry_of(state: State, subscriber: Subscriber, delivery: SubscriberDelivery) -> Entry:
    """Return an event of a batch, ready to be sent.

    Raises:
        DeliveryFailed: The transformer or an expression of a parameter fails, or AWS cannot send the event.
        OptionError: There is an expression, and the package that evaluates it is not installed.
    """
    version, event = subscriber.version_for(delivery.content), delivery.content
    sources = Sources.of(state)
    made = version.transformer.payload(event, delivery.delivery_type, sources)
    how, parameters = subscriber.target.how, dict[str, Any]()
    if how.block is not None and how.block not in OF_CALLS:
        parameters = resolved(
            how.block, version.parameters, lambda: content_of(event, delivery.delivery_type), sources
        )
    entry = Entry(delivery, version, made.text, parameters, made)
    calls = calls_of(subscriber.target.kind.name)
    if hasattr(calls, "item_of"):
        calls.item_of(entry, subscriber.target.arn)
    return entry


def batch_of(state: State, subscriber: Subscriber, entries: Sequence[Entry]) -> Batch:
    """Return the events of a call with the parameters of the call.

    Raises:
        DeliveryFailed: An expression of a parameter fails.
        OptionError: There is an expression, and the package that evaluates it is not installed.
    """
    first, block = entries[0], subscriber.target.how.block
    parameters = first.parameters
    if block in OF_CALLS:
        parameters = resolved(
            block,
            first.version.parameters,
            lambda: [content_of(entry.delivery.content, entry.delivery.delivery_type) for entry in entries],
            Sources.of(state),
        )
    return Batch(state, subscriber, entries, parameters)


def body_of(batch: Batch) -> str:
    """Return the body of a call that carries all its events, as text.

    It is an array, or one event (`Batch.is_single`); for a universal target, the Input.
    """
    if "Input" in batch.parameters:
        return str(batch.parameters["Input"])
    return batch.text if batch.subscriber.target.how.block == "HttpParameters" else batch.json


def call_of(batch: Batch) -> ApiCall | HttpCall | None:
    """Return the call that delivers a batch; None if eventmock knows none, such as for an event bus.

    Raises:
        DeliveryFailed: AWS cannot make the call, in words of the target.
        InvalidRequest: AWS cannot make the call.
    """
    calls = calls_of(batch.subscriber.target.kind.name)
    call: ApiCall | HttpCall | None = None if calls is None else calls.call_of(batch)
    return call


def failures_in(batch: Batch, answer: Mapping[str, Any]) -> Mapping[int, DeliveryFailed]:
    """Return the failures of the events of a batch that the answer to its call has, by their place in the batch.

    Raises:
        DeliveryFailed: The answer says that all events have failed.
    """
    calls = calls_of(batch.subscriber.target.kind.name)
    failed: Mapping[int, DeliveryFailed] = (
        calls.failures_in(answer, batch) if hasattr(calls, "failures_in") else {}
    )
    return failed
