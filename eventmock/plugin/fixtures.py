"""The fixtures: Amazon EventBridge for a test, for a whole session, and a client of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from eventmock import mock
from eventmock.exceptions import OptionError
from eventmock.plugin.isolation import SESSION_FIXTURE, has_passed
from eventmock.plugin.settings import MARKER, ini_options, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_events import EventBridgeClient

    from eventmock.backend import EventsBackend

FIXTURE: Final = "events_backend"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a marked test have the fixture, before all its others but the session's, which it joins."""
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is not None and FIXTURE not in names and item.get_closest_marker(MARKER) is not None:
            of_session = [SESSION_FIXTURE] if SESSION_FIXTURE in names else []
            item.fixturenames = [*of_session, FIXTURE, *names]  # type: ignore[attr-defined]  # only function items have it


@pytest.fixture
def events_backend(request: pytest.FixtureRequest) -> Iterator[EventsBackend]:
    """Amazon EventBridge, mocked while the test runs; options come from ``@pytest.mark.eventmock(...)``.

    Where a mock is active already, such as that of `eventmock_session_backend`, it is that one's backend.
    """
    try:
        activation = mock.MockEvents(options_of(request.node))
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

    What fixtures of session, package, module and class scope make in it stays. What a test and its own fixtures make is
    undone when the test is over, clock and identifiers too.
    """
    active = mock.activations()
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
