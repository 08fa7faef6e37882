"""The condition operators of policies.

An operator's full name has three parts: ``ForAllValues:`` or ``ForAnyValue:``, or neither; the name; ``IfExists`` or
not. ``Null`` has the name only.

Source: "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context keys" of the IAM user
guide. Documented: several wanted values are alternatives, for a negated operator they are all excluded; a negated
operator is true if the request does not have the key. Inferred: a value of the request that is not a number, date or
address fits no wanted value.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NULL: Final = "Null"
_NAME: Final = re.compile(r"(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?")


class Unreadable(Exception):  # noqa: N818 - it says what happened
    """A wanted value of a condition is not what its operator needs; the text says what the operator needs."""


class Comparison(NamedTuple):
    """The comparison of a condition operator.

    Attributes:
        read: Reads a value, of the policy or the request, as what is compared; raises `Unreadable`.
        fits: Returns whether a value of the request, read, fits a wanted value, read.
        is_negated: Whether the condition is true if no wanted value fits.
        has_patterns: Whether ``*`` and ``?`` of a wanted value have a special meaning. It is a pattern then.
    """

    read: Callable[[str], Any]
    fits: Callable[[Any, Any], bool]
    is_negated: bool = False
    has_patterns: bool = False


class Operator(NamedTuple):
    """A condition operator by its full name.

    Attributes:
        comparison: The comparison.
        together: ``ForAllValues``, ``ForAnyValue``, or empty.
        if_exists: Whether the condition is true if the request does not have the key.
    """

    comparison: Comparison
    together: str
    if_exists: bool

    def holds_without_value(self) -> bool:
        """Return whether the condition is true if the request does not have the key."""
        if self.if_exists:
            return True
        return self.together == "ForAllValues" or (not self.together and self.comparison.is_negated)

    def holds(self, values: Sequence[str], wanted: Sequence[str]) -> bool:
        """Return whether the condition is true.

        Args:
            values: The values of the key in the request, one or more.
            wanted: The values in the policy, as patterns if the comparison has patterns.

        Raises:
            Unreadable: A wanted value is not what the operator needs.
        """
        read = [one if self.comparison.has_patterns else self.comparison.read(one) for one in wanted]
        each = (self._fits_one(value, read) for value in values)
        return any(each) if self.together == "ForAnyValue" else all(each)

    def _fits_one(self, value: str, wanted: Sequence[Any]) -> bool:
        try:
            given = self.comparison.read(value)
        except Unreadable:
            return self.comparison.is_negated
        return any(self.comparison.fits(given, one) for one in wanted) != self.comparison.is_negated


def operator_of(full_name: str) -> Operator | None:
    """Return the operator of a full name; None if there is none. ``Null`` is none of them."""
    parts = _NAME.fullmatch(full_name)
    comparison = None if parts is None else _COMPARISONS.get(parts[2])
    if parts is None or comparison is None:
        return None
    return Operator(comparison, (parts[1] or "").removesuffix(":"), parts[3] is not None)


def operator_names() -> list[str]:
    """Return the names of all operators, without their prefixes and suffixes."""
    return [NULL, *_COMPARISONS]


def _text(text: str) -> str:
    return text


def _lower(text: str) -> str:
    return text.lower()


def _number(text: str) -> int | float:
    if re.fullmatch(r"[+-]?[0-9]+", text):
        return int(text) if len(text) < 300 else float(text)
    if re.fullmatch(r"[+-]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+", text):
        return float(text)
    raise Unreadable("a number")


def _date(text: str) -> float:
    """Return a date, in an ISO 8601 form or in seconds since 1970-01-01 00:00 UTC, in such seconds."""
    try:
        return float(_number(text))
    except Unreadable:
        pass
    try:
        moment = datetime.fromisoformat(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Unreadable("a date such as 2026-01-31T12:00:00Z") from None


def _bytes(text: str) -> bytes:
    from base64 import b64decode

    try:
        return b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Unreadable("text in base64") from None


def _network(text: str) -> Any:
    from ipaddress import ip_network

    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise Unreadable("an IP address or a range of them such as 10.0.0.0/8") from None


def _is_in(address: Any, network: Any) -> bool:
    return bool(address.version == network.version and address.subnet_of(network))


def _fits_part_by_part(value: str, pattern: str) -> bool:
    """Return whether an ARN fits a pattern. Each of the six parts is matched by itself (documented)."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _with_negations(positive: dict[str, Comparison]) -> dict[str, Comparison]:
    """Return comparisons and the negations of those that have one, by name."""
    found = {}
    for name, comparison in positive.items():
        found[name] = comparison
        parts = re.fullmatch("(String|Arn|Numeric|Date)(Equals|Like|EqualsIgnoreCase)", name)
        if parts is not None:
            found[f"{parts[1]}Not{parts[2]}"] = comparison._replace(is_negated=True)
    found["NotIpAddress"] = positive["IpAddress"]._replace(is_negated=True)
    return found


_ORDERED: Final = {
    "Equals": eq,
    "LessThan": lt,
    "LessThanEquals": le,
    "GreaterThan": gt,
    "GreaterThanEquals": ge,
}
_COMPARISONS: Final = _with_negations(
    {
        "StringEquals": Comparison(_text, eq),
        "StringEqualsIgnoreCase": Comparison(_lower, eq),
        "StringLike": Comparison(_text, fnmatchcase, has_patterns=True),
        **{f"Numeric{name}": Comparison(_number, fits) for name, fits in _ORDERED.items()},
        **{f"Date{name}": Comparison(_date, fits) for name, fits in _ORDERED.items()},
        "Bool": Comparison(_lower, eq),
        "BinaryEquals": Comparison(_bytes, eq),
        "IpAddress": Comparison(_network, _is_in),
        "ArnEquals": Comparison(_text, _fits_part_by_part, has_patterns=True),
        "ArnLike": Comparison(_text, _fits_part_by_part, has_patterns=True),
    }
)
