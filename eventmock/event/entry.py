"""Entries of PutEvents and PutPartnerEvents. Only this file makes events of them. Its functions are pure.

This file chooses the error of a wrong entry, also if an entry has several faults. `put_events` decides whether the bus
takes the entry.

Source: aws-recorded-behaviour section 8 (recorded). Inferred: an empty ``Source`` or ``Detail`` counts as missing, as
an empty ``DetailType`` does; of a malformed Detail and a source that is not the sender's, the Detail is the error.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any, Final

from eventmock.event.detail import MalformedDetail, read_detail
from eventmock.event.event import Event, compact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

REQUIRED_MEMBERS: Final = ("Source", "DetailType", "Detail")
ENTRY_MEMBERS: Final = frozenset({"Source", "DetailType", "Detail", "EventBusName"})
"""Keys that tell entries from events: a dictionary with any of them is an entry."""

ID_OF_NO_EVENT: Final = "00000000-0000-4000-8000-000000000000"
"""The id of events that `EventsBackend.explain` makes of entries, and that are never put."""

SIZE_OF_TIME: Final = 14
"""The bytes for which the ``Time`` of an entry counts (documented)."""

_TEXTS: Final = ("Source", "DetailType", "Detail", "EventBusName", "TraceHeader")


class EntryRefused(Exception):  # noqa: N818 - it says what happened
    """The error of a single entry; the other entries of the call are not affected.

    Attributes:
        code: AWS's ``ErrorCode``.
        message: AWS's ``ErrorMessage``.
        hint: Advice for the tester; None if AWS's message is clear enough.
    """

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint

    @property
    def result(self) -> dict[str, str]:
        """The part of the answer that is about the entry."""
        return {"ErrorCode": self.code, "ErrorMessage": self.message}


class WrongMember(TypeError):  # noqa: N818 - it says what is wrong
    """A member of an entry has a type that no client of AWS sends.

    Attributes:
        member: The name of the member.
        value: The value of the member.
        wanted: The type that the value must have, in words, such as ``text``.
    """

    def __init__(self, member: str, value: object, wanted: str) -> None:
        super().__init__(f"{member} held {value!r:.60}, wanted {wanted}")
        self.member = member
        self.value = value
        self.wanted = wanted


def check_kinds(entry: Mapping[str, Any]) -> None:
    """Check the types of the members of an entry that no client of AWS has checked.

    A member that is None or empty counts as missing, of whichever type it is.

    Raises:
        WrongMember: A member has a type that no client sends.
    """
    for member in _TEXTS:
        value = entry.get(member)
        if value and not isinstance(value, str):
            raise WrongMember(member, value, "JSON text" if member == "Detail" else "text")
    resources = entry.get("Resources") or ()
    if not isinstance(resources, list | tuple) or not all(isinstance(arn, str) for arn in resources):
        raise WrongMember("Resources", resources, "a list of texts")


def event_of(  # noqa: PLR0913 - an entry says nothing of these
    entry: Mapping[str, Any],
    *,
    event_id: str,
    account: str,
    region: str,
    now: datetime,
    trace_header: str | None = None,
    owns_source: bool = False,
) -> Event:
    """Return the event that is made of an entry.

    Args:
        entry: The members as a client sends them; ``Time`` is a datetime.
        event_id: The event's id.
        account: The id of the account that puts the entry.
        region: The region in which the entry is put.
        now: The present, an aware datetime: the time of the event if the entry has none.
        trace_header: The X-Ray trace header of the request, for an entry that has none.
        owns_source: Whether the sender may use any source, as a partner may; else a source of AWS is refused.

    Raises:
        EntryRefused: The entry is not accepted.
    """
    for member in REQUIRED_MEMBERS:
        if not entry.get(member):
            text = f"Parameter {member} is not valid. Reason: {member} is a required argument."
            raise EntryRefused("InvalidArgument", text)
    detail: str = entry["Detail"]
    try:
        detail_value = read_detail(detail)
    except MalformedDetail as error:
        raise EntryRefused("MalformedDetail", "Detail is malformed.", str(error)) from None
    source = _text(entry["Source"])
    if source.startswith("aws.") and not owns_source:
        call = "partner_event_source" if source.startswith("aws.partner/") else "emit"
        hint = (
            f"a Source that begins with 'aws.' is for AWS's own services; choose another one than {source!r}, "
            f"or have the test send it: backend.{call}(...)"
        )
        raise source_refused(hint)
    return Event(
        id=event_id,
        detail_type=_text(entry["DetailType"]),
        source=source,
        account=account,
        time=(entry.get("Time") or now).replace(microsecond=0),
        region=region,
        resources=tuple(map(_text, entry.get("Resources") or ())),
        detail=compact(detail),
        detail_size=bytes_of(detail),
        _detail_value=detail_value,
        trace_header=entry.get("TraceHeader", trace_header),
    )


def source_refused(hint: str | None = None) -> EntryRefused:
    """Return the error of an entry whose source the sender may not use, with advice for the tester."""
    return EntryRefused("NotAuthorizedForSourceException", "Not authorized for the source.", hint)


def bytes_of(text: str) -> int:
    """Return the number of bytes of a text in UTF-8; half a surrogate pair is written as ``?``."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def size_of(entry: Mapping[str, Any]) -> int:
    """Return the size of an entry in bytes, as AWS counts it."""
    size = (
        bytes_of(entry.get("Source", ""))
        + bytes_of(entry.get("DetailType", ""))
        + bytes_of(entry.get("Detail", ""))
    )
    for resource in entry.get("Resources", ()):
        size += bytes_of(resource)
    return size + SIZE_OF_TIME if "Time" in entry else size


def _text(given: str) -> str:
    """Return a text with each half of a surrogate pair, which UTF-8 cannot represent, replaced by ``?``, as in Java.

    Equal texts are one object, because many events have the same source and type.
    """
    text = given if given.isascii() else given.encode("utf-8", "replace").decode("utf-8")
    return (
        intern(text) if type(text) is str else text
    )  # a subclass, such as an enumeration's, cannot be interned
