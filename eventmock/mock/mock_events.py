"""`mock_events`: decorator, context manager, start and stop.

Botocore is patched when the first mock of the process starts, and restored when the last one stops, in whichever order
the mocks stop. `eventmock/mock/active_mocks.py` decides which mock answers a caller.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from eventmock import known_modules
from eventmock.backend.clients import STOPPED, state_of
from eventmock.exceptions import MockStateError, OptionError
from eventmock.mock.active_mocks import activations, begin, end, innermost, last_started_here
from eventmock.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from types import TracebackType

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.mock.active_mocks import Activation
    from eventmock.mock.gate import AnyGate
    from eventmock.mock.patch import Hold
    from eventmock.options import ServiceEvent, StrictPart, TargetPermissions
    from eventmock.schemas.reading import SchemasGiven

    Observer = Callable[[EventsBackend], None]

Decorated = TypeVar(
    "Decorated", bound="Callable[..., Any] | type | classmethod[Any, Any, Any] | staticmethod[..., Any]"
)

MOST_LINES: Final = 40
"""How many lines the report on a backend has if a test fails."""

observers: Final[list[Observer]] = []
"""Functions that are called with each new backend. The pytest plugin finds the backends of a test by it."""


_lock: Final = threading.RLock()
_hold: Hold | None = None
_defaults = Options()
"""The options of mocks for which an option is not given: those of pytest's ini file while pytest runs."""


def set_defaults(options: Options) -> Options:
    """Set the options of mocks for which an option is not given, and return what they were before.

    They count when a mock starts, not when it is made: a decorator is evaluated before.
    """
    global _defaults
    before, _defaults = _defaults, options
    return before


def current_backend() -> EventsBackend:
    """Return the backend of the innermost mock around the caller; docs/mock.md states the rule.

    Raises:
        MockStateError: No mock is active; or several mocks are, and the caller's thread or task is in none of them.
    """
    __tracebackhide__ = True
    activation = innermost()
    if activation is None:
        raise MockStateError(
            "no mock is active: use the events_backend fixture, @mock_events or `with mock_events():`"
        )
    return activation.backend


def current_gate(owner: object = None) -> AnyGate | None:
    """Return the gate that answers the caller's requests; None while no mock is active.

    Args:
        owner: The endpoint or HTTP session of the client that calls. A client made by `EventsBackend.client` is always
            answered by that backend.
    """
    bound = None if owner is None else state_of(owner)
    if bound is not None:
        gate = next((one.gate for one in activations() if one.backend.state is bound), None)
        return gate or _closed(MockStateError(STOPPED))
    try:
        activation = innermost()
    except MockStateError as unclear:
        return _closed(unclear)
    return None if activation is None else activation.gate


def _closed(reason: MockStateError) -> AnyGate:
    from eventmock.mock.gate import ClosedGate

    return ClosedGate(reason)


def _start(given: Options, place: str) -> Activation:
    """Start a mock.

    Args:
        given: The options that were given for this mock.
        place: The file and line that starts the mock, for the texts of errors.
    """
    __tracebackhide__ = True
    global _hold  # noqa: PLW0603 - the process has one
    from eventmock.backend.events_backend import EventsBackend
    from eventmock.mock import forks
    from eventmock.mock.gate import Gate
    from eventmock.mock.patch import Hold
    from eventmock.services.table import services
    from eventmock.state import State

    known_modules.put_back()
    forks.look_after(_lock)
    with _lock:
        outer = None if given.isolated else innermost()
        if outer is None:
            state = State(given.over(_defaults), services())
            backend, gate = EventsBackend(state), Gate(state)
            for observe in observers:
                observe(backend)
        else:
            _refuse_other_options(given, place, outer)
            backend, gate = outer.backend, outer.gate
        if _hold is None:
            hold = Hold(current_gate)
            hold.take()
            _hold = hold
        if gate.sends_api_calls:
            _hold.log_calls()
        backend.state.lifetime.active_mocks += 1
        return begin(backend, gate, place)


def _stop(activation: Activation, *, quietly: bool) -> None:
    __tracebackhide__ = True
    global _hold  # noqa: PLW0603 - the process has one
    with _lock:
        if activation not in activations():
            return
        end(activation)
        if not activations() and _hold is not None:
            _hold.release()
            _hold = None
        activation.backend.state.lifetime.active_mocks -= 1
    if not quietly and not activation.backend.state.lifetime.is_active:
        activation.backend.check()


def stop_forgotten(activation: Activation) -> None:
    """Stop a mock that its user has not stopped, without checks."""
    _stop(activation, quietly=True)


def _refuse_other_options(given: Options, place: str, outer: Activation) -> None:
    """Refuse options of a nested mock that differ from the outer mock's, because both have the same backend.

    Args:
        given: The options that were given for the nested mock.
        place: The file and line that starts the nested mock.
        outer: The outer mock.

    Raises:
        OptionError: An option was given, and the outer mock has another value for it.
    """
    __tracebackhide__ = True
    backend = outer.backend
    whole = replace(backend.options, region=backend.default_region, account=backend.default_account)
    joined, in_force = given.over(whole).in_force(), whole.in_force()
    for name, value in given.given().items():
        held = getattr(in_force, name)
        if name != "isolated" and getattr(joined, name) != held:
            raise OptionError(
                f"mock_events({name}={value!r}) at {place} is inside a mock with {name}={held!r}, started at "
                f"{outer.place}, and would join it: give the outer one {name}, or use isolated=True for a backend of "
                "its own"
            )


def _place() -> str:
    """Return the file and line of the caller in the tester's own code."""
    from eventmock.mock.caller import place_of_caller

    return place_of_caller()


class Explaining:
    """A context manager that adds a report on a backend to an assertion that fails inside, unless pytest's plugin does.

    Args:
        backend: The backend that the report is on.

    Attributes:
        has_raised: Whether an error was raised inside.
    """

    def __init__(self, backend: EventsBackend) -> None:
        self._backend = backend
        self.has_raised = False

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.has_raised = self.has_raised or error is not None
        if isinstance(error, AssertionError) and not observers:
            with suppress(AttributeError, TypeError):  # some errors have no `add_note`
                text = self._backend.report(max_lines=MOST_LINES)
                error.add_note(f"eventmock ({self._backend.default_region})\n{text}")


class MockEvents:
    """A mock of EventBridge, which `mock_events` makes; see there for the options.

    It is active from ``start`` to ``stop``, in a ``with`` block, or while the function or class that it decorates runs.
    It may be used several times, also inside itself.

    Args:
        options: The options that were given for the mock.
        place: What starts the mock, for the texts of errors; by default the line that starts it or decorates.
    """

    def __init__(self, options: Options, place: str | None = None) -> None:
        self._options = options
        self._place = place
        self._activations: list[Activation] = []

    def start(self) -> EventsBackend:
        """Start the mock and return its backend, which answers requests to the mocked services until ``stop``.

        Raises:
            OptionError: The mock would join an outer mock that has another value for an option.
        """
        __tracebackhide__ = True
        activation = _start(self._options, self._place or _place())
        self._activations.append(activation)
        return activation.backend

    def another(self, *, joins: bool = False) -> MockEvents:
        """Return a new mock with the same options, which is started and stopped independently of this one.

        Args:
            joins: Whether the new mock joins an outer mock even if ``isolated`` was given.
        """
        return MockEvents(replace(self._options, isolated=None) if joins else self._options, self._place)

    def stop(self, *, quietly: bool = False) -> None:
        """Stop the mock: end the last ``start``, if threads or tasks share the mock, the last by the caller's own.

        Args:
            quietly: Whether the checks are left out, because the test has failed already.

        Raises:
            MockStateError: The mock has been stopped already.
            AssertionError: An assertion has failed in a function of the test that is a target.
            ContractFailure: An event violates its schema, and the test does not expect it.
            StrictFailure: The mock is strict, and there is a problem; see `EventsBackend.check`.
        """
        __tracebackhide__ = True
        if not self._activations:
            raise MockStateError("stop() without start(): this mock is not active")
        activation = last_started_here(self._activations)
        self._activations.remove(activation)
        _stop(activation, quietly=quietly)

    def explaining(self) -> Explaining:
        """Return the context manager that adds a report on the backend of the last ``start`` to failed assertions."""
        return Explaining(last_started_here(self._activations).backend)

    def __enter__(self) -> EventsBackend:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            backend = last_started_here(self._activations).backend if self._activations else None
            if backend is not None and backend.state.lifetime.active_mocks == 1:
                Explaining(backend).__exit__(_kind, error, _trace)
        finally:
            self.stop(quietly=error is not None)

    async def __aenter__(self) -> EventsBackend:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, target: Decorated) -> Decorated:
        """Decorate a function or a class."""
        from eventmock.mock.decorators import decorate

        decorated: Decorated = decorate(target, MockEvents(self._options, self._place or _place()))
        return decorated


@overload
def mock_events(target: Decorated, /) -> Decorated: ...
@overload
def mock_events(
    *,
    region: str | None = None,
    account: str | None = None,
    start_time: datetime | str | None = None,
    seed: int | None = None,
    strict: bool | Iterable[StrictPart] | None = None,
    passthrough: Iterable[str] | None = None,
    isolated: bool | None = None,
    service_events: Iterable[ServiceEvent] | None = None,
    schemas: SchemasGiven | None = None,
    enforce_policies: bool | None = None,
    target_permissions: TargetPermissions | None = None,
    require_awscrt: bool | None = None,
    patched_send: bool | None = None,
) -> MockEvents: ...
def mock_events(  # noqa: PLR0913 - each is an option
    target: Any = None,
    /,
    *,
    region: str | None = None,
    account: str | None = None,
    start_time: datetime | str | None = None,
    seed: int | None = None,
    strict: bool | Iterable[StrictPart] | None = None,
    passthrough: Iterable[str] | None = None,
    isolated: bool | None = None,
    service_events: Iterable[ServiceEvent] | None = None,
    schemas: SchemasGiven | None = None,
    enforce_policies: bool | None = None,
    target_permissions: TargetPermissions | None = None,
    require_awscrt: bool | None = None,
    patched_send: bool | None = None,
    **unknown: object,
) -> Any:
    """Mock Amazon EventBridge.

    Use it as a decorator with or without parentheses, as a context manager (also ``async with``), or by
    ``start()`` and ``stop()``. A nested mock joins the backend of the outer one.

    An option that is None is not given. Then the outer mock decides, or if there is none, the default.

    Args:
        target: The function or class that is decorated, if the decorator is used without parentheses.
        region: The region of clients that are made without a region. Default: ``AWS_DEFAULT_REGION``, else
            ``us-east-1``.
        account: The 12-digit id of the account that calls, unless the client's credentials belong to another account.
            Default: ``AWS_ACCESS_KEY_ID`` if that is an account id, else ``123456789012``.
        start_time: The time at which the clock stands at first: a datetime (a naive one is taken as UTC) or ISO 8601
            text. Default: the clock follows the wall clock.
        seed: The whole number from which the identifiers are made; equal seeds give equal identifiers. Default: ``0``.
        strict: What the test may not ignore: True for ``refused``, ``dropped``, ``unmatched`` and ``nobody``, or a set
            of these names and of ``handlers``, ``services``, ``awscrt`` and ``permissions``. Default: ``False``.
        passthrough: The hosts to which requests of other services may be sent, such as ``localhost:4566`` or
            ``*.internal``. Default: no hosts.
        isolated: Whether the mock has a backend of its own, which only the threads and tasks inside it use. Default:
            ``False``.
        service_events: The services whose events come to the default bus when moto answers calls: ``s3``, for buckets
            that send their events to EventBridge, and ``cloudtrail``, for every call. Default: ``{'s3'}``.
        schemas: The schemas of events, by which what the code under test puts is checked: the path of a folder, or a
            mapping from source and detail-type to a schema. Default: no schemas.
        enforce_policies: Whether event buses accept from other accounts only what their policies allow. Default:
            ``False``.
        target_permissions: Whether AWS may deliver events to targets and dead-letter queues, by roles, policies and
            keys: ``off`` if that is not judged, ``warn`` if only the report says what AWS would refuse, ``enforce`` if
            it is refused as on AWS. Default: ``off``.
        require_awscrt: Whether calls through a global endpoint, which need SigV4a, fail if awscrt is not installed, as
            they do without a mock: the older spelling of ``strict={"awscrt"}``. Default: ``False``.
        patched_send: Whether requests of other services may go to a ``URLLib3Session.send`` that the test has patched.
            Default: ``False``.
        **unknown: No options. Any other name is refused, and the error names the option that is most similar.

    Raises:
        OptionError: There is no option of that name, or its value is of the wrong type or form.
    """
    __tracebackhide__ = True
    if target is not None and not (callable(target) or isinstance(target, (classmethod, staticmethod))):
        raise OptionError(
            f"mock_events({target!r}): options are given by name, such as mock_events(region='us-east-1')"
        )
    given = {
        "region": region,
        "account": account,
        "start_time": start_time,
        "seed": seed,
        "strict": strict,
        "passthrough": passthrough,
        "isolated": isolated,
        "service_events": service_events,
        "schemas": schemas,
        "enforce_policies": enforce_policies,
        "target_permissions": target_permissions,
        "require_awscrt": require_awscrt,
        "patched_send": patched_send,
        **unknown,
    }
    mock = MockEvents(Options.read(given, "mock_events()"))
    return mock if target is None else mock(target)
