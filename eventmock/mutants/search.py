"""The search for mutants that no test notices: it makes the mutants of a baseline, and has the tests run with each.

Before that, the tests of each rule run once more without a mistake, as they will with one. A test that fails then needs
other tests before it, or fails now and then. It would seem to notice everything, so it is left out.
Source: ours.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.mutants.errors import SearchError
from eventmock.mutants.job import Change, Job
from eventmock.mutants.outcome import Outcome, outcome_of
from eventmock.mutants.schedule import carry_out
from eventmock.mutants.trials import trials_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from eventmock.mutants.baseline import Baseline
    from eventmock.mutants.job import Answer, Running
    from eventmock.mutants.settings import Settings

_SECONDS_MORE: Final = 10.0
_TIMES: Final = 5.0
"""A mutant may take so many times as long as its tests did without a mistake, and so many seconds more."""


class Found(NamedTuple):
    """What a search has found.

    Attributes:
        outcomes: What became of each mutant.
        left_out: What pytest says of the tests that fail without a mistake when they run with the tests of a rule only.
    """

    outcomes: Sequence[Outcome]
    left_out: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return what was found as a value of JSON."""
        return {"outcomes": [one.as_json() for one in self.outcomes], "left_out": dict(self.left_out)}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Found:
        """Return what was found, of a value that `as_json` has made."""
        return cls([Outcome.of_json(one) for one in value["outcomes"]], value["left_out"])


def search(baseline: Baseline, settings: Settings, start: Callable[[Job], Running], folder: Path) -> Found:
    """Search for mutants that no test notices.

    Args:
        baseline: What the tests did without a mistake.
        settings: What is asked for.
        start: Starts the process of a job.
        folder: A folder for files of the search.

    Raises:
        OptionError: There is no such rule or kind of mistake.
        SearchError: The tests of a rule do not come to their end without a mistake.
    """
    from eventmock.services.table import services

    trials = trials_of(baseline, settings, services())
    tried = [number for number, one in enumerate(trials) if one.mutant.equivalent is None and one.tests]

    def limit(tests: Sequence[str]) -> float:
        if settings.timeout is not None:
            return settings.timeout
        seconds = sum(baseline.seconds.get(test, 0.0) for test in tests) + baseline.longest_setup
        return _TIMES * seconds + _SECONDS_MORE

    def carried_out(jobs: Sequence[Job], what: str) -> dict[int, Answer]:
        tell = _Progress(what, len(jobs))
        try:
            return carry_out(jobs, start, folder=folder, at_once=settings.jobs, tell=tell)
        finally:
            tell.end()

    selections = {frozenset(trials[number].tests): trials[number].tests for number in tried}
    controls = [
        Job(len(trials) + number, tests, None, limit(tests))
        for number, tests in enumerate(selections.values())
    ]
    left_out = _failures(carried_out(controls, "tests of each rule, without a mistake"))
    jobs = []
    for number in tried:
        trial = trials[number]
        tests = tuple(test for test in trial.tests if test not in left_out)
        trials[number] = trial._replace(tests=tests)
        if tests:
            change = Change(trial.module, trial.subject, trial.mutant)
            jobs.append(Job(number, tests, change, limit(tests)))
    answers = carried_out(jobs, "mutants")
    outcomes = [outcome_of(trial, answers.get(number), baseline.did) for number, trial in enumerate(trials)]
    return Found(outcomes, left_out)


def _failures(controls: Mapping[int, Answer]) -> dict[str, str]:
    """Return what pytest says of the tests that failed without a mistake.

    Raises:
        SearchError: The tests did not come to their end.
    """
    failed: dict[str, str] = {}
    for _, answer in sorted(controls.items()):
        if answer.timed_out or answer.error is not None:
            why = answer.error or f"they did not end within {answer.seconds:.0f} seconds"
            raise SearchError(
                f"the tests of some rules cannot run in a process of their own, without any mistake: {why}; "
                "try --no-fork, or a longer --timeout"
            )
        failed.update((failure.test, failure.message) for failure in answer.failures)
    return failed


class _Progress:
    """A line on a terminal that says how many jobs are done."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._is_shown = total > 0 and sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, done: int) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r{self._what}: {done} of {self._total} ")
            sys.stderr.flush()

    def end(self) -> None:
        """Remove the line."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
