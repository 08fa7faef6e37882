"""The trials: each mutant of each rule that the tests had, with the tests that had the rule.

Source: ours.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from eventmock.coverage.labels import labelled
from eventmock.exceptions import OptionError
from eventmock.mutants.baseline import NOTHING_HAPPENED
from eventmock.options import hint_for
from eventmock.services.mutants import Mutant, Mutated
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventmock.coverage.data import Covered
    from eventmock.coverage.labels import Labelled
    from eventmock.mutants.baseline import Baseline
    from eventmock.mutants.settings import Settings
    from eventmock.services.service import Service


class Rule(NamedTuple):
    """A rule, or another subject of coverage, for the person who reads the report.

    Attributes:
        kind: The kind of subject, such as ``rule``.
        label: The label, as in the table of coverage. No other rule has it.
        place: What contains the rule, such as the name of an event bus.
        account: The account, 12 digits.
        region: The region.
        names: The names that the tests gave, or the deployment.
        template: The path of the template that deployed the rule; None if none did.
        logical_id: The logical ID in the template; None if there is no template.
        line: The line of the rule in the template; None if it is not known.
        targets: The names of its targets.
        is_active: Whether the rule did something in a test, such as matching an event.
    """

    kind: str
    label: str
    place: str
    account: str
    region: str
    names: tuple[str, ...]
    template: str | None
    logical_id: str | None
    line: int | None
    targets: tuple[str, ...]
    is_active: bool


class Trial(NamedTuple):
    """A mutant, and the tests that are run with it.

    Attributes:
        rule: The rule.
        module: The name of the module whose ``MUTANTS`` knows the mistake.
        subject: The rule, as the tests have defined it.
        mutant: The mistake.
        tests: The ids of the tests that had the rule, the likeliest to notice the mistake first.
    """

    rule: Rule
    module: str
    subject: Mutated
    mutant: Mutant
    tests: tuple[str, ...]


def trials_of(baseline: Baseline, settings: Settings, services: Iterable[Service]) -> list[Trial]:
    """Return a trial for each mutant that is asked for, also for those that are proven to change nothing.

    Raises:
        OptionError: The tests had no such rule, or no rule has a mistake of such a kind.
    """
    modules = [module for service in services if (module := service.face.mutants) is not None]
    found = [(one.covered, rule_of(one)) for one in labelled(baseline.data)]
    for name in filter(_is_literal, settings.rules):
        if found and not any(_is_named(rule, [name]) for _, rule in found):
            names = sorted({known for _, rule in found for known in rule.names})
            raise OptionError(
                f"--rule {name}: the tests had no such rule, schedule or subscriber; {hint_for(name, names)}"
            )
    wanted = [one for one in found if not settings.rules or _is_named(one[1], settings.rules)]
    trials = [trial for covered, rule in wanted for trial in _trials(covered, rule, baseline, modules)]
    kinds = sorted({trial.mutant.kind for trial in trials})
    for kind in filter(_is_literal, settings.kinds):
        if kinds and kind not in kinds:
            raise OptionError(
                f"--kinds {kind}: no rule, schedule or subscriber has a mistake of such a kind; {hint_for(kind, kinds)}"
            )
    return [
        trial
        for trial in trials
        if not settings.kinds or any(fnmatchcase(trial.mutant.kind, kind) for kind in settings.kinds)
    ]


def rule_of(subject: Labelled) -> Rule:
    """Return a subject of coverage for the person who reads the report."""
    label, covered = subject
    origin = covered.origin
    return Rule(
        kind=covered.kind,
        label=label,
        place=covered.place,
        account=covered.account,
        region=covered.region,
        names=tuple(sorted(covered.names)),
        template=None if origin is None else origin.template,
        logical_id=None if origin is None else origin.logical_id,
        line=None if origin is None else origin.line,
        targets=tuple(sorted(arn_name(target["Arn"]) for target in covered.targets.values())),
        is_active=any(name.partition(" ")[0] != NOTHING_HAPPENED for name in covered.counts),
    )


def _trials(covered: Covered, rule: Rule, baseline: Baseline, modules: Iterable[str]) -> Iterator[Trial]:
    places = {
        one.place
        for one in baseline.data
        if (one.kind, one.account, one.region) == (covered.kind, covered.account, covered.region)
    }
    subject = Mutated(
        kind=covered.kind,
        account=covered.account,
        region=covered.region,
        place=covered.place,
        places=tuple(sorted(places)),
        names=tuple(sorted(covered.names)),
        identity=covered.identity,
        definition=covered.definition,
        targets=tuple(target for _, target in sorted(covered.targets.items())),
        event=covered.event,
        is_deployed=covered.origin is not None,
    )
    active = baseline.active.get(covered.key, ())

    def likeliness(test: str) -> tuple[bool, float, str]:
        return test not in active, baseline.seconds.get(test, 0.0), test

    tests = tuple(sorted(covered.tests, key=likeliness))
    for module in modules:
        for mutant in import_module(module).MUTANTS.mutants(subject):
            yield Trial(rule, module, subject, mutant, tests)


def _is_literal(pattern: str) -> bool:
    """Return whether a pattern stands for one name only. Then it must exist."""
    return not any(character in pattern for character in "*?[")


def _is_named(rule: Rule, patterns: Iterable[str]) -> bool:
    names = [name for name in (rule.label, rule.logical_id, *rule.names) if name is not None]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
