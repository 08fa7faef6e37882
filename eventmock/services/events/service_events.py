"""Events of AWS services: a service puts them on the default bus of the account and region in which they happen.

Source: service-events sections 2 and 3 (documented): only the default bus gets them; a service that sends durably tries
for up to 24 hours while EventBridge is out of service; one that sends by best effort does not try again. Inferred:
each event comes once; of the events that waited, the first comes first.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.aws_events.sources import is_durable
from eventmock.event.detail import read_detail
from eventmock.event.event import Event, compact
from eventmock.history.received_event import Outcome, ReceivedEvent
from eventmock.services.events.event_bus import DEFAULT_BUS, buses_of
from eventmock.services.events.ingestion import arrive, ingest
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from eventmock.parts.part import Restore
    from eventmock.state import State

TRIES_FOR: Final = timedelta(hours=24)
"""The time for which a service that sends durably tries to send an event."""


def emit(  # noqa: PLR0913 - the members of an event
    state: State,
    source: str,
    detail_type: str,
    detail: Mapping[str, Any] | str,
    *,
    resources: Sequence[str] = (),
    account: str | None = None,
    region: str | None = None,
    time: datetime | None = None,
) -> ReceivedEvent:
    """Put an event of an AWS service on the default bus, and make the deliveries that it causes.

    The caller must not hold the lock of the state. The arguments are not checked.

    Args:
        state: The state of the mock.
        source: The source, such as ``aws.s3``.
        detail_type: The ``detail-type``, such as ``Object Created``.
        detail: The detail, an object, or an object as JSON text.
        resources: The ARNs of the resources that the event is about.
        account: The id of the account in which the event happens; None for the default account.
        region: The region in which the event happens; None for the default region.
        time: The moment of the event, an aware datetime in UTC; None for the present. Fractions are cut.

    Returns:
        The record of the arrival. If the region is out of service, the record is `put_service_event`'s.

    Raises:
        MalformedDetail: The detail is not an object, or its depth or a number in it is beyond what AWS reads.
        MockStateError: No mock of this state is active.
        TypeError: JSON cannot express the detail.
        ValueError: The detail contains itself, or a number that JSON cannot express.
    """
    __tracebackhide__ = True
    text = detail if isinstance(detail, str) else detail_text(detail)
    value = read_detail(text)
    received: list[ReceivedEvent] = []

    def put() -> None:
        event = Event(
            id=state.identifiers.uuid(),
            detail_type=detail_type,
            source=source,
            account=account or state.default_account,
            time=(state.clock.now() if time is None else time).replace(microsecond=0),
            region=region or state.default_region,
            resources=tuple(resources),
            detail=compact(text),
            detail_size=len(text.encode("utf-8", "replace")),
            _detail_value=value,
        )
        received.append(put_service_event(state, event))

    state.perform(put)
    return received[0]


def put_service_event(state: State, event: Event) -> ReceivedEvent:
    """Put an event of an AWS service on the default bus of its account and region.

    The caller holds the lock of the state, and has the deliveries made after that, as `State.perform` does.

    Returns:
        The record of the arrival. If the region of the event is out of service, its `dropped` says what becomes of
        the event: it is lost, or the service sends it when the region is in service again, for up to 24 hours. In the
        second case the record is not among those of the ledger. The arrival then has a record of its own.
    """
    if event.region not in state.regions_out:
        received = _arrive(state, event)
        ingest(state, received, event, buses_of(state.accounts.get(event.account, event.region))[DEFAULT_BUS])
        return received
    why = f"{event.region} is out of service, and {event.source} sends this event"
    if is_durable(event.source, event.detail_type):
        state.part(Unsent).keep(event)
        waits = f"{why} when the region is in service again"
        state.note("service event", f"{event} waits: {waits}", event.region)
        received = ReceivedEvent(
            detail_type=event.detail_type,
            source=event.source,
            bus=DEFAULT_BUS,
            time=state.clock.now(),
            account=event.account,
            region=event.region,
            origin="service",
        )
        received.settle(Outcome(envelope=event, dropped=f"it waits: {waits}"))
        return received
    received = _arrive(state, event)
    received.settle(Outcome(envelope=event, dropped=f"{why} only once, by best effort"))
    return received


def _arrive(state: State, event: Event) -> ReceivedEvent:
    return arrive(
        state,
        detail_type=event.detail_type,
        source=event.source,
        bus=DEFAULT_BUS,
        account=event.account,
        region=event.region,
        origin="service",
    )


class Unsent:
    """The events that AWS services have not sent yet, because their region is out of service. A part of the state.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: tuple[Event, ...] = ()

    def keep(self, event: Event) -> None:
        """Keep an event until its region is in service again. After 24 hours, the event is lost."""
        self._waiting = (*self._waiting, event)
        what = f"{event.source} gives up {event}"
        self._state.clock.call_later(
            TRIES_FOR, what, partial(self._give_up, event), lambda: event in self._waiting
        )

    def send(self, region: str) -> None:
        """Send the events of a region, in the order in which they happened."""
        waiting, self._waiting = self._waiting, ()
        self._waiting = tuple(event for event in waiting if event.region != region)
        for event in waiting:
            if event.region == region:
                put_service_event(self._state, event)

    def _give_up(self, event: Event) -> None:
        self._waiting = tuple(other for other in self._waiting if other is not event)
        lost = f"{event.region} was out of service for the 24 hours in which {event.source} tries to send an event"
        _arrive(self._state, event).settle(Outcome(envelope=event, dropped=lost))

    def clear(self) -> None:
        """Forget all events that wait."""
        self._waiting = ()

    def save(self) -> Restore:
        """Return a function that restores the events that wait now."""
        return partial(setattr, self, "_waiting", self._waiting)


def detail_text(detail: object) -> str:
    """Return a detail as JSON text, as services write it: letters beyond ASCII are not escaped.

    Raises:
        TypeError: JSON cannot express the detail.
        ValueError: The detail contains itself, or a number that JSON cannot express.
    """
    try:
        text = json.dumps(detail, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (RecursionError, UnicodeEncodeError):  # deeply nested; half a surrogate pair
        return dumps(detail, (",", ":"))
    return text
