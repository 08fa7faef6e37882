"""Entries of requests that fail because a test has injected a fault for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.event.entry import EntryRefused

if TYPE_CHECKING:
    from eventmock.faults import Fault


def refuse_by_fault(fault: Fault | None) -> None:
    """Refuse an entry for which a test has injected a fault.

    Raises:
        EntryRefused: The entry has a fault.
    """
    if fault is not None:
        raise EntryRefused(str(fault.failure), fault.message, "a fault of the test refused it, not AWS")
