"""``explain``: which rules of a bus match an event, and why the others do not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from eventmock.commands.documents import WrongInput, read
from eventmock.commands.given_event import read_event
from eventmock.commands.given_rules import read_rules, verdict_of
from eventmock.commands.given_template import read_template
from eventmock.commands.output import fields_of, say, say_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.commands.documents import Document
    from eventmock.commands.given_rules import GivenRules
    from eventmock.history.verdict import Verdict
    from eventmock.services.events.rule import Rule


def run(rules: str, event: str, *, parameters: Mapping[str, str] | None = None, as_json: bool) -> int:
    """Print for each rule whether an event matches it, and why not: first the rules that match, then the nearest.

    Args:
        rules: The rules or a template as text, the path of a file, or ``-``.
        event: The event as JSON text, the path of a file, or ``-``.
        parameters: The values of parameters of the template, by name.
        as_json: Whether to print JSON.

    Returns:
        0 if a rule matches that a user made, 1 if none does, 2 if AWS would refuse the pattern of a rule.

    Raises:
        WrongInput: The rules or the event cannot be read, or are not valid.
    """
    given_rules, given_event = read(RULES=rules, EVENT=event)
    template = read_template(given_rules, parameters, event=given_event)
    if template is not None:
        from eventmock.commands.template_verdicts import tell

        return tell(template, read_event(given_event), as_json=as_json)
    given, put = _rules(given_rules, given_event), read_event(given_event)
    verdicts = sorted(((rule, verdict_of(rule, put)) for rule in given.rules), key=_distance)
    if as_json:
        say_json(_data(given, verdicts))
    else:
        _tell(given, verdicts)
    if not given.are_all:
        say(f"{given_rules.title} has a NextToken: the bus has more rules than these", sys.stderr)
    if given.refused:
        return 2
    return 0 if _consumers(verdicts) else 1


def _rules(given_rules: Document, given_event: Document) -> GivenRules:
    """Read the rules; if the event is a list of rules, the error asks whether the two are swapped."""
    try:
        return read_rules(given_rules)
    except WrongInput as wrong:
        try:
            read_rules(given_event)
        except WrongInput:
            raise wrong from None
        raise WrongInput(
            f"{wrong}\n  {given_event.title} has a list of rules: are the two swapped?"
        ) from None


def _consumers(verdicts: list[tuple[Rule, Verdict]]) -> int:
    """Return the number of rules that match, without those that AWS services manage, such as the rules of archives."""
    return sum(verdict.matched and verdict.managed_by is None for _, verdict in verdicts)


def _distance(judged: tuple[Rule, Verdict]) -> tuple[bool, float]:
    """Return the key that sorts rules: whether the event does not match, and how many fields of the pattern fail."""
    _, verdict = judged
    return not verdict.matched, verdict.distance


def _tell(given: GivenRules, verdicts: list[tuple[Rule, Verdict]]) -> None:
    names = [rule.name for rule, _ in verdicts] + [name for name, _ in given.refused]
    width = max(map(len, names), default=0)
    for rule, verdict in verdicts:
        why = "" if verdict.matched else verdict.why
        told = "match" if verdict.matched else "no match"
        say(f"{rule.name:<{width}}  {told:<9}  {'; '.join(filter(None, (verdict.owner, why)))}".rstrip())
    for name, why in given.refused:
        say(f"{name:<{width}}  invalid    {why}")
    consumers = _consumers(verdicts)
    managed = sum(verdict.matched for _, verdict in verdicts) - consumers
    also = f"; and {managed} that an AWS service manages, which {'is' if managed == 1 else 'are'} not counted"
    counted = len(names) - sum(verdict.managed_by is not None for _, verdict in verdicts)
    say(
        f"rules that match: {consumers} of {counted}{also if managed else ''}"
        if names
        else "there are no rules"
    )


def _data(given: GivenRules, verdicts: list[tuple[Rule, Verdict]]) -> dict[str, Any]:
    return {
        "matched": _consumers(verdicts) > 0,
        "rules": [
            {
                "name": rule.name,
                "state": rule.state,
                "managed_by": rule.managed_by,
                "archive": verdict.archive,
                "matched": verdict.matched,
                "why": verdict.why,
                "fields": None if verdict.explanation is None else fields_of(verdict.explanation),
            }
            for rule, verdict in verdicts
        ],
        "refused": [{"name": name, "why": why} for name, why in given.refused],
        "all": given.are_all,
    }
