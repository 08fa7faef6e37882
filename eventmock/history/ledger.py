"""Where a backend writes down everything that happens, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventmock.history.dead_letter import DeadLetters

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery
    from eventmock.history.incident import Incident
    from eventmock.history.progress import Progress
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.parts.part import Restore

    Entry = tuple[ReceivedEvent | Incident, None] | tuple[Delivery, Progress]


@dataclass(slots=True)
class Ledger:
    """All records of a backend.

    Attributes:
        received: What was put, in order.
        deliveries: What went out to targets, in the order in which rules matched.
        journal: What happened, in order: an incident, an arrival, or a delivery with its `Progress` after an attempt or
            after its end.
        refused_requests: Requests to other services that were refused.
    """

    received: list[ReceivedEvent] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    refused_requests: list[str] = field(default_factory=list)

    def receive(self, received: ReceivedEvent) -> None:
        """Write down an arrival."""
        self.received.append(received)
        self.journal.append((received, None))

    def note(self, incident: Incident) -> None:
        """Write down an incident."""
        self.journal.append((incident, None))

    @property
    def dead_letters(self) -> DeadLetters:
        """What came to dead-letter queues, in the order in which it came."""
        ends = [progress for _, progress in list(self.journal) if progress is not None]
        return DeadLetters(progress.dead_letter for progress in ends if progress.dead_letter is not None)

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

    def save(self) -> Restore:
        """Keep what is recorded by now, and how far pending deliveries have come, to be brought back later."""
        kept = list(self.received), list(self.deliveries), list(self.journal), list(self.refused_requests)
        pending = [
            (delivery, delivery.progress)
            for event in self.received
            for delivery in event.deliveries
            if delivery.progress.ended is None
        ]

        def restore() -> None:
            self.received[:], self.deliveries[:], self.journal[:], self.refused_requests[:] = kept
            for delivery, progress in pending:
                delivery.become(progress)

        return restore

    def clear(self) -> None:
        """Forget everything."""
        for held in (self.received, self.deliveries, self.journal, self.refused_requests):
            held.clear()
