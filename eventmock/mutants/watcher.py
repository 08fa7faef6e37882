"""What each test makes the rules of its mocks do: the data of coverage, and what was counted in each test.

It is watched once without a mistake, and again with each mutant. If a count of a test differs, the test made the
mistake show.
Source: ours.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from eventmock.coverage.collector import Collector
from eventmock.mock.mock_events import observers
from eventmock.mutants.baseline import NOTHING_HAPPENED

if TYPE_CHECKING:
    from pathlib import Path

    from eventmock.coverage.data import CoverageData, Covered


class Watcher:
    """Watches what each test makes the rules of its mocks do.

    Args:
        directory: The directory to which the paths of templates are relative.

    Attributes:
        did: For each test, how often something happened in all its mocks, by its name, such as ``matched``.
        active: For each key of a subject of coverage, the tests in which it did something.
    """

    def __init__(self, directory: Path) -> None:
        self.did: Final[dict[str, Counter[str]]] = {}
        self.active: Final[dict[tuple[str, ...], set[str]]] = {}
        self._collector = Collector(directory)
        self._counted: dict[Covered, Counter[str]] = {}

    @property
    def data(self) -> CoverageData:
        """The data of coverage."""
        return self._collector.data

    def start(self) -> None:
        """Watch each mock that starts from now on."""
        observers.append(self._collector.watch)

    def stop(self) -> None:
        """Watch no more mocks."""
        observers.remove(self._collector.watch)

    def begin(self, test: str) -> None:
        """Count what happens for a test."""
        self._collector.test = test
        self.did.setdefault(test, Counter())

    def end(self) -> None:
        """Add what has happened in the test, which is over."""
        self._read()
        self._collector.test = ""

    def _read(self) -> None:
        self._collector.read()
        test = self._collector.test
        for covered in self.data:
            before = self._counted.get(covered)
            if covered.counts == before:
                continue
            new = covered.counts - (before or Counter())
            self._counted[covered] = covered.counts.copy()
            if not test:
                continue
            for name, count in new.items():
                what = name.partition(" ")[0]
                if what != NOTHING_HAPPENED:
                    self.did[test][what] += count
                    self.active.setdefault(covered.key, set()).add(test)
