"""The numbers that EventBridge can compare, and the text that Java writes for them.

A number is comparable if its text equals the shortest text of the nearest double. Two comparable numbers are equal if
and only if their doubles are equal. There is no type for them: a comparable number is a Python float.
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
    """Return the double of the text of a comparable JSON number; None if the number is not comparable."""
    double = float(text)
    if math.isinf(double):
        return None
    if double == 0:
        mantissa = text.lower().partition("e")[0]
        return None if mantissa.strip("-0.") else 0.0
    return double if Decimal(text) == _shortest(double) else None


def comparable_integer(value: int) -> float | None:
    """Return the double of a comparable integer; None if the integer is not comparable."""
    if -_EXACT_INTEGERS <= value <= _EXACT_INTEGERS:
        return float(value)
    return comparable(str(value))


def java_text(double: float) -> str:
    """Return the text that Java writes for a double."""
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
