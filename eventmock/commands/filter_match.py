"""``match --scope``: whether an event matches the filter of a subscriber of a custom event bus, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from eventmock.commands.documents import WrongInput, read
from eventmock.commands.output import fields_of, say, say_json
from eventmock.event.entry import EntryRefused
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION
from eventmock.services.custom_event_bus.filter_checks import filters_of
from eventmock.services.custom_event_bus.filter_explanation import explain
from eventmock.services.custom_event_bus.filters import DATA, METADATA, EventToMatch
from eventmock.services.custom_event_bus.given_event import Place, event_of, is_whole
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from eventmock.commands.documents import Document

_MEMBERS: Final = {"METADATA": "Metadata", "SYSTEM_METADATA": "SystemMetadata"}
"""The member of an event, as a subscriber sees it, that is in a scope."""
_PLACE: Final = Place(DEFAULT_ACCOUNT, DEFAULT_REGION, datetime(1970, 1, 1, tzinfo=UTC))
"""Where and when an event comes that never does."""


def run(pattern: str, event: str, *, scope: str, as_json: bool) -> int:
    """Print whether an event matches a filter of a subscriber.

    Args:
        pattern: The pattern as text, the path of a file, or ``-``.
        event: What the scope has of the event, as JSON text, the path of a file, or ``-``: for ``DATA`` the data of
            PutRawEvents, the envelope or an entry of PutEvents; for the others a map of texts. Or all of the event, as
            a subscriber sees it: ``Data``, ``Metadata`` and ``SystemMetadata``.
        scope: ``DATA``, ``METADATA`` or ``SYSTEM_METADATA``.
        as_json: Whether to print JSON.

    Returns:
        0 if the event matches, 1 if it does not.

    Raises:
        WrongInput: AWS refuses the pattern in the scope, or the event cannot be read.
    """
    given_pattern, given_event = read(PATTERN=pattern, EVENT=event)
    try:
        filters = filters_of({"Filters": [{"Scope": scope, "Pattern": given_pattern.text}]})
    except AwsError as refused:
        hint = f"\n  {refused.hint}" if refused.hint else ""
        raise WrongInput(f"{given_pattern.title}: {refused.code}: {refused.message}{hint}") from None
    found = explain(filters, _seen(scope, given_event))
    if as_json:
        say_json(
            {
                "scope": scope,
                "matched": found.matched,
                "why": "the event matches" if found.matched else str(found),
                "alternatives": found.alternatives,
                "fields": fields_of(found),
            }
        )
    elif found.matched:
        say("match")
    else:
        say(f"no match\n  {found}")
    return 0 if found.matched else 1


def _seen(scope: str, given: Document) -> EventToMatch:
    """Return the event as filters read it; only what is in the scope is known.

    Raises:
        WrongInput: The document is not what the scope has.
    """
    value = given.value()
    if scope == DATA:
        try:
            return EventToMatch(*event_of(_PLACE, given.text))
        except EntryRefused as refused:
            raise WrongInput(f"{given.title}: PutEvents would refuse this entry: {refused}") from None
        except ValueError as error:
            raise WrongInput(f"{given.title}: {error}") from None
    part: Any = value.get(_MEMBERS[scope], {}) if is_whole(value) else value
    if not isinstance(part, Mapping) or not all(isinstance(one, str) for one in part.values()):
        raise WrongInput(
            f"{given.title}: wanted a map of texts, which is what the scope {scope} has of an event"
        )
    seen = EventToMatch(*event_of(_PLACE, {"Data": {}, "Metadata": part if scope == METADATA else {}}))
    if scope != METADATA:
        seen.system_metadata = part
    return seen
