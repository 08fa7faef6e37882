"""Which numbers EventBridge can compare, and how Java writes them.

A number is comparable when its text equals the shortest text of the double nearest to it; two comparable numbers
are equal exactly when their doubles are. Not a number type: a comparable number is simply a Python float.
Source: recorded answers of AWS; the shortest text is that of Java's `Double.toString` (Java 19 and later).
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

GREATEST: Final = 1.7976931348623157e308
"""The greatest double."""

_EXACT_INTEGERS: Final = 2**53


def comparable(text: str) -> float | None:
    """Return the double that a JSON number's text stands for exactly, or None if there is none."""
    double = float(text)
    if math.isinf(double):
        return None
    if double == 0:
        mantissa = text.lower().partition("e")[0]
        return None if mantissa.strip("-0.") else 0.0
    return double if Decimal(text) == _shortest(double) else None


def comparable_integer(value: int) -> float | None:
    """Return the double that an integer stands for exactly, or None if there is none."""
    if -_EXACT_INTEGERS <= value <= _EXACT_INTEGERS:
        return float(value)
    return comparable(str(value))


def java_text(double: float) -> str:
    """Return a double as Java writes it."""
    if not math.isfinite(double) or 1e-3 <= abs(double) < 1e7 or double == 0:
        return repr(double)
    number = _shortest(double)
    first, *rest = (str(digit) for digit in number.normalize().as_tuple().digits)
    sign = "-" if double < 0 else ""
    return f"{sign}{first}.{''.join(rest) or '0'}E{number.adjusted()}"


def _shortest(double: float) -> Decimal:
    text = repr(double)
    mantissa = text.partition("e")[0]
    return Decimal(text if len(mantissa.lstrip("-")) > 1 else f"{double:.1e}")
