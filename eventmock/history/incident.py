"""Incidents: what happened to no event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happened to no event, such as a failed request, an outage, or a health check that changed.

    Attributes:
        time: When it happened, an aware datetime.
        kind: What sort of incident it is: ``request failed``, ``request refused``, ``outage``, ``health check``, or a
            kind that a service has of its own.
        region: The region where it happened; None if it happened in none, as with a health check.
        text: What happened, in one line.
    """

    time: datetime
    kind: str
    region: str | None
    text: str

    def __str__(self) -> str:
        return self.text
