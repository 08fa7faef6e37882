"""The ledger: all that happened in a backend, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from eventmock.history.dead_letter import DeadLetters
from eventmock.history.progress import Progress

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery
    from eventmock.history.incident import Incident
    from eventmock.history.lambda_invocation import InvocationProgress, LambdaInvocation
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.schedule_delivery import ScheduleDelivery
    from eventmock.parts.part import Restore

    Entry = (
        tuple[ReceivedEvent | Incident | ScheduleDelivery, None]
        | tuple[Delivery, Progress]
        | tuple[LambdaInvocation, InvocationProgress]
    )


@dataclass(slots=True)
class Ledger:
    """All records of a backend.

    Attributes:
        received: The received events, in order.
        deliveries: The deliveries, in the order in which rules matched and schedules fired.
        invocations: The invocations of Lambda functions of the test, in the order in which Lambda accepted events.
        journal: All that happened, in order: an incident, an arrival, a delivery of a schedule when it fires, or a
            delivery with its `Progress` after an attempt that failed or after its end. An attempt that succeeded is the
            last of a delivery's end. Of an invocation, its progress after each attempt and after its end.
        refused_requests: The requests to other services that were refused, in words.
    """

    received: list[ReceivedEvent] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    invocations: list[LambdaInvocation] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    refused_requests: list[str] = field(default_factory=list)

    def receive(self, received: ReceivedEvent) -> None:
        """Write down an arrival."""
        self.received.append(received)
        self.journal.append((received, None))

    def fire(self, delivery: ScheduleDelivery) -> None:
        """Write down that a schedule has fired."""
        self.deliveries.append(delivery)
        self.journal.append((delivery, None))

    def accept(self, invocation: LambdaInvocation) -> None:
        """Write down an event that Lambda has accepted."""
        self.invocations.append(invocation)

    def note(self, incident: Incident) -> None:
        """Write down an incident."""
        self.journal.append((incident, None))

    @property
    def origins(self) -> list[ReceivedEvent | Delivery]:
        """The received events and the deliveries of schedules, in the order in which they came and fired."""
        from eventmock.history.delivery import Delivery
        from eventmock.history.received_event import ReceivedEvent

        begun: list[Any] = [subject for subject, progress in list(self.journal) if progress is None]
        return [one for one in begun if isinstance(one, (ReceivedEvent, Delivery))]

    @property
    def dead_letters(self) -> DeadLetters:
        """The dead letters, in the order in which they came to their queues. One may be for several deliveries."""
        ends = [progress for _, progress in list(self.journal) if isinstance(progress, Progress)]
        letters = [progress.dead_letter for progress in ends if progress.dead_letter is not None]
        return DeadLetters({id(letter): letter for letter in letters}.values())

    @property
    def with_input(self) -> list[Delivery]:
        """The deliveries whose input AWS could make, as far as it was tried, in their order."""
        return [delivery for delivery in self.deliveries if delivery.input_error is None]

    @property
    def fired(self) -> list[Delivery]:
        """The deliveries of schedules, in the order in which these fired."""
        return [delivery for delivery in self.deliveries if delivery.schedule_arn is not None]

    def copied(self) -> Ledger:
        """Return a copy whose records do not change any more."""
        events: dict[ReceivedEvent, ReceivedEvent] = {}
        deliveries: dict[Delivery, Delivery] = {one: replace(one) for one in self.fired}
        for event in self.received:
            brought = event.arrived_by
            copy = events[event] = event.copied(None if brought is None else deliveries[brought])
            deliveries.update(zip(event.deliveries, copy.deliveries, strict=True))
        invocations: dict[LambdaInvocation, LambdaInvocation] = {}
        for invocation in self.invocations:
            cause = None if invocation.cause is None else invocations[invocation.cause]
            invocations[invocation] = replace(
                invocation, delivery=deliveries[invocation.delivery], cause=cause
            )
        copies: dict[Any, Any] = {**events, **deliveries, **invocations}
        journal: list[Any] = [(copies.get(subject, subject), progress) for subject, progress in self.journal]
        return Ledger(
            list(events.values()),
            [deliveries[delivery] for delivery in self.deliveries],
            list(invocations.values()),
            journal,
            list(self.refused_requests),
        )

    def save(self) -> Restore:
        """Return a function that restores the present records, the outcomes of events, and the progress of the others.

        A custom event bus adds deliveries to the outcome of an event later, when another subscriber reads it.
        """
        lists: tuple[list[Any], ...] = (
            self.received,
            self.deliveries,
            self.invocations,
            self.journal,
            self.refused_requests,
        )
        kept = [(records, list(records)) for records in lists]
        deliveries = [delivery for event in self.received for delivery in event.deliveries] + self.fired
        progresses = [delivery.progress for delivery in deliveries]
        invocations = [(invocation, invocation.progress) for invocation in self.invocations]
        outcomes = [(event, event.outcome) for event in self.received]

        def restore() -> None:
            for records, then in kept:
                records[:] = then
            for event, outcome in outcomes:
                event.settle(outcome)
            for delivery, progress in zip(deliveries, progresses, strict=True):
                delivery.become(progress)
            for invocation, its_progress in invocations:
                invocation.become(its_progress)

        return restore

    def clear(self) -> None:
        """Forget all records."""
        for records in (
            self.received,
            self.deliveries,
            self.invocations,
            self.journal,
            self.refused_requests,
        ):
            records.clear()
