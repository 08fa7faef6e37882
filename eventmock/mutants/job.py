"""A job: some tests to run in a process of their own, with or without a mistake; and what the process answers.

Source: ours.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from eventmock.services.mutants import Mutant, Mutated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Change(NamedTuple):
    """A mistake for all mocks of a process.

    Attributes:
        module: The name of the module whose ``MUTANTS`` knows the mistake.
        subject: The rule.
        mutant: The mistake.
    """

    module: str
    subject: Mutated
    mutant: Mutant


class Job(NamedTuple):
    """Some tests to run in a process of their own.

    Attributes:
        number: The number of the job, which no other job has.
        tests: The ids of the tests, in the order in which they run.
        change: The mistake; None for none. With a mistake, the first test that fails is the last that runs.
        limit: The most seconds that the process may take.
    """

    number: int
    tests: tuple[str, ...]
    change: Change | None
    limit: float

    def as_json(self) -> dict[str, Any]:
        """Return the job as a value of JSON."""
        change = self.change
        of_change = (
            None if change is None else [change.module, change.subject._asdict(), change.mutant._asdict()]
        )
        return self._asdict() | {"change": of_change}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Job:
        """Return the job of a value that `as_json` has made."""
        change = None
        if value["change"] is not None:
            module, subject, mutant = value["change"]
            several = {name: tuple(subject[name]) for name in ("places", "names", "targets")}
            change = Change(module, Mutated(**{**subject, **several}), Mutant(**mutant))
        return cls(value["number"], tuple(value["tests"]), change, value["limit"])


class Failure(NamedTuple):
    """A test that failed.

    Attributes:
        test: The id of the test.
        when: The phase: ``setup``, ``call`` or ``teardown``.
        message: The first line of what pytest says.
    """

    test: str
    when: str
    message: str


class Answer(NamedTuple):
    """What became of a job.

    Attributes:
        failures: The tests that failed.
        did: For each test that ran, how often something happened in all its mocks.
        error: Why the process has not run the tests to their end; None if it has.
        timed_out: Whether the process took too long, and was ended.
        seconds: How long it took.
    """

    failures: tuple[Failure, ...] = ()
    did: Mapping[str, Counter[str]] = {}
    error: str | None = None
    timed_out: bool = False
    seconds: float = 0.0


def write_answer(path: Path, answer: Answer) -> None:
    """Write what became of a job."""
    path.write_text(json.dumps(answer._asdict()), encoding="utf-8")


def read_answer(path: Path) -> Answer | None:
    """Return what became of a job; None if the process wrote nothing, or was ended while it wrote."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Answer(
        failures=tuple(Failure(*one) for one in value["failures"]),
        did={test: Counter(counts) for test, counts in value["did"].items()},
        error=value["error"],
    )


class Running(Protocol):
    """A process that runs a job."""

    def ended(self) -> str | None:
        """Return how the process ended, such as ``exit code 0``; None if it still runs."""

    def kill(self) -> None:
        """End the process, and those that it has started."""
