r"""Whether a text satisfies regular expressions of a schema and a term of a pattern at once, and such a text.

Expressions and terms are compiled to automata, which are run side by side, breadth first, over sets of their states.
An automaton admits all texts that its expression matches in Python or in ECMAScript, and may admit others: ``\d``
stands for all characters beyond ASCII too. An expression that is not regular says nothing. So if no text is found,
there is none.
Source: Thompson, "Regular expression search algorithm", 1968; `eventmock.pattern.string_classes` has texts of terms.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import chain
from re import _constants as constants, _parser as parser  # type: ignore[attr-defined]  # CPython's own, without stubs
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.pattern.string_classes import shapes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventmock.pattern.string_classes import Shape
    from eventmock.pattern.terms import Term

MOST_STATES: Final = 3000
"""How many states are looked at before the search is given up."""
MOST_NODES: Final = 1500
LONGEST_COUNTED: Final = 60
"""The greatest bound of lengths that the search respects, in characters. A greater one is not looked at."""

_LAST: Final = 0x10FFFF
_BEYOND_ASCII: Final = ((128, _LAST),)
_DIGITS: Final = ((48, 57),)
_WORD: Final = (*_DIGITS, (65, 90), (95, 95), (97, 122))
_SPACES: Final = ((9, 13), (32, 32))
_CLASSES: Final = {
    constants.CATEGORY_DIGIT: _DIGITS,
    constants.CATEGORY_WORD: _WORD,
    constants.CATEGORY_SPACE: _SPACES,
}
_NEGATED: Final = {
    constants.CATEGORY_NOT_DIGIT: _DIGITS,
    constants.CATEGORY_NOT_WORD: _WORD,
    constants.CATEGORY_NOT_SPACE: _SPACES,
}
_FIRST_CHOICE: Final = "axA0 -"

Ranges = tuple[tuple[int, int], ...]


class _NotRegular(Exception):  # noqa: N818 - what the expression is
    """No automaton can match an expression."""


class _Only(Enum):
    """Where an edge that reads nothing can be taken."""

    ANYWHERE = 0
    AT_START = 1
    AT_END = 2


class _Automaton:
    """A non-deterministic automaton. Its nodes are numbers."""

    def __init__(self) -> None:
        self.reads: list[list[tuple[Ranges, int]]] = []
        self.skips: list[list[tuple[_Only, int]]] = []
        self.end = self.node()
        self.start = self.end

    def node(self) -> int:
        """Return a new node."""
        if len(self.reads) >= MOST_NODES:
            raise _NotRegular
        self.reads.append([])
        self.skips.append([])
        return len(self.reads) - 1

    def reading(self, ranges: Ranges, then: int) -> int:
        """Return a new node that reads a character."""
        node = self.node()
        self.reads[node].append((ranges, then))
        return node

    def skipping(self, *ways: int, only: _Only = _Only.ANYWHERE) -> int:
        """Return a new node that goes on without reading."""
        node = self.node()
        self.skips[node] += [(only, way) for way in ways]
        return node

    def loop(self, then: int) -> int:
        """Return a new node that reads any characters."""
        node = self.skipping(then)
        self.reads[node].append((((0, _LAST),), node))
        return node

    def reached(self, nodes: Iterable[int], *, at_start: bool, at_end: bool) -> frozenset[int]:
        """Return the nodes that are reached without reading."""
        found, waiting = set(nodes), list(nodes)
        while waiting:
            for only, way in self.skips[waiting.pop()]:
                is_open = only is _Only.ANYWHERE or (at_start if only is _Only.AT_START else at_end)
                if is_open and way not in found:
                    found.add(way)
                    waiting.append(way)
        return frozenset(found)

    def after(self, nodes: Iterable[int], code: int) -> set[int]:
        """Return the nodes that are reached by reading a character."""
        return {
            then
            for node in nodes
            for ranges, then in self.reads[node]
            if any(low <= code <= high for low, high in ranges)
        }


def text_that_satisfies(
    expressions: Iterable[str],
    term: Term,
    *,
    lengths: tuple[int, float],
    whole: Iterable[str] = (),
    is_negated: bool = False,
) -> str | None:
    """Return a text that may satisfy expressions and a term; None if there is certainly none.

    Args:
        expressions: Expressions that find something in the text.
        term: A term of texts, or an ``anything-but`` of such terms.
        lengths: The least and the greatest length of the text, in characters.
        whole: Expressions that match the whole text.
        is_negated: Whether the text is not to satisfy any of the texts of the term.

    Raises:
        TooManyTexts: The search was given up; nothing is known.
    """
    wanted = [one for one in map(_compiled_search, expressions) if one is not None]
    wanted += [one for one in map(_compiled_whole, whole) if one is not None]
    shapes = [_of_shape(shape) for shape in shapes_of(term)]
    if is_negated:
        return _search(wanted, shapes, lengths)
    return _search([*wanted, *shapes], [], lengths)


class TooManyTexts(Exception):  # noqa: N818 - what there is
    """The search was given up."""


class _State(NamedTuple):
    wanted: tuple[frozenset[int], ...]
    unwanted: tuple[frozenset[int], ...]
    length: int


def _search(
    wanted: Sequence[_Automaton], unwanted: Sequence[_Automaton], lengths: tuple[int, float]
) -> str | None:
    least = min(lengths[0], LONGEST_COUNTED)
    most = lengths[1] if lengths[1] <= LONGEST_COUNTED else None
    counted = max(least, 0 if most is None else int(most) + 1)
    codes = _representatives(chain(wanted, unwanted))
    start = _State(
        tuple(frozenset([one.start]) for one in wanted), tuple(frozenset([one.start]) for one in unwanted), 0
    )
    seen = {start}
    level = [(start, "")]
    while level:
        following = []
        for state, text in level:
            if least <= state.length and _is_accepted(wanted, unwanted, state, at_start=not text):
                return text
            if most is not None and state.length >= most:
                continue
            here = [
                [
                    one.reached(nodes, at_start=not text, at_end=False)
                    for one, nodes in zip(side, held, strict=True)
                ]
                for side, held in ((wanted, state.wanted), (unwanted, state.unwanted))
            ]
            for code in codes:
                following_wanted, following_unwanted = (
                    tuple(frozenset(one.after(nodes, code)) for one, nodes in zip(side, held, strict=True))
                    for side, held in zip((wanted, unwanted), here, strict=True)
                )
                reached = _State(following_wanted, following_unwanted, min(state.length + 1, counted))
                if all(reached.wanted) and reached not in seen:
                    if len(seen) >= MOST_STATES:
                        raise TooManyTexts
                    seen.add(reached)
                    following.append((reached, text + chr(code)))
        level = following
    return None


def _is_accepted(
    wanted: Sequence[_Automaton], unwanted: Sequence[_Automaton], state: _State, *, at_start: bool
) -> bool:
    def ends(one: _Automaton, nodes: frozenset[int]) -> bool:
        return one.end in one.reached(nodes, at_start=at_start, at_end=True)

    return all(map(ends, wanted, state.wanted)) and not any(map(ends, unwanted, state.unwanted))


def _representatives(automata: Iterable[_Automaton]) -> list[int]:
    """Return a character of each class of characters that the automata do not tell apart, the plainest first."""
    bounds = {0, 128}
    for one in automata:
        for edges in one.reads:
            for ranges, _ in edges:
                bounds.update(bound for low, high in ranges for bound in (low, high + 1))
    cuts = sorted(bound for bound in bounds if bound <= _LAST)
    codes = []
    for low, high in zip(cuts, [*cuts[1:], _LAST + 1], strict=True):
        plain = [ord(one) for one in _FIRST_CHOICE if low <= ord(one) < high]
        codes.append(plain[0] if plain else low)
    codes = [code for code in codes if not 0xD800 <= code <= 0xDFFF]
    return sorted(codes, key=_plainness)


def _plainness(code: int) -> tuple[int, int]:
    character = chr(code)
    if not 32 <= code < 127:
        return 4, code
    kinds = character.islower(), character.isdigit(), character.isupper(), True
    return kinds.index(True), code


# Automata


def _of_shape(shape: Shape) -> _Automaton:
    """Return the automaton of a text of a term."""
    automaton = _Automaton()
    node = automaton.end
    for place, part in enumerate(reversed(shape)):
        if place:
            node = automaton.loop(node)
        for forms in reversed(part):
            starts = []
            for form in forms:
                behind = node
                for character in reversed(form):
                    behind = automaton.reading(((ord(character), ord(character)),), behind)
                starts.append(behind)
            node = automaton.skipping(*starts)
    automaton.start = node
    return automaton


@lru_cache(maxsize=256)
def _compiled_search(expression: str) -> _Automaton | None:
    return _compiled(expression, is_whole=False)


@lru_cache(maxsize=256)
def _compiled_whole(expression: str) -> _Automaton | None:
    return _compiled(expression, is_whole=True)


def _compiled(expression: str, *, is_whole: bool) -> _Automaton | None:
    """Return the automaton of an expression; None if there is none."""
    try:
        tree = parser.parse(expression)
        if tree.state.flags & ~re.UNICODE:
            return None
        automaton = _Automaton()
        then = automaton.end if is_whole else automaton.loop(automaton.end)
        first = _sequence(automaton, tree, then)
        automaton.start = first if is_whole else automaton.loop(first)
    except (re.error, RecursionError, OverflowError, _NotRegular):
        return None
    return automaton


def _sequence(automaton: _Automaton, tree: Any, then: int) -> int:
    for operation, argument in reversed(list(tree)):
        then = _node(automaton, operation, argument, then)
    return then


def _node(automaton: _Automaton, operation: Any, argument: Any, then: int) -> int:
    if operation in (constants.LITERAL, constants.NOT_LITERAL, constants.IN, constants.ANY):
        return automaton.reading(_ranges(operation, argument), then)
    if operation is constants.BRANCH:
        return automaton.skipping(*(_sequence(automaton, one, then) for one in argument[1]))
    if operation is constants.SUBPATTERN and not any(argument[1:3]):
        return _sequence(automaton, argument[3], then)
    if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT):
        return _repetition(automaton, argument, then)
    if operation is constants.AT and argument in (constants.AT_BEGINNING, constants.AT_BEGINNING_STRING):
        return automaton.skipping(then, only=_Only.AT_START)
    if operation is constants.AT and argument in (constants.AT_END, constants.AT_END_STRING):
        at_end = automaton.skipping(then, only=_Only.AT_END)
        return automaton.skipping(at_end, automaton.reading(((10, 10),), at_end))
    raise _NotRegular


def _repetition(automaton: _Automaton, argument: Any, then: int) -> int:
    least, most, tree = argument
    least = min(least, LONGEST_COUNTED)
    if most > LONGEST_COUNTED:
        loop = automaton.node()
        automaton.skips[loop] = [(_Only.ANYWHERE, _sequence(automaton, tree, loop)), (_Only.ANYWHERE, then)]
        first = loop
    else:
        first = then
        for _ in range(most - least):
            first = automaton.skipping(_sequence(automaton, tree, first), then)
    for _ in range(least):
        first = _sequence(automaton, tree, first)
    return first


def _ranges(operation: Any, argument: Any) -> Ranges:
    if operation is constants.ANY:
        return _others(((10, 10),))
    if operation is constants.LITERAL:
        return ((argument, argument),)
    if operation is constants.NOT_LITERAL:
        return _others(((argument, argument),))
    is_negated = argument[0][0] is constants.NEGATE
    found: list[tuple[int, int]] = []
    for kind, value in argument:
        if kind is constants.LITERAL:
            found.append((value, value))
        elif kind is constants.RANGE:
            found.append(value)
        elif kind is constants.CATEGORY:
            found += _category(value, is_negated=is_negated)
    return _others(tuple(found)) if is_negated else tuple(found)


def _category(name: Any, *, is_negated: bool) -> Ranges:
    """Return the characters of a class: all that may be in it, or all that are certainly in it if it is negated."""
    if name in _CLASSES:
        return _CLASSES[name] if is_negated else (*_CLASSES[name], *_BEYOND_ASCII)
    if name in _NEGATED:
        others = _others(_NEGATED[name])
        return tuple((low, min(high, 127)) for low, high in others if low < 128) if is_negated else others
    raise _NotRegular


def _others(ranges: Ranges) -> Ranges:
    others, begin = [], 0
    for low, high in sorted(ranges):
        if begin < low:
            others.append((begin, low - 1))
        begin = max(begin, high + 1)
    return (*others, (begin, _LAST)) if begin <= _LAST else tuple(others)
