"""A set of many patterns, which finds the patterns that an event matches.

The cost depends on the event and on how much of it matches, not on the number of patterns; `alternative_index` shows
how. A set is not safe to change while another thread uses it: the owner has to hold a lock.
Source: ours; the result is that of `compiled.Pattern.matches` for each pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.pattern.alternative_index import AlternativeIndex
from eventmock.pattern.compiled import Pattern, compile as compile_pattern
from eventmock.pattern.leaves import read_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventmock.pattern.alternative_index import SharedAlternative
    from eventmock.pattern.leaves import ReadEvent


class PatternSet:
    """Named patterns, matched together.

    For example::

        patterns = PatternSet()
        patterns.add("paid", {"detail": {"state": ["PAID"]}})
        patterns.matching({"detail": {"state": "PAID"}})  # ['paid']

    Iteration gives the names in the order in which they were added.
    """

    __slots__ = ("_below_empty_names", "_named_only", "_patterns")

    def __init__(self) -> None:
        self._patterns: dict[str, tuple[AlternativeIndex, tuple[SharedAlternative, ...]]] = {}
        self._named_only = AlternativeIndex(into_empty_names=False)
        self._below_empty_names = AlternativeIndex(into_empty_names=True)

    def add(self, name: str, pattern: str | Mapping[str, object] | Pattern) -> None:
        """Add a pattern; it replaces a pattern of the same name.

        Raises:
            InvalidPattern: AWS refuses the pattern; the set stays as it was.
        """
        compiled = pattern if isinstance(pattern, Pattern) else compile_pattern(pattern)
        if name in self._patterns:
            self.remove(name)
        index = self._below_empty_names if compiled.looks_below_empty_names else self._named_only
        self._patterns[name] = index, tuple([index.add(name, one) for one in compiled.alternatives])

    def remove(self, name: str) -> None:
        """Remove a pattern.

        Raises:
            KeyError: There is no pattern of this name.
        """
        index, alternatives = self._patterns.pop(name)
        for alternative in alternatives:
            index.remove(name, alternative)

    def matching(self, event: str | Mapping[str, object] | ReadEvent) -> list[str]:
        """Return the sorted names of the patterns that an event matches.

        If the event is a dictionary, only the parts that some pattern looks at are checked.

        Raises:
            InvalidEvent: The event is not a JSON object that AWS would read.
        """
        if isinstance(event, str):
            event = read_event(event)
        names = self._named_only.names_of_matching(event)
        if len(self._below_empty_names):
            names |= self._below_empty_names.names_of_matching(event)
        return sorted(names)

    def __len__(self) -> int:
        return len(self._patterns)

    def __contains__(self, name: object) -> bool:
        return name in self._patterns

    def __iter__(self) -> Iterator[str]:
        return iter(self._patterns)
