"""Subscribers and custom event buses that existed, so that a test may ask for a name that was deleted since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.parts.part import KeptDict

if TYPE_CHECKING:
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.services.custom_event_bus.subscriber import Subscriber
    from eventmock.state import State


class FormerSubscribers(KeptDict[object, "Subscriber"]):
    """The subscribers that were deleted, or had another dead-letter queue; those of equal ARNs and queues once."""


class FormerBuses(KeptDict[str, str]):
    """The names of the custom event buses that were deleted, by ARN."""


def remember_subscriber(state: State, subscriber: Subscriber) -> None:
    """Remember a subscriber that is deleted, or gets another dead-letter queue."""
    key = subscriber.arn, subscriber.target.dead_letter_queue
    known = state.settings(FormerSubscribers)
    known.pop(key, None)  # the newest comes last
    known[key] = subscriber


def remember_bus(state: State, bus: CustomEventBus) -> None:
    """Remember a custom event bus that is deleted."""
    state.settings(FormerBuses)[bus.arn] = bus.name
