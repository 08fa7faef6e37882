"""Deduplication: an event that repeats one of the last 300 seconds is not published again.

Source: custom-event-bus section 6.4. Documented: the window, the scope, and that the id or the hash of the content is
compared. Inferred: the answer to a duplicate has the ids of the first event; a duplicate does not prolong the window;
ids and contents are not compared with each other.
"""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.event.bus_event import BusEvent
    from eventmock.parts.part import Restore
    from eventmock.state import State

WINDOW: Final = timedelta(seconds=300)
"""How long after an event another one of the same key is its duplicate."""


class DeduplicationKey(NamedTuple):
    """The key that an event and its duplicates have in common.

    Attributes:
        bus_arn: The ARN of the bus.
        publisher: The account that publishes, 12 digits.
        event_group_id: The event group that the publisher names; None if it names none.
        value: The deduplication id, a text, or the hash of the content, bytes.
    """

    bus_arn: str
    publisher: str
    event_group_id: str | None
    value: str | bytes


class Deduplication:
    """The events of the last 300 seconds that have a key, on all custom event buses of a mock.

    Args:
        _state: The state of the mock. The caller of each method holds its lock.
    """

    def __init__(self, _state: State) -> None:
        self._first: dict[DeduplicationKey, BusEvent] = {}

    def __len__(self) -> int:
        """Return the number of events that are kept."""
        return len(self._first)

    def first(self, key: DeduplicationKey, now: datetime) -> BusEvent | None:
        """Return the event that an event with a key repeats at a moment; None if the event is not a duplicate."""
        self._forget_before(now - WINDOW)
        return self._first.get(key)

    def keep(self, key: DeduplicationKey, event: BusEvent) -> None:
        """Keep an event that is not a duplicate, so that later events are compared with it."""
        self._first[key] = event

    def _forget_before(self, moment: datetime) -> None:
        """Forget the events whose window is over. They are kept in the order in which they came."""
        while self._first:
            key, event = next(iter(self._first.items()))
            if event.ingestion_time > moment:
                return
            del self._first[key]

    def clear(self) -> None:
        """Forget all events."""
        self._first = {}

    def save(self) -> Restore:
        """Return a function that restores the present events."""
        kept = dict(self._first)

        def restore() -> None:
            self._first = dict(kept)

        return restore


def content_hash(data: bytes, *others: object) -> bytes:
    """Return the hash by which contents are compared.

    Args:
        data: The data of the event.
        others: The other parts of the content: texts, and lists of them.
    """
    text = json.dumps(others)
    return sha256(b"%d:%b%b" % (len(data), data, text.encode())).digest()
