"""``mutate``: which mistakes in rules the tests would not notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eventmock.commands.output import say, say_json
from eventmock.exceptions import OptionError
from eventmock.mutants.command import run_command
from eventmock.mutants.report import data_of, score, text_of
from eventmock.mutants.settings import CAN_FORK, Settings, usable_cpus

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDARD_OUTPUT: Final = "-"


def run(  # noqa: PLR0913 - the options of the command
    command: Sequence[str],
    *,
    jobs: int | None,
    rules: Sequence[str],
    kinds: Sequence[str],
    timeout: float | None,
    no_fork: bool,
    json_file: str | None,
    equivalent: bool,
    fail_on_unnoticed: bool,
    min_score: float | None,
) -> int:
    """Run the tests with mistakes in rules, and print which no test noticed.

    Args:
        command: The words of the command that runs the tests.
        jobs: How many mutants are tried at the same time; None for the number of CPUs that the process may use.
        rules: Patterns as of file names, for the labels, names and logical IDs of rules; empty for all rules.
        kinds: Patterns as of file names, for the kinds of mistakes; empty for all.
        timeout: The most seconds for one mutant; None for a limit by the time without a mistake.
        no_fork: Whether each mutant has a process that is started anew.
        json_file: The file to which the result is written as JSON; ``-`` prints it instead of the report; None for
            neither.
        equivalent: Whether mutants that are proven to change nothing are listed too.
        fail_on_unnoticed: Whether the exit code is 1 if a mutant is unnoticed.
        min_score: The least score in percent; below it the exit code is 1.

    Returns:
        1 if the tests noticed less than was wanted, else 0.

    Raises:
        SearchError: The tests cannot be run, or fail without a mistake.
        OptionError: There is no such rule or kind of mistake, or the file cannot be written.
    """
    settings = Settings(
        jobs=jobs or usable_cpus(),
        rules=tuple(rules),
        kinds=tuple(kinds),
        timeout=timeout,
        forks=CAN_FORK and not no_fork,
    )
    searched = run_command(command, settings, to_stderr=json_file == STANDARD_OUTPUT)
    if json_file == STANDARD_OUTPUT:
        say_json(data_of(searched))
    else:
        say("\n" + text_of(searched, with_equivalent=equivalent))
        if json_file is not None:
            _write(json_file, json.dumps(data_of(searched), indent=2) + "\n")
    outcomes = searched.found.outcomes
    has_unnoticed = any(one.verdict == "unnoticed" for one in outcomes)
    return int(
        (fail_on_unnoticed and has_unnoticed) or (min_score is not None and score(outcomes) < min_score)
    )


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OptionError(f"--json {path}: {error.strerror}; wanted the path of a file to write") from None
