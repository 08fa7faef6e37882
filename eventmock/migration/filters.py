"""The pattern of a rule as the ``FilterConfiguration`` of a subscriber.

Documented: patterns work unchanged on the data of PutEvents, but for ``wildcard``, which is refused. A wildcard with
one ``*`` at an end is a prefix or a suffix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.event.event import compact
from eventmock.migration.paths import NoExpression
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 4096
"""The most bytes of the patterns of a subscriber (documented)."""


def filter_configuration(pattern: str) -> tuple[Mapping[str, Any], bool]:
    """Return the filters for the events that a pattern matches, and whether the pattern had to be changed.

    Raises:
        NoExpression: No filter matches the same events.
    """
    value = loads(pattern)
    changed = _without_wildcards(value)
    is_changed = changed != value
    text = dumps(changed) if is_changed else pattern
    if len(text.encode(errors="replace")) > MOST_BYTES:
        text = compact(text)
    if (size := len(text.encode(errors="replace"))) > MOST_BYTES:
        raise NoExpression(f"the pattern has {size:,} bytes, and filters take {MOST_BYTES:,}; split the rule")
    return {"Filters": [{"Pattern": text, "Scope": "DATA"}]}, is_changed


def _without_wildcards(pattern: Any) -> Any:
    """Return a pattern, or a part of it that has fields, without wildcards. Matchers are in lists only."""
    if not isinstance(pattern, dict):
        return pattern
    return {
        name: [_without_wildcards(one) if name == "$or" else _wanted(one) for one in part]
        if isinstance(part, list)
        else _without_wildcards(part)
        for name, part in pattern.items()
    }


def _wanted(value: Any) -> Any:
    """Return what a field may have, a value or a matcher, without wildcards."""
    if not isinstance(value, dict):
        return value
    if "wildcard" in value:
        return _matcher(value["wildcard"])
    refused = value.get("anything-but")
    if not isinstance(refused, dict) or "wildcard" not in refused:
        return value
    given = refused["wildcard"]
    matchers = [_matcher(one) for one in (given if isinstance(given, list) else [given])]
    return {"anything-but": _as_one(matchers, given)}


def _matcher(wildcard: str) -> Any:
    """Return a matcher without a wildcard: a text, a prefix or a suffix.

    Raises:
        NoExpression: The wildcard is neither a text, a prefix nor a suffix.
    """
    first, star, last = wildcard.partition("*")
    if "\\" not in wildcard:
        if not star:
            return wildcard
        if first and not last:
            return {"prefix": first}
        if last and not first and "*" not in last:
            return {"suffix": last}
    raise NoExpression(
        f"filters take no wildcard, and {dumps({'wildcard': wildcard})} is neither a prefix nor a suffix; "
        "a wider pattern and a check in the consumer do"
    )


def _as_one(matchers: list[Any], given: Any) -> Any:
    """Return matchers as ``anything-but`` takes them: all of one kind.

    Raises:
        NoExpression: The matchers are of several kinds.
    """
    names = {next(iter(one)) if isinstance(one, dict) else "" for one in matchers}
    if len(names) > 1:
        raise NoExpression(
            f"filters take no wildcard, and {dumps({'anything-but': {'wildcard': given}})} has several kinds"
        )
    [name] = names
    values = [one[name] if name else one for one in matchers]
    if not name:
        return values
    return {name: values[0] if len(values) == 1 else values}
