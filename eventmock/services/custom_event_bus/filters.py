"""The filters of a subscriber: a pattern for each scope, which all have to match.

Source: custom-event-bus section 8.4. Documented: binary data match no filter of scope DATA, and events of PutEvents
have no metadata; all values of the system metadata are texts. Inferred: JSON that is no object matches no filter of
scope DATA either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from eventmock.pattern import InvalidEvent, read_event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.event.bus_event import BusEvent, DeliveryType
    from eventmock.pattern import Pattern, ReadEvent

Scope = Literal["DATA", "METADATA", "SYSTEM_METADATA"]

DATA: Final = "DATA"
METADATA: Final = "METADATA"
SYSTEM_METADATA: Final = "SYSTEM_METADATA"


class EventToMatch:
    """An event as filters read it. The same object serves all subscribers, so that each part is read once.

    Args:
        event: The event.
        delivery_type: Whether the event is delivered as it came or from those that the bus has kept.
    """

    def __init__(self, event: BusEvent, delivery_type: DeliveryType) -> None:
        self.event = event
        self.delivery_type = delivery_type

    @cached_property
    def data(self) -> ReadEvent | None:
        """The data; None if they are binary, or JSON that is no object."""
        if self.event.is_binary:
            return None
        try:
            return read_event(self.event.text)
        except InvalidEvent:
            return None

    @cached_property
    def metadata(self) -> Mapping[str, str]:
        """The metadata."""
        return self.event.metadata

    @cached_property
    def system_metadata(self) -> Mapping[str, str]:
        """The system metadata."""
        return self.event.system_metadata(self.delivery_type)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filters:
    """The filters of a subscriber.

    Attributes:
        data: The pattern of scope DATA; None if there is none.
        metadata: The pattern of scope METADATA; None if there is none.
        system_metadata: The pattern of scope SYSTEM_METADATA; None if there is none.
        configuration: The ``FilterConfiguration`` as it was given; None if there is none, so that all events match.
    """

    data: Pattern | None = None
    metadata: Pattern | None = None
    system_metadata: Pattern | None = None
    configuration: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def scopes(self) -> Sequence[tuple[Scope, Pattern]]:
        """The scopes that have a pattern, with it."""
        patterns: tuple[tuple[Scope, Pattern | None], ...]
        patterns = ((DATA, self.data), (METADATA, self.metadata), (SYSTEM_METADATA, self.system_metadata))
        return [(scope, pattern) for scope, pattern in patterns if pattern is not None]

    def match(self, seen: EventToMatch) -> bool:
        """Return whether the filters match an event."""
        return (
            (self.data is None or (seen.data is not None and self.data.matches(seen.data)))
            and (self.metadata is None or self.metadata.matches(seen.metadata))
            and (self.system_metadata is None or self.system_metadata.matches(seen.system_metadata))
        )

    def why_not(self, seen: EventToMatch) -> str | None:
        """Return the first reason for which the filters do not match an event, with its scope; None if they match."""
        for scope, pattern in self.scopes:
            part: Any = getattr(seen, scope.lower())
            if part is None:
                what = "binary" if seen.event.is_binary else "no JSON object"
                return f"{scope}: the data are {what}, which no filter of DATA matches"
            explanation = pattern.explain(part)
            if not explanation.matched:
                return f"{scope}: {explanation}"
        return None
