"""Values that stand for all values of a field: one for each way in which a value can satisfy some terms.

Two values on a path are the same to patterns if they satisfy the same terms. `examples_of` returns values such that
each value there is satisfies the same of the given terms as one of them. Whether a value satisfies a term is not
decided here but by the term itself. This is why the values are enough:

- Strings: see `string_classes`.
- Numbers: terms know a comparable number by its order against the numbers they name. So each of these, and one number
  of each gap between neighbours, stand for all. Of numbers that are not comparable, terms know the text only.
- IP addresses: an address is known by its order against the ends of ranges, for IPv4 and IPv6 each.
- Texts of numbers as digits of addresses: a range knows the digits up to the first that leaves both of its ends.
- true, false and null.

Addresses are texts as well, and numbers are digits as well. Where a path has terms of both kinds, not all combinations
are tried. Then pairs are returned too: a value for the terms of addresses, and another for all other terms. Each value
there is satisfies the terms like one of the values or one of the pairs, but a pair need not have such a value.
Source: ours; the terms are defined in `terms` and `operators`.
"""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.pattern.doubles import GREATEST, comparable_integer
from eventmock.pattern.operators import AnythingBut, Cidr, ExactAddress, Numeric
from eventmock.pattern.string_classes import Shape, examples, is_one_string, shapes_of
from eventmock.pattern.terms import ExactNumber

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from eventmock.pattern.addresses import AddressRange
    from eventmock.pattern.leaves import Scalar
    from eventmock.pattern.terms import Term

_ANOTHER: Final = "other"
_LITERALS: Final = (True, False, None)
OF_ADDRESSES: Final = (ExactAddress, Cidr)
"""The classes of terms of addresses."""
_OF_ADDRESSES: Final = "0123456789abcdefABCDEF.:"
_EXACT_INTEGERS: Final = 2**53
_ALL_V4: Final = 1 << 32
_ALL_V6: Final = 1 << 128
_MAPPED: Final = range(0xFFFF << 32, 0x10000 << 32)


class Examples(NamedTuple):
    """Values, those that a person would rather write first.

    Attributes:
        values: The values.
        pairs: A value for the terms of addresses and a value for all other terms each, for combinations that there may
            be beside those of the values.
        are_all: Whether each value there is satisfies the terms like one of these.
    """

    values: tuple[Scalar, ...]
    pairs: tuple[tuple[Scalar, Scalar], ...]
    are_all: bool


def examples_of(terms: Iterable[Term]) -> Examples:
    """Return values such that each value satisfies the same of the terms as one of them, or as one of the pairs."""
    terms = list(dict.fromkeys(terms))
    plain = [one for term in terms for one in (term.excluded if isinstance(term, AnythingBut) else (term,))]
    shapes = list(dict.fromkeys(shape for term in terms for shape in shapes_of(term)))
    numbers = _numbers(plain)
    odd = _not_comparable(term for term in plain if isinstance(term, ExactNumber))
    addresses = [term for term in plain if isinstance(term, OF_ADDRESSES)]
    if addresses:
        return _with_addresses(addresses, shapes, numbers, odd)
    strings, are_all = _strings(shapes)
    kinds: list[list[Scalar]] = [[*strings], [*(numbers or [1])]]
    first, second = kinds[::-1] if numbers and not shapes else kinds
    return Examples((*first, *second, *_LITERALS, *odd), (), are_all)


# Strings


def _strings(shapes: list[Shape]) -> tuple[list[str], bool]:
    texts = [*map(_shortest, shapes), _ANOTHER]
    if all(map(is_one_string, shapes)):
        return [*texts, max(texts, key=len) + "x"], True
    found, are_all = examples(shapes)
    return [*texts, *sorted((one.text for one in found), key=_is_empty)], are_all


def _is_empty(text: str) -> bool:
    return not text


def _shortest(shape: Shape) -> str:
    """Return the shortest string that satisfies a shape."""
    return "".join(forms[0] for part in shape for forms in part)


# Addresses


def _with_addresses(
    terms: list[ExactAddress | Cidr], shapes: list[Shape], numbers: list[float], odd: list[int]
) -> Examples:
    """Return the examples if there are terms of addresses."""
    ranges = [term.address if isinstance(term, ExactAddress) else term.block for term in terms]
    texts = [*map(_shortest, shapes), _ANOTHER]
    found, are_all = examples(shapes, _OF_ADDRESSES)
    addresses = _addresses(ranges, set(texts))
    strings = [*(term.text for term in terms if isinstance(term, ExactAddress)), *addresses, *texts]
    strings += sorted((one.text for one in found), key=_is_empty)
    digits = _numbers_as_digits(ranges)
    # An address may have the text of any string of the characters of addresses, and a number may have any digits.
    alone = sum(1 << number for number, shape in enumerate(shapes) if is_one_string(shape))
    like_addresses = [one.text for one in found if one.inside and not one.satisfied & alone]
    pairs: list[tuple[Scalar, Scalar]] = [*product([*addresses, _ANOTHER], like_addresses)]
    if numbers or len(odd) > 1:
        pairs += product(digits, [*numbers, *odd])
    return Examples((*strings, *numbers, *digits, *_LITERALS, *odd), tuple(pairs), are_all)


def _addresses(ranges: list[AddressRange], avoided: Collection[str]) -> list[str]:
    """Return an address for each combination of ranges that addresses can lie in.

    Args:
        ranges: The ranges.
        avoided: Texts that are not returned; another text of the same address is.
    """
    v4, v6 = {0}, {0, 1, _MAPPED.start, _MAPPED.stop}
    for one in ranges:
        low, high = int(one.lowest, 16), int(one.highest, 16)
        if len(one.lowest) == 8:
            v4 |= {low, high + 1}
            v6 |= {low << 96, high + 1 << 96}
        else:
            v6 |= {low, high + 1}
            v4 |= {(low >> 96) + 1, high >> 96}
    texts = [_v4(cut, avoided) for cut in sorted(v4) if cut < _ALL_V4]
    return texts + [_v6(cut, avoided) for cut in sorted(v6) if cut < _ALL_V6 and cut not in _MAPPED]


def _v4(address: int, avoided: Collection[str]) -> str:
    text = ".".join(str(address >> shift & 0xFF) for shift in (24, 16, 8, 0))
    zeros = ""
    while text in avoided:
        text = f"::{zeros}ffff:{address >> 16:x}:{address & 0xFFFF:x}"
        zeros += "0"
    return text


def _v6(address: int, avoided: Collection[str]) -> str:
    text = ":".join(f"{address >> shift & 0xFFFF:x}" for shift in range(112, -1, -16))
    while text in avoided:
        text = f"0{text}"
    return text


# Numbers


def _numbers(plain: Iterable[Term]) -> list[float]:
    """Return the numbers that terms name, and one of each gap between neighbours; none if terms name no numbers."""
    named: set[float] = set()
    for term in plain:
        if isinstance(term, ExactNumber) and term.value is not None:
            named.add(term.value)
        elif isinstance(term, Numeric):
            named.update(bound.value for bound in term.bounds)
    if not named:
        return []
    ordered = sorted(named)
    numbers = [*ordered]
    for low, high in zip([-math.inf, *ordered], [*ordered, math.inf], strict=True):
        between = _between(low, high)
        if between is not None:
            numbers.append(between)
    return [_as_written(number) for number in numbers]


def _between(low: float, high: float) -> float | None:
    """Return a double between two others, a short one if possible; None if there is none."""
    above = math.nextafter(low, math.inf) if math.isfinite(low) else -GREATEST
    below = math.nextafter(high, -math.inf) if math.isfinite(high) else GREATEST
    if above > below:
        return None
    middle = low / 2 + high / 2 if math.isfinite(low) and math.isfinite(high) else 0.0
    integers = [math.floor(above) + 1.0, math.ceil(below) - 1.0]
    for number in (*(integers if math.isfinite(low) else integers[::-1]), round(middle, 2), middle):
        if above <= number <= below:
            return number
    return above


def _as_written(number: float) -> float:
    return int(number) if number.is_integer() and abs(number) < _EXACT_INTEGERS else number


def _not_comparable(named: Iterable[ExactNumber]) -> list[int]:
    """Return the integers without a double that terms name, and one that no term names."""
    texts = {term.text for term in named if term.value is None}
    integers = [int(text) for text in texts if text.lstrip("-").isdigit()]
    other = -_EXACT_INTEGERS - 1
    while str(other) in texts:
        other -= 2
    return [*sorted(one for one in integers if comparable_integer(one) is None), other]


def _numbers_as_digits(ranges: Iterable[AddressRange]) -> list[float]:
    """Return a number for each combination of ranges that the digits of numbers can lie in."""
    followed = {""}
    for one in ranges:
        for edge in (one.lowest, one.highest):
            for length in range(1, len(edge) + 1):
                if not edge[:length].isdecimal() or edge[0] == "0":
                    break
                followed.add(edge[:length])
    texts = {digits + digit for digits in followed for digit in "0123456789"}
    numbers: list[float] = [int(text) for text in texts if len(text) == 1 or text[0] != "0"]
    return [
        *sorted(numbers),
        *(float(f"{text}.5") for text in sorted(followed) if len(text) in range(1, 8)),
        -1,
    ]
