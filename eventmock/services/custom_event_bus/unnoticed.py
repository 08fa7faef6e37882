"""The mistakes in filters of subscribers that no event in a mock has shown.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.history.published_event import PublishedEvent
from eventmock.services.custom_event_bus.coverage import SubscriberCoverage
from eventmock.services.custom_event_bus.filter_checks import filters_of
from eventmock.services.custom_event_bus.filters import EventToMatch
from eventmock.services.mutants import mutated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventmock.services.coverage import Subject
    from eventmock.services.mutants import Mutant, Mutated
    from eventmock.state import State

    MutantsOf = Callable[[Mutated], Iterable[Mutant]]


def unnoticed(state: State, mutants: MutantsOf) -> Iterator[tuple[Subject, Mutant]]:
    """Yield the mistakes that no event has shown, each with its subscriber.

    Args:
        state: The state of the mock.
        mutants: A function that returns the mistakes in a subscriber.
    """
    seen = set()
    coverage = SubscriberCoverage()
    events = _events(state, coverage)
    for subject in coverage.subjects(state):
        key = (subject.account, subject.region, subject.place, subject.name, subject.identity)
        if key not in seen:
            seen.add(key)
            own = events.get(key, [])
            yield from ((subject, mutant) for mutant in _of_subscriber(subject, own, mutants))


def _of_subscriber(subject: Subject, events: Sequence[EventToMatch], mutants: MutantsOf) -> Iterator[Mutant]:
    listed = subject.definition["FilterConfiguration"]["Filters"]
    if not listed:
        return
    filters = filters_of({"Filters": listed})
    matched = [filters.match(one) for one in events]
    taken = [
        one.event.seen(one.delivery_type) for one, is_taken in zip(events, matched, strict=True) if is_taken
    ]
    for mutant in mutants(mutated(subject, min(taken, key=lambda text: (len(text), text), default=None))):
        if mutant.member != "FilterConfiguration" or mutant.equivalent is not None:
            continue
        mistaken = filters_of(mutant.change["FilterConfiguration"])
        if [mistaken.match(one) for one in events] == matched:
            yield mutant


def _events(state: State, coverage: SubscriberCoverage) -> dict[tuple[str, ...], list[EventToMatch]]:
    """Return the events that subscribers have read, or have refused when they came, by subscriber."""
    found: dict[tuple[str, ...], list[EventToMatch]] = {}
    for received in state.ledger.received:
        if not isinstance(received, PublishedEvent) or received.content is None:
            continue
        live = EventToMatch(received.content, "LIVE")
        subscribers: Any = received.rules
        read = [(one, live) for one in subscribers]
        deliveries: Any = received.deliveries  # all of them are of subscribers
        read += [
            (one.subscriber, EventToMatch(received.content, "REPLAY"))
            for one in deliveries
            if one.delivery_type == "REPLAY"
        ]
        for subscriber, event in read:
            subject = coverage.subject_of(subscriber)
            key = (subject.account, subject.region, subject.place, subject.name, subject.identity)
            found.setdefault(key, []).append(event)
    return found
