"""The pytest plugin: fixture, marker, ini options and the report section of a failing test.

It imports neither botocore nor boto3 when pytest loads it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import pytest

from eventmock import mock
from eventmock.class_mock import ATTRIBUTE
from eventmock.exceptions import OptionError
from eventmock.options import Options

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from eventmock.backend import EventsBackend
    from eventmock.class_mock import ClassMock

FIXTURE: Final = "events_backend"
MARKER: Final = "eventmock"
MAX_SECTIONS: Final = 3
MAX_LINES: Final = 40
INI_OPTIONS: Final = {
    "region": ("string", "the region of clients that name none"),
    "account": ("string", "the account that calls, 12 digits"),
    "start_time": ("string", "where the clock stands, ISO 8601"),
    "seed": ("string", "seeds the identifiers"),
    "strict": ("bool", "unmatched, dropped and failed events fail the test"),
    "passthrough": ("linelist", "hosts that requests of other services may go to"),
}

_seen_key: Final = pytest.StashKey["deque[EventsBackend]"]()
_failed_key: Final = pytest.StashKey[bool]()
_undo_key: Final = pytest.StashKey["tuple[EventsBackend, Any]"]()
_ini_key: Final = pytest.StashKey[Options]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    for name, (kind, text) in INI_OPTIONS.items():
        parser.addini(f"eventmock_{name}", f"eventmock: {text}", type=kind, default=None)  # type: ignore[arg-type]  # pytest wants literals


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse ini options that are wrong."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(region, account, start_time, seed, strict, passthrough, isolated): "
        "mock Amazon EventBridge while the test runs, with these options.",
    )
    given = {name: config.getini(f"eventmock_{name}") for name in INI_OPTIONS}
    if given["seed"] is not None and given["seed"].lstrip("-").isdecimal():
        given["seed"] = int(given["seed"])
    try:
        config.stash[_ini_key] = Options.read(given, "ini file, eventmock_*")
    except OptionError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_report_header(config: pytest.Config) -> str | None:
    """Show the ini options, if there are any."""
    said = config.stash[_ini_key].said()
    return "eventmock: " + ", ".join(f"{name}={value!r}" for name, value in said.items()) if said else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a marked test have the fixture, before all its others."""
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is not None and FIXTURE not in names and item.get_closest_marker(MARKER) is not None:
            item.fixturenames = [FIXTURE, *names]  # type: ignore[attr-defined]  # only function items have it


@pytest.fixture
def events_backend(request: pytest.FixtureRequest) -> Iterator[EventsBackend]:
    """Amazon EventBridge, mocked while the test runs; options come from ``@pytest.mark.eventmock(...)``."""
    try:
        activation = mock.MockEvents(_options(request.node))
        backend = activation.start()
    except OptionError as error:
        wrong = str(error)
    else:
        yield backend
        activation.stop(quietly=request.node.stash.get(_failed_key, False))
        return
    pytest.fail(wrong, pytrace=False)


def _options(node: pytest.Item) -> Options:
    """The marker's options, function over class over module over ini file."""
    given: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(MARKER))):
        if marker.args:
            raise OptionError(
                f"@pytest.mark.{MARKER}{marker.args!r}: options are given by name, such as region='us-east-1'"
            )
        given.update(marker.kwargs)
    return Options.read(given, f"@pytest.mark.{MARKER}").over(node.config.stash[_ini_key])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the backends that a test makes, to report on them; undo what a test of a decorated class did."""
    seen: deque[EventsBackend] = deque(maxlen=MAX_SECTIONS)
    item.stash[_seen_key] = seen
    mock.observers.append(seen.append)
    try:
        return (yield)
    finally:
        mock.observers.remove(seen.append)
        del item.stash[_seen_key]
        if _undo_key in item.stash:
            backend, snapshot = item.stash[_undo_key]
            backend.restore(snapshot)
            del item.stash[_undo_key]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failing test's report what happened in its backends."""
    report = yield
    if report.failed and not item.stash.get(_failed_key, False):
        item.stash[_failed_key] = True
        backends = dict.fromkeys([*mock.active_backends(), *item.stash[_seen_key]])
        for backend in list(backends)[-MAX_SECTIONS:]:
            section = backend.report(max_lines=MAX_LINES)
            report.sections.append((f"eventmock ({backend.default_region})", section))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> None:
    """Remember the state that a class has made for its tests, before a test adds its own."""
    if request.scope == "function":
        _remember_class_state(request.node)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Remember it also for a test without fixtures."""
    _remember_class_state(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Check a test of a decorated class by itself."""
    result = yield
    if _undo_key in item.stash and not item.stash.get(_failed_key, False):
        item.stash[_undo_key][0].check()
    return result


def _remember_class_state(item: pytest.Item) -> None:
    cls: Any = getattr(item, "cls", None)
    class_mock: ClassMock | None = getattr(cls, ATTRIBUTE, None)
    backend = None if class_mock is None else class_mock.backend_of(cls)
    if backend is not None and _undo_key not in item.stash:
        item.stash[_undo_key] = (backend, backend.snapshot())
