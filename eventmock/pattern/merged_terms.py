"""Terms of the same kind, merged into one, so that the cost of a match does not depend on the number of terms.

Each class here stands for the terms of one kind. A leaf satisfies it if and only if the leaf satisfies one of the
terms. `operators` defines the meaning of a single term.
Source: ours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.pattern.addresses import digits_of
from eventmock.pattern.letter_case import folded, folded_form, ignoring_case
from eventmock.pattern.operators import (
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    ExactAddress,
    Numeric,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
)
from eventmock.pattern.terms import ExactNumber, ExactString, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from eventmock.pattern.leaves import Key, Leaf
    from eventmock.pattern.terms import Exact, Term

_HEX_DIGITS: Final = re.compile("[0-9A-F]*")


def merged(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return as few terms as possible that together are satisfied by the same leaves as the given terms."""
    by_kind: dict[type, list[Any]] = defaultdict(list)
    for term in dict.fromkeys(terms):
        by_kind[_MERGED_WITH.get(type(term), type(term))].append(term)
    few: list[Term] = []
    for kind, alike in by_kind.items():
        merge = _MERGE.get(kind)
        few += [merge(alike)] if merge and (len(alike) > 1 or kind is AnythingBut) else alike
    return tuple(few)


class _Exact:
    """Strings, numbers and literals."""

    __slots__ = ("keys",)

    def __init__(self, terms: Sequence[Exact]) -> None:
        self.keys: frozenset[Key] = frozenset(
            [term.text if isinstance(term, ExactString) else term.key for term in terms]
        )

    def matches(self, leaf: Leaf) -> bool:
        return leaf.key in self.keys


class _Affixes:
    """Prefixes or suffixes. For each of their lengths, the piece of the leaf that has this length is looked up."""

    __slots__ = ("_lengths", "_texts")

    def __init__(self, terms: Sequence[Prefix | Suffix]) -> None:
        self._texts = frozenset([term.text for term in terms])
        self._lengths = sorted(set(map(len, self._texts)))


class _Prefixes(_Affixes):
    __slots__ = ()

    def matches(self, leaf: Leaf) -> bool:
        text = leaf.key
        if isinstance(text, str):
            for length in self._lengths:
                if length > len(text):
                    break
                if text[:length] in self._texts:
                    return True
        return False


class _Suffixes(_Affixes):
    __slots__ = ()

    def matches(self, leaf: Leaf) -> bool:
        text = leaf.key
        if isinstance(text, str):
            for length in self._lengths:
                if length > len(text):
                    break
                if text[len(text) - length :] in self._texts:
                    return True
        return False


def _beginning(text: str, length: int) -> str:
    return text[:length]


def _end(text: str, length: int) -> str:
    return text[len(text) - length :]


class _IgnoringCase:
    """Texts whose case is ignored. Those whose folded text fits the leaf are looked up, and then tested one by one."""

    __slots__ = ("_by_text", "_lengths", "_piece")

    def __init__(
        self,
        terms: Sequence[EqualsIgnoreCase | PrefixIgnoreCase | SuffixIgnoreCase],
        piece: Callable[[str, int], str] | None = None,
    ) -> None:
        alike: dict[str, dict[str, Term]] = defaultdict(dict)
        for term in terms:
            alike[folded_form(term.text)][ignoring_case(term.text)] = term
        self._by_text: Mapping[str, Sequence[Term]] = {
            text: list(of_form.values()) for text, of_form in alike.items()
        }
        self._lengths = sorted(set(map(len, alike)))
        self._piece = piece

    def matches(self, leaf: Leaf) -> bool:
        if not isinstance(leaf.key, str):
            return False
        text = folded(leaf.key)
        if self._piece is None:
            return any(term.matches(leaf) for term in self._by_text.get(text, ()))
        for length in self._lengths:
            if length > len(text):
                break
            for term in self._by_text.get(self._piece(text, length), ()):
                if term.matches(leaf):
                    return True
        return False


class _Numbers:
    """Ranges of numbers, joined where they overlap."""

    __slots__ = ("_intervals",)

    def __init__(self, terms: Sequence[Numeric]) -> None:
        self._intervals = _Intervals([term.ends for term in terms])

    def matches(self, leaf: Leaf) -> bool:
        return isinstance(leaf.key, float) and self._intervals.hold(leaf.key)


class _Addresses:
    """Addresses and blocks of them, joined where they overlap.

    A leaf may have fewer digits than an address, if it is a number. Such digits have to lie strictly between both ends
    (see `addresses.AddressRange.holds`). So there are intervals for each number of digits.
    """

    __slots__ = ("_intervals", "_ranges")

    def __init__(self, terms: Sequence[ExactAddress | Cidr]) -> None:
        ranges = [term.address if isinstance(term, ExactAddress) else term.block for term in terms]
        self._ranges = [(one.lowest, one.highest) for one in ranges]
        self._intervals: dict[tuple[int, int], _Intervals] = {}

    def matches(self, leaf: Leaf) -> bool:
        leading = _HEX_DIGITS.match(digits_of(leaf))
        assert leading is not None
        digits = leading[0]
        return digits != "" and any(
            self._of(width, min(width, len(digits))).hold(int(digits[:width], 16)) for width in _WIDTHS
        )

    def _of(self, width: int, length: int) -> _Intervals:
        found = self._intervals.get((width, length))
        if found is None:
            inside = int(length < width)
            found = self._intervals[width, length] = _Intervals(
                [
                    (int(low[:length], 16) + inside, int(high[:length], 16) - inside)
                    for low, high in self._ranges
                    if len(low) == width
                ]
            )
        return found


class _NoneOf:
    """One or more terms `anything-but`."""

    __slots__ = ("_always_excluded", "_excluded")

    def __init__(self, terms: Sequence[AnythingBut]) -> None:
        exact: list[frozenset[Key]] = []
        self._excluded: list[tuple[Term, ...]] = []
        for members in [term.excluded for term in terms if term.excluded]:
            keys = [one for one in members if isinstance(one, _EXACT)]
            if keys:
                exact.append(_Exact(keys).keys)
            else:
                self._excluded.append(merged(members))
        self._always_excluded = frozenset.intersection(*exact) if exact else None

    def matches(self, leaf: Leaf) -> bool:
        if self._always_excluded is not None and leaf.key not in self._always_excluded:
            return True
        return any(not any(term.matches(leaf) for term in members) for members in self._excluded)


class _Intervals:
    """Intervals of numbers, which include their ends."""

    __slots__ = ("_highs", "_lows")

    def __init__(self, ends: Iterable[tuple[float, float]]) -> None:
        self._lows: list[float] = []
        self._highs: list[float] = []
        for low, high in sorted(ends):
            if low > high:
                continue
            if self._highs and low <= self._highs[-1]:
                self._highs[-1] = max(self._highs[-1], high)
            else:
                self._lows.append(low)
                self._highs.append(high)

    def hold(self, value: float) -> bool:
        """Return whether a value lies in one of the intervals."""
        at = bisect_right(self._lows, value)
        return at > 0 and value <= self._highs[at - 1]


_EXACT: Final = (ExactString, ExactNumber, Literal)
_WIDTHS: Final = (8, 32)
_MERGED_WITH: Final[Mapping[type, type]] = {
    ExactNumber: ExactString,
    Literal: ExactString,
    ExactAddress: Cidr,
}
_MERGE: Final[Mapping[type, Callable[[Any], Term]]] = {
    ExactString: _Exact,
    Prefix: _Prefixes,
    Suffix: _Suffixes,
    EqualsIgnoreCase: _IgnoringCase,
    PrefixIgnoreCase: partial(_IgnoringCase, piece=_beginning),
    SuffixIgnoreCase: partial(_IgnoringCase, piece=_end),
    Numeric: _Numbers,
    Cidr: _Addresses,
    AnythingBut: _NoneOf,
}
