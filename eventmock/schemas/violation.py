"""Violations: what an event contains, or lacks, against the schema of its source and detail-type."""

from __future__ import annotations

from typing import Any, NamedTuple


class SchemaViolation(NamedTuple):
    """One thing about an event that its schema does not allow.

    Attributes:
        path: The path of the value in the event, such as ``detail.items[1].price``.
        text: The violation in words: the path, what the event held there, and what the schema wants.
        held: The value that the event held there; None if it held none.
        keyword: The keyword of JSON Schema that is violated, such as ``type`` or ``required``. It is ``schema`` if
            there is no schema for the event, or if the event cannot be checked by it.
        place: The place of the schema, such as ``schemas/shop.orders/Order Paid.json``; empty if no schema is known.
    """

    path: str
    text: str
    held: Any
    keyword: str
    place: str

    def __str__(self) -> str:
        return self.text
