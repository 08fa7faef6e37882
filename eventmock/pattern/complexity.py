"""How complex the wildcards of a pattern are, measured as AWS's engine does, and whether that is too much.

The engine lays all wildcards of a field into one automaton and refuses a pattern when reading a value could keep
more than ten of its strings alive at once. This builds that automaton for the measure only; `operators` matches.
Source: recorded answers of AWS; how it is measured was observed on event-ruler.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventmock.pattern.letter_case import has_case
from eventmock.pattern.operators import Absent, AnythingBut, Bound, ExactNumber, Numeric, Term, Wildcard
from eventmock.pattern.utf16 import utf16_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST: Final = 10
"""The greatest measure AWS accepts."""

_QUOTE: Final = 0x22
_STAR: Final = -1
_ANY_OTHER: Final = -2


def has_wildcard(alternatives: Sequence[Mapping[str, Sequence[Term]]]) -> bool:
    """Return whether a pattern has a wildcard anywhere, also one that it excludes.

    Args:
        alternatives: the terms by path, of each alternative.
    """
    return any(
        _wildcards(term) for alternative in alternatives for terms in alternative.values() for term in terms
    )


def is_too_complex(alternatives: Sequence[Mapping[str, Sequence[Term]]]) -> bool:
    """Return whether AWS refuses a pattern for its wildcards.

    Args:
        alternatives: the terms by path, of each alternative, in document order.
    """
    start = _Place()
    measured = False
    for alternative in alternatives:
        if has_wildcard([alternative]):
            _lay(start, alternative)
            measured = True
    return measured and any(tree.is_too_complex() for tree in _measured_trees(start))


def _wildcards(term: Term) -> list[Wildcard]:
    if isinstance(term, Wildcard):
        return [term]
    if isinstance(term, AnythingBut):
        return [excluded for excluded in term.excluded if isinstance(excluded, Wildcard)]
    return []


# Places and the trees at them


@dataclass(slots=True, eq=False)
class _Place:
    """Where an alternative stands between two of its paths."""

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
    """Yield the terms AWS's engine makes of one of ours: a number is its value, if comparable, and its text."""
    if isinstance(term, ExactNumber):
        if term.value is not None:
            yield Numeric((Bound("=", term.text, term.value),))
        yield ExactNumber(term.text, None)
    else:
        yield term


def _measured_trees(start: _Place) -> Iterator[_Tree]:
    """Yield the trees that can be reached otherwise than through an absence."""
    pending, seen = [start], {start}
    while pending:
        for tree in pending.pop().trees.values():
            yield tree
            behind = {place for term, place in tree.next_places.items() if not isinstance(term, Absent)}
            pending += behind - seen
            seen |= behind


class _Tree:
    """The automaton of all wildcards on one path at one place."""

    __slots__ = ("_ends", "_root", "next_places")

    def __init__(self) -> None:
        self.next_places: dict[Term, _Place] = {}
        self._root = _State()
        self._ends: dict[Term, _State] = {}

    def lay(self, terms: Iterable[Term]) -> list[_Place]:
        """Lay the terms of one list; return the places they lead to."""
        places: list[_Place] = []
        for term in terms:
            default = places[-1] if places else _Place()
            places.append(self.next_places.setdefault(term, default))
            for wildcard in _wildcards(term):
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
        """Return whether some input keeps more alive than is accepted."""
        pending = [frozenset({self._root})]
        seen = set(pending)
        while pending:
            live = pending.pop()
            steps = {step for state in live for step in state.moves} | {_QUOTE, _ANY_OTHER}
            for step in steps - {_STAR}:
                reached = frozenset(following for state in live for following in state.after(step))
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
        star: whether a star leads here, so that any byte leads back.
        behind_star: whether a star lies before it, or is it.
        terms: the terms whose strings run through it.
        moves: the states that a byte or a star leads to, in the order they were laid.
        ends: the states behind the closing quote, one a term.
    """

    star: bool = False
    behind_star: bool = False
    terms: set[Term] = field(default_factory=set)
    moves: dict[int, list[_State]] = field(default_factory=dict)
    ends: set[_State] = field(default_factory=set)

    def existing(self, step: int, *, caseless: bool) -> _State | None:
        """Return the state a further string may share, if it goes on with this step."""
        continues_character = 0x80 <= step < 0xC0
        free = step == _STAR or continues_character or (caseless and not self.moves.get(_STAR))
        return next((state for state in self.moves.get(step, ()) if free or not state.behind_star), None)

    def after(self, step: int) -> Iterator[_State]:
        """Yield the states alive after one more byte of input."""
        yield from self.moves.get(step, ())
        yield from self.moves.get(_STAR, ())
        if self.star:
            yield self
        if step == _QUOTE:
            yield from self.ends


def _steps(wildcard: Wildcard) -> Iterator[tuple[int, bool]]:
    """Yield the bytes and stars of a wildcard behind its opening quote, each with whether its character has no case."""
    yield _QUOTE, True
    for piece in wildcard.pieces():
        if piece is None:
            yield _STAR, True
            continue
        for character in piece:
            caseless = not has_case(character)
            for byte in character.encode():
                yield byte, caseless
