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
from weakref import ref

from eventmock.coverage.data import CoverageData, Origin
from eventmock.deployment.stack import Stacks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.coverage.data import Covered
    from eventmock.services.coverage import ServiceCoverage, Subject
    from eventmock.services.service import Service
    from eventmock.state import State


class Collector:
    """Collects what tests try in the mocks that it is told of.

    Args:
        directory: The directory to which the paths of templates are relative, such as that of the test-suite.

    Attributes:
        data: The data so far.
        test: The id of the present test; empty if there is none.
    """

    def __init__(self, directory: Path) -> None:
        self.data: Final = CoverageData()
        self.test = ""
        self._directory = directory
        self._services: dict[str, ServiceCoverage] = {}
        self._watched: list[_Watched] = []
        self._known: dict[tuple[int, Origin | None], tuple[Subject, Covered]] = {}

    def watch(self, backend: EventsBackend) -> None:
        """Measure a mock from now on. `eventmock.mock.mock_events.observers` calls it with each new backend."""
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
        lasting = []
        for watched in self._watched:
            state = watched.state()
            if state is None:
                continue
            with state.lock:
                self._read(watched)
            if state.lifetime.is_active:
                lasting.append(watched)
        self._watched = lasting

    def _read(self, watched: _Watched) -> None:
        state = watched.state()
        if state is None or not watched.is_changed():
            return
        entries = state.ledger.journal[watched.entries :]
        origins = _origins(state, self._directory)
        for service in state.services:
            coverage = self._coverage_of(service)
            if coverage is None:
                continue
            for subject in coverage.subjects(state):
                covered = self._covered(subject, origins)
                if self.test:
                    covered.tests.add(self.test)
            for tried in coverage.tried(state, entries, lambda one: self._covered(one, origins).tried):
                self._covered(tried.subject, origins).add_tried(tried)
        watched.skip()

    def _covered(self, subject: Subject, origins: Mapping[str, Origin]) -> Covered:
        """Return the data of a subject. A service gives the same object for a subject that has not changed."""
        key = id(subject), origins.get(subject.arn)
        known = self._known.get(key)
        if known is None:
            covered = self.data.of(subject, key[1])
            covered.add_subject(subject)
            known = self._known[key] = subject, covered
        return known[1]

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
        state: A weak reference to the state of the mock.
        entries: The number of entries of its journal that were read.
    """

    def __init__(self, state: State) -> None:
        self.state = ref(state)
        self.entries = 0
        self._seen: object = None

    def is_changed(self) -> bool:
        """Return whether a request was answered, or something was written down, since the journal was read."""
        return self._seen != self._present()

    def skip(self) -> None:
        """Count all entries of the journal as read."""
        self._seen = self._present()
        state = self.state()
        self.entries = 0 if state is None else len(state.ledger.journal)

    def _present(self) -> object:
        state = self.state()
        return None if state is None else (state.lifetime.requests, state.epoch, len(state.ledger.journal))


def _origins(state: State, directory: Path) -> dict[str, Origin]:
    """Return the template and the logical ID of each deployed resource, by ARN."""
    found = {}
    for deployed in list(state.settings(Stacks).values()):
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
