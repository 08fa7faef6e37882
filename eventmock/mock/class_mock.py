"""The mock of a decorated test class: active from class set-up to class tear-down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.backend.events_backend import EventsBackend
    from eventmock.mock.mock_events import MockEvents
    from eventmock.state import Snapshot

ATTRIBUTE: Final = "__eventmock_class__"
"""The attribute in which a decorated class keeps its mock."""


class ClassMock:
    """The mock of a test class and of the classes that inherit from it.

    Args:
        mock: The mock of the decorator. For each class that runs, a mock with the same options is started.
    """

    def __init__(self, mock: MockEvents) -> None:
        self._mock = mock
        self._running: dict[type, tuple[MockEvents, EventsBackend]] = {}
        self._snapshots: dict[type, Snapshot] = {}

    def backend_of(self, cls: type) -> EventsBackend | None:
        """Return the backend of a class that runs; None if it does not run."""
        running = self._running.get(cls)
        return None if running is None else running[1]

    def of_a_call(self) -> MockEvents:
        """Return a mock for one call of a method. It joins the mock of the class, if that one has begun."""
        return self._mock.another(joins=bool(self._running))

    def start(self, cls: type) -> None:
        """Start the mock of a class, unless it has begun."""
        if cls not in self._running:
            mock = self._mock.another()
            self._running[cls] = mock, mock.start()

    def stop(self, cls: type) -> None:
        """Stop the mock of a class, if it has begun. Nothing is checked, because each test was checked."""
        if cls in self._running:
            mock, _ = self._running.pop(cls)
            self._snapshots.pop(cls, None)
            mock.stop(quietly=True)

    def begin_test(self, cls: type) -> None:
        """Undo the changes of earlier tests of the class."""
        backend = self.backend_of(cls)
        if backend is None:
            return
        if cls in self._snapshots:
            backend.restore(self._snapshots[cls])
        else:
            self._snapshots[cls] = backend.snapshot()
