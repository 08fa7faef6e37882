"""What a change of schemas does, as data: to the schemas themselves, or to a consumer."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from eventmock.schemas.consumer import Consumer
    from eventmock.schemas.event_schema import EventSchema

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""The severities, the worst first."""


class Kind(Enum):
    """The kinds of changes."""

    SOURCE = "source"
    DETAIL_TYPE = "detail-type"
    REMOVED = "removed"
    TYPE = "type"
    ENUM = "enum"
    VALUE = "value"
    REQUIRED = "required"
    ARRAY = "array"
    TOGETHER = "together"
    NEW_VALUE = "new-value"
    ADDED = "added"


class Change(NamedTuple):
    """A change of a schema, and what it does to a consumer.

    Attributes:
        severity: ``error`` if the rule never matches any more, or the path never leads anywhere; ``warning`` if some
            events are not matched any more, or some lack the path; else ``note``.
        kind: The kind.
        path: The path of the pattern, or of the target; ``source`` or ``detail-type`` if such events are gone.
        what: What happens, in words.
        was: What the old schema says.
        now: What the new schema says.
        schema: The new schema; the old one if there is no new one.
        consumer: The rule; None for a change of the schema itself.
        target: The id of the target whose path is meant; None if it is not about a target.
        example: An event that shows it: valid by the new schema, and not matched by the rule, or without a value on the
            path. If there is no new schema, an event of the old one. None if none was found.
        before: If there is no such example, an event of the old schema that the rule took by what is lost; else None.
    """

    severity: Severity
    kind: Kind
    path: str
    what: str
    was: str
    now: str
    schema: EventSchema
    consumer: Consumer | None = None
    target: str | None = None
    example: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
