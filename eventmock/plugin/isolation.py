"""What a test leaves behind: the state that it made in a mock that outlives it, and mocks that nobody stopped."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import pytest

from eventmock import mock
from eventmock.class_mock import ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Generator

    from eventmock.backend import EventsBackend
    from eventmock.class_mock import ClassMock

MOST_BACKENDS: Final = 3
"""How many backends that a test made itself are kept to report on."""
SESSION_FIXTURE: Final = "eventmock_session_backend"

_made_key: Final = pytest.StashKey["deque[EventsBackend]"]()
_failed_key: Final = pytest.StashKey[bool]()
_undo_key: Final = pytest.StashKey["dict[EventsBackend, Any]"]()
_lasting_key: Final = pytest.StashKey["set[mock.Activation]"]()
_session_key: Final = pytest.StashKey["EventsBackend"]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to keep which mocks belong to fixtures that outlive a test."""
    config.stash[_lasting_key] = set()


def backends_of(item: pytest.Item) -> list[EventsBackend]:
    """The backends that a test has made and those that are active, the last few."""
    return list(dict.fromkeys([*mock.active_backends(), *item.stash[_made_key]]))[-MOST_BACKENDS:]


def has_failed(item: pytest.Item) -> bool:
    """Whether a phase of a test has failed by now."""
    return item.stash.get(_failed_key, False)


def note_failure(item: pytest.Item) -> bool:
    """Note that a phase of a test has failed; whether it is the first."""
    is_first = not has_failed(item)
    item.stash[_failed_key] = True
    return is_first


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the backends that a test makes, and undo what it did to those that outlive it."""
    made: deque[EventsBackend] = deque(maxlen=MOST_BACKENDS)
    item.stash[_made_key] = made
    item.stash[_undo_key] = {}
    item.config.stash[_lasting_key] = set(mock.activations())
    mock.observers.append(made.append)
    try:
        return (yield)
    finally:
        mock.observers.remove(made.append)
        del item.stash[_made_key]
        for backend, snapshot in item.stash[_undo_key].items():
            backend.restore(snapshot)
        del item.stash[_undo_key]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Remember the state that a test finds before its own fixtures, and whose mocks outlive it."""
    if request.scope == "function":
        _remember_state(request.node)
        return (yield)
    before = set(mock.activations())
    try:
        value: Any = yield
    finally:
        request.config.stash[_lasting_key] |= set(mock.activations()) - before
    if fixturedef.argname == SESSION_FIXTURE:
        request.config.stash[_session_key] = value
    return value


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Remember it also for a test without fixtures."""
    _remember_state(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Check a test by itself whose mock outlives it, and stop the mocks that it has forgotten."""
    result = yield
    forgotten = [one for one in mock.activations() if one not in item.config.stash[_lasting_key]]
    for activation in forgotten:
        activation.stop()
    if not has_failed(item):
        for backend in item.stash[_undo_key]:
            backend.check()
        if forgotten:
            places = ", ".join(activation.place for activation in forgotten)
            pytest.fail(
                f"this test started a mock and never stopped it, at {places}.\n"
                "eventmock has stopped it now: it would have answered the tests that come after.\n"
                "Use the fixture events_backend, `with mock_events():`, or stop it in the tear-down.",
                pytrace=False,
            )
    return result


def _remember_state(item: pytest.Item) -> None:
    """Take a snapshot, once a test, of the backends of its class and of the session."""
    cls: Any = getattr(item, "cls", None)
    class_mock: ClassMock | None = getattr(cls, ATTRIBUTE, None)
    of_class = None if class_mock is None else class_mock.backend_of(cls)
    of_session = item.config.stash.get(_session_key, None)
    for backend in (of_class, of_session):
        if backend is not None and backend not in item.stash[_undo_key]:
            item.stash[_undo_key][backend] = backend.snapshot()
