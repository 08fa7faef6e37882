"""The probes of operators, such as prefixes, wildcards and ranges. `probes` says what a probe is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.pattern.letter_case import folded_form
from eventmock.pattern.operators import (
    Cidr,
    EqualsIgnoreCase,
    ExactAddress,
    Numeric,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)
from eventmock.pattern.probes import (
    ANY_LEAF,
    BITS,
    EXACT,
    FOLDED,
    FOLDED_PREFIX,
    FOLDED_SUFFIX,
    PART,
    PREFIX,
    RANGE,
    SUFFIX,
)

if TYPE_CHECKING:
    from eventmock.pattern.addresses import AddressRange
    from eventmock.pattern.probes import Probe
    from eventmock.pattern.terms import Term

LONGEST_PART: Final = 4
"""How many characters of the text between two stars are looked up."""

_MOST_PARTS: Final = 8


def probes_of(term: Term) -> list[Probe]:
    """Return the probes of an operator; the one of any leaf if nothing is known of the leaves that satisfy it."""
    match term:
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
            return [ANY_LEAF]


def bits_of(digits: str) -> str:
    """Return hex digits as a text of bits."""
    return f"{int(digits, 16):0{4 * len(digits)}b}" if digits else ""


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
