"""`EventsBackend.schemas`: the schemas of events that a test registers, and the check of them at its end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final

from eventmock.exceptions import ContractFailure, OptionError, repr_of
from eventmock.history.wording import counted, in_words, one_line
from eventmock.options import KnownAttributes
from eventmock.parts.contract import Contract
from eventmock.schemas.validation import validator_of, validators_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.history.received_event import ReceivedEvent
    from eventmock.schemas.reading import Given, SchemasGiven
    from eventmock.schemas.violation import SchemaViolation
    from eventmock.state import Snapshot, State

MOST_EVENTS: Final = 20
"""The most events in the text of the failure."""


class Schemas(KnownAttributes):
    """The schemas of events. The events that producers put by PutEvents and PutPartnerEvents are checked by them.

    AWS does not check events, so PutEvents accepts an event that violates its schema, and rules match it. The test
    fails at its end, unless it expects the violation. Events of AWS services, schedules and replays, and copies of
    events on other buses, are not checked.

    Args:
        state: The state of the mock.
    """

    __slots__ = ("_state",)
    said_as: ClassVar[str] = "backend.schemas"

    def __init__(self, state: State) -> None:
        self._state: Final = state

    @property
    def _contract(self) -> Contract:
        return self._state.part(Contract)

    def add(self, source: str | None, detail_type: str, schema: Given) -> None:
        """Add the schema of the events of one source and detail-type. It replaces one that was added before.

        Args:
            source: The source of the events; None for events of any source.
            detail_type: The ``detail-type`` of the events.
            schema: JSON Schema of the detail or of the whole event as a dictionary; or a pydantic model; or the path of
                a file. A schema with properties ``detail`` and ``detail-type`` is about the whole event.

        Raises:
            SchemaError: The schema cannot be read, or is not valid, or jsonschema is not installed.
        """
        __tracebackhide__ = True
        validator = validator_of(source, detail_type, schema)
        with self._state.lock:
            self._contract.add(validator)

    def load(self, schemas: SchemasGiven) -> None:
        """Add the schemas of a folder or of a mapping. They replace those that were added before for the same events.

        Args:
            schemas: The path of a folder with files of JSON Schema, or of OpenAPI 3 as the Schema Registry exports it;
                or a mapping from ``(source, detail_type)`` to a schema as `add` takes it.

        Raises:
            SchemaError: A schema cannot be read, or is not valid, or jsonschema is not installed.
        """
        __tracebackhide__ = True
        validators = validators_of(schemas)
        with self._state.lock:
            self._contract.add(*validators)

    @property
    def required(self) -> bool:
        """Whether an event without a schema is a violation, such as one with a misspelt ``detail-type``."""
        return self._contract.is_required

    @required.setter
    def required(self, required: bool) -> None:
        if not isinstance(required, bool):
            raise OptionError(f"backend.schemas.required={repr_of(required)}: wanted True or False")
        self._contract.is_required = required

    @property
    def violations(self) -> list[SchemaViolation]:
        """The violations of all events that were put, in order. `ReceivedEvent.violations` has those of one event."""
        return [violation for event in list(self._state.ledger.received) for violation in event.violations]

    @contextmanager
    def expect_violation(self) -> Iterator[list[SchemaViolation]]:
        """Expect that an event which is put inside violates its schema. Such events do not fail the test.

        Returns:
            A context manager. It gives a list that has the violations when the block is over.

        Raises:
            AssertionError: No event that was put inside violates its schema.
        """
        __tracebackhide__ = True
        before = set(self._state.ledger.received)
        found: list[SchemaViolation] = []
        yield found
        events = [event for event in list(self._state.ledger.received) if event not in before]
        violating = [event for event in events if event.violations]
        if not violating:
            put = in_words([str(event) for event in events]) or "no event was put"
            raise AssertionError(f"backend.schemas.expect_violation(): no event violates its schema: {put}")
        self._contract.expected.update(violating)
        found += [violation for event in violating for violation in event.violations]

    def __repr__(self) -> str:
        known = [validator.schema.name for validator in self._contract.validators.values()]
        return f"<schemas of {in_words(known) or 'no events'}>"


def check_contract(state: State, contract: Contract, since: Snapshot | None) -> None:
    """Check that no event violates its schema, other than those of which the test expects it.

    Args:
        state: The state of the mock.
        contract: The contract of the mock.
        since: A snapshot. Events before it are ignored; None to check all.

    Raises:
        ContractFailure: An event violates its schema.
    """
    __tracebackhide__ = True
    wrong = [
        event
        for event in state.ledger.received
        if event.violations
        and event not in contract.expected
        and not (since is not None and since.has(event))
    ]
    if wrong:
        raise ContractFailure("\n".join(map(one_line, _lines(wrong))))


def _lines(wrong: list[ReceivedEvent]) -> Iterator[str]:
    """Yield the lines of the failure."""
    verb = "is" if len(wrong) == 1 else "are"
    yield f"{counted(len(wrong), 'event')} {verb} not valid by the schema; PutEvents succeeds, as on AWS"
    for event in wrong[:MOST_EVENTS]:
        yield f"  {event!r}"
        yield from (f"    {hint}" for hint in event.schema_hints)
    if len(wrong) > MOST_EVENTS:
        yield f"  ... and {len(wrong) - MOST_EVENTS} more"
    yield "To do: correct the code that puts the event, or its schema."
    yield "A test that means it to be so puts the event inside `with backend.schemas.expect_violation():`."
