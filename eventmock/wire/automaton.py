r"""Regular expressions that are matched in time proportional to the text.

A pattern answers like ``re.fullmatch``, but only with True or False, and without backtracking. Python's own parse tree
of the expression becomes a non-deterministic automaton (Thompson's construction). A text is read once, with the set of
all nodes that can be reached so far. Each such set is a state of a deterministic automaton, which is made when a text
first reaches it, and kept. A lookaround is a separate automaton, which reads the whole text once to find the positions
at which it holds. There are no capturing groups. An expression that no automaton can match, such as one with a
backreference, is refused.
Source: Thompson, "Regular expression search algorithm", 1968. The language is Python's with ``re.ASCII``, and Java's
``\p{L}`` and ``\P{L}`` for the general categories of Unicode.
"""

from __future__ import annotations

import re
import string
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain, pairwise
from re import _constants as constants, _parser as parser  # type: ignore[attr-defined]  # CPython's own, without stubs
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Ranges = Sequence[tuple[int, int]]

STEPS_KEPT: Final = 10_000
"""An automaton that keeps more transitions than this drops them all, so that no text fills the memory."""
NODES_ALLOWED: Final = 20_000
"""The greatest number of nodes, as each count of a repetition needs nodes. A larger expression is refused."""

_LAST_CODE: Final = 0x10_FFFF
_ESCAPE: Final = re.compile(r"\\(?:([pP])\{(\w{1,2})\}|.)", re.DOTALL)
_GENERAL_CATEGORIES: Final = frozenset(
    major + minor
    for major, minors in {
        "L": "ultmo",
        "M": "nce",
        "N": "dlo",
        "P": "cdseifo",
        "S": "mcko",
        "Z": "slp",
        "C": "cfson",
    }.items()
    for minor in minors
)


class NotRegular(Exception):  # noqa: N818 - what the expression is, not what went wrong
    """No automaton can match the expression, or only one with too many nodes."""


@dataclass(frozen=True, slots=True, eq=False)
class _Characters:
    """A class of characters, by ranges of code points and by two-letter general categories."""

    ranges: Ranges
    categories: frozenset[str] = frozenset()
    negated: bool = False

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        held = any(low <= code <= high for low, high in self.ranges)
        if self.categories and not held:
            held = unicodedata.category(character) in self.categories
        return held != self.negated


def _others(ranges: Ranges) -> Ranges:
    """Return the code points that are in none of the ranges."""
    others, begin = [], 0
    for low, high in sorted(ranges):
        if begin < low:
            others.append((begin, low - 1))
        begin = max(begin, high + 1)
    return [*others, (begin, _LAST_CODE)] if begin <= _LAST_CODE else others


_DIGITS: Final = ((48, 57),)
_SPACES: Final = ((9, 13), (32, 32))
_WORD: Final = (*_DIGITS, (65, 90), (95, 95), (97, 122))
_NAMED_CLASSES: Final = {
    constants.CATEGORY_DIGIT: _DIGITS,
    constants.CATEGORY_NOT_DIGIT: _others(_DIGITS),
    constants.CATEGORY_SPACE: _SPACES,
    constants.CATEGORY_NOT_SPACE: _others(_SPACES),
    constants.CATEGORY_WORD: _WORD,
    constants.CATEGORY_NOT_WORD: _others(_WORD),
}
_WORD_CHARACTERS: Final = frozenset(string.ascii_letters + string.digits + "_")
_ANCHORS: Final = (
    constants.AT_BEGINNING,
    constants.AT_BEGINNING_STRING,
    constants.AT_END,
    constants.AT_END_STRING,
    constants.AT_BOUNDARY,
)
_EDGES: Final = _ANCHORS[:-1]
"""The anchors that can hold at the first position and at the last two alone."""
_BEGINNINGS: Final = [(constants.AT, anchor) for anchor in _ANCHORS[:2]]
_ENDS: Final = [(constants.AT, anchor) for anchor in _ANCHORS[2:4]]
"""Anchors at the beginning and the end of an expression, which a match of the whole text does not need."""
_ANYTHING: Final = (
    constants.MAX_REPEAT,
    (0, constants.MAXREPEAT, [(constants.IN, [(constants.RANGE, (0, _LAST_CODE))])]),
)


def _stand_ins() -> tuple[dict[tuple[str, str], str], dict[int, frozenset[str]]]:
    r"""Return a private character for each of Java's categories, which Python's parser does not have; and its meaning.

    A pattern's ``\p{..}`` is replaced by such a character before Python's parser reads it.
    """
    characters, meanings = {}, {}
    names = dict.fromkeys(name[:size] for size in (1, 2) for name in sorted(_GENERAL_CATEGORIES))
    for code, (letter, name) in enumerate(((x, y) for x in "pP" for y in names), _LAST_CODE - 999):
        held = {one for one in _GENERAL_CATEGORIES if one.startswith(name) == (letter == "p")}
        characters[letter, name] = chr(code)
        meanings[code] = frozenset(held)
    return characters, meanings


_STAND_INS, _CATEGORIES = _stand_ins()


class _Read:
    """A node that reads a character of a class and then goes on to another node."""

    __slots__ = ("characters", "then")

    def __init__(self, characters: _Characters, then: _Node) -> None:
        self.characters = characters
        self.then = then


class _Split:
    """A node that goes on to several nodes without reading; the end of the expression goes on to none."""

    __slots__ = ("ways",)

    def __init__(self, *ways: _Node) -> None:
        self.ways = ways


class _Guard:
    """A node that goes on only at positions where a condition holds, or only where it does not hold."""

    __slots__ = ("bit", "then", "wanted")

    def __init__(self, bit: int, then: _Node, *, holds: bool) -> None:
        self.bit = bit
        self.wanted = bit if holds else 0
        self.then = then


_Node = _Read | _Split | _Guard


class _Graph:
    """The graph of a parse tree.

    Args:
        tree: The parse tree, a sequence of operations.
        backwards: Whether texts are read from their end.
        counted: Whether repetitions are counted. Without counting, the graph has few nodes, and all ways of the counted
            graph and more.

    Attributes:
        first: The node at which a match begins.
        end: The node at which a match ends.
        conditions: The conditions of the guards: anchors, as the parse tree names them, and lookarounds.
    """

    def __init__(self, tree: Any, *, backwards: bool = False, counted: bool = True) -> None:
        self.end = _Split()
        self.conditions: list[Any] = []
        self._classes: dict[tuple[Any, int], _Characters] = {}
        self._backwards = backwards
        self._counted = counted
        self._size = 0
        self.first = self._sequence(tree, self.end)

    @property
    def classes(self) -> Iterable[_Characters]:
        """The classes of characters that the nodes read."""
        return self._classes.values()

    def _sequence(self, tree: Any, then: _Node) -> _Node:
        for operation, argument in tree if self._backwards else reversed(tree):
            then = self._node(operation, argument, then)
        return then

    def _node(self, operation: Any, argument: Any, then: _Node) -> _Node:
        self._size += 1
        if self._size > NODES_ALLOWED:
            raise NotRegular("it repeats too much")
        if operation in (constants.LITERAL, constants.NOT_LITERAL, constants.IN, constants.ANY):
            key = (operation, id(argument))  # the copies of a counted repetition share their classes
            if key not in self._classes:
                self._classes[key] = _characters(operation, argument)
            return _Read(self._classes[key], then)
        if operation is constants.FAILURE:  # newer parsers read ``(?!)`` as this
            return _Split()
        if operation is constants.BRANCH:
            return _Split(*(self._sequence(branch, then) for branch in argument[1]))
        if operation is constants.SUBPATTERN and not any(argument[1:3]):  # flags that it adds and removes
            return self._sequence(argument[3], then)
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            least, most, tree = argument
            return self._repetition(least, most, tree, then)
        if operation is constants.AT and argument in _ANCHORS:
            return _Guard(self._bit(argument), then, holds=True)
        if operation in (constants.ASSERT, constants.ASSERT_NOT):
            direction, tree = argument
            lookaround = _Lookaround(_Graph(tree, backwards=direction > 0), ahead=direction > 0)
            return _Guard(self._bit(lookaround), then, holds=operation is constants.ASSERT)
        raise NotRegular(f"it has {operation}")

    def _repetition(self, least: int, most: int, tree: Any, then: _Node) -> _Node:
        endless = most == constants.MAXREPEAT or (most > 1 and not self._counted)
        if endless:
            loop = _Split()
            loop.ways = (self._sequence(tree, loop), then)
            first: _Node = loop
        else:
            first = then
            for _ in range(most - least):
                first = _Split(self._sequence(tree, first), then)
        for _ in range(least if self._counted else min(least, 1)):
            first = self._sequence(tree, first)
        return first

    def _bit(self, condition: Any) -> int:
        if condition not in self.conditions:
            self.conditions.append(condition)
        return 1 << self.conditions.index(condition)


def _characters(operation: Any, argument: Any) -> _Characters:
    if operation is constants.ANY:
        return _Characters(_others([(10, 10)]))
    if operation is constants.LITERAL:
        items = [(operation, argument)]
    elif operation is constants.NOT_LITERAL:
        items = [(constants.NEGATE, None), (constants.LITERAL, argument)]
    else:
        items = argument
    ranges: list[tuple[int, int]] = []
    categories: set[str] = set()
    for kind, value in items:
        if kind is constants.LITERAL:
            categories |= _CATEGORIES.get(value, set())
            ranges += [] if value in _CATEGORIES else [(value, value)]
        elif kind is constants.RANGE:
            ranges.append(value)
        elif kind is constants.CATEGORY:
            ranges += _NAMED_CLASSES[value]
    negated = items[0][0] is constants.NEGATE
    if categories:
        return _Characters(ranges, frozenset(categories), negated)
    return _Characters(_others(ranges) if negated else ranges)


class _State(dict[Any, "_State"]):
    """A set of nodes, and the states that follow it, by character, or by character and the conditions after it."""

    __slots__ = ("automaton", "by_kind", "is_end", "nodes")

    def __init__(self, automaton: _Automaton, nodes: frozenset[_Read], is_end: bool) -> None:
        self.automaton = automaton
        self.nodes = nodes
        self.is_end = is_end
        self.by_kind: dict[Any, _State] = {}

    def __missing__(self, symbol: Any) -> _State:
        character, held = symbol if isinstance(symbol, tuple) else (symbol, 0)
        kind = (self.automaton.kind(character), held)
        following = self.by_kind.get(kind)
        if following is None:
            following = self.by_kind[kind] = self.automaton.after(self, character, held)
        self.automaton.keep(self, symbol, following)
        return following


class _Dead(Exception):  # noqa: N818 - not an error: the text does not match
    """No node can be reached any more, so the text does not match."""


class _Automaton:
    """An automaton, whose states are made when a text first needs them.

    Args:
        graph: The graph of the expression.
        anywhere: Whether a match may begin at every position, not only at the first.
    """

    def __init__(self, graph: _Graph, *, anywhere: bool = False) -> None:
        self._graph = graph
        self._anywhere = anywhere
        self._bounds = sorted(
            {bound for one in graph.classes for low, high in one.ranges for bound in (low, high + 1)}
        )
        self._has_categories = any(one.categories for one in graph.classes)
        self._starts: dict[int, _State] = {}
        self._states: dict[tuple[frozenset[_Read], bool], _State] = {}
        self._kept = 0

    def start(self, held: int) -> _State:
        """Return the state before the first character, if the conditions of some bits hold there."""
        found = self._starts.get(held)
        if found is None:
            found = self._starts[held] = self._state([self._graph.first], held)
        return found

    def after(self, state: _State, character: str, held: int) -> _State:
        """Return the state that follows another after a character, if the conditions of some bits hold there.

        Raises:
            _Dead: No node can be reached, and no match can begin later.
        """
        nodes = [node.then for node in state.nodes if character in node.characters]
        if self._anywhere:
            return self._state([*nodes, self._graph.first], held)
        if not nodes:
            raise _Dead
        return self._state(nodes, held)

    def _state(self, nodes: list[_Node], held: int) -> _State:
        """Return the state of all nodes that can be reached from some nodes without reading a character."""
        waiting, seen, reading = nodes, set(nodes), set()
        while waiting:
            node = waiting.pop()
            if isinstance(node, _Read):
                reading.add(node)
                continue
            if isinstance(node, _Split):
                following: Sequence[_Node] = node.ways
            else:
                following = (node.then,) if held & node.bit == node.wanted else ()
            waiting += [one for one in following if one not in seen]
            seen.update(following)
        key = (frozenset(reading), self._graph.end in seen)
        return self._states.setdefault(key, _State(self, *key))

    def kind(self, character: str) -> tuple[int, str]:
        """Return the kind of a character. Characters of the same kind are in the same classes of the graph."""
        category = unicodedata.category(character) if self._has_categories else ""
        return bisect_right(self._bounds, ord(character)), category

    def keep(self, state: _State, symbol: Any, following: _State) -> None:
        """Store the state that follows another; drop all stored transitions first if there are too many."""
        if self._kept >= STEPS_KEPT:
            self._kept = 0
            self._states.clear()
            self._starts.clear()
            state.clear()
        self._kept += 1
        state[symbol] = following

    def conditions(self, text: str) -> list[int]:
        """Return, for each position of a text, the bits of the conditions that hold there."""
        held = [0] * (len(text) + 1)
        for number, condition in enumerate(self._graph.conditions):
            bit = 1 << number
            if isinstance(condition, _Lookaround):
                held = [
                    bits | bit if holds else bits
                    for bits, holds in zip(held, condition.holds(text), strict=True)
                ]
            else:
                for position in _positions(condition, text):
                    held[position] |= bit
        return held


def _positions(anchor: Any, text: str) -> Iterable[int]:
    """Return the positions of a text at which an anchor holds."""
    if anchor in (constants.AT_BEGINNING, constants.AT_BEGINNING_STRING):
        return (0,)
    if anchor is constants.AT_END:
        return range(len(text) - text.endswith("\n"), len(text) + 1)
    if anchor is constants.AT_END_STRING:
        return (len(text),)
    words = [False, *(character in _WORD_CHARACTERS for character in text), False]
    return (position for position, (one, other) in enumerate(pairwise(words)) if one != other)


class _Lookaround(_Automaton):
    """A condition on the text after a position, or before it."""

    def __init__(self, graph: _Graph, *, ahead: bool) -> None:
        super().__init__(graph, anywhere=True)
        self._ahead = ahead

    def holds(self, text: str) -> list[bool]:
        """Return, for each position of a text, whether the condition holds there."""
        held = self.conditions(text)
        if self._ahead:
            text, held = text[::-1], held[::-1]
        state = self.start(held[0])
        found = [state.is_end]
        for symbol in zip(text, held[1:], strict=True) if self._graph.conditions else text:
            state = state[symbol]
            found.append(state.is_end)
        return found[::-1] if self._ahead else found


class _Whole:
    """Matches whole texts against a parse tree."""

    def __init__(self, tree: list[tuple[Any, Any]]) -> None:
        self._leading: list[tuple[_Whole, bool]] = []
        while tree:
            operation, argument = tree[0]
            if operation in (constants.ASSERT, constants.ASSERT_NOT) and argument[0] > 0:
                ahead = _Whole([*argument[1], _ANYTHING])
                self._leading.append((ahead, operation is constants.ASSERT))
            elif tree[0] not in _BEGINNINGS:
                break
            tree = tree[1:]
        while tree and tree[-1] in _ENDS:
            tree = tree[:-1]
        graph = _Graph(tree)
        self._conditions = graph.conditions
        self._looks_around = any(condition not in _EDGES for condition in graph.conditions)
        self._automaton = _Automaton(graph)

    def fullmatch(self, text: str) -> bool:
        """Return whether the whole text matches."""
        return all(ahead.fullmatch(text) is wanted for ahead, wanted in self._leading) and self._reads(text)

    def _reads(self, text: str) -> bool:
        symbols: Iterable[Any] = text
        first = 0
        if self._conditions:
            first, *held = self._automaton.conditions(text)
            if self._looks_around:
                symbols = zip(text, held, strict=True)
            else:  # only the first position and the last two can be special
                symbols = chain(text[:-2], zip(text[-2:], held[-2:], strict=True))
        state = self._automaton.start(first)
        try:
            for symbol in symbols:
                state = state[symbol]
        except _Dead:
            return False
        return state.is_end


class LinearPattern(_Whole):
    """An expression that is matched in time proportional to the text.

    Args:
        expression: The expression.

    Raises:
        NotRegular: No automaton of this module can match the expression.
        re.error: The text is not a regular expression.
    """

    def __init__(self, expression: str) -> None:
        super().__init__(list(_parse(expression)))


def _parse(expression: str) -> Any:
    """Return the parse tree of an expression."""
    text = _ESCAPE.sub(lambda found: _STAND_INS.get((found[1], found[2]), found[0]), expression)
    tree = parser.parse(text, re.ASCII)
    if tree.state.flags != re.ASCII:
        raise NotRegular("it has flags")
    return tree


def has_one_way(expression: str) -> bool:
    """Return whether ``re`` is certain to match the expression in time proportional to the text.

    True means that at each point of a text, the next character leads to at most one node, by one path (a
    one-unambiguous expression of Brüggemann-Klein and Wood, 1998, without counted repetitions and doubled paths). If
    ``re`` goes back, it then fails at the next character. False means that the time is not known.

    Raises:
        re.error: The text is not a regular expression.
    """
    try:
        graph = _Graph(_parse(expression), counted=False)
    except NotRegular:
        return False
    if not all(condition in _ANCHORS for condition in graph.conditions):
        return False
    waiting, known = [graph.first], set()
    while waiting:
        reading = _reading(waiting.pop())
        if reading is None or not _are_disjoint([node.characters for node in reading]):
            return False
        waiting += [node.then for node in reading if node not in known]
        known.update(reading)
    return True


def _reading(first: _Node) -> list[_Read] | None:
    """Return the reading nodes that can be reached from a node without reading; None if two paths lead to one node."""
    waiting, seen, reading = [first], set(), []
    while waiting:
        node = waiting.pop()
        if node in seen:
            return None
        seen.add(node)
        if isinstance(node, _Read):
            reading.append(node)
        else:
            waiting += node.ways if isinstance(node, _Split) else (node.then,)
    return reading


def _are_disjoint(classes: list[_Characters]) -> bool:
    if any(one.categories for one in classes):
        return False
    ranges = sorted(chain.from_iterable(_others(_others(one.ranges)) for one in classes))
    return all(one[1] < other[0] for one, other in pairwise(ranges))
