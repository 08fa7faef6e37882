"""The transformer of a subscriber: what the target gets of an event.

Source: custom-event-bus section 7.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from eventmock.event.bus_event import BusEvent, DeliveryType

RAW: Final = "RAW"
WITH_METADATA: Final = "WITH_METADATA"
JSONATA: Final = "JSONATA"


class Transformer(NamedTuple):
    """The transformer of a subscriber.

    Attributes:
        type: ``RAW``, ``WITH_METADATA`` or ``JSONATA``.
        expression: The expression of ``JSONATA`` with its delimiters; None for the other types.
    """

    type: str = RAW
    expression: str | None = None

    def payload(self, event: BusEvent, delivery_type: DeliveryType) -> str:
        """Return the text that the target gets of an event; for binary data under RAW, their base64.

        Raises:
            DeliveryFailed: The expression fails or has no result (``INPUT_TRANSFORMATION_FAILURE``).
        """
        return event.text if self.type == RAW else event.seen(delivery_type)

    def preview(self, event: BusEvent, delivery_type: DeliveryType) -> str:
        """Return the `payload`; the text of the data if it cannot be made."""
        return self.payload(event, delivery_type)
