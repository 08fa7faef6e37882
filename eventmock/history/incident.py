"""Incidents: records that concern no event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A record that concerns no event: of a failed request, an outage, a replay, or a health check that changed.

    Attributes:
        time: The moment of the incident, an aware datetime.
        kind: The kind of incident: ``request failed``, ``request refused``, ``outage``, ``replay``,
            ``health check``, or a kind of a service's own.
        region: The region of the incident; None if it has none, such as a health check.
        text: What happened, in one line.
    """

    time: datetime
    kind: str
    region: str | None
    text: str

    def __str__(self) -> str:
        return self.text
