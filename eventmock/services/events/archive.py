"""An archive and what is in it: the records. The operations are in `archives`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from eventmock.parts.accounts import Changing

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.event.event import Event

RULE_PREFIX: Final = "Events-Archive-"
SIZE_OF_TIME: Final = 20
"""Bytes that AWS counts for the time of an event."""


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """An event in an archive, and when it came there."""

    event: Event
    ingested: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Archive(Changing):
    """An archive and what is in it.

    Attributes:
        archive_name: Its name.
        archive_arn: Its ARN.
        event_source_arn: The event bus.
        event_pattern: Which events it keeps, as JSON text; None for all.
        retention_days: For how long; 0 for ever.
        state: ``ENABLED``, or ``DISABLED`` once its rule was deleted by force; ``CREATING`` and ``UPDATING`` for
            `Delays.archive`, ``CREATE_FAILED`` and ``UPDATE_FAILED`` by a fault.
        state_reason: Why it is in that state, where there is something to say.
        events: What it keeps, in the order in which it came.
        key: Tells it from a later archive of the same name.
    """

    archive_name: str
    archive_arn: str
    event_source_arn: str
    creation_time: datetime
    description: str | None = None
    event_pattern: str | None = None
    retention_days: int = 0
    kms_key_identifier: str | None = None
    state: str = "ENABLED"
    state_reason: str | None = None
    events: list[ArchivedEvent] = field(default_factory=list, repr=False)
    key: object = field(default_factory=object, repr=False)

    @property
    def event_count(self) -> int:
        """How many events it keeps."""
        return len(self.events)

    @property
    def size_bytes(self) -> int:
        """Their size in bytes."""
        return sum(_size_of(archived.event) for archived in self.events)

    @property
    def rule_name(self) -> str:
        """The name of the managed rule that feeds it."""
        return RULE_PREFIX + self.archive_name

    def take(self, event: Event, now: datetime) -> None:
        """Keep an event that came just now."""
        self.events.append(ArchivedEvent(event, now))

    def expire(self, now: datetime) -> None:
        """Let go of what has been kept for longer than the retention, counted from when it came."""
        if self.retention_days:
            self.events = [
                archived for archived in self.events if (now - archived.ingested).days < self.retention_days
            ]

    def copied(self) -> Archive:
        """An archive that holds the same and goes its own way."""
        return replace(self, events=list(self.events))


def _size_of(event: Event) -> int:
    return len(event.source) + len(event.detail_type) + event.detail_size + SIZE_OF_TIME
