"""The verdicts of the rules of a template, as ``match`` and ``explain`` show them: by event bus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.commands.given_rules import verdict_of
from eventmock.commands.output import fields_of, say, say_json
from eventmock.history.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.commands.given_event import GivenEvent
    from eventmock.commands.given_template import GivenTemplate, TemplateRule
    from eventmock.history.verdict import Verdict

    Judged = tuple[TemplateRule, Verdict | None]


def tell(template: GivenTemplate, put: GivenEvent, *, only_with_pattern: bool = False, as_json: bool) -> int:
    """Print for each rule of a template whether an event matches it, and why not.

    Only the rules of the bus that an entry names are shown, and those of all buses if the event names none. A rule on a
    bus of another stack is always shown, because the template does not say the name of that bus. On each bus, the rules
    that match come first, then the nearest, then those that AWS would refuse.

    Args:
        template: The template.
        put: The event.
        only_with_pattern: Whether the rules are left out that have a schedule only.
        as_json: Whether to print JSON.

    Returns:
        0 if a rule matches, 1 if none does, 2 if AWS would refuse the pattern or the schedule of a rule.
    """
    template.warn()
    all_rules = [one for one in template.rules if one.has_pattern or not only_with_pattern]
    rules = [one for one in all_rules if put.bus is None or one.rule.event_bus_name in ("", put.bus)]
    judged: list[Judged] = sorted(
        ((one, None if one.refused else verdict_of(one.rule, put)) for one in rules), key=_distance
    )
    if as_json:
        say_json(_data(judged, put.bus))
    else:
        _tell(judged, put.bus, len(all_rules) - len(rules))
        _tell_of_subscribers(template.subscribers)
    if any(one.refused for one in rules):
        return 2
    return 0 if _matching(judged) else 1


def _matching(judged: Sequence[Judged]) -> int:
    return sum(verdict is not None and verdict.matched for _, verdict in judged)


def _distance(judged: Judged) -> tuple[bool, bool, float]:
    """Return the key that sorts rules, see `tell`."""
    _, verdict = judged
    return (True, True, 0) if verdict is None else (False, not verdict.matched, verdict.distance)


def _tell(judged: Sequence[Judged], bus: str | None, elsewhere: int) -> None:
    names = max((len(one.logical_id) for one, _ in judged), default=0)
    places = max((len(str(one.place)) for one, _ in judged), default=0)
    buses = sorted({one.rule.event_bus_name for one, _ in judged})
    for name in buses:
        say(f'on "{name}":' if name else "on a bus that the template does not name:")
        for one, verdict in judged:
            if one.rule.event_bus_name == name:
                what, why = _said(one, verdict)
                say(f"  {one.logical_id:<{names}}  {one.place!s:<{places}}  {what:<9}  {why}".rstrip())
    notes = []
    if elsewhere:
        notes.append(f"not shown, on buses that the entry does not go to: {elsewhere}")
    if bus is None and len(buses) > 1:
        notes.append("the event names no bus: all are shown")
    summary = f"rules that match: {_matching(judged)} of {len(judged)}"
    say("; ".join([summary, *notes]) if judged or elsewhere else "there are no rules")


def _tell_of_subscribers(names: Sequence[str]) -> None:
    """Say which subscribers of custom event buses are not shown, and what judges them."""
    if names:
        subscribers = f"subscriber{'' if len(names) == 1 else 's'} {in_words(names)}"
        say(
            f"not shown: {subscribers}; match PATTERN EVENT --scope DATA judges a filter, and in a test "
            "backend.explain(EVENT, bus=NAME) judges all subscribers of a bus"
        )


def _said(one: TemplateRule, verdict: Verdict | None) -> tuple[str, str]:
    if verdict is None:
        return "invalid", str(one.refused)
    return ("match", "") if verdict.matched else ("no match", verdict.why)


def _data(judged: Sequence[Judged], bus: str | None) -> dict[str, Any]:
    return {
        "matched": _matching(judged) > 0,
        "bus": bus,
        "rules": [
            {
                **one.origin,
                "name": one.rule.name,
                "bus": one.rule.event_bus_name or None,
                "state": one.rule.state,
                "matched": verdict.matched,
                "why": verdict.why,
                "fields": None if verdict.explanation is None else fields_of(verdict.explanation),
            }
            for one, verdict in judged
            if verdict is not None
        ],
        "refused": [
            {**one.origin, "name": one.rule.name, "bus": one.rule.event_bus_name or None, "why": one.refused}
            for one, verdict in judged
            if verdict is None
        ],
    }
