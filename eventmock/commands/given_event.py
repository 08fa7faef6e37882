"""EVENT of the command line: an event as rules see it, or an entry of PutEvents, which becomes one.

What PutEvents refuses is what `eventmock.events.put_events` refuses, which cannot be asked here: it needs botocore.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from eventmock.clock import Clock
from eventmock.commands.documents import WrongInput
from eventmock.commands.instants import WANTED, instant_of
from eventmock.event import Event, compact
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION
from eventmock.pattern import Event as ReadEvent, InvalidEvent, read_event as read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.commands.documents import Document

ENTRY_MEMBERS: Final = frozenset({"Source", "DetailType", "Detail", "EventBusName"})
"""Any of them makes it an entry."""

_PARTS: Final = ("source", "detail-type", "detail")
"""An event has at least one of them."""

_REQUIRED: Final = ("Source", "DetailType", "Detail")
_LONGEST: Final = 60


def read_event(given: Document) -> ReadEvent:
    """Read an event.

    Raises:
        WrongInput: It is no JSON object that AWS reads as an event, an entry that PutEvents would refuse, or neither.
    """
    try:
        event = read_text(given.text)
    except InvalidEvent as fault:
        given.value()
        raise WrongInput(f"{given.title}: {fault}") from None
    if not ENTRY_MEMBERS.isdisjoint(event.members):
        return _Entry(given.title, event.members).event()
    if event.members.keys().isdisjoint(_PARTS):
        if "Entries" in event.members:
            raise WrongInput(f"{given.title}: that is a request of PutEvents: give one of its Entries")
        raise WrongInput(f"{given.title} is no event: it has none of {', '.join(_PARTS)}")
    return event


class _Entry:
    """An entry of PutEvents, put by the default account in the default region."""

    def __init__(self, title: str, members: Mapping[str, Any]) -> None:
        self._title = title
        self._members = members

    def event(self) -> ReadEvent:
        for member in _REQUIRED:
            if not self._members.get(member):
                text = f"Parameter {member} is not valid. Reason: {member} is a required argument."
                raise self._refused(f"InvalidArgument: {text}")
        source, detail = self._text("Source"), self._text("Detail")
        if source.startswith("aws."):
            raise self._refused(
                "NotAuthorizedForSourceException: Not authorized for the source.",
                "an event of AWS is given as rules see it: source, detail-type, detail",
            )
        try:
            read_text(detail)
            return Event(
                id="00000000-0000-4000-8000-000000000000",
                detail_type=self._text("DetailType"),
                source=source,
                account=DEFAULT_ACCOUNT,
                time=self._time(),
                region=DEFAULT_REGION,
                resources=self._resources(),
                detail=compact(detail),
            ).for_patterns
        except InvalidEvent as fault:
            raise self._refused(
                "MalformedDetail: Detail is malformed.", str(fault).replace("an event", "the Detail")
            ) from None

    def _text(self, member: str) -> str:
        value = self._members[member]
        if not isinstance(value, str):
            raise self._held(member, value, "JSON text" if member == "Detail" else "text")
        return value

    def _time(self) -> datetime:
        value = self._members.get("Time")
        if value is None:
            return Clock().now()
        try:
            return instant_of(value)
        except (TypeError, ValueError):
            raise self._held("Time", value, WANTED.removeprefix("wanted ")) from None

    def _resources(self) -> tuple[str, ...]:
        value = self._members.get("Resources", [])
        if not isinstance(value, list) or not all(isinstance(resource, str) for resource in value):
            raise self._held("Resources", value, "a list of texts")
        return tuple(value)

    def _held(self, member: str, value: Any, wanted: str) -> WrongInput:
        held = json.dumps(value, ensure_ascii=False)
        shown = held if len(held) <= _LONGEST else f"{held[:_LONGEST]}..."
        return WrongInput(f"{self._title}: {member} held {shown}, wanted {wanted}")

    def _refused(self, answer: str, hint: str = "") -> WrongInput:
        text = f"{self._title}: PutEvents would refuse this entry: {answer}"
        return WrongInput(f"{text}\n  {hint}" if hint else text)
