"""The contract of the producers: the schemas by which the events that they put are judged.

AWS does not know these schemas, so PutEvents accepts an event that is not valid. The test fails at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.options import hint_for
from eventmock.schemas.validation import validators_of
from eventmock.schemas.violation import SchemaViolation

if TYPE_CHECKING:
    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.parts.part import Restore
    from eventmock.schemas.validation import EventValidator
    from eventmock.state import State

_OF_LAMBDA: Final = ("lambda", "Lambda Function Invocation Result - ")
"""The source, and the beginning of the detail-type, of the events that Lambda puts about invocations."""


class Contract:
    """The schemas that a test has registered, and the events that it expects to violate them.

    Args:
        state: The state of the mock, which finds the contract as `State.contract` from now on.

    Attributes:
        validators: The validators, by source and detail-type. The source is None if it may be any.
        is_required: Whether an event without a schema is a violation.
        expected: The events of which the test expects a violation.
    """

    def __init__(self, state: State) -> None:
        __tracebackhide__ = True
        given = state.options.schemas
        self._of_options: Final = () if given is None else validators_of(given)
        self.validators: Final[dict[tuple[str | None, str], EventValidator]] = {}
        self.is_required = False
        self.expected: Final[set[ReceivedEvent]] = set()
        self.add(*self._of_options)
        state.contract = self

    def add(self, *validators: EventValidator) -> None:
        """Add validators. Each replaces the one for the same source and detail-type."""
        for one in validators:
            self.validators[one.schema.source, one.schema.detail_type] = one

    def judge(self, received: ReceivedEvent, event: Event) -> None:
        """Write down how an event that a producer has put violates its schema, if it does."""
        source, detail_type = event.source, event.detail_type
        validator = self.validators.get((source, detail_type)) or self.validators.get((None, detail_type))
        if validator is not None:
            received.violate(validator.violations(event.content))
        elif self.is_required and not (source == _OF_LAMBDA[0] and detail_type.startswith(_OF_LAMBDA[1])):
            received.violate((self._without_schema(source, detail_type),))

    def _without_schema(self, source: str, detail_type: str) -> SchemaViolation:
        """Return the violation of an event for which there is no schema."""
        known = [name for of, name in self.validators if of in (source, None)]
        if known:
            path, held, hint = "detail-type", detail_type, hint_for(detail_type, known)
        else:
            sources = dict.fromkeys(of for of, _ in self.validators if of is not None)
            path, held = "source", source
            hint = hint_for(source, list(sources)) if sources else "there are no schemas"
        text = f"there is no schema for {detail_type!r} of {source!r}; {hint}"
        return SchemaViolation(path, text, held, "schema", "")

    def clear(self) -> None:
        """Return to the schemas of the option."""
        self._become({}, False, set())
        self.add(*self._of_options)

    def save(self) -> Restore:
        """Return a function that restores the present schemas, and the events that are expected to violate them."""
        kept = dict(self.validators), self.is_required, set(self.expected)
        return lambda: self._become(*kept)

    def _become(
        self,
        validators: dict[tuple[str | None, str], EventValidator],
        is_required: bool,
        expected: set[ReceivedEvent],
    ) -> None:
        self.validators.clear()
        self.validators.update(validators)
        self.is_required = is_required
        self.expected.clear()
        self.expected.update(expected)
