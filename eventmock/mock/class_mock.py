"""The mock of a decorated test class: active from class set-up to class tear-down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.backend.events_backend import EventsBackend, Snapshot
    from eventmock.mock.mock_events import MockEvents

ATTRIBUTE: Final = "__eventmock_class__"
"""Where a decorated class keeps its mock."""


class ClassMock:
    """The mock of a test class and of the classes that inherit from it.

    Args:
        mock: One like it is started for each class that runs.
    """

    def __init__(self, mock: MockEvents) -> None:
        self._mock = mock
        self._running: dict[type, tuple[MockEvents, EventsBackend]] = {}
        self._snapshots: dict[type, Snapshot] = {}

    def backend_of(self, cls: type) -> EventsBackend | None:
        """Return the backend of a class that runs, else None."""
        running = self._running.get(cls)
        return None if running is None else running[1]

    def of_a_call(self) -> MockEvents:
        """Return a mock for one call of a method: it joins that of the class, if the class has begun."""
        return self._mock.another(joins=bool(self._running))

    def start(self, cls: type) -> None:
        """Begin a class; a class that has begun already goes on."""
        if cls not in self._running:
            mock = self._mock.another()
            self._running[cls] = mock, mock.start()

    def stop(self, cls: type) -> None:
        """End a class, if it has begun. Its tests have been checked one by one."""
        if cls in self._running:
            mock, _ = self._running.pop(cls)
            self._snapshots.pop(cls, None)
            mock.stop(quietly=True)

    def begin_test(self, cls: type) -> None:
        """Undo what earlier tests of the class did."""
        backend = self.backend_of(cls)
        if backend is None:
            return
        if cls in self._snapshots:
            backend.restore(self._snapshots[cls])
        else:
            self._snapshots[cls] = backend.snapshot()
