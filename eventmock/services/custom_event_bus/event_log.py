"""The log of a custom event bus: the events that it keeps, and the numbers of their places.

A subscriber reads the log from a position (`eventmock.services.custom_event_bus.readers`); nothing is copied for it.
Source: custom-event-bus sections 3.1 and 5.3. Documented: an event is kept until the retention period after its
ingestion is over. Inferred: a longer period does not bring back what has gone.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventmock.services.custom_event_bus.event_bus import bus_of_arn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventmock.history.published_event import PublishedEvent
    from eventmock.parts.part import Restore
    from eventmock.state import State

SHORTEST_RETENTION: Final = timedelta(days=1)
"""The shortest time for which a bus keeps events. Before its end, no event has to be looked for."""


def _ingested(event: PublishedEvent) -> datetime:
    """Return the moment at which an event came to its bus."""
    assert event.content is not None
    return event.content.ingestion_time


class EventLog:
    """The events that a custom event bus keeps, in the order in which they came.

    Attributes:
        first: The number of the oldest event that is kept; if there is none, that of the next event.
        next: The number of the next event to come.
    """

    __slots__ = ("_events", "first", "next")

    def __init__(self) -> None:
        self._events: list[PublishedEvent] = []
        self.first = 1
        self.next = 1

    def __len__(self) -> int:
        """Return the number of events that are kept."""
        return self.next - self.first

    @property
    def oldest(self) -> datetime | None:
        """The moment at which the oldest event came that is kept, an aware datetime in UTC; None if there is none."""
        return _ingested(self._events[0]) if self._events else None

    def append(self, event: PublishedEvent) -> None:
        """Keep an event, whose number is `next`."""
        self._events.append(event)
        self.next += 1

    def since(self, number: int) -> Sequence[PublishedEvent]:
        """Return the events from a number on; those that are not kept any more are missing."""
        return self._events[max(number - self.first, 0) :]

    def number_at(self, moment: datetime) -> int:
        """Return the number of the first event that came at or after a moment; `next` if none did."""
        return self.first + bisect_left(self._events, moment, key=_ingested)

    def forget_before(self, moment: datetime) -> None:
        """Forget the events that came before a moment."""
        gone = self.number_at(moment) - self.first
        if gone:
            del self._events[:gone]
            self.first += gone

    def copied(self) -> EventLog:
        """Return a copy. The events are the same."""
        copy = EventLog()
        copy._events, copy.first, copy.next = list(self._events), self.first, self.next
        return copy


class EventLogs:
    """The logs of all custom event buses of a mock.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._logs: dict[str, EventLog] = {}

    def of(self, bus_arn: str) -> EventLog:
        """Return the log of a bus, without the events whose retention is over. The caller holds the lock."""
        log = self._logs.get(bus_arn)
        if log is None:
            log = self._logs[bus_arn] = EventLog()
        oldest = log.oldest
        if oldest is not None:
            now = self._state.clock.now()
            if now - oldest > SHORTEST_RETENTION:
                bus = bus_of_arn(self._state, bus_arn)
                if bus is not None:
                    log.forget_before(bus.retained_since(now))
        return log

    def forget(self, bus_arn: str) -> None:
        """Forget the log of a bus that is gone."""
        self._logs.pop(bus_arn, None)

    def clear(self) -> None:
        """Forget all logs."""
        self._logs = {}

    def save(self) -> Restore:
        """Return a function that restores the present logs."""
        kept = {arn: log.copied() for arn, log in self._logs.items()}

        def restore() -> None:
            self._logs = {arn: log.copied() for arn, log in kept.items()}

        return restore


def log_of(state: State, bus_arn: str) -> EventLog:
    """Return the log of a custom event bus, without the events whose retention is over. The caller holds the lock."""
    return state.part(EventLogs).of(bus_arn)
