"""Strings that stand for all strings: one for each way in which strings can satisfy the texts of some terms.

The texts of terms (exact, prefix, suffix, wildcard, each also with its case ignored) are compiled to one
non-deterministic automaton, which is run for all of them at once. A set of its states that is reached is all that the
terms know of the string that was read. So it is enough to find every reachable set, breadth first, and to keep the
first string of each combination of satisfied texts. A character that no text contains is to them like any other such
character, so one of them stands for all.

A set is kept small: behind a star, an automaton accepts all that it accepts from an earlier state, so the earlier
states of the same text are dropped.
Source: ours; `operators` defines the meaning of the terms.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from eventmock.pattern.letter_case import case_forms
from eventmock.pattern.operators import (
    AnythingBut,
    EqualsIgnoreCase,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)
from eventmock.pattern.terms import ExactString

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.pattern.terms import Term

MOST_SETS: Final = 6000
"""How many sets of states are looked at before the search is given up."""

_FRESH: Final = "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789"
_GREEK_AND_ON: Final = range(0x3B1, 0xD800)
"""Characters of which the first that no text contains stands for all others that no text contains."""

Part: TypeAlias = tuple[tuple[str, ...], ...]
"""A text without stars: for each of its characters, the forms that match it."""

Shape: TypeAlias = tuple[Part, ...]
"""The parts of a text, between its stars. A text without a star has one part."""


class Found(NamedTuple):
    """An example of the strings that satisfy the same texts.

    Attributes:
        text: The string.
        satisfied: The indexes of the satisfied shapes, as bits.
        inside: Whether all its characters are of the given alphabet.
    """

    text: str
    satisfied: int
    inside: bool


def shapes_of(term: Term) -> list[Shape]:
    """Return the shapes of the texts of a term; none for a term without texts."""
    match term:
        case ExactString(text):
            return [(_plain(text),)]
        case Prefix(text):
            return [(_plain(text), ())]
        case Suffix(text):
            return [((), _plain(text))]
        case EqualsIgnoreCase(text):
            return [(_any_case(text),)]
        case PrefixIgnoreCase(text):
            return [(_any_case(text), ())]
        case SuffixIgnoreCase(text):
            return [((), _any_case(text))]
        case Wildcard(parts=parts):
            return [tuple(map(_plain, parts))]
        case AnythingBut(excluded=excluded):
            return [shape for one in excluded for shape in shapes_of(one)]
        case _:
            return []


def _plain(text: str) -> Part:
    return tuple((character,) for character in text)


def _any_case(text: str) -> Part:
    return tuple(map(case_forms, text))


def is_one_string(shape: Shape) -> bool:
    """Return whether exactly one string satisfies a shape."""
    return len(shape) == 1 and all(len(forms) == 1 for forms in shape[0])


def _characters_of(shapes: Iterable[Shape]) -> set[str]:
    return {
        character
        for shape in shapes
        for part in shape
        for forms in part
        for form in forms
        for character in form
    }


def examples(shapes: list[Shape], alphabet: str = "") -> tuple[list[Found], bool]:
    """Return an example for each combination of satisfied shapes, the shortest first, and whether these are all.

    Args:
        shapes: The shapes.
        alphabet: Some characters; strings that contain no others have examples of their own.
    """
    automaton = _Automaton(shapes)
    used = _characters_of(shapes)
    others = [next(one for one in chain(_FRESH, map(chr, _GREEK_AND_ON)) if one not in used | set(alphabet))]
    others += [one for one in alphabet if one not in used][:1]
    seen: set[tuple[frozenset[int], bool]] = {(automaton.start, True)}
    level: list[tuple[frozenset[int], bool, str]] = [(automaton.start, True, "")]
    found: dict[tuple[int, bool], str] = {}
    while level:
        following = []
        for states, inside, text in level:
            kind = automaton.satisfied(states), inside
            if not found.get(kind):
                found[kind] = text
            for character in [*others, *automaton.characters(states)]:
                reached = automaton.after(states, character), inside and character in alphabet
                if reached not in seen:
                    if len(seen) >= MOST_SETS:
                        return [Found(text, *kind) for kind, text in found.items()], False
                    seen.add(reached)
                    following.append((*reached, text + character))
        level = following
    return [Found(text, *kind) for kind, text in found.items()], True


class _Automaton:
    """A non-deterministic automaton for some shapes.

    The states of a shape are numbered along its text, and so are the shapes.

    Attributes:
        start: The states before the first character.
    """

    __slots__ = ("_accepting", "_edges", "_loops", "_shape_of", "start")

    def __init__(self, shapes: list[Shape]) -> None:
        self._edges: list[dict[str, list[int]]] = []
        self._shape_of: list[int] = []
        self._loops: set[int] = set()
        self._accepting: dict[int, int] = {}
        start = []
        for number, shape in enumerate(shapes):
            state = self._new(number)
            start.append(state)
            for place, part in enumerate(shape):
                if place:
                    self._loops.add(state)
                for forms in part:
                    state = self._behind(state, forms, number)
            self._accepting[state] = 1 << number
        self.start = self._reduced(start)

    def _new(self, shape: int) -> int:
        self._edges.append(defaultdict(list))
        self._shape_of.append(shape)
        return len(self._edges) - 1

    def _behind(self, state: int, forms: tuple[str, ...], shape: int) -> int:
        """Return a new state that is reached by any of some forms of a character."""
        ends = []
        for form in forms:
            reached = state
            for character in form[:-1]:
                following = self._new(shape)
                self._edges[reached][character].append(following)
                reached = following
            ends.append((reached, form[-1]))
        last = self._new(shape)
        for reached, character in ends:
            self._edges[reached][character].append(last)
        return last

    def characters(self, states: frozenset[int]) -> list[str]:
        """Return the characters that lead on from some state other than by its star."""
        return sorted({character for state in states for character in self._edges[state]})

    def after(self, states: frozenset[int], character: str) -> frozenset[int]:
        """Return the states that a character leads to."""
        reached = [state for state in states if state in self._loops]
        for state in states:
            reached += self._edges[state].get(character, ())
        return self._reduced(reached)

    def _reduced(self, states: Iterable[int]) -> frozenset[int]:
        kept = []
        behind_star = -1
        for state in sorted(set(states), reverse=True):
            shape = self._shape_of[state]
            if shape != behind_star:
                kept.append(state)
                if state in self._loops:
                    behind_star = shape
        return frozenset(kept)

    def satisfied(self, states: frozenset[int]) -> int:
        """Return the shapes that a string which leads to the states satisfies, as bits."""
        return sum(self._accepting.get(state, 0) for state in states)
