"""The complexity of the wildcards of a pattern, measured as AWS's engine measures it, and its limit.

The engine puts all wildcards of a field into one automaton. It refuses a pattern if some value could keep more than
ten of the automaton's strings alive at once. This module builds the automaton only to measure it; `operators` matches.
Source: recorded answers of AWS; how it is measured was observed on event-ruler.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventmock.pattern.letter_case import has_case
from eventmock.pattern.operators import Bound, Numeric, wildcards_of
from eventmock.pattern.terms import Absent, ExactNumber, Term
from eventmock.pattern.utf16 import utf16_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventmock.pattern.operators import Wildcard

MOST: Final = 10
"""The greatest number of strings that AWS lets a value keep alive at once."""

_QUOTE: Final = 0x22
_STAR: Final = -1
_ANY_OTHER: Final = -2


def is_too_complex(alternatives: Sequence[Mapping[str, Sequence[Term]]]) -> bool:
    """Return whether AWS refuses a pattern because of its wildcards.

    Args:
        alternatives: For each alternative, the terms by path, in document order.
    """
    start = _Place()
    measured = False
    for alternative in alternatives:
        if any(wildcards_of(term) for terms in alternative.values() for term in terms):
            _lay(start, alternative)
            measured = True
    return measured and any(tree.is_too_complex() for tree in _measured_trees(start))


# Places and the trees at them


@dataclass(slots=True, eq=False)
class _Place:
    """A point of an alternative between two of its paths."""

    trees: dict[str, _Tree] = field(default_factory=lambda: defaultdict(_Tree))


def _lay(start: _Place, alternative: Mapping[str, Sequence[Term]]) -> None:
    places = [start]
    for path in sorted(alternative, key=utf16_order):
        terms = [part for term in alternative[path] for part in _engine_terms(term)]
        reached: dict[_Place, None] = {}
        for place in places:
            reached.update(dict.fromkeys(place.trees[path].lay(terms)))
        places = list(reached)


def _engine_terms(term: Term) -> Iterator[Term]:
    """Yield the terms that AWS's engine makes of a term: for a number, its value (if comparable) and its text."""
    if isinstance(term, ExactNumber):
        if term.value is not None:
            yield Numeric((Bound("=", term.text, term.value),))
        yield ExactNumber(term.text, None)
    else:
        yield term


def _measured_trees(start: _Place) -> Iterator[_Tree]:
    """Yield the trees that can be reached by a way without an absent field."""
    pending, seen = [start], {start}
    while pending:
        for tree in pending.pop().trees.values():
            yield tree
            behind = {place for term, place in tree.next_places.items() if not isinstance(term, Absent)}
            pending += behind - seen
            seen |= behind


class _Tree:
    """The automaton of all wildcards that are at one place and on one path."""

    __slots__ = ("_ends", "_root", "next_places")

    def __init__(self) -> None:
        self.next_places: dict[Term, _Place] = {}
        self._root = _State()
        self._ends: dict[Term, _State] = {}

    def lay(self, terms: Iterable[Term]) -> list[_Place]:
        """Add the terms of one list to the automaton; return the places that they lead to."""
        places: list[_Place] = []
        for term in terms:
            default = places[-1] if places else _Place()
            places.append(self.next_places.setdefault(term, default))
            for wildcard in wildcards_of(term):
                self._lay_string(term, wildcard)
        return places

    def _lay_string(self, term: Term, wildcard: Wildcard) -> None:
        state = self._root
        before_star: _State | None = None
        shared = True
        for step, caseless in _steps(wildcard):
            following = state.existing(step, caseless=caseless) if shared else None
            if following is None:
                shared = False
                following = _State(star=step == _STAR, behind_star=state.behind_star or step == _STAR)
                for origin in filter(None, (state, before_star)):
                    origin.moves.setdefault(step, []).append(following)
            following.terms.add(term)
            before_star = state if step == _STAR else None
            state = following
        end = self._ends.setdefault(term, _State(terms={term}))
        for origin in filter(None, (state, before_star)):
            origin.ends.add(end)

    def is_too_complex(self) -> bool:
        """Return whether some value keeps more strings alive at once than AWS accepts."""
        pending = [frozenset({self._root})]
        seen = set(pending)
        while pending:
            for reached in _reached(pending.pop()):
                if reached in seen:
                    continue
                entered = {star for state in reached for star in state.moves.get(_STAR, ())}
                if sum(len(state.terms) for state in reached | entered) > MOST:
                    return True
                seen.add(reached)
                pending.append(reached)
        return False


@dataclass(slots=True, eq=False)
class _State:
    """A state of the automaton.

    Attributes:
        star: Whether a star leads to this state, so that any byte leads back to it.
        behind_star: Whether a star leads to this state, or to a state before it.
        terms: The terms whose strings go through the state.
        moves: The states that a byte or a star leads to, in the order in which they were added.
        ends: The states after the closing quote, one for each term.
    """

    star: bool = False
    behind_star: bool = False
    terms: set[Term] = field(default_factory=set)
    moves: dict[int, list[_State]] = field(default_factory=dict)
    ends: set[_State] = field(default_factory=set)

    def existing(self, step: int, *, caseless: bool) -> _State | None:
        """Return the next state for a step that another string may share; None if there is none."""
        continues_character = 0x80 <= step < 0xC0
        free = step == _STAR or continues_character or (caseless and not self.moves.get(_STAR))
        return next((state for state in self.moves.get(step, ()) if free or not state.behind_star), None)


def _reached(live: frozenset[_State]) -> Iterator[frozenset[_State]]:
    """Yield the states alive after one more byte of input, for each byte that makes a difference."""
    by_any: set[_State] = set()
    by_byte: dict[int, set[_State]] = {_QUOTE: set(), _ANY_OTHER: set()}
    for state in live:
        if state.star:
            by_any.add(state)
        by_byte[_QUOTE] |= state.ends
        for step, following in state.moves.items():
            (by_any if step == _STAR else by_byte.setdefault(step, set())).update(following)
    for by_this in by_byte.values():
        yield frozenset(by_this | by_any)


def _steps(wildcard: Wildcard) -> Iterator[tuple[int, bool]]:
    """Yield the bytes and stars of a wildcard after its opening quote, each with whether its character has no case."""
    yield _QUOTE, True
    for piece in wildcard.pieces():
        if piece is None:
            yield _STAR, True
            continue
        for character in piece:
            caseless = not has_case(character)
            for byte in character.encode():
                yield byte, caseless
