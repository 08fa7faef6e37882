"""Probes: simple conditions that a leaf has to meet so that a field can be satisfied.

A handle is a tuple of probes. If no leaf on the field's path hits one of them, the field cannot be satisfied. If a leaf
does, the field may be satisfied; `matching` decides. A field that may be absent has no handle.
Source: ours; `operators` defines the meaning of terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from eventmock.pattern.letter_case import folded_form
from eventmock.pattern.operators import (
    Cidr,
    EqualsIgnoreCase,
    ExactAddress,
    ExactNumber,
    ExactString,
    Literal,
    Numeric,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Term,
    Wildcard,
)

if TYPE_CHECKING:
    from eventmock.pattern.addresses import AddressRange
    from eventmock.pattern.leaves import Key
    from eventmock.pattern.matching import Field

EXACT: Final = "exact"
FOLDED: Final = "folded"
PREFIX: Final = "prefix"
SUFFIX: Final = "suffix"
FOLDED_PREFIX: Final = "folded prefix"
FOLDED_SUFFIX: Final = "folded suffix"
PART: Final = "part"
BITS: Final = "bits"
RANGE: Final = "range"
PRESENT: Final = "present"

LONGEST_PART: Final = 4
"""How many characters of the text between two stars are looked up."""

_MOST_PARTS: Final = 8


Probe: TypeAlias = "tuple[str, Key | tuple[float, float] | None]"
"""A probe: its kind, and its operand (the key of a leaf, a text, or the ends of a range)."""

Handle: TypeAlias = tuple[Probe, ...]

_ANY_LEAF: Final[Probe] = (PRESENT, None)


def handles_of(field: Field) -> list[Handle]:
    """Return the handles of a field, the cheapest to look up first."""
    if field.may_be_absent:
        return []
    if len(field.terms) == 1:
        return [(probe,) for probe in _probes(field.terms[0])]
    probes = dict.fromkeys(_probes(term)[0] for term in field.terms)
    return [(_ANY_LEAF,)] if _ANY_LEAF in probes else [tuple(probes)]


def bits_of(digits: str) -> str:
    """Return hex digits as a text of bits."""
    return f"{int(digits, 16):0{4 * len(digits)}b}" if digits else ""


def _probes(term: Term) -> list[Probe]:  # noqa: C901 - one case a kind of term
    """Return the probes of a term. A leaf that satisfies the term hits all of them, not only one as in a handle."""
    match term:
        case ExactString(text):
            return [(EXACT, text)]
        case ExactNumber() | Literal():
            return [(EXACT, term.key)]
        case Prefix(text):
            return [(PREFIX, text)]
        case Suffix(text):
            return [(SUFFIX, text)]
        case EqualsIgnoreCase(text):
            return [(FOLDED, folded_form(text))]
        case PrefixIgnoreCase(text):
            return [(FOLDED_PREFIX, folded_form(text))]
        case SuffixIgnoreCase(text):
            return [(FOLDED_SUFFIX, folded_form(text))]
        case Wildcard():
            return _probes_of_wildcard(term)
        case Numeric():
            return [_probe_of_range(term)]
        case ExactAddress(address=addresses) | Cidr(block=addresses):
            return [(BITS, _common_bits(addresses))]
        case _:
            return [_ANY_LEAF]


def _probes_of_wildcard(term: Wildcard) -> list[Probe]:
    first, *others = term.parts
    if not others:
        return [(EXACT, first)]
    last = others.pop()
    probes = [(PREFIX, first)] if first else []
    if last:
        probes.append((SUFFIX, last))
    for middle in sorted(others, key=len, reverse=True):
        length = min(len(middle), LONGEST_PART)
        probes += [(PART, middle[at : at + length]) for at in range(len(middle) - length + 1)]
    return list(dict.fromkeys(probes[:_MOST_PARTS])) or [(PREFIX, "")]


def _probe_of_range(term: Numeric) -> Probe:
    low, high = term.ends
    return (EXACT, low) if low == high else (RANGE, (low, high))


def _common_bits(addresses: AddressRange) -> str:
    """Return the bits with which the lowest and the highest address begin, and so all digits in the range."""
    lowest, highest = bits_of(addresses.lowest), bits_of(addresses.highest)
    for place, (low, high) in enumerate(zip(lowest, highest, strict=True)):
        if low != high:
            return lowest[:place]
    return lowest
