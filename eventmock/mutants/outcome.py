"""What became of each mutant, as data: the report and the JSON for tools are made of it.

Source: ours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from eventmock.mutants.trials import Rule
from eventmock.services.mutants import Harm, Mutant

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from eventmock.mutants.job import Answer
    from eventmock.mutants.trials import Trial

Verdict = Literal["noticed", "timed out", "crashed", "unnoticed", "equivalent"]
"""``timed out`` and ``crashed``: the tests did not come to their end with the mutant, so they noticed it."""

HARMS: Final[tuple[Harm, ...]] = get_args(Harm)
"""What a mutant would do in production, the worst first."""


class Outcome(NamedTuple):
    """What became of a mutant.

    Attributes:
        rule: The rule.
        mutant: The mistake.
        verdict: Whether a test noticed it.
        by: The id of the test that noticed it; None if none did.
        why: What pytest says of the failure, or how the process ended; None if there is nothing to say.
        tests: The number of tests that had the rule.
        shown_by: The ids of the tests in whose mocks something else happened with the mistake, although they passed.
        is_put: Whether the tests put the event that shows the difference.
        seconds: How long the tests ran.
    """

    rule: Rule
    mutant: Mutant
    verdict: Verdict
    by: str | None = None
    why: str | None = None
    tests: int = 0
    shown_by: tuple[str, ...] = ()
    is_put: bool = False
    seconds: float = 0.0

    @property
    def is_perhaps_equivalent(self) -> bool:
        """Whether nothing is known by which the mutant and the rule differ."""
        mutant = self.mutant
        is_shown = mutant.event is not None or mutant.moment is not None or bool(self.shown_by)
        return self.verdict == "unnoticed" and not is_shown

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a value of JSON."""
        return self._asdict() | {"rule": self.rule._asdict(), "mutant": self.mutant._asdict()}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Outcome:
        """Return the outcome of a value that `as_json` has made."""
        several = {name: tuple(value["rule"][name]) for name in ("names", "targets")}
        rule = Rule(**{**value["rule"], **several})
        mutant = Mutant(**value["mutant"])
        return cls(**{**value, "rule": rule, "mutant": mutant, "shown_by": tuple(value["shown_by"])})


def outcome_of(trial: Trial, answer: Answer | None, did: Mapping[str, Counter[str]]) -> Outcome:
    """Return what became of a mutant.

    Args:
        trial: The mutant.
        answer: What the process answered; None if no test was run.
        did: For each test, how often something happened without a mistake.
    """
    if trial.mutant.equivalent is not None:
        return Outcome(trial.rule, trial.mutant, "equivalent", why=trial.mutant.equivalent)
    outcome = Outcome(trial.rule, trial.mutant, "unnoticed", tests=len(trial.tests), is_put=_is_put(trial))
    if answer is None:
        return outcome
    outcome = outcome._replace(seconds=answer.seconds)
    if answer.timed_out:
        return outcome._replace(verdict="timed out", why=f"after {answer.seconds:.0f} seconds")
    if answer.error is not None:
        return outcome._replace(verdict="crashed", why=answer.error)
    if answer.failures:
        first = answer.failures[0]
        return outcome._replace(verdict="noticed", by=first.test, why=first.message)
    shown_by = tuple(test for test, counts in answer.did.items() if counts != did.get(test, {}))
    return outcome._replace(shown_by=shown_by)


def worst_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return outcomes in an order: by harm; then those that a test has shown already; then by rule."""

    def order(outcome: Outcome) -> tuple[object, ...]:
        rule, mutant = outcome.rule, outcome.mutant
        is_shown = bool(outcome.shown_by) or outcome.is_put
        return (
            outcome.is_perhaps_equivalent,
            HARMS.index(mutant.harm),
            not is_shown,
            rule.label,
            (mutant.kind, mutant.text),
        )

    return sorted(outcomes, key=order)


def _is_put(trial: Trial) -> bool:
    event = trial.subject.event
    return event is not None and json.loads(event) == trial.mutant.event
