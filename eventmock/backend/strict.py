"""The checks at the end of a test: errors of the test inside targets, and for a strict mock all other problems."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from eventmock.exceptions import StrictFailure
from eventmock.history.wording import one_line

if TYPE_CHECKING:
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.state import Snapshot, State

MOST_REASONS: Final = 5
"""The most rules of an event for which the failure explains why they did not match."""
MOST_PROBLEMS: Final = 20
"""The most problems in the text of the failure."""


def check(state: State, since: Snapshot | None) -> None:
    """Check that nothing happened for which a test must fail.

    Args:
        state: The state of the mock.
        since: A snapshot. Events and deliveries before it are ignored; None to check all.

    Raises:
        AssertionError: An assertion in a function that is a target has failed.
        EventmockError: A function that is a target has raised an error for the tester.
        StrictFailure: With ``strict=True``: there is a problem; see `EventsBackend.check`.
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
        text = "\n".join(lines).split("\n")
        raise StrictFailure("strict=True, and\n  " + "\n  ".join(map(one_line, text)))


def _is_a_copy_unmatched(event: ReceivedEvent) -> bool:
    """Return whether an event came from another bus, and no rule of this bus matched it.

    Such an event was delivered on the other bus, so it is not a problem.
    """
    return event.arrived_by is not None and event.dropped is None
