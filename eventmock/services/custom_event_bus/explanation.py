"""The verdicts of the subscribers of a custom event bus for an event that is not published.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.event.entry import EntryRefused
from eventmock.exceptions import InvalidEntry
from eventmock.history.verdict import Verdicts
from eventmock.services.custom_event_bus.event_log import log_of
from eventmock.services.custom_event_bus.given_event import Place, event_of
from eventmock.services.custom_event_bus.readers import Readers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.state import State


def explain(state: State, bus: CustomEventBus, given: Mapping[str, Any] | str) -> Verdicts:
    """Return whether each subscriber of a bus would take an event, and why, by scope.

    Args:
        state: The state of the mock. The caller holds its lock.
        bus: The bus.
        given: The event, in a form that `eventmock.services.custom_event_bus.given_event.event_of` takes.

    Raises:
        InvalidEntry: The entry would be refused, or the event is not JSON.
    """
    __tracebackhide__ = True
    place = Place(bus.account, bus.region, state.clock.now(), log_of(state, bus.arn).next)
    try:
        event, delivery_type = event_of(place, given)
    except EntryRefused as refusal:
        hint = "" if refusal.hint is None else f"\n  {refusal.hint}"
        raise InvalidEntry(f"PutEvents would refuse this entry: {refusal}{hint}") from None
    except (TypeError, ValueError) as error:
        raise InvalidEntry(str(error)) from None
    subscribers = state.part(Readers).subscribers_of(bus.arn)
    return Verdicts(
        (one.verdict_on(event, delivery_type) for one in subscribers),
        event=str(event) if event.is_envelope else "the event",
        bus=bus.name,
        noun="subscriber",
    )
