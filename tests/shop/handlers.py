"""The code of the shop's Lambda functions."""

from __future__ import annotations

from typing import Any

from .orders import Parcel
from .publisher import Publisher


def ship(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Pack a paid order, and tell that its parcel is under way."""
    parcel = Parcel.of(event["detail"])
    if parcel.pieces == 0:
        raise ValueError(f"order {parcel.number} has nothing to pack")
    region = context.invoked_function_arn.split(":")[3]
    Publisher("shop", region).shipped(parcel)
    return {"parcel": parcel.number, "pieces": parcel.pieces}


def review(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Ask a person to look at a large order; the event is what the input transformer makes."""
    return {"ask": event["title"], "total": event["order"]["total"]}


def report(event: dict[str, Any], context: Any) -> str:
    """Write the report of a working day."""
    return f"report of {event['time'][:10]}"


def stop(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Stop the order whose payment has failed."""
    return {"stopped": event["detail"]["order"]}
