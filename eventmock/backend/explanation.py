"""The verdicts of the rules of a bus, or of the subscribers of a custom event bus, for an event that is not put."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_to_aware_datetime

from eventmock.backend.custom_event_buses import uses_custom_buses
from eventmock.backend.places import account_named, bus_named, rule_elsewhere, subscriber_elsewhere
from eventmock.event.entry import (
    ENTRY_MEMBERS,
    ID_OF_NO_EVENT,
    EntryRefused,
    WrongMember,
    check_kinds,
    event_of,
)
from eventmock.exceptions import InvalidEntry
from eventmock.history.verdict import Verdicts
from eventmock.pattern import InvalidEvent, read_event
from eventmock.services.events.event_bus import buses_of

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account
    from eventmock.pattern import ReadEvent
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.state import State


def explain(
    state: State,
    event_or_entry: Mapping[str, Any] | str,
    *,
    bus: str | None,
    region: str | None,
    account: str | None,
) -> Verdicts:
    """Return whether each rule of a bus would match an event, and why; see `EventsBackend.explain`."""
    __tracebackhide__ = True
    holder = account_named(state, "backend.explain()", region, account)
    custom_bus = _custom_bus(state, holder, bus)
    if custom_bus is not None:
        from eventmock.services.custom_event_bus.explanation import explain as explain_on

        try:
            is_entry = isinstance(event_or_entry, Mapping) and "Source" in event_or_entry
            given = _with_moment(event_or_entry) if is_entry else event_or_entry
            return explain_on(state, custom_bus, given)
        except WrongMember as error:
            raise InvalidEntry(str(error)) from None
    try:
        members = event_or_entry
        if not isinstance(members, Mapping):
            members = read_event(members).members
        if ENTRY_MEMBERS.isdisjoint(members):
            found = bus_named(holder, "backend.explain()", bus)
            event = read_event(event_or_entry)
        else:
            entry = _as_sent(members)
            found = bus_named(holder, "backend.explain()", bus or entry.get("EventBusName"))
            event = event_of(
                entry,
                event_id=ID_OF_NO_EVENT,
                account=holder.id,
                region=holder.region,
                now=state.clock.now(),
                owns_source=entry.get("Source") == found.name,
            ).for_patterns
    except EntryRefused as refusal:
        hint = "" if refusal.hint is None else f"\n  {refusal.hint}"
        raise InvalidEntry(f"PutEvents would refuse this entry: {refusal}{hint}") from None
    except (InvalidEvent, WrongMember) as error:
        raise InvalidEntry(str(error)) from None
    return Verdicts(
        (rule.verdict(event) for rule in found.rules_now),
        event=_words_for(event),
        bus=found.name,
        elsewhere=lambda name: rule_elsewhere(state, name) or subscriber_elsewhere(state, name),
    )


def _custom_bus(state: State, holder: Account, bus: str | None) -> CustomEventBus | None:
    """Return the custom event bus that a test names by its ARN, or by its name if no other bus has it; else None."""
    if not isinstance(bus, str) or not uses_custom_buses(state):
        return None
    from eventmock.services.custom_event_bus.event_bus import bus_of_arn, custom_buses_of

    found = bus_of_arn(state, bus) if bus.startswith("arn:") else custom_buses_of(holder).get(bus)
    return None if bus in buses_of(holder) else found


def _words_for(event: ReadEvent) -> str:
    """Return words for an event, such as ``order from shop``."""
    parts = [event.members.get(name) for name in ("detail-type", "source")]
    return " from ".join(map(str, filter(None, parts))) or "the event"


def _as_sent(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an entry as a client sends it.

    Raises:
        WrongMember: A member has a type that a client would not send.
    """
    check_kinds(entry)
    moved: Mapping[str, Any] = _with_moment(entry)
    return moved


def _with_moment(entry: Any) -> Any:
    """Return an entry whose ``Time`` is the moment that a client takes it for; anything else as it is.

    Raises:
        WrongMember: A client does not take it for a moment.
    """
    if not isinstance(entry, Mapping) or entry.get("Time") is None:
        return entry
    try:
        time = parse_to_aware_datetime(entry["Time"]).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise WrongMember("Time", entry["Time"], "a datetime, or what a client takes for one") from None
    return {**entry, "Time": time}
