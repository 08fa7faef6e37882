"""Makes an event of an entry of PutEvents or PutPartnerEvents: here, and nowhere else. Pure.

Which error a wrong entry gets is decided here, also where it has several. Whether the bus takes it is decided in
`put_events`.
Source: aws-recorded-behaviour section 8 (recorded). Inferred: that an empty ``Source`` or ``Detail`` counts as missing
like an empty ``DetailType``; that a malformed Detail is said before a source that is not the sender's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.event.detail import MalformedDetail, read_detail
from eventmock.event.event import Event, compact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

REQUIRED_MEMBERS: Final = ("Source", "DetailType", "Detail")
ENTRY_MEMBERS: Final = frozenset({"Source", "DetailType", "Detail", "EventBusName"})
"""Where an entry or an event may be given: a dictionary with any of these keys is an entry."""

ID_OF_NO_EVENT: Final = "00000000-0000-4000-8000-000000000000"
"""The id of an event that `EventsBackend.explain` asks about, and that is never put."""

_TEXTS: Final = ("Source", "DetailType", "Detail", "EventBusName", "TraceHeader")


class EntryRefused(Exception):  # noqa: N818 - it says what happened
    """The error of one entry, which leaves the other entries of the call as they are.

    Attributes:
        code: AWS's ``ErrorCode``.
        message: AWS's ``ErrorMessage``.
        hint: What is wrong and what to do, for the tester; None if the message says all.
    """

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint

    @property
    def result(self) -> dict[str, str]:
        """What the answer holds for the entry."""
        return {"ErrorCode": self.code, "ErrorMessage": self.message}


class WrongMember(TypeError):  # noqa: N818 - it says what is wrong
    """A member of an entry has a type that no client of AWS sends.

    Attributes:
        member: Its name.
        value: What it held.
        wanted: The type that it has to have, in words, such as ``text``.
    """

    def __init__(self, member: str, value: object, wanted: str) -> None:
        super().__init__(f"{member} held {value!r:.60}, wanted {wanted}")
        self.member = member
        self.value = value
        self.wanted = wanted


def check_kinds(entry: Mapping[str, Any]) -> None:
    """Check the types of an entry's members, where no client of AWS has checked them.

    A member that is None or empty counts as missing, whatever it is.

    Raises:
        WrongMember: One is not.
    """
    for member in _TEXTS:
        value = entry.get(member)
        if value and not isinstance(value, str):
            raise WrongMember(member, value, "JSON text" if member == "Detail" else "text")
    resources = entry.get("Resources") or ()
    if not isinstance(resources, list | tuple) or not all(isinstance(one, str) for one in resources):
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
    """The event that an entry becomes.

    Args:
        entry: The members as a client sends them, its ``Time`` a datetime.
        event_id: The event's id.
        account: The account that puts it.
        region: Where it is put.
        now: Its time, aware, if the entry has none.
        trace_header: The X-Ray trace header of the request, if the entry has none.
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
        raise source_refused()
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


def source_refused() -> EntryRefused:
    """The refusal of an entry whose source is somebody else's."""
    return EntryRefused("NotAuthorizedForSourceException", "Not authorized for the source.")


def bytes_of(text: str) -> int:
    """The number of bytes that a text has as UTF-8; half a surrogate pair is written as ``?``."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _text(given: str) -> str:
    """The text as UTF-8 can hold it: half a surrogate pair becomes ``?``, as in Java."""
    return given if given.isascii() else given.encode("utf-8", "replace").decode("utf-8")
