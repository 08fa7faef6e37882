"""Isolation of tests: changes in a mock that outlives a test are undone, and mocks that were not stopped are stopped.

The mocks of fixtures of wider scope, and of decorated classes, outlive a test. The changes that a test made in them are
undone after the fixtures of function scope are torn down, and before the others are.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from eventmock.mock import mock_events as mock
from eventmock.mock.active_mocks import Activation, activations, active_backends
from eventmock.mock.class_mock import ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.backend.report.report import Report
    from eventmock.mock.class_mock import ClassMock
    from eventmock.state import Snapshot

MOST_BACKENDS: Final = 3
"""How many backends of a test the report shows, the latest ones."""
SESSION_FIXTURE: Final = "eventmock_session_backend"


@dataclass(slots=True)
class _Attempt:
    """One attempt at a test, from set-up to tear-down. A plugin may run a test several times.

    Attributes:
        item: The test.
        made: The latest backends that were made during the test.
        found: The backends that existed before the test, each with a snapshot and the length of its journal then.
        undone: The reports of these backends, once the changes of the test are undone.
        has_begun: Whether the set-up of the test's own fixtures, or the test itself, has begun.
        has_passed: Whether the test has run and passed.
        has_failed: Whether a phase of the test has failed.
    """

    item: pytest.Item
    made: deque[EventsBackend] = field(default_factory=lambda: deque(maxlen=MOST_BACKENDS))
    found: dict[EventsBackend, tuple[Snapshot, int]] = field(default_factory=dict)
    undone: dict[EventsBackend, Report] = field(default_factory=dict)
    has_begun: bool = False
    has_passed: bool = False
    has_failed: bool = False

    def find(self, backend: EventsBackend | None) -> None:
        """Take a snapshot of a backend, and restore it after the test."""
        if backend is not None and backend not in self.found:
            self.found[backend] = backend.snapshot(), len(backend.state.ledger.journal)
            self.item.addfinalizer(lambda: self._undo(backend))

    def _undo(self, backend: EventsBackend) -> None:
        __tracebackhide__ = True
        snapshot, _ = self.found[backend]
        self.undone[backend] = backend.report_until_now()
        try:
            if self.has_passed:
                backend.check(since=snapshot)
        finally:
            backend.restore(snapshot)

    def reports(self) -> Iterator[tuple[Report, bool]]:
        """Yield a report of each backend of the test, and whether anything happened in it during the test."""
        for backend in dict.fromkeys([*self.found, *active_backends(), *self.made]):
            report = self.undone.get(backend) or backend.report_until_now()
            _, before = self.found.get(backend, (None, 0))
            yield report, len(report.ledger.journal) > before or bool(report.ledger.refused_requests)


_attempt_key: Final = pytest.StashKey[_Attempt]()
_lasting_key: Final = pytest.StashKey["set[Activation]"]()
_session_key: Final = pytest.StashKey["EventsBackend"]()
_running_key: Final = pytest.StashKey["_Attempt"]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the set of the mocks that outlive a test."""
    config.stash[_lasting_key] = set()


def session_backend(config: pytest.Config) -> EventsBackend | None:
    """Return the backend of the session's mock; None if that mock has not begun."""
    return config.stash.get(_session_key, None)


def reports_of(item: pytest.Item, *, only_news: bool = False) -> list[Report]:
    """Return reports of the latest backends of a test; with `only_news`, of those in which the test did something."""
    reports = [report for report, is_new in item.stash[_attempt_key].reports() if is_new or not only_news]
    return reports[-MOST_BACKENDS:]


def has_passed(item: pytest.Item) -> bool:
    """Return whether a test has run and passed. Only then may the checks after it fail."""
    return item.stash[_attempt_key].has_passed


def has_failed(item: pytest.Item) -> bool:
    """Return whether a phase of a test has failed."""
    return item.stash[_attempt_key].has_failed


def note_phase(item: pytest.Item, report: pytest.TestReport) -> bool:
    """Store whether a phase of a test passed or failed, and return whether it is the first phase that failed."""
    this = item.stash[_attempt_key]
    if report.when == "call":
        this.has_passed = report.passed and not hasattr(report, "wasxfail")
    is_first = report.failed and not this.has_failed
    this.has_failed = this.has_failed or report.failed
    return is_first


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Collect the backends that are made during a test, until the test is over."""

    def keep(backend: EventsBackend) -> None:
        item.stash[_attempt_key].made.append(backend)

    item.stash[_attempt_key] = _Attempt(item)
    mock.observers.append(keep)
    try:
        return (yield)
    finally:
        mock.observers.remove(keep)
        item.stash[_attempt_key] = _Attempt(item)
        item.config.stash[_running_key] = item.stash[_attempt_key]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin an attempt at a test."""
    item.stash[_attempt_key] = item.config.stash[_running_key] = _Attempt(item)
    item.config.stash[_lasting_key] = set(activations())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Take snapshots before the first fixture of function scope; collect the mocks that wider fixtures start."""
    __tracebackhide__ = True
    if request.scope == "function":
        _begin(request.node)
        return (yield)
    started: list[Activation] = []
    request.addfinalizer(lambda: _end_fixture(fixturedef, request, started))
    before = activations()
    own = _of_one_test(before, request.config)
    answered = own.state.lifetime.requests if own is not None else 0
    value = yield
    started += [one for one in activations() if one not in before]
    if own is not None and own.state.lifetime.requests > answered and not started:
        fixturedef.finish(request)  # type: ignore[arg-type]  # it is a SubRequest, which pytest does not export
        pytest.fail(
            f"the fixture {fixturedef.argname} ({request.scope} scope) called EventBridge inside the mock of one test, "
            "which takes along what it made when it ends.\n"
            f"Let it have {SESSION_FIXTURE}, or decorate it by @mock_events; or give it function scope.",
            pytrace=False,
        )
    request.config.stash[_lasting_key].update(started)
    if fixturedef.argname == SESSION_FIXTURE and started:
        backend = request.config.stash[_session_key] = started[-1].backend
        this = request.config.stash[_running_key]
        if this.has_begun:
            this.find(backend)
    return value


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Take the snapshots now, if the test has no fixture of function scope."""
    _begin(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Stop the mocks that a test has started and not stopped."""
    __tracebackhide__ = True
    this = item.stash[_attempt_key]
    try:
        result = yield
    finally:
        lasting = item.config.stash[_lasting_key]
        forgotten = _stop(one for one in activations() if one not in lasting)
    if forgotten and this.has_passed:
        _blame("this test", forgotten)
    return result


def _of_one_test(active: tuple[Activation, ...], config: pytest.Config) -> EventsBackend | None:
    """Return the backend of the innermost mock, if that mock ends with the test; else None."""
    return active[-1].backend if active and active[-1] not in config.stash[_lasting_key] else None


def _begin(item: pytest.Item) -> None:
    """Take the snapshots of the backends that outlive a test."""
    this = item.stash[_attempt_key]
    this.has_begun = True
    cls: Any = getattr(item, "cls", None)
    class_mock: ClassMock | None = getattr(cls, ATTRIBUTE, None)
    this.find(None if class_mock is None else class_mock.backend_of(cls))
    this.find(session_backend(item.config))


def _end_fixture(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest, started: list[Activation]
) -> None:
    """Stop the mocks that a wider fixture has started and not stopped, after its tear-down."""
    forgotten = _stop(one for one in started if one in activations())
    request.config.stash[_lasting_key].difference_update(started)
    if forgotten and request.scope != "session":
        _blame(f"the fixture {fixturedef.argname}", forgotten)


def _stop(mocks: Iterable[Activation]) -> list[Activation]:
    stopped = list(mocks)
    for one in stopped:
        mock.stop_forgotten(one)
    return stopped


def _blame(who: str, forgotten: list[Activation]) -> None:
    __tracebackhide__ = True
    pytest.fail(
        f"{who} started a mock and never stopped it, at {', '.join(one.place for one in forgotten)}.\n"
        "eventmock has stopped it now: it would have answered the tests that come after.\n"
        "Use the fixture events_backend, `with mock_events():`, or stop it in the tear-down.",
        pytrace=False,
    )
