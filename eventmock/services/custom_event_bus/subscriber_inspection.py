"""`SubscriberInspection`: a subscriber for the test to read: how far it has read its bus, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventmock.event.bus_event import sequence_number
from eventmock.exceptions import NoSuchSubscriber
from eventmock.history.delivery import Deliveries
from eventmock.history.records import Records
from eventmock.history.wording import DATE_AND_TIME, counted, cut
from eventmock.services.custom_event_bus.outlook import standing_of
from eventmock.services.custom_event_bus.readers import Readers
from eventmock.services.custom_event_bus.subscriber import subscriber_of_arn
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from eventmock.history.delivery import Delivery
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.services.custom_event_bus.outlook import Standing
    from eventmock.services.custom_event_bus.readers import Reader
    from eventmock.services.custom_event_bus.subscriber import Subscriber
    from eventmock.state import State

MOST_SHOWN = 5
"""The most deliveries that wait and have a line in the text."""
_LONGEST_PATTERN = 100


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SubscriberInspection:
    """A subscriber, for the test to read. It is looked up whenever it is asked. `str()` is about all of it.

    Attributes:
        name: The name of the subscriber.
        arn: Its ARN.
    """

    name: str
    arn: str
    _state: State = field()

    def __repr__(self) -> str:
        return f"<subscriber {self.name}: {self.arn}>"

    @property
    def bus(self) -> str:
        """The name of the event bus."""
        return self._record().bus_name

    @property
    def bus_arn(self) -> str:
        """The ARN of the event bus."""
        return self._record().bus_arn

    @property
    def target_arn(self) -> str:
        """The ARN of the target."""
        return self._record().target.arn

    @property
    def state(self) -> str:
        """``RUNNING`` or ``STOPPED``."""
        return self._record().state

    @property
    def is_revoked(self) -> bool:
        """Whether the owner of the bus has revoked the subscriber."""
        return self._record().is_revoked

    @property
    def position(self) -> str:
        """The sequence number of the next event that the subscriber reads, 20 digits.

        It may be that of an event that is still to come.
        """
        return sequence_number(self._standing().position)

    @property
    def behind(self) -> int:
        """The number of events on the bus that the subscriber has not read, whether it takes them or not."""
        standing = self._standing()
        return standing.end - standing.position

    @property
    def backlog(self) -> Records[ReceivedEvent]:
        """The events that the subscriber takes and has not read, the oldest first. A subscriber that runs has none."""
        subscriber = self._record()
        with self._state.lock:
            return Records(self._state.part(Readers).backlog(subscriber))

    @property
    def waiting(self) -> Deliveries:
        """The deliveries that have not ended and that no call carries now, in the order of their events.

        They wait for their batch, for another attempt, or behind another event of their group. A subscriber that is
        STOPPED keeps them.
        """
        reader = self._reader()
        return Deliveries([] if reader is None else reader.waiting)

    @property
    def retrying(self) -> Deliveries:
        """The deliveries of `waiting` that failed before, and are tried again."""
        return Deliveries(one for one in self.waiting if one.progress.attempts)

    @property
    def held(self) -> Deliveries:
        """The deliveries of `waiting` that wait behind another event of their group, if the subscriber is FIFO."""
        reader = self._reader()
        behind = [] if reader is None else [one.delivery for group in reader.behind.values() for one in group]
        return Deliveries(one for one in self.waiting if one in behind)

    @property
    def deliveries(self) -> Deliveries:
        """All deliveries of the subscriber, in order."""
        self._record()
        found = list(self._state.ledger.deliveries)
        return Deliveries(one for one in found if one.subscriber_arn == self.arn)

    @property
    def next_moment(self) -> datetime | None:
        """The next moment at which a delivery goes on, an aware datetime in UTC; None if none is planned.

        A subscriber that is STOPPED has none.
        """
        standing = self._standing()
        moments = [one.moment for one in standing.waiting.values() if one.moment is not None]
        return None if standing.halted else min(moments, default=None)

    def explain(self) -> str:
        """Return the subscriber in words: its state, its filters, its position, and why what waits does.

        Raises:
            NoSuchSubscriber: The subscriber was deleted.
        """
        __tracebackhide__ = True
        subscriber, standing = self._record(), self._standing()
        filters = subscriber.now.filters.scopes
        state = "revoked" if subscriber.is_revoked else subscriber.state
        unread = counted(standing.end - standing.position, "event")
        return "\n".join(
            [
                f'subscriber {self.name} on "{subscriber.bus_name}"{standing.where} is {state}, {subscriber.type}',
                f"  target: {arn_name(subscriber.target.arn)}",
                *(
                    f"  {scope}: {cut(' '.join(pattern.text.split()), _LONGEST_PATTERN)}"
                    for scope, pattern in filters
                ),
                *([] if filters else ["  no filter: it takes all events"]),
                *_about_batches(subscriber),
                f"  now: {self._state.clock.now():{DATE_AND_TIME}}",
                f"  next to read: {sequence_number(standing.position)}, {unread} on the bus not read",
                f"  deliveries: {_counts(self.deliveries)}",
                *(f"  {line.partition(': ')[2]}" for line in standing.notes()),
                *self._lines(standing),
            ]
        )

    def __str__(self) -> str:
        return self.explain()

    def _lines(self, standing: Standing) -> Iterator[str]:
        """Yield a line for each of the first deliveries that wait."""
        waiting = self.waiting
        for delivery in waiting[:MOST_SHOWN]:
            known = standing.waiting.get(delivery.retry_seed)
            failed = "" if delivery.error is None else f" ({delivery.error})"
            yield f"    {delivery.what}: {'' if known is None else known.why}{failed}"
        if len(waiting) > MOST_SHOWN:
            yield f"    and {len(waiting) - MOST_SHOWN} more"

    def _reader(self) -> Reader | None:
        subscriber = self._record()
        with self._state.lock:
            return self._state.part(Readers).of(subscriber)

    def _standing(self) -> Standing:
        __tracebackhide__ = True
        subscriber = self._record()
        with self._state.lock:
            return standing_of(self._state, subscriber)

    def _record(self) -> Subscriber:
        __tracebackhide__ = True
        self._state.clock.run_due()
        with self._state.lock:
            found = subscriber_of_arn(self._state, self.arn)
        if found is None:
            raise NoSuchSubscriber(f"{self!r} does not exist any more: it was deleted")
        return found


def _about_batches(subscriber: Subscriber) -> Iterator[str]:
    batching, policy = subscriber.batching, subscriber.target.retry_policy
    window = int(batching.window.total_seconds())
    yield (
        f"  batches: up to {counted(batching.size, 'event')}"
        + (f", {counted(window, 'second')} after the first" if window else "")
        + f"; retries: {policy.maximum_retry_attempts}, up to {int(policy.maximum_event_age.total_seconds())} seconds"
    )
    if subscriber.target.dead_letter_queue is not None:
        yield f"  dead-letter queue: {arn_name(subscriber.target.dead_letter_queue)}"


def _counts(deliveries: Deliveries) -> str:
    """Return the numbers of deliveries by status, in words."""
    found: list[Delivery] = list(deliveries)
    statuses = ("delivered", "pending", "dead-lettered", "dropped")
    numbers = [(status, sum(one.status == status for one in found)) for status in statuses]
    return ", ".join(f"{number} {status}" for status, number in numbers if number) or "none"
