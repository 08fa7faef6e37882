"""What the tests did without a mistake. The process of pytest writes it, and mutants are made of it.

Source: ours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from eventmock.coverage.data import CoverageData, read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

NOTHING_HAPPENED: Final = "refused"
"""The name of the count that rises although a subject of coverage did nothing."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What the tests did without a mistake.

    Attributes:
        status: pytest's exit code.
        failed: The ids of the tests that failed.
        seconds: The time of each test, in seconds.
        longest_setup: The longest time of a set-up, in seconds. Such a set-up may be that of a fixture for many tests.
        did: For each test, how often something happened in all its mocks.
        active: For each key of a subject of coverage, the tests in which it did something.
        data: The data of coverage.
        modules: The modules that the tests have loaded, as far as `eventmock.mutants.warm_up` loads them.
    """

    status: int
    failed: Sequence[str] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    longest_setup: float = 0.0
    did: Mapping[str, Counter[str]] = field(default_factory=dict)
    active: Mapping[tuple[str, ...], Collection[str]] = field(default_factory=dict)
    data: CoverageData = field(default_factory=CoverageData)
    modules: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the baseline as a value of JSON."""
        return {
            "status": self.status,
            "failed": list(self.failed),
            "seconds": dict(self.seconds),
            "longest_setup": self.longest_setup,
            "did": self.did,
            "active": [[list(key), sorted(tests)] for key, tests in self.active.items()],
            "data": self.data.text(),
            "modules": list(self.modules),
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Baseline:
        """Return the baseline of a value that `as_json` has made."""
        return cls(
            status=value["status"],
            failed=value["failed"],
            seconds=value["seconds"],
            longest_setup=value["longest_setup"],
            did={test: Counter(counts) for test, counts in value["did"].items()},
            active={tuple(key): tests for key, tests in value["active"]},
            data=read_text(value["data"], "the baseline"),
            modules=value["modules"],
        )
