"""The events that a tester gives to a comparison: entries of PutEvents, or events as rules see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from eventmock.event.detail import MalformedDetail, read_detail
from eventmock.event.entry import ENTRY_MEMBERS, EntryRefused, WrongMember, check_kinds, event_of
from eventmock.event.event import Event
from eventmock.exceptions import InvalidEntry
from eventmock.transform.json_text import JsonText, NotJson
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from eventmock.state import State


def given_event(state: State, given: Mapping[str, Any] | str, place: str) -> Event:
    """Return the event of an entry, or of an event as rules see it. Members that are missing are made up.

    Args:
        state: The state of the mock in which the event is put, for the account, the region, the time and the id.
        given: The entry or event, a dictionary or JSON text.
        place: The words by which the tester knows the event, such as ``event 3``.

    Raises:
        InvalidEntry: The given value is neither an event nor an entry that PutEvents would take.
    """
    __tracebackhide__ = True
    try:
        if isinstance(given, Mapping) and not given.keys().isdisjoint(ENTRY_MEMBERS):
            return _of_entry(state, given)
        text = JsonText.parse(given if isinstance(given, str) else dumps(given, separators=(",", ":")))
        members = text.members()
        if not members.keys().isdisjoint(ENTRY_MEMBERS):
            return _of_entry(state, _values(members))
        return _of_event(state, members)
    except EntryRefused as refusal:
        raise InvalidEntry(f"{place}: PutEvents would refuse this entry: {refusal}") from None
    except (NotJson, WrongMember, MalformedDetail, TypeError, ValueError, AttributeError) as error:
        raise InvalidEntry(
            f"{place}: wanted an entry of PutEvents, or an event as rules see it: {error}"
        ) from None


def _values(members: Mapping[str, JsonText]) -> dict[str, Any]:
    return {
        name: [item.characters() for item in one.items()] if one.is_array else one.characters()
        for name, one in members.items()
    }


def _of_entry(state: State, entry: Mapping[str, Any]) -> Event:
    check_kinds(entry)
    time = entry.get("Time")
    return event_of(
        {**entry, "Time": None if time is None else _moment(time)},
        event_id=state.identifiers.uuid(),
        account=state.default_account,
        region=state.default_region,
        now=state.clock.now(),
    )


def _moment(time: datetime | str) -> datetime:
    """Return a moment in UTC; one without an offset is in UTC."""
    moment = datetime.fromisoformat(time) if isinstance(time, str) else time
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _of_event(state: State, members: Mapping[str, JsonText]) -> Event:
    """Return an event of its members.

    Raises:
        ValueError: A member is missing, or its value is not of its type.
    """
    for name in ("source", "detail-type", "detail"):
        if name not in members:
            raise ValueError(f"it has no {name}")
    detail = members["detail"].text
    time = members.get("time")
    return Event(
        id=members["id"].characters() if "id" in members else state.identifiers.uuid(),
        detail_type=members["detail-type"].characters(),
        source=members["source"].characters(),
        account=members["account"].characters() if "account" in members else state.default_account,
        time=state.clock.now() if time is None else _moment(time.characters()),
        region=members["region"].characters() if "region" in members else state.default_region,
        resources=tuple(one.characters() for one in members["resources"].items())
        if "resources" in members
        else (),
        detail=detail,
        detail_size=len(detail.encode(errors="replace")),
        _detail_value=read_detail(detail),
    )
