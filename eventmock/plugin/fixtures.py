"""The pytest fixtures: Amazon EventBridge for a test or for the whole session, and a client."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from eventmock.exceptions import ClockError, OptionError
from eventmock.mock import mock_events as mock
from eventmock.mock.active_mocks import activations
from eventmock.options import Options
from eventmock.plugin.isolation import SESSION_FIXTURE, has_passed, session_backend
from eventmock.plugin.settings import asks_for_mock, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_events import EventBridgeClient

    from eventmock.backend.events_backend import EventsBackend

FIXTURE: Final = "events_backend"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the mock of a test that has the fixture or the mark before the test's other fixtures."""
    for item in items:
        if isinstance(item, pytest.Function) and (FIXTURE in item.fixturenames or asks_for_mock(item)):
            item.fixturenames = _in_order(item)


def _in_order(item: pytest.Function) -> list[str]:
    """Return the names of a test's fixtures in the order in which they are set up.

    Fixtures of wider scope come before the mock, unless the test has the mark: then the mock is active for them too.
    """
    others = [name for name in item.fixturenames if name != FIXTURE]
    if asks_for_mock(item) and SESSION_FIXTURE not in others:
        return [FIXTURE, *others]
    known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 - nothing public has the scopes
    wider = [name for name in others if name in known and known[name][-1].scope != "function"]
    return [*wider, FIXTURE, *(name for name in others if name not in wider)]


def _place(request: pytest.FixtureRequest, fixture: str) -> str:
    """Return the file and line of the test that asks for a fixture, which starts a mock."""
    item = request._pyfuncitem  # noqa: SLF001 - nothing public has the test that asks for a session's fixture
    return f"{item.path}:{(item.location[1] or 0) + 1} (by the fixture {fixture})"


def _is_in_session_mock(request: pytest.FixtureRequest) -> bool:
    """Return whether the innermost mock is the session's."""
    active = activations()
    return bool(active) and active[-1].backend is session_backend(request.config)


@pytest.fixture
def events_backend(request: pytest.FixtureRequest) -> Iterator[EventsBackend]:
    """Amazon EventBridge, mocked while the test runs; options come from ``@pytest.mark.eventmock(...)``.

    A test that also uses `eventmock_session_backend` gets the backend of the session, whose clock stands at the
    ``start_time`` of the marker until the test is over. A test that runs inside another mock, such as the mock of a
    decorated class, gets the backend of that mock.
    """
    __tracebackhide__ = True
    try:
        options = options_of(request.node)
        own_time = None
        if _is_in_session_mock(request) and not options.isolated:
            if SESSION_FIXTURE in request.fixturenames:
                own_time, options = options.start_time, replace(options, start_time=None)
            else:
                options = replace(options, isolated=True)
        activation = mock.MockEvents(options, _place(request, FIXTURE))
        backend = activation.start()
    except OptionError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        if own_time is not None:
            backend.clock.start_at(own_time)
    except ClockError as error:
        activation.stop(quietly=True)
        pytest.fail(
            f"@pytest.mark.eventmock(start_time=...) of a test with {SESSION_FIXTURE}: {error}.\n"
            "Set eventmock_start_time in the ini file to an earlier moment, or give the test a backend of its own: "
            "isolated=True.",
            pytrace=False,
        )
    yield backend
    activation.stop(quietly=not has_passed(request.node))


@pytest.fixture(scope="session")
def eventmock_session_backend(request: pytest.FixtureRequest) -> Iterator[EventsBackend]:
    """Amazon EventBridge, mocked from now to the end of the session; options come from the ini file.

    Changes by fixtures of session, package, module and class scope stay. Changes by a test and its own fixtures are
    undone after the test, also those of the clock and the identifiers.
    """
    __tracebackhide__ = True
    active = activations()
    if active:
        pytest.fail(
            f"{SESSION_FIXTURE} is asked for inside another mock, which was started at {active[-1].place}.\n"
            "It outlives all others: let the test have it as an argument, and not by getfixturevalue.",
            pytrace=False,
        )
    activation = mock.MockEvents(Options(), _place(request, SESSION_FIXTURE))
    yield activation.start()
    activation.stop(quietly=True)


@pytest.fixture
def events_client(events_backend: EventsBackend) -> EventBridgeClient:
    """A boto3 client of ``events`` in the default account and region."""
    return events_backend.client()
