"""The verdicts of the rules of a bus for an event that is not put."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_to_aware_datetime

from eventmock.backend.places import account_named, bus_named
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

if TYPE_CHECKING:
    from eventmock.pattern import ReadEvent
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
        (rule.verdict(event) for rule in found.rules_now), event=_words_for(event), bus=found.name
    )


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
    if entry.get("Time") is None:
        return entry
    try:
        time = parse_to_aware_datetime(entry["Time"]).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise WrongMember("Time", entry["Time"], "a datetime, or what a client takes for one") from None
    return {**entry, "Time": time}
