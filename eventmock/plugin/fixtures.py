"""The pytest fixtures: Amazon EventBridge for a test or for the whole session, and a client."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from eventmock.exceptions import OptionError
from eventmock.mock import mock_events as mock
from eventmock.mock.active_mocks import activations
from eventmock.plugin.isolation import SESSION_FIXTURE, has_passed, session_backend
from eventmock.plugin.settings import MARKER, ini_options, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_events import EventBridgeClient

    from eventmock.backend.events_backend import EventsBackend

FIXTURE: Final = "events_backend"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the mock of a test that has the fixture or the mark before the test's other fixtures."""
    for item in items:
        if isinstance(item, pytest.Function) and (FIXTURE in item.fixturenames or _is_marked(item)):
            item.fixturenames = _in_order(item)


def _is_marked(item: pytest.Item) -> bool:
    return item.get_closest_marker(MARKER) is not None


def _in_order(item: pytest.Function) -> list[str]:
    """Return the names of a test's fixtures in the order in which they are set up.

    Fixtures of wider scope come before the mock, unless the test has the mark: then the mock is active for them too.
    """
    others = [name for name in item.fixturenames if name != FIXTURE]
    if _is_marked(item) and SESSION_FIXTURE not in others:
        return [FIXTURE, *others]
    known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 - nothing public has the scopes
    wider = [name for name in others if name in known and known[name][-1].scope != "function"]
    return [*wider, FIXTURE, *(name for name in others if name not in wider)]


def _is_in_session_mock(request: pytest.FixtureRequest) -> bool:
    """Return whether the innermost mock is the session's."""
    active = activations()
    return bool(active) and active[-1].backend is session_backend(request.config)


@pytest.fixture
def events_backend(request: pytest.FixtureRequest) -> Iterator[EventsBackend]:
    """Amazon EventBridge, mocked while the test runs; options come from ``@pytest.mark.eventmock(...)``.

    A test that also uses `eventmock_session_backend` gets the backend of the session. A test that runs inside another
    mock, such as the mock of a decorated class, gets the backend of that mock.
    """
    __tracebackhide__ = True
    try:
        options = options_of(request.node)
        if _is_in_session_mock(request) and SESSION_FIXTURE not in request.fixturenames:
            options = replace(options, isolated=True)
        activation = mock.MockEvents(options)
        backend = activation.start()
    except OptionError as error:
        wrong = str(error)
    else:
        yield backend
        activation.stop(quietly=not has_passed(request.node))
        return
    pytest.fail(wrong, pytrace=False)


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
    activation = mock.MockEvents(ini_options(request.config))
    yield activation.start()
    activation.stop(quietly=True)


@pytest.fixture
def events_client(events_backend: EventsBackend) -> EventBridgeClient:
    """A boto3 client of ``events`` in the default account and region."""
    return events_backend.client()
