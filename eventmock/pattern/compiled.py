"""Compiled event patterns: the class `Pattern`, and `compile`, which makes one.

A pattern is compiled in three steps: its text is read (`syntax`), the limit on wildcards is checked (`complexity`), and
its fields are made (`matching`).
The limit of 4,096 characters and the checks of an event's envelope are the service's, not the engine's.
Source: Amazon EventBridge user guide, "Event patterns".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.pattern import syntax
from eventmock.pattern.alternative_index import AlternativeIndex, FieldIndex
from eventmock.pattern.leaves import Leaves, ReadEvent, read_event
from eventmock.pattern.matching import alternatives_of, first_matching, looks_below_empty_names
from eventmock.pattern.refusals import EngineFailure, InvalidPattern
from eventmock.pattern.terms import PLAIN
from eventmock.pattern.used_paths import UsedPaths
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence, Set as AbstractSet

    from eventmock.pattern.explanation import Explanation
    from eventmock.pattern.terms import Term

MANY_ALTERNATIVES: Final = 8
"""The number of alternatives from which an index finds those that match, instead of one test after the other."""

MOST_FIELDS: Final = 10
"""The most fields in the text of a failed assertion."""
LONGEST_SHOWN: Final = 100
"""The most characters of a pattern in the text of a failed assertion."""


class Pattern:
    """A compiled event pattern.

    Attributes:
        text: The pattern as JSON text.
        alternatives: The alternatives that `$or` stands for, ready for matching.
        has_wildcard: Whether the pattern has a wildcard, also one inside `anything-but`.
        looks_below_empty_names: Whether the pattern sees leaves below an empty name of an event.
    """

    __slots__ = (
        "_fields",
        "_index",
        "_used",
        "alternatives",
        "has_wildcard",
        "looks_below_empty_names",
        "text",
    )

    def __init__(self, text: str) -> None:
        found = syntax.alternatives(text)
        lists = {id(terms): terms for alternative in found for terms in alternative.values()}.values()
        has_operators = any(not PLAIN.issuperset(map(type, terms)) for terms in lists)
        self.has_wildcard: Final = has_operators and _check_operators(found, lists)
        self.text: Final = text
        self.alternatives: Final = alternatives_of(found)
        self.looks_below_empty_names: Final = looks_below_empty_names(self.alternatives)
        self._used: UsedPaths | None = None
        self._index: AlternativeIndex | None = None
        self._fields: FieldIndex | None = None

    def matches(self, event: str | Mapping[str, object] | ReadEvent) -> bool:
        """Return whether an event matches. An event that is matched often should be read once, with `read_event`.

        Raises:
            InvalidEvent: The event is not a JSON object that AWS would read.
        """
        event = read_event(event)
        if len(self.alternatives) < MANY_ALTERNATIVES:
            return first_matching(self.alternatives, *self._leaves_of(event)) is not None
        if self._index is None:
            index = AlternativeIndex(into_empty_names=self.looks_below_empty_names)
            for alternative in self.alternatives:
                index.add("", alternative)
            self._index = index
        return bool(self._index.names_of_matching(event))

    def explain(self, event: str | Mapping[str, object] | ReadEvent) -> Explanation:
        """Return why an event matches or does not match; `str()` of it names the first field that did not match.

        Raises:
            InvalidEvent: The event is not a JSON object that AWS would read.
        """
        from eventmock.pattern.explanation import explain

        event = read_event(event)
        leaves, positioned = self._leaves_of(event)
        if len(self.alternatives) < MANY_ALTERNATIVES:
            return explain(self.alternatives, leaves, positioned, event)
        if self._fields is None:
            self._fields = FieldIndex(self.alternatives)
        return explain(self.alternatives, leaves, positioned, event, self._fields.holding(leaves))

    def assert_matches(self, event: str | Mapping[str, object] | ReadEvent) -> None:
        """Check that an event matches.

        Raises:
            AssertionError: The event does not match; the error's text has each field that is not satisfied.
            InvalidEvent: The event is not a JSON object that AWS would read.
        """
        __tracebackhide__ = True
        event = read_event(event)
        if not self.matches(event):
            reasons = "".join(f"\n  {reason}" for reason in self.explain(event).reasons)
            raise AssertionError(f"the event does not match {self._shown}{reasons}")

    def assert_does_not_match(self, event: str | Mapping[str, object] | ReadEvent) -> None:
        """Check that an event does not match.

        Raises:
            AssertionError: The event matches; the error's text has the fields by which it does.
            InvalidEvent: The event is not a JSON object that AWS would read.
        """
        __tracebackhide__ = True
        event = read_event(event)
        if self.matches(event):
            lines = [field.held_text for field in self.explain(event).fields]
            more = [f"and {len(lines) - MOST_FIELDS} more"] if len(lines) > MOST_FIELDS else []
            fields = "".join(f"\n  {line}" for line in (*lines[:MOST_FIELDS], *more))
            raise AssertionError(f"the event matches {self._shown}, wanted that it does not{fields}")

    @property
    def _shown(self) -> str:
        """The beginning of the pattern's text, on one line, for the text of a failed assertion."""
        text = " ".join(self.text.split())
        return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."

    def _leaves_of(self, event: ReadEvent) -> tuple[Leaves, AbstractSet[str]]:
        """Return the leaves that the pattern sees; leaves below an empty name only if the pattern uses such a name."""
        if self._used is None:
            used = UsedPaths(into_empty_names=self.looks_below_empty_names)
            for path in {path for alternative in self.alternatives for path in alternative.paths}:
                used.add(path)
            self._used = used
        return self._used.read(event)

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"


def compile(pattern: str | Mapping[str, object]) -> Pattern:  # noqa: A001 - read as `pattern.compile`, like `re.compile`
    """Check an event pattern and return it ready for matching.

    Args:
        pattern: The pattern as JSON text, or as a dictionary.

    Raises:
        InvalidPattern: AWS refuses the pattern; `str()` of the exception is AWS's message.
        EngineFailure: AWS's engine fails on the pattern (a subclass of InvalidPattern).
        TypeError: The dictionary contains a value that JSON cannot express.
    """
    return Pattern(pattern if isinstance(pattern, str) else dumps(pattern))


def _check_operators(
    found: Sequence[Mapping[str, Sequence[Term]]], lists: Collection[Sequence[Term]]
) -> bool:
    """Check what only operators can break; return whether there is a wildcard, also one inside `anything-but`.

    Args:
        found: The alternatives of a pattern.
        lists: The lists of terms of the alternatives, each once.

    Raises:
        InvalidPattern: The wildcards are too complex.
        EngineFailure: AWS's engine fails on a term.
    """
    from eventmock.pattern.operators import breaks_the_engine, wildcards_of

    has_wildcard = any(wildcards_of(term) for terms in lists for term in terms)
    if has_wildcard:
        from eventmock.pattern.complexity import is_too_complex

        if is_too_complex(found):
            raise InvalidPattern(
                "Rule is too complex - try using fewer wildcard characters "
                "or fewer repeating character sequences after a wildcard character"
            )
    if any(map(breaks_the_engine, lists)):
        raise EngineFailure("the engine of EventBridge fails on this pattern")
    return has_wildcard
