"""What a test leaves behind: the state that it made in a mock that outlives it, and mocks that nobody stopped.

Mocks of fixtures of wider scope, and of decorated classes, outlive a test. What it did to them is undone after its own
fixtures are torn down, and before wider ones are.
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

    from eventmock.backend.events_backend import EventsBackend, Snapshot
    from eventmock.backend.report.report import Report
    from eventmock.mock.class_mock import ClassMock

MOST_BACKENDS: Final = 3
"""How many backends of a test are reported on."""
SESSION_FIXTURE: Final = "eventmock_session_backend"


@dataclass(slots=True)
class _Try:
    """One try of a test: what happens between its set-up and its tear-down.

    Attributes:
        item: The test.
        made: The backends that it made itself, the last few.
        found: The backends that it found, as it found them, and how much had happened in them.
        undone: What happened in those, once it is undone.
        has_begun: Whether its own fixtures, or it itself, have begun.
        has_passed: Whether it has run and passed.
        has_failed: Whether a phase of it has failed.
    """

    item: pytest.Item
    made: deque[EventsBackend] = field(default_factory=lambda: deque(maxlen=MOST_BACKENDS))
    found: dict[EventsBackend, tuple[Snapshot, int]] = field(default_factory=dict)
    undone: dict[EventsBackend, Report] = field(default_factory=dict)
    has_begun: bool = False
    has_passed: bool = False
    has_failed: bool = False

    def find(self, backend: EventsBackend | None) -> None:
        """Remember a backend as it is, to undo what the test does to it."""
        if backend is not None and backend not in self.found:
            self.found[backend] = backend.snapshot(), len(backend.ledger.journal)
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
        """Yield what happened in its backends, and whether anything did while it ran."""
        for backend in dict.fromkeys([*self.found, *active_backends(), *self.made]):
            report = self.undone.get(backend) or backend.report_until_now()
            _, before = self.found.get(backend, (None, 0))
            yield report, len(report.ledger.journal) > before or bool(report.ledger.refused_requests)


_try_key: Final = pytest.StashKey[_Try]()
_lasting_key: Final = pytest.StashKey["set[Activation]"]()
_session_key: Final = pytest.StashKey["EventsBackend"]()
_running_key: Final = pytest.StashKey["_Try"]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to keep which mocks outlive a test."""
    config.stash[_lasting_key] = set()


def session_backend(config: pytest.Config) -> EventsBackend | None:
    """Return the backend of the session's mock, if it has begun."""
    return config.stash.get(_session_key, None)


def reports_of(item: pytest.Item, *, only_news: bool = False) -> list[Report]:
    """What happened in the backends of a test, the last few; or only in those in which something did while it ran."""
    reports = [report for report, is_new in item.stash[_try_key].reports() if is_new or not only_news]
    return reports[-MOST_BACKENDS:]


def has_passed(item: pytest.Item) -> bool:
    """Return whether a test has run and passed: only then is fault found with what it leaves."""
    return item.stash[_try_key].has_passed


def has_failed(item: pytest.Item) -> bool:
    """Return whether a phase of a test has failed."""
    return item.stash[_try_key].has_failed


def note_phase(item: pytest.Item, report: pytest.TestReport) -> bool:
    """Note how a phase of a test ended; whether it is the first that failed."""
    this = item.stash[_try_key]
    if report.when == "call":
        this.has_passed = report.passed and not hasattr(report, "wasxfail")
    is_first = report.failed and not this.has_failed
    this.has_failed = this.has_failed or report.failed
    return is_first


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the backends that a test makes, and forget them when it is over."""

    def keep(backend: EventsBackend) -> None:
        item.stash[_try_key].made.append(backend)

    item.stash[_try_key] = _Try(item)
    mock.observers.append(keep)
    try:
        return (yield)
    finally:
        mock.observers.remove(keep)
        item.stash[_try_key] = _Try(item)
        item.config.stash[_running_key] = item.stash[_try_key]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin; a test that is tried again begins again."""
    item.stash[_try_key] = item.config.stash[_running_key] = _Try(item)
    item.config.stash[_lasting_key] = set(activations())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Remember the state that a test finds before its own fixtures, and which mocks belong to wider ones."""
    __tracebackhide__ = True
    if request.scope == "function":
        _begin(request.node)
        return (yield)
    started: list[Activation] = []
    request.addfinalizer(lambda: _end_fixture(fixturedef, request, started))
    before = activations()
    own = _of_one_test(before, request.config)
    answered = own.requests if own is not None else 0
    value = yield
    started += [one for one in activations() if one not in before]
    if own is not None and own.requests > answered and not started:
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
    """Remember it also for a test without fixtures."""
    _begin(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Stop the mocks that a test has forgotten."""
    __tracebackhide__ = True
    this = item.stash[_try_key]
    try:
        result = yield
    finally:
        lasting = item.config.stash[_lasting_key]
        forgotten = _stop(one for one in activations() if one not in lasting)
    if forgotten and this.has_passed:
        _blame("this test", forgotten)
    return result


def _of_one_test(active: tuple[Activation, ...], config: pytest.Config) -> EventsBackend | None:
    """Return the backend of the innermost mock, if that is a test's own and ends with it."""
    return active[-1].backend if active and active[-1] not in config.stash[_lasting_key] else None


def _begin(item: pytest.Item) -> None:
    """A test's own fixtures begin, or it itself: what it finds is remembered."""
    this = item.stash[_try_key]
    this.has_begun = True
    cls: Any = getattr(item, "cls", None)
    class_mock: ClassMock | None = getattr(cls, ATTRIBUTE, None)
    this.find(None if class_mock is None else class_mock.backend_of(cls))
    this.find(session_backend(item.config))


def _end_fixture(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest, started: list[Activation]
) -> None:
    """Stop what a wider fixture has forgotten, once it is torn down."""
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
