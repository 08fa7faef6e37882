"""Records: lists of them, as tests get them.

A record is about an event that arrived, or about its way to a target. It has an identity, attributes that never change,
and one immutable value for the rest: `Outcome` of a received event, `Progress` of a delivery. A change replaces the
value, and a restored backend has the value of the snapshot again; so a reader who keeps the value keeps what was true
then. Only the library replaces values. A mutable object that a record returns, such as a dictionary, is a copy.
`eventmock.trace` has the same as facts in the order in which they happened.

    received_event.py   an event that came to a bus, and its outcome
    delivery.py         an event on its way to a target
    progress.py         the state of a delivery at some moment
    attempt.py          one attempt to reach a target
    dead_letter.py      a message that a dead-letter queue got
    verdict.py          the result of a rule for an event
    incident.py         what concerns no event
    traced_rule.py      a rule, as records need it; traced_target.py a target
    ledger.py           all records of a backend
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RecordT = TypeVar("RecordT")

NameCheck = Callable[[str, Mapping[str, str]], None]
"""A function that refuses a misspelt name in a call of ``where``. It takes the call, and the names by argument."""


class Records(Sequence[RecordT], Generic[RecordT]):
    """Records in order: a read-only sequence that equals a list of the same records."""

    def __init__(self, records: Iterable[RecordT]) -> None:
        self._records = list(records)

    @overload
    def __getitem__(self, index: int) -> RecordT: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> RecordT | Self:
        found = self._records[index]
        return self._like(found) if isinstance(found, list) else found

    def _like(self, records: Iterable[RecordT]) -> Self:
        """Return other records of this kind. A subclass whose records know more hands it on here."""
        return type(self)(records)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RecordT]:
        return iter(self._records)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Records):
            return self._records == other._records
        return self._records == other if isinstance(other, list) else NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # a record list equals lists, which have no hash

    def __repr__(self) -> str:
        if not self._records:
            return "[]"
        return "[\n  " + ",\n  ".join(map(repr, self._records)) + "\n]"
