"""The given events that no rule of the templates matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.checks.finding import Finding, Found
from eventmock.checks.report import Checked
from eventmock.checks.table import Rule, add
from eventmock.templates.source import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.checks.subject import EventRule, Sample, Subject

UNMATCHED: Final = add(Rule("event-without-rule", "note", "An event of `--events` that no rule matches."))


def events_without_rule(subjects: Sequence[Subject], samples: Sequence[Sample]) -> list[Checked]:
    """Return the files of events that no rule matches, with a finding for each such event."""
    rules = [
        one for subject in subjects for one in subject.rules if one.pattern is not None and one.is_enabled
    ]
    found: dict[str, list[Finding]] = {}
    for sample in samples:
        near = [one for one in rules if sample.comes_to(one)]
        if not any(_matches(one, sample) for one in near):
            found.setdefault(sample.file, []).append(_finding(sample, near))
    return [Checked(file, findings) for file, findings in found.items()]


def _matches(one: EventRule, sample: Sample) -> bool:
    return one.pattern is not None and one.pattern.matches(sample.event)


def _finding(sample: Sample, rules: Sequence[EventRule]) -> Finding:
    reasons = sorted(_reasons(sample, rules))
    nearest = f"; the nearest, {reasons[0][1]}: {reasons[0][2]}" if reasons else ""
    found = Found(
        Place(sample.file, None),
        None,
        f"no rule matches {sample.title}{nearest}",
        "the event goes to no target, and PutEvents still succeeds",
        "a rule that matches it, or no such event",
    )
    return Finding(UNMATCHED.id, UNMATCHED.severity, found)


def _reasons(sample: Sample, rules: Sequence[EventRule]) -> Iterator[tuple[int, str, str]]:
    """Yield for each rule how many fields of its pattern are not satisfied, its logical ID, and the first reason."""
    for one in rules:
        if one.pattern is not None:
            explained = one.pattern.explain(sample.event)
            unmet = sum(not field.satisfied for field in explained.fields)
            yield unmet, one.resource.logical_id, str(explained)
