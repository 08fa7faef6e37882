"""IP addresses as EventBridge compares them: hexadecimal digit by digit.

This module reads addresses and the blocks of the `cidr` operator, and decides whether a leaf lies in a range. It has
the side effects of AWS's engine, such as that the text of a number is compared like an address. Python's `ipaddress`
is not used, because it refuses addresses that AWS accepts. Source: recorded answers of AWS and event-ruler.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eventmock.pattern.doubles import java_text

if TYPE_CHECKING:
    from eventmock.pattern.leaves import Leaf

_V4: Final = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_V6: Final = re.compile(r"[0-9a-fA-F:]*:[0-9a-fA-F:]*")
_BITS: Final = re.compile(r"[+-]?\d+")
_LONGEST_V4: Final = 15
_HEX_DIGITS: Final = frozenset("0123456789ABCDEF")
_JAVA_INTEGERS: Final = range(-(2**31), 2**31)


class InvalidBlock(ValueError):  # noqa: N818 - caught by `syntax`, which words it as InvalidPattern
    """An operand of `cidr` was refused; `str()` is AWS's reason."""


@dataclass(frozen=True, slots=True)
class AddressRange:
    """All addresses from a lowest to a highest, both as upper-case hex digits (8 for IPv4, 32 for IPv6)."""

    lowest: str
    highest: str

    def holds(self, digits: str) -> bool:
        """Return whether digits lie in the range. Digits after the one that decides are not compared, as in AWS."""
        head = digits[: len(self.lowest)]
        if len(head) == len(self.lowest) and _HEX_DIGITS.issuperset(head):
            return self.lowest <= head <= self.highest
        edges = {self.lowest, self.highest}
        for place, digit in enumerate(head):
            above = self.lowest not in edges or self.lowest[place] < digit
            below = self.highest not in edges or digit < self.highest[place]
            if above and below:
                return digit in _HEX_DIGITS
            edges = {edge for edge in edges if edge[place] == digit}
            if not edges:
                return False
        return len(head) == len(self.lowest)


@lru_cache(maxsize=256)
def hex_of_address(text: str) -> str | None:
    """Return the hex digits of an IP address; None if the text is not one. A v4-mapped IPv6 address is read as IPv4."""
    if _V4.fullmatch(text) and len(text) <= _LONGEST_V4:
        return _hex_of_v4(text)
    if _V6.fullmatch(text):
        return _hex_of_v6(text)
    return None


def _hex_of_v4(text: str) -> str | None:
    parts = [int(part) for part in text.split(".")]
    return "".join(f"{part:02X}" for part in parts) if max(parts) <= 0xFF else None


def _hex_of_v6(text: str) -> str | None:
    head, shortened, tail = text.partition("::")
    before = head.split(":") if head else []
    behind = tail.split(":") if tail else []
    missing = 8 - len(before) - len(behind)
    if missing < 0 or bool(shortened) != (missing > 0):
        return None
    groups = [*before, *["0"] * missing, *behind]
    if not all(group and int(group, 16) <= 0xFFFF for group in groups):
        return None
    digits = "".join(f"{int(group, 16):04X}" for group in groups)
    return digits[24:] if digits.startswith("0" * 20 + "FFFF") else digits


def block(text: str) -> AddressRange:
    """Return the range an operand of `cidr` stands for, such as `10.0.0.0/8`.

    Raises:
        InvalidBlock: The text is not an operand that AWS accepts.
    """
    parts = text.split("/")
    while parts and not parts[-1]:
        parts.pop()
    if len(parts) != 2:
        raise InvalidBlock("Malformed CIDR, one '/' required")
    address, written = parts
    bits = int(written) if _BITS.fullmatch(written) else None
    if bits is None or bits not in _JAVA_INTEGERS:
        raise InvalidBlock("Malformed CIDR, mask bits must be an integer")
    if bits < 0:
        raise InvalidBlock("Malformed CIDR, mask bits must not be negative")
    digits = hex_of_address(address)
    if digits is None:
        known = _V4.fullmatch(address) or _V6.fullmatch(address)
        raise InvalidBlock(f"{'Invalid' if known else 'Nonstandard'} IP address: {address}")
    width = 4 * len(digits)
    if bits >= width:
        raise InvalidBlock(f"IPv{4 if width == 32 else 6} mask bits must be < {width}")
    host = (1 << (width - bits)) - 1
    value = int(digits, 16)
    return AddressRange(f"{value & ~host:0{len(digits)}X}", f"{value | host:0{len(digits)}X}")


def digits_of(leaf: Leaf) -> str:
    """Return the digits that IP terms compare: an IP address in hex, the text of a number, or an empty text."""
    if isinstance(leaf.key, str):
        return hex_of_address(leaf.key) or ""
    if isinstance(leaf.value, float):
        return java_text(leaf.value)
    return "" if leaf.value is None or isinstance(leaf.value, bool) else str(leaf.value)
