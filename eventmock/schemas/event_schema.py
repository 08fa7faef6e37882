"""The schema of the events of one source and detail-type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventSchema(NamedTuple):
    """What a producer promises about its events of one detail-type.

    Attributes:
        source: The ``source`` of the events; None if the schema is for events of any source.
        detail_type: The ``detail-type`` of the events.
        event: A JSON Schema of the whole event, as rules match it: ``source``, ``detail-type``, ``detail`` and so on.
        document: The JSON document that contains the schema, in which its ``$ref`` are looked up.
        place: The place that the schema comes from, for texts, such as ``schemas/shop.orders/Order Paid.json``.
    """

    source: str | None
    detail_type: str
    event: Mapping[str, Any]
    document: Mapping[str, Any]
    place: str

    @property
    def name(self) -> str:
        """The source and the detail-type in one text, such as ``shop.orders, Order Paid``."""
        return self.detail_type if self.source is None else f"{self.source}, {self.detail_type}"
