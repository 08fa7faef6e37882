"""Puts the shop's events: as many in a request as AWS takes, and those that were throttled again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from .orders import PAID, SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .orders import Order, Parcel

SOURCE = "shop.orders"
BATCH = 10
"""The most entries that PutEvents takes."""
ATTEMPTS = 3
ZONE = UTC
WORTH_ANOTHER_TRY = {"ThrottlingException", "InternalFailure"}


class NotPublishedError(Exception):
    """Entries were refused."""

    def __init__(self, refused: list[dict[str, str]]) -> None:
        reasons = {f"{entry['ErrorCode']}: {entry['ErrorMessage']}" for entry in refused}
        super().__init__(f"{len(refused)} events were refused: {'; '.join(sorted(reasons))}")


class Publisher:
    def __init__(self, bus: str, region: str, source: str = SOURCE) -> None:
        self.bus, self.source = bus, source
        self._events = boto3.client("events", region_name=region)

    def paid(self, *orders: Order) -> None:
        """Tell that orders were paid."""
        self.publish([self.entry(PAID, order.detail()) | {"Time": moment(order.paid_at)} for order in orders])

    def shipped(self, parcel: Parcel) -> None:
        """Tell that a parcel is under way."""
        self.publish([self.entry(SHIPPED, vars(parcel) | {"state": "SHIPPED"})])

    def entry(self, detail_type: str, detail: dict[str, Any]) -> dict[str, Any]:
        """An entry of PutEvents."""
        return {
            "EventBusName": self.bus,
            "Source": self.source,
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
        }

    def publish(self, entries: list[dict[str, Any]]) -> None:
        """Put entries.

        Raises:
            NotPublishedError: AWS has refused some of them, or did so at each attempt.
        """
        for batch in batches(entries):
            self._put(batch)

    def _put(self, entries: list[dict[str, Any]]) -> None:
        refused: list[dict[str, str]] = []
        for _ in range(ATTEMPTS):
            results = self._events.put_events(Entries=entries)["Entries"]
            refused = [result for result in results if "ErrorCode" in result]
            if not refused:
                return
            if any(result["ErrorCode"] not in WORTH_ANOTHER_TRY for result in refused):
                break
            entries = [entry for entry, result in zip(entries, results, strict=True) if "ErrorCode" in result]
        raise NotPublishedError(refused)


def batches(entries: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the entries, as many at a time as go into one request."""
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]


def moment(seconds: float) -> datetime:
    """The moment of a payment, which the payment provider gives in seconds since 1970-01-01 00:00 UTC."""
    return datetime.fromtimestamp(seconds, ZONE)
