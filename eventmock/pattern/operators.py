"""The terms of an event pattern that are operators, such as `{"prefix": "text"}`; and addresses.

One small class each, with `matches(leaf)` and a text for people (`str`). `terms` says what a term is, and has those of
most patterns.
Source: Amazon EventBridge user guide, "Comparison operators for use in event patterns", and recorded answers.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from eventmock.pattern.addresses import digits_of
from eventmock.pattern.doubles import GREATEST
from eventmock.pattern.letter_case import case_forms, ignoring_case, one_of
from eventmock.pattern.terms import json_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.pattern.addresses import AddressRange
    from eventmock.pattern.leaves import Leaf
    from eventmock.pattern.terms import Exact, Term

_PIECES: Final = re.compile(r"\\(.)|(\*)|([^\\*]+)", re.DOTALL)


# Strings


@dataclass(frozen=True, slots=True)
class Prefix:
    """`{"prefix": "text"}`: a string that begins with the text."""

    text: str

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is a string that begins with the text."""
        return isinstance(leaf.key, str) and leaf.key.startswith(self.text)

    def __str__(self) -> str:
        return f"prefix {json_of(self.text)}"


@dataclass(frozen=True, slots=True)
class Suffix:
    """`{"suffix": "text"}`: a string that ends with the text."""

    text: str

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is a string that ends with the text."""
        return isinstance(leaf.key, str) and leaf.key.endswith(self.text)

    def __str__(self) -> str:
        return f"suffix {json_of(self.text)}"


@dataclass(frozen=True, slots=True)
class EqualsIgnoreCase:
    """`{"equals-ignore-case": "text"}`: a string that is equal if the case of letters is ignored."""

    text: str
    _form: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_form", re.compile(ignoring_case(self.text)))

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is an equal string, if case is ignored."""
        return isinstance(leaf.key, str) and self._form.fullmatch(leaf.key) is not None

    def __str__(self) -> str:
        return f"equals-ignore-case {json_of(self.text)}"


@dataclass(frozen=True, slots=True)
class PrefixIgnoreCase:
    """`{"prefix": {"equals-ignore-case": "text"}}`."""

    text: str
    _form: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_form", re.compile(ignoring_case(self.text)))

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is a string that begins with the text, if case is ignored."""
        return isinstance(leaf.key, str) and self._form.match(leaf.key) is not None

    def __str__(self) -> str:
        return f"prefix equals-ignore-case {json_of(self.text)}"


@dataclass(frozen=True, slots=True)
class SuffixIgnoreCase:
    """`{"suffix": {"equals-ignore-case": "text"}}`."""

    text: str
    _longest: int = field(init=False, repr=False, compare=False)
    _reversed: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        forms = [case_forms(character) for character in reversed(self.text)]
        object.__setattr__(self, "_longest", sum([max(map(len, of_one)) for of_one in forms]))
        backwards = [[form[::-1] for form in of_one] for of_one in forms]
        object.__setattr__(self, "_reversed", re.compile("".join(map(one_of, backwards))))

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is a string that ends with the text, if case is ignored. It is read from its end."""
        text = leaf.key
        if not isinstance(text, str):
            return False
        end = text[max(0, len(text) - self._longest) :]
        return self._reversed.match(end[::-1]) is not None

    def __str__(self) -> str:
        return f"suffix equals-ignore-case {json_of(self.text)}"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`{"wildcard": "a*b"}`: a star stands for any characters, a backslash makes the next character a plain one."""

    text: str
    parts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = [""]
        for piece in self.pieces():
            if piece is None:
                parts.append("")
            else:
                parts[-1] += piece
        object.__setattr__(self, "parts", tuple(parts))

    def pieces(self) -> list[str | None]:
        """Return the plain pieces of the text in order, without escapes, and None for each star."""
        return [None if star else escaped or plain for escaped, star, plain in _PIECES.findall(self.text)]

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is a string that matches; each plain piece is taken where it first fits."""
        text = leaf.key
        if not isinstance(text, str):
            return False
        first, *middle = self.parts
        if not middle:
            return text == first
        last = middle.pop()
        if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
            return False
        start, end = len(first), len(text) - len(last)
        for part in middle:
            found = text.find(part, start, end)
            if found < 0:
                return False
            start = found + len(part)
        return True

    def __str__(self) -> str:
        return f"wildcard {json_of(self.text)}"


# Numbers and addresses


@dataclass(frozen=True, slots=True)
class ExactAddress:
    """`"10.0.0.1"`: a string that is an IP address, compared as an address."""

    text: str = field(compare=False)
    address: AddressRange

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf's digits are those of this address (recorded; event-ruler compares digits)."""
        return self.address.holds(digits_of(leaf))

    def __str__(self) -> str:
        return json_of(self.text)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of a range of numbers, such as `> 5`."""

    operator: str
    text: str = field(compare=False)
    value: float

    def admits(self, number: float) -> bool:
        """Return whether a number satisfies the bound."""
        match self.operator:
            case "=":
                return number == self.value
            case ">":
                return number > self.value
            case ">=":
                return number >= self.value
            case "<":
                return number < self.value
            case _:
                return number <= self.value

    def __str__(self) -> str:
        return f"{self.operator} {self.text}"


@dataclass(frozen=True, slots=True)
class Numeric:
    """`{"numeric": [">", 0, "<=", 10]}`: a number in a range, with one bound or two."""

    bounds: tuple[Bound, ...]

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf is a comparable number within all bounds."""
        number = leaf.key
        return isinstance(number, float) and all(bound.admits(number) for bound in self.bounds)

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest double that satisfy the term. If no double does, the lowest is the greater one."""
        low, high = -math.inf, math.inf
        for bound in self.bounds:
            match bound.operator:
                case "=":
                    low = high = bound.value
                case ">":
                    low = math.nextafter(bound.value, math.inf)
                case ">=":
                    low = bound.value
                case "<":
                    high = math.nextafter(bound.value, -math.inf)
                case _:
                    high = bound.value
        return low, high

    @property
    def breaks_the_engine(self) -> bool:
        """Whether AWS's engine fails on the term: it has one bound, at the end of the doubles (source: event-ruler)."""
        first, *more = self.bounds
        end = GREATEST if first.operator in (">", ">=") else -GREATEST
        return not more and first.operator != "=" and first.value == end

    def __str__(self) -> str:
        return "numeric " + " and ".join(map(str, self.bounds))


@dataclass(frozen=True, slots=True)
class Cidr:
    """`{"cidr": "10.0.0.0/8"}`: an IP address in a block of addresses."""

    text: str = field(compare=False)
    block: AddressRange

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf's digits lie in the block."""
        return self.block.holds(digits_of(leaf))

    def __str__(self) -> str:
        return f"cidr {json_of(self.text)}"


# Negation

Excluded: TypeAlias = "Exact | Prefix | Suffix | EqualsIgnoreCase | Wildcard"


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """`{"anything-but": ...}`: a leaf of any type that satisfies none of the excluded terms.

    Attributes:
        excluded: The excluded terms, all of one class, without repeats and in the order of their texts.
        form: The inner operator (`prefix`, `wildcard`, ...); empty if there is none.
        written: The excluded terms as they were written.
        listed: Whether they were written as a list.
    """

    excluded: tuple[Excluded, ...]
    form: str
    written: tuple[str, ...] = field(compare=False)
    listed: bool = field(compare=False)

    def matches(self, leaf: Leaf) -> bool:
        """Return whether the leaf satisfies no excluded term. An empty list matches no leaf, as in event-ruler."""
        return bool(self.excluded) and not any(term.matches(leaf) for term in self.excluded)

    def __str__(self) -> str:
        given = ", ".join(self.written)
        return " ".join(filter(None, ("anything-but", self.form, f"[{given}]" if self.listed else given)))


def wildcards_of(term: Term) -> list[Wildcard]:
    """Return the wildcards of a term: the term itself if it is one, or those inside `anything-but`."""
    if isinstance(term, Wildcard):
        return [term]
    if isinstance(term, AnythingBut):
        return [excluded for excluded in term.excluded if isinstance(excluded, Wildcard)]
    return []


def breaks_the_engine(terms: Sequence[Term]) -> bool:
    """Return whether AWS's engine fails on a list of terms."""
    first = terms[0]
    nothing_excluded = isinstance(first, AnythingBut) and not first.excluded
    return nothing_excluded or any(isinstance(term, Numeric) and term.breaks_the_engine for term in terms)
