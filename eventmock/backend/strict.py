"""What a test must not pass with: errors of the test inside targets, and for a strict mock all that went wrong."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from eventmock.exceptions import StrictFailure

if TYPE_CHECKING:
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.state import Snapshot, State

MOST_REASONS: Final = 5
"""For at most so many rules it is explained why they did not match."""
MOST_PROBLEMS: Final = 20
"""At most so many problems are listed."""


def check(state: State, since: Snapshot | None) -> None:
    """See that nothing happened that a test must not pass with.

    Args:
        state: All that the mock holds.
        since: What happened before that snapshot is left out; all counts if None.

    Raises:
        AssertionError: An assertion inside a function that is a target has failed.
        EventmockError: A function that is a target has raised an error that addresses the tester.
        StrictFailure: With ``strict=True``: see `EventsBackend.check`.
    """
    __tracebackhide__ = True
    if state.courier.errors_of_test:
        raise state.courier.errors_of_test.pop(0)
    if not state.is_strict:
        return
    received = [event for event in state.ledger.received if since is None or not since.has(event)]
    problems = [event for event in received if event.problem is not None and not _is_a_copy_unmatched(event)]
    failures = [
        "\n    ".join((repr(event), *map(str, islice(event.each_unmatched(), MOST_REASONS))))
        for event in problems[:MOST_PROBLEMS]
    ]
    deliveries = [delivery for event in received for delivery in event.deliveries]
    failures += [repr(delivery) for delivery in deliveries if delivery.status != "delivered"]
    failures += [
        f"{delivery!r}: where recording is enough, say backend.target({delivery.target_arn!r})"
        for delivery in deliveries
        if delivery.taken_by == "nobody"
    ]
    if failures:
        more = len(failures) + max(len(problems) - MOST_PROBLEMS, 0) - MOST_PROBLEMS
        lines = [*failures[:MOST_PROBLEMS], *([f"... and {more} more"] if more > 0 else [])]
        raise StrictFailure("strict=True, and\n  " + "\n  ".join(lines))


def _is_a_copy_unmatched(event: ReceivedEvent) -> bool:
    """Whether an event came from another bus, where it was delivered, to one whose rules want others."""
    return event.arrived_by is not None and event.dropped is None
