"""What the command line asks of a search for mutants that no test notices. A process hands it to another as JSON.

Source: ours.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any, Final

VARIABLE: Final = "EVENTMOCK_MUTATE"
"""The environment variable that names the file with the order for a process of pytest."""
PLUGIN: Final = "eventmock.mutants.pytest_plugin"
BASELINE: Final = "baseline.json"
"""The file in which pytest writes what the tests did without a mistake."""
OUTCOMES: Final = "outcomes.json"
"""The file in which the process that forks for each mutant writes what became of them."""

CAN_FORK: Final = hasattr(os, "fork")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is asked for.

    Attributes:
        jobs: How many mutants are tried at the same time.
        rules: Patterns as of file names, for the labels, names and logical IDs of rules; empty for all rules.
        kinds: Patterns as of file names, for the kinds of mistakes; empty for all kinds.
        timeout: The most seconds for one mutant; None if they follow from the time without a mistake.
        forks: Whether one process of pytest collects the tests, and forks for each mutant.
    """

    jobs: int
    rules: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    timeout: float | None = None
    forks: bool = CAN_FORK

    def as_json(self) -> dict[str, Any]:
        """Return the settings as a value of JSON."""
        return asdict(self)

    @classmethod
    def of_json(cls, value: dict[str, Any]) -> Settings:
        """Return the settings of a value that `as_json` has made."""
        return cls(**(value | {"rules": tuple(value["rules"]), "kinds": tuple(value["kinds"])}))


def usable_cpus() -> int:
    """Return the number of CPUs that the process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def text_of(value: Any) -> str:
    """Return a value of JSON as the text of a file."""
    return json.dumps(value, indent=1)
