"""Failures of the deliveries of subscribers: the code and the text of AWS for each.

Source: custom-event-bus section 10. Documented: the codes, the generic text and the text for a resource that cannot be
reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.services.custom_event_bus.subscriber import Subscriber

INTERNAL: Final = "INTERNAL_SERVER_ERROR"
"""The code of a failure of EventBridge itself, which is tried again without an end."""


def error_of(failure: DeliveryFailed, subscriber: Subscriber) -> tuple[str, str]:
    """Return the code and the message by which AWS knows a failure of a subscriber's delivery."""
    return failure.given
