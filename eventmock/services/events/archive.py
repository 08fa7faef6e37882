"""The records of an archive and of the events in it. The operations are in `archives`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from eventmock.parts.accounts import Changing

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.event.event import Event

RULE_PREFIX: Final = "Events-Archive-"
SIZE_OF_TIME: Final = 20
"""The size in bytes that AWS counts for the time of an event."""


@dataclass(frozen=True, slots=True)
class ArchivedEvent:
    """An event in an archive.

    Attributes:
        event: The event.
        ingested: The moment at which the event was archived, an aware datetime in UTC.
    """

    event: Event
    ingested: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Archive(Changing):
    """An archive and the events in it.

    Attributes:
        archive_name: The name of the archive.
        archive_arn: The ARN of the archive.
        event_source_arn: The ARN of the event bus.
        creation_time: The moment of CreateArchive, an aware datetime in UTC.
        description: The description; None if there is none.
        event_pattern: The pattern of the events that are archived, as JSON text; None for all events.
        retention_days: The number of days for which an event is kept; 0 for ever.
        kms_key_identifier: The identifier of the customer's KMS key; None if there is none. Nothing is encrypted.
        state: ``ENABLED``, or ``DISABLED`` after its rule was deleted by force; ``CREATING`` and ``UPDATING`` for the
            duration `Delays.archive`; ``CREATE_FAILED`` and ``UPDATE_FAILED`` by a fault.
        state_reason: The reason of the state; None if the state has no reason.
        events: The archived events, in the order of their arrival.
        key: An object that is equal only to itself, and that a later archive of the same name does not have.
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
        """The number of events in the archive."""
        return len(self.events)

    @property
    def size_bytes(self) -> int:
        """The size of all events in the archive, in bytes."""
        return sum(_size_of(archived.event) for archived in self.events)

    @property
    def rule_name(self) -> str:
        """The name of the managed rule that sends events to the archive."""
        return RULE_PREFIX + self.archive_name

    def take(self, event: Event, now: datetime) -> None:
        """Add an event that arrives now."""
        self.events.append(ArchivedEvent(event, now))

    def expire(self, now: datetime) -> None:
        """Remove the events that arrived longer ago than the retention."""
        if self.retention_days:
            self.events = [
                archived for archived in self.events if (now - archived.ingested).days < self.retention_days
            ]

    def copied(self) -> Archive:
        """Return a copy with a list of events of its own."""
        return replace(self, events=list(self.events))


def _size_of(event: Event) -> int:
    return len(event.source) + len(event.detail_type) + event.detail_size + SIZE_OF_TIME
