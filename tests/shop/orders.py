"""What the shop sells, and to whom."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

PAID, SHIPPED = "Order Paid", "Order Shipped"
"""The detail-types of the shop's events."""


@dataclass(frozen=True)
class Line:
    article: str
    quantity: int


@dataclass(frozen=True)
class Order:
    number: int
    customer: str
    total: int
    paid_at: float
    lines: tuple[Line, ...]
    note: str = ""

    def detail(self) -> dict[str, Any]:
        """The order as the detail of an event."""
        members = asdict(self)
        del members["paid_at"]
        return members | {"state": "PAID"}


@dataclass(frozen=True)
class Parcel:
    """What the carrier is told of."""

    number: int
    to: str
    pieces: int

    @classmethod
    def of(cls, detail: dict[str, Any]) -> Parcel:
        """The parcel of an order, given the detail of its event."""
        pieces = sum(line["quantity"] for line in detail["lines"])
        return cls(number=detail["number"], to=detail["customer"], pieces=pieces)
