"""The index by which an event bus finds the rules that match an event. A bus and its copies share one.

A copy of a bus is made for a snapshot, and takes the place of the bus when the snapshot is restored. So only one of
them gets events. The index has the rules of the bus that got the last event. If the next event comes to another, or if
rules have changed since, the index is first changed by the difference. It is never built anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.pattern import PatternSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.event.event import Event
    from eventmock.pattern import Pattern


class RuleIndex:
    """An index of rules. It is empty until the first event comes. Its users must hold the lock of the state."""

    __slots__ = ("_patterns", "_present")

    def __init__(self) -> None:
        self._patterns = PatternSet()
        self._present: Mapping[str, Pattern] = {}

    def matching(self, patterns: Mapping[str, Pattern], event: Event) -> list[str]:
        """Return the sorted names of the rules that match an event.

        Args:
            patterns: The patterns by the names of their rules. The mapping must not be changed after the call; a bus
                with other rules gives another mapping.
            event: The event.
        """
        if patterns is not self._present:
            self._change_to(patterns)
        return self._patterns.matching(event.to_match()) if patterns else []

    def _change_to(self, patterns: Mapping[str, Pattern]) -> None:
        present = self._present
        for name in present.keys() - patterns.keys():
            self._patterns.remove(name)
        for name, pattern in patterns.items():
            if present.get(name) is not pattern:
                self._patterns.add(name, pattern)
        self._present = patterns
