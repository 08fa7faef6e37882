"""Whether patterns can match at all, match the same event, or follow from one another.

    overlaps({"source": ["a"]}, {"detail": {"n": [1]}}).witness     # {"source": "a", "detail": {"n": 1}}
    implies({"n": [5]}, {"n": [{"numeric": [">", 0]}]}).holds       # True
    implies({"n": [{"numeric": [">", 0]}]}, {"n": [5]}).witness     # {"n": 1}

A witness is an event that the engine itself has matched before it is returned. A proof has two parts. `value_classes`
replaces all values of a path by a few, from which patterns cannot tell the others, so each path has few states
(`path_states`). `overlap` and `implication` say why events with few leaves are enough, and search those.
Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.pattern.compiled import Pattern, compile as compile_pattern
from eventmock.pattern.implication import Implication
from eventmock.pattern.overlap import Overlap
from eventmock.pattern.path_states import ComparedPatterns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.pattern.answers import Answer


def is_satisfiable(pattern: str | Mapping[str, object] | Pattern, *, on_a_bus: bool = False) -> Answer:
    """Return whether any event matches a pattern.

    Args:
        pattern: The pattern, as JSON text, as a dictionary or compiled.
        on_a_bus: Whether only events count that EventBridge delivers to rules; see `overlaps`.

    Raises:
        InvalidPattern: AWS refuses the pattern.
    """
    compiled = _compiled(pattern)
    answer = Overlap(ComparedPatterns(compiled, compiled, on_a_bus=on_a_bus)).answer()
    if answer.holds:
        return answer._replace(reason="the pattern matches this event")
    if answer.holds is False:
        return answer._replace(reason="each alternative has a field that nothing satisfies")
    return answer


def overlaps(
    a: str | Mapping[str, object] | Pattern,
    b: str | Mapping[str, object] | Pattern,
    *,
    on_a_bus: bool = False,
) -> Answer:
    """Return whether an event matches both of two patterns.

    A field may have several values, in an array, so patterns that want different values of a field do overlap. On a
    bus, `source`, `detail-type` and the rest of the envelope are one text each.

    Args:
        a: A pattern, as JSON text, as a dictionary or compiled.
        b: Another pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules: `version`, `id`, `detail-type`,
            `source`, `account`, `time` and `region` are one text each, `resources` is an array of texts, `detail` is an
            object, and nothing else is there but `replay-name`, which may be absent (inferred from the events that AWS
            documents).

    Raises:
        InvalidPattern: AWS refuses a pattern.
    """
    return Overlap(ComparedPatterns(_compiled(a), _compiled(b), on_a_bus=on_a_bus)).answer()


def implies(
    a: str | Mapping[str, object] | Pattern,
    b: str | Mapping[str, object] | Pattern,
    *,
    on_a_bus: bool = False,
) -> Answer:
    """Return whether each event that matches a pattern matches another one too.

    Args:
        a: The pattern that may imply the other, as JSON text, as a dictionary or compiled.
        b: The other pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules; see `overlaps`.

    Raises:
        InvalidPattern: AWS refuses a pattern.
    """
    return Implication(ComparedPatterns(_compiled(a), _compiled(b), on_a_bus=on_a_bus)).answer()


def equivalent(
    a: str | Mapping[str, object] | Pattern,
    b: str | Mapping[str, object] | Pattern,
    *,
    on_a_bus: bool = False,
) -> Answer:
    """Return whether two patterns match the same events.

    Args:
        a: A pattern, as JSON text, as a dictionary or compiled.
        b: Another pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules; see `overlaps`.

    Raises:
        InvalidPattern: AWS refuses a pattern.
    """
    first, second = _compiled(a), _compiled(b)
    there = Implication(ComparedPatterns(first, second, on_a_bus=on_a_bus)).answer()
    if there.holds is False:
        return there._replace(reason="the first pattern matches this event, the second does not")
    back = Implication(ComparedPatterns(second, first, on_a_bus=on_a_bus)).answer()
    if back.holds is False:
        return back._replace(reason="the second pattern matches this event, the first does not")
    return there if there.holds is None else back


def _compiled(pattern: str | Mapping[str, object] | Pattern) -> Pattern:
    return pattern if isinstance(pattern, Pattern) else compile_pattern(pattern)
