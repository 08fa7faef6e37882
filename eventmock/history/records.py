"""The list in which records are handed out.

A record tells something that happened. It has an identity and a value. What was true when it was made never changes.
What became of it since is one immutable value (`Outcome` of a received event, `Progress` of a delivery), which is
replaced when the story goes on, and put back when a backend is restored: whoever keeps the value keeps what it saw.
Only the library replaces it, and everything mutable that a record hands out is a copy. `eventmock.trace` tells the same
as facts in the order in which they happened.

    received_event.py   what came to a bus, and what became of it
    delivery.py         an event on its way to a target
    progress.py         what has become of a delivery
    attempt.py          one try to hand it over
    dead_letter.py      what came to a dead-letter queue
    verdict.py          what became of an event at a rule
    incident.py         what happened to no event
    traced_rule.py      what records need of a rule, and traced_target.py of a target: both as they stood
    ledger.py           where all of them are written down
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RecordT = TypeVar("RecordT")


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
        return type(self)(found) if isinstance(found, list) else found

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RecordT]:
        return iter(self._records)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Records):
            return self._records == other._records
        return self._records == other if isinstance(other, list) else NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # it equals lists, which have none

    def __repr__(self) -> str:
        if not self._records:
            return "[]"
        return "[\n  " + ",\n  ".join(map(repr, self._records)) + "\n]"
