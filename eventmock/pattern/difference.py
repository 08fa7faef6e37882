"""The difference of two patterns: an event that only one of them matches, as similar as possible to a known event.

An event with the two or three fields that a proof needs is hard to recognise. So its values are put into an event that
a person knows. Then each value is taken away again, if still only one of the patterns matches.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.pattern.algebra import equivalent, overlaps
from eventmock.values.deep_json import copied

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.pattern.compiled import Pattern

_Names = tuple[str, ...]


class Difference(NamedTuple):
    """What is known about the difference of two patterns.

    Attributes:
        event: An event that only one of them matches; None if no such event is known.
        matched_by_first: Whether the first pattern matches the event.
        proof: Why each event matches both patterns or neither, if that is proven; None if it is not.
    """

    event: dict[str, Any] | None
    matched_by_first: bool = True
    proof: str | None = None


def difference(
    first: Pattern, second: Pattern, known: Mapping[str, Any] | None = None, *, on_a_bus: bool = True
) -> Difference:
    """Return an event that only one of two patterns matches, or the proof that there is no such event.

    Args:
        first: A pattern.
        second: Another pattern.
        known: An event to which the result shall be similar. It is not changed.
        on_a_bus: Whether only events count that EventBridge delivers to rules.

    Raises:
        InvalidEvent: The known event is not a JSON object that AWS would read.
    """
    if known is not None and first.matches(known) != second.matches(known):
        return Difference(_copy(known), first.matches(known))
    answer = equivalent(first, second, on_a_bus=on_a_bus)
    if answer.holds:
        return Difference(None, proof=answer.reason)
    if answer.witness is None:
        return Difference(None)
    by_first = first.matches(answer.witness)
    near = None if known is None else _near(first, second, known, answer.witness)
    return Difference(answer.witness if near is None else near, by_first)


def share_no_event(first: Pattern, second: Pattern, *, on_a_bus: bool = True) -> bool:
    """Return whether it is proven that no event with one value in each field matches both of two patterns.

    A field may have several values, in an array, of which each pattern matches another one. Few events have that.

    Args:
        first: A pattern.
        second: Another pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules.
    """
    answer = overlaps(first, second, on_a_bus=on_a_bus)
    return answer.holds is False or (answer.witness is not None and _has_several_values(answer.witness))


def _has_several_values(value: Any) -> bool:
    if isinstance(value, list) and len(value) > 1:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_has_several_values, inner))


def _near(
    first: Pattern, second: Pattern, known: Mapping[str, Any], witness: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return a known event with as few values of a witness as are needed; None if even all are not enough."""
    by_first = first.matches(witness)

    def event_with(leaves: Mapping[_Names, Any], absent: Sequence[str]) -> dict[str, Any] | None:
        event = _with_values(_without(known, absent), leaves)
        return event if first.matches(event) is by_first is not second.matches(event) else None

    leaves = dict(_leaves(witness, ()))
    paths = {field.path for one in (*first.alternatives, *second.alternatives) for field in one.written}
    present = [".".join(names) for names in leaves]
    absent = sorted(path for path in paths if not any(_is_within(other, path) for other in present))
    event = event_with(leaves, absent)
    if event is None:
        return None
    for path in list(absent):
        fewer = [other for other in absent if other != path]
        if (nearer := event_with(leaves, fewer)) is not None:
            event, absent = nearer, fewer
    for names in list(leaves):
        less = {other: value for other, value in leaves.items() if other != names}
        if (nearer := event_with(less, absent)) is not None:
            event, leaves = nearer, less
    return event


def _is_within(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.")


def _leaves(value: Mapping[str, Any], names: _Names) -> Iterator[tuple[_Names, Any]]:
    """Yield the values of an event that are not objects, each with the names that lead to it."""
    for name, member in value.items():
        if isinstance(member, dict) and member:
            yield from _leaves(member, (*names, name))
        else:
            yield (*names, name), member


def _with_values(event: Mapping[str, Any], values: Mapping[_Names, Any]) -> dict[str, Any]:
    """Return a copy of an event that has some values; each element of an array of objects on the way gets them."""
    copy = _copy(event)
    for names, value in values.items():
        _set(copy, names, value)
    return copy


def _set(inner: dict[str, Any], names: _Names, value: Any) -> None:
    name, *rest = names
    if not rest:
        is_array = isinstance(inner.get(name), list) and not isinstance(value, list)
        inner[name] = [value] if is_array else value
        return
    below = inner.get(name)
    if isinstance(below, list) and any(isinstance(one, dict) for one in below):
        for one in below:
            if isinstance(one, dict):
                _set(one, tuple(rest), value)
        return
    if not isinstance(below, dict):
        below = inner[name] = {}
    _set(below, tuple(rest), value)


def _without(event: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Return a copy of an event without the values on some paths. Each event has the array `resources`."""
    copy = _copy(event)
    for path in paths:
        _remove(copy, path.split("."))
    if "resources" in event:
        copy.setdefault("resources", [])
    return copy


def _remove(inner: Any, names: Sequence[str]) -> None:
    if isinstance(inner, list):
        for one in inner:
            _remove(one, names)
    elif isinstance(inner, dict) and names[0] in inner:
        if len(names) == 1:
            del inner[names[0]]
        else:
            _remove(inner[names[0]], names[1:])


def _copy(event: Mapping[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = copied(dict(event), lambda value: value)
    return copy
