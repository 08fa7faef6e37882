"""Many patterns, asked at once which of them an event matches.

What an answer costs depends on the event and on how much of it matches, not on how many patterns there are; how that
is done is in `alternative_index`. Not safe to change while another thread asks: the owner locks.
Source: ours; the answer is that of `compiled.Pattern.matches`, pattern by pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.pattern.alternative_index import AlternativeIndex
from eventmock.pattern.compiled import Pattern, compile as compile_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventmock.pattern.alternative_index import SharedAlternative
    from eventmock.pattern.leaves import Event


class PatternSet:
    """Named patterns, matched together.

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
        """Add a pattern, in place of the one of the same name if there is one.

        Raises:
            InvalidPattern: AWS refuses the pattern; then nothing has changed.
        """
        compiled = pattern if isinstance(pattern, Pattern) else compile_pattern(pattern)
        if name in self._patterns:
            self.remove(name)
        index = self._below_empty_names if compiled.looks_below_empty_names else self._named_only
        self._patterns[name] = index, tuple([index.add(name, one) for one in compiled.alternatives])

    def remove(self, name: str) -> None:
        """Remove a pattern.

        Raises:
            KeyError: there is none of this name.
        """
        index, alternatives = self._patterns.pop(name)
        for alternative in alternatives:
            index.remove(name, alternative)

    def matching(self, event: str | Mapping[str, object] | Event) -> list[str]:
        """Return the sorted names of the patterns that an event matches.

        Of an event given as an object, only what some pattern asks about is read.

        Raises:
            InvalidEvent: the event is no JSON object.
        """
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
