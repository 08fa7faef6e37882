"""The report on a search: which mistakes no test noticed, the worst first, and what test is missing.

Source: ours.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, get_args

from eventmock.mutants.difference import difference
from eventmock.mutants.outcome import Verdict, worst_first
from eventmock.mutants.words import words_for

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from eventmock.mutants.command import Searched
    from eventmock.mutants.outcome import Outcome
    from eventmock.mutants.trials import Rule
    from eventmock.services.mutants import Mutant

_LONGEST_EVENT: Final = 200
_MOST_NAMED: Final = 3
_OF_SUBSCRIBERS: Final = {"Data", "Metadata", "SystemMetadata"}
_ENVELOPE: Final = ("version", "id", "account", "time", "region", "resources")
"""Members of an event that are left out unless the rule looks at them."""


def noticed(outcomes: Sequence[Outcome]) -> int:
    """Return how many mutants were noticed."""
    return sum(one.verdict in {"noticed", "timed out", "crashed"} for one in outcomes)


def score(outcomes: Sequence[Outcome]) -> float:
    """Return the share of mutants that were noticed, in percent. Equivalent ones do not count."""
    tried = [one for one in outcomes if one.verdict != "equivalent"]
    return 100 * noticed(tried) / len(tried) if tried else 100.0


def data_of(searched: Searched) -> dict[str, Any]:
    """Return a search as data for tools."""
    outcomes = searched.found.outcomes
    counts: Counter[str] = Counter(one.verdict for one in outcomes)
    return {
        "format": 1,
        "score": round(score(outcomes), 2),
        "counts": {verdict.replace(" ", "_"): counts[verdict] for verdict in get_args(Verdict)},
        "tests": searched.tests,
        "rules": len({one.rule for one in outcomes}),
        "seconds": round(searched.seconds, 2),
        "left_out": dict(searched.found.left_out),
        "mutants": [_mutant_data(one) for one in worst_first(outcomes)],
    }


def text_of(searched: Searched, *, with_equivalent: bool = False) -> str:
    """Return the report as text.

    Args:
        searched: The search.
        with_equivalent: Whether the equivalent mutants are listed too.
    """
    outcomes = searched.found.outcomes
    blocks = list(_unnoticed(worst_first(one for one in outcomes if one.verdict == "unnoticed")))
    blocks += _remarkable(outcomes)
    if with_equivalent:
        equivalent = [one for one in worst_first(outcomes) if one.verdict == "equivalent"]
        blocks += [[*_head(one), f"    equivalent: {one.why}"] for one in equivalent]
    left_out = searched.found.left_out
    if left_out:
        said = [f"  {test}: {message}" for test, message in left_out.items()]
        head = "left out, since they fail without any mistake when only the tests of a rule run, or in another order:"
        blocks.append([head, *said])
    blocks.append(_summary(searched))
    return "\n\n".join("\n".join(block) for block in blocks)


def _mutant_data(outcome: Outcome) -> dict[str, Any]:
    rule, mutant = outcome.rule, outcome.mutant
    return {
        "rule": rule._asdict(),
        "kind": mutant.kind,
        "harm": mutant.harm,
        "text": mutant.text,
        "member": mutant.member,
        "before": mutant.before,
        "after": mutant.after,
        "event": mutant.event,
        "moment": mutant.moment,
        "verdict": outcome.verdict,
        "perhaps_equivalent": outcome.is_perhaps_equivalent,
        "by": outcome.by,
        "why": outcome.why,
        "tests": outcome.tests,
        "shown_by": list(outcome.shown_by),
        "is_put": outcome.is_put,
        "to_add": _to_add(outcome) if outcome.verdict == "unnoticed" else None,
        "seconds": round(outcome.seconds, 3),
    }


def _unnoticed(outcomes: Sequence[Outcome]) -> Iterator[list[str]]:
    """Yield the lines about each mutant that was not noticed. A rule that does nothing in any test has one block."""
    of_rule = defaultdict(list)
    for outcome in outcomes:
        of_rule[outcome.rule].append(outcome)
    for outcome in outcomes:
        if outcome.rule.is_active:
            yield _block(outcome)
    for rule, own in of_rule.items():
        if not rule.is_active:
            yield _idle(rule, own)


def _block(outcome: Outcome) -> list[str]:
    mutant = outcome.mutant
    lines = _head(outcome)
    lines += [f"    {line}" for line in difference(mutant.member, mutant.before, mutant.after)]
    if (shown := _shown(mutant)) is not None:
        lines.append(f"    {words_for(mutant).cause} that shows it: {shown}")
    if outcome.tests:
        lines.append(f"    {_counted(outcome.tests, 'test')} ran with it, and passed")
    else:
        kind = outcome.rule.kind
        lines.append(f"    no test ran with it: none has the {kind} that passes without the others")
    lines.append(f"    to add: {_to_add(outcome)}")
    return lines


def _head(outcome: Outcome) -> list[str]:
    mutant = outcome.mutant
    return [
        outcome.rule.label,
        f"  {mutant.kind}: {mutant.text}",
        f"  in production: {words_for(mutant).harms[mutant.harm]}",
    ]


def _idle(rule: Rule, outcomes: Sequence[Outcome]) -> list[str]:
    kinds = Counter(one.mutant.kind for one in outcomes)
    told = ", ".join(f"{kind} ({count})" if count > 1 else kind for kind, count in sorted(kinds.items()))
    known = next((one.mutant for one in outcomes if _shown(one.mutant) is not None), None)
    count = _counted(len(outcomes), "mistake")
    lines = [rule.label, f"  does nothing in any test, so {count} in it went unnoticed: {told}"]
    if known is not None:
        lines.append(f"    {words_for(known).cause} to begin with: {_shown(known)}")
    lines.append("    to add: a test in which it delivers something, or fires, with an assertion about that")
    return lines


def _remarkable(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """Return the lines about mutants with which the tests did not come to their end."""
    return [
        [one.rule.label, f"  {one.mutant.kind}: {one.mutant.text}", f"    {one.verdict}: {one.why}"]
        for one in worst_first(outcomes)
        if one.verdict in {"timed out", "crashed"}
    ]


def _to_add(outcome: Outcome) -> str:
    mutant, rule = outcome.mutant, outcome.rule
    words = words_for(mutant)
    if outcome.is_perhaps_equivalent:
        return "nothing, if both do the same: no event is known that tells them apart, so perhaps equivalent"
    to = f" to {' and '.join(rule.targets[:_MOST_NAMED])}" if rule.targets else ""
    what = {
        "silence": f"that {words.delivered} is delivered{to}",
        "less": f"that {words.delivered} is delivered{to}",
        "lost": f"that {words.delivered} is not lost, such as assert_dead_lettered",
        "changed": "what the target gets, and when",
        "ended": f"whether {rule.label} exists",
        "more": f"that {rule.label} delivers nothing",
    }[mutant.harm]
    if mutant.harm == "lost" and not outcome.shown_by:
        return f"{words.test} and the target fails, which asserts {what}"
    if outcome.shown_by:
        named = ", ".join(outcome.shown_by[:_MOST_NAMED])
        count = len(outcome.shown_by) - _MOST_NAMED
        more = f" and {count} more" if count > 0 else ""
        if mutant.harm in {"silence", "less"}:  # a pattern may take other events instead
            what = f"what {rule.label} delivers"
        return f"{_assertion(what)}; the mistake shows already in {named}{more}"
    if outcome.is_put:
        return f"{_assertion(what)}; {words.already}"
    if _shown(mutant) is None:
        return _assertion(what)
    return f"{words.test}, which asserts {what}"


def _assertion(what: str) -> str:
    return f"an assertion {'' if what.startswith('that ') else 'about '}{what}"


def _shown(mutant: Mutant) -> str | None:
    """Return the moment or the event that shows a mistake; None if none is known.

    The event is JSON on one line, without members that its rule does not look at.
    """
    if mutant.moment is not None or mutant.event is None:
        return mutant.moment
    looked_at = json.dumps([mutant.before, mutant.after]).replace("\\", "")
    left_out = {name for name in _ENVELOPE if f'"{name}"' not in looked_at}
    if mutant.harm == "changed":
        left_out.discard("time")
    text = json.dumps(_told(mutant.event, left_out, looked_at))
    return text if len(text) <= _LONGEST_EVENT else f"{text[:_LONGEST_EVENT]}... (--json has all of it)"


def _told(event: Mapping[str, Any], left_out: Container[str], looked_at: str) -> dict[str, Any]:
    """Return an event for people, without members that its rule or subscriber does not look at.

    Args:
        event: The event. A subscriber sees an event of three members: the data and two sorts of metadata.
        left_out: The members of an envelope that are left out.
        looked_at: The text in which the members stand that are looked at.
    """
    if event.keys() != _OF_SUBSCRIBERS:
        return {name: value for name, value in event.items() if name not in left_out}
    data = event["Data"]
    told = {"Data": _told(data, left_out, looked_at) if isinstance(data, dict) else data}
    if event["Metadata"]:
        told["Metadata"] = event["Metadata"]
    system = {name: value for name, value in event["SystemMetadata"].items() if name in looked_at}
    return {**told, "SystemMetadata": system} if system else told


def _summary(searched: Searched) -> list[str]:
    outcomes = searched.found.outcomes
    counts: Counter[str] = Counter(one.verdict for one in outcomes)
    perhaps = sum(one.is_perhaps_equivalent for one in outcomes)
    tried = len(outcomes) - counts["equivalent"]
    also = "".join(
        f", {counts[verdict]} {verdict}" for verdict in ("timed out", "crashed") if counts[verdict]
    )
    unsure = f" ({perhaps} of them perhaps equivalent)" if perhaps else ""
    left_out = f"{counts['equivalent']} left out, since they are proven to change nothing"
    if not outcomes:
        return [
            "no mistake was made: the tests had no rule, schedule or subscriber, or none that the options ask for"
        ]
    kinds = Counter(rule.kind for rule in {one.rule for one in outcomes})
    subjects = " and ".join(_counted(number, kind) for kind, number in sorted(kinds.items()))
    head = f"{tried} mutants of {subjects}: {counts['noticed']} noticed{also}"
    return [
        f"{head}, {counts['unnoticed']} unnoticed{unsure}; {left_out}",
        f"score {score(outcomes):.1f} %, {_counted(searched.tests, 'test')}, {searched.seconds:.1f} seconds",
    ]


def _counted(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"
