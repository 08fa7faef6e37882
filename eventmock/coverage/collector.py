"""The collector: it reads in the journals of mocks what the tests try, and adds it to the data of coverage.

It reads when a test is over, and before a mock clears or restores its records. So a mock that is measured runs as any
other does.
Source: ours.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eventmock.coverage.data import CoverageData, Origin
from eventmock.deployment.stack import Stacks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.coverage.data import Covered
    from eventmock.deployment.stack import DeployedStack
    from eventmock.services.coverage import ServiceCoverage, Subject
    from eventmock.services.service import Service
    from eventmock.state import State


_MOST_STACKS: Final = 20
"""How many stacks are kept in mind, with their templates."""


class Collector:
    """Collects what tests try in the mocks that it is told of.

    Args:
        directory: The directory to which the paths of templates are relative, such as that of the test-suite.

    Attributes:
        data: The data so far.
        test: The id of the present test; empty if there is none.
        errors: The errors that were raised while journals were read, by test. They are bugs of ours, and do not stop
            the test.
    """

    def __init__(self, directory: Path) -> None:
        self.data: Final = CoverageData()
        self.test = ""
        self.errors: Final[dict[str, Exception]] = {}
        self._directory = directory
        self._services: dict[str, ServiceCoverage] = {}
        self._watched: list[_Watched] = []
        self._stacks: dict[int, tuple[DeployedStack, dict[str, Origin]]] = {}
        self._known: dict[tuple[int, Origin | None], tuple[Subject, Covered]] = {}

    def watch(self, backend: EventsBackend) -> None:
        """Measure a mock from now on. `eventmock.mock.mock_events.observers` calls it with each new backend.

        Mocks that have stopped are read now, so that a test with many mocks does not keep all of them.
        """
        self._read_each(one for one in self._watched if not one.state.lifetime.is_active)
        watched = _Watched(backend.state)
        self._watched.append(watched)
        others = backend.state.while_forgetting

        @contextmanager
        def forgetting() -> Iterator[None]:
            self._read(watched)
            with others():
                yield
            watched.skip()

        backend.state.while_forgetting = forgetting

    def read(self) -> None:
        """Add what the mocks have done since the last call. A mock that has stopped is not read again."""
        self._read_each(self._watched)

    def _read_each(self, several: Iterable[_Watched]) -> None:
        """Read some mocks, and forget those that have stopped."""
        for watched in list(several):
            with watched.state.lock:
                self._read(watched)
        self._watched = [one for one in self._watched if one.state.lifetime.is_active]

    def _read(self, watched: _Watched) -> None:
        if watched.is_changed():
            try:
                self._add(watched.state, watched.entries)
            except Exception as error:  # noqa: BLE001 - an error of coverage must not stop the test
                self.errors.setdefault(self.test, error)
            watched.skip()

    def _add(self, state: State, first: int) -> None:
        """Add what a mock has done from an entry of its journal on."""
        entries = state.ledger.journal[first:]
        origins = self._origins(state)
        for service in state.services:
            coverage = self._coverage_of(service)
            if coverage is None:
                continue
            seen = [self._covered(subject, origins) for subject in coverage.subjects(state)]
            for tried in coverage.tried(state, entries, lambda one: self._covered(one, origins).tried):
                covered = self._covered(tried.subject, origins)
                covered.add_tried(tried)
                seen.append(covered)  # a rule that was replaced since is not among the subjects
            if self.test:
                for covered in seen:
                    covered.tests.add(self.test)

    def _covered(self, subject: Subject, origins: Mapping[str, Origin]) -> Covered:
        """Return the data of a subject. A service gives the same object for a subject that has not changed."""
        key = id(subject), origins.get(subject.arn)
        known = self._known.get(key)
        if known is None:
            covered = self.data.of(subject, key[1])
            covered.add_subject(subject)
            known = self._known[key] = subject, covered
        return known[1]

    def _origins(self, state: State) -> dict[str, Origin]:
        """Return the template and the logical ID of each deployed resource, by ARN."""
        found: dict[str, Origin] = {}
        for deployed in list(state.settings(Stacks).values()):
            known = self._stacks.get(id(deployed))
            if known is None:
                if len(self._stacks) >= _MOST_STACKS:
                    self._stacks.clear()
                known = self._stacks[id(deployed)] = deployed, _origins_of(deployed, self._directory)
            found |= known[1]
        return found

    def _coverage_of(self, service: Service) -> ServiceCoverage | None:
        """Return what a service adds to coverage; None if it adds nothing."""
        module = service.face.coverage
        if module is None:
            return None
        found = self._services.get(module)
        if found is None:
            found = self._services[module] = import_module(module).COVERAGE()
        return found


class _Watched:
    """A mock that is measured.

    Attributes:
        state: The state of the mock.
        entries: The number of entries of its journal that were read.
    """

    def __init__(self, state: State) -> None:
        self.state: Final = state
        self.entries = 0
        self._seen: object = None

    def is_changed(self) -> bool:
        """Return whether a request was answered, or something was written down, since the journal was read."""
        return self._seen != self._present()

    def skip(self) -> None:
        """Count all entries of the journal as read."""
        self._seen = self._present()
        self.entries = len(self.state.ledger.journal)

    def _present(self) -> object:
        state = self.state
        return state.lifetime.requests, state.epoch, len(state.ledger.journal)


def _origins_of(deployed: DeployedStack, directory: Path) -> dict[str, Origin]:
    """Return the template and the logical ID of each resource of a stack, by ARN."""
    found = {}
    for resource in deployed.resources.values():
        if resource.arn is not None:
            place = deployed.template.place_of(resource.logical_id)
            name = deployed.stack.name if place.file is None else _relative(place.file, directory)
            found[resource.arn] = Origin(name, resource.logical_id, place.line)
    return found


def _relative(file: str, directory: Path) -> str:
    """Return the path of a file relative to a directory, if it lies below it; with slashes, as on every system."""
    path = Path(file).absolute()
    return path.relative_to(directory).as_posix() if path.is_relative_to(directory) else file
