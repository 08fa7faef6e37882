"""Where a backend writes down everything that happens, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery
    from eventmock.history.incident import Incident
    from eventmock.history.progress import Progress
    from eventmock.history.received_event import ReceivedEvent

    Entry = tuple[ReceivedEvent | Incident, None] | tuple[Delivery, Progress]


@dataclass(slots=True)
class Ledger:
    """All records of a backend.

    Attributes:
        received: The events that came to buses, in the order in which they came.
        deliveries: What went out to targets, in the order in which rules matched.
        journal: What happened, in order: an incident, a received event, or a delivery with its `Progress` after an
            attempt or after its end.
        refused_requests: The requests to other services that were refused, in words.
    """

    received: list[ReceivedEvent] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    refused_requests: list[str] = field(default_factory=list)

    def receive(self, received: ReceivedEvent) -> None:
        """Write down a received event."""
        self.received.append(received)
        self.journal.append((received, None))

    def note(self, incident: Incident) -> None:
        """Write down an incident."""
        self.journal.append((incident, None))

    def copied(self) -> Ledger:
        """A copy whose records do not change any more."""
        events: dict[ReceivedEvent, ReceivedEvent] = {}
        deliveries: dict[Delivery, Delivery] = {}
        for event in self.received:
            brought = event.arrived_by
            copy = events[event] = event.copied(None if brought is None else deliveries[brought])
            deliveries.update(zip(event.deliveries, copy.deliveries, strict=True))
        copies: dict[Any, Any] = {**events, **deliveries}
        journal: list[Any] = [(copies.get(subject, subject), progress) for subject, progress in self.journal]
        return Ledger(
            list(events.values()),
            [deliveries[one] for one in self.deliveries],
            journal,
            list(self.refused_requests),
        )

    def snapshot(self) -> Any:
        """What is recorded by now."""
        unfinished = [
            (one, one.progress)
            for event in self.received
            for one in event.deliveries
            if one.progress.ended is None
        ]
        return (
            list(self.received),
            list(self.deliveries),
            list(self.journal),
            list(self.refused_requests),
        ), unfinished

    def restore(self, snapshot: Any) -> None:
        """Come back to what was recorded then; what was pending is so again."""
        lists, unfinished = snapshot
        self.received[:], self.deliveries[:], self.journal[:], self.refused_requests[:] = lists
        for delivery, progress in unfinished:
            delivery.become(progress)

    def clear(self) -> None:
        """Forget everything."""
        for held in (self.received, self.deliveries, self.journal, self.refused_requests):
            held.clear()
