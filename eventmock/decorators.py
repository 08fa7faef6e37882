"""What `mock_events` does to the functions and classes it decorates.

A function runs inside a mock of its own; so does a coroutine, and a generator keeps the mock until its end, which
makes a pytest fixture that yields work. A test class has one mock from before its class set-up until after its
class tear-down, and what one test does to the state is undone before the next. The methods of any other class
run inside a mock, one by one.
"""

from __future__ import annotations

import inspect
import unittest
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from wrapt import FunctionWrapper

from eventmock.exceptions import OptionError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from contextlib import AbstractContextManager

    from eventmock.backend import EventsBackend, Snapshot

    Span = Callable[[], AbstractContextManager[EventsBackend]]

CLASS_MOCK: Final = "__eventmock_class__"


def decorate(target: Any, span: Span) -> Any:
    """Decorate a function or a class.

    Args:
        target: A function of any kind, a classmethod, a staticmethod or a class.
        span: Gives a context manager that holds a mock active.

    Raises:
        OptionError: The target is none of these.
    """
    if isinstance(target, type):
        return _decorate_class(target, span)
    if type(target).__name__ == "FixtureFunctionDefinition" or hasattr(target, "_pytestfixturefunction"):
        raise OptionError("@mock_events goes below @pytest.fixture, next to the function, not above it")
    function = inspect.unwrap(getattr(target, "__func__", target))
    if not callable(target) and not isinstance(target, (staticmethod, classmethod)):
        raise OptionError(f"@mock_events decorates functions and classes, not {target!r}")
    return FunctionWrapper(target, _wrapper_for(function, span))


def _wrapper_for(function: Any, span: Span) -> Callable[..., Any]:
    """A wrapper for wrapt that is of the function's kind, so that whoever looks still sees which kind it is."""
    if inspect.isasyncgenfunction(function):
        return partial(_generate_async, span)
    if inspect.isgeneratorfunction(function):
        return partial(_generate, span)
    if inspect.iscoroutinefunction(function):
        return partial(_await, span)
    return partial(_call, span)


def _call(span: Span, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    with span():
        return wrapped(*args, **kwargs)


async def _await(
    span: Span, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    with span():
        return await wrapped(*args, **kwargs)


def _generate(
    span: Span, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Generator[Any, Any, Any]:
    with span():
        return (yield from wrapped(*args, **kwargs))


async def _generate_async(
    span: Span, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> AsyncGenerator[Any, Any]:
    with span():
        inner = wrapped(*args, **kwargs)
        try:
            item = await anext(inner)
            while True:
                try:
                    sent = yield item
                except GeneratorExit:
                    await inner.aclose()
                    raise
                except BaseException as error:  # noqa: BLE001 - it belongs to the inner generator
                    item = await inner.athrow(error)
                else:
                    item = await inner.asend(sent)
        except StopAsyncIteration:
            return


def _decorate_class(cls: type, span: Span) -> type:
    mock = ClassMock(span)
    setattr(cls, CLASS_MOCK, mock)
    if issubclass(cls, unittest.TestCase):
        _decorate_test_case(cls, mock)
        return cls
    for name, value in list(vars(cls).items()):
        is_method = inspect.isfunction(value) or isinstance(value, (staticmethod, classmethod))
        if is_method and not name.startswith("__"):
            setattr(cls, name, decorate(value, span))
    if any(name.startswith("test") for name in dir(cls)):
        _decorate_pytest_class(cls, mock)
    return cls


class ClassMock:
    """The mock of a test class: active from class set-up to class tear-down.

    Args:
        span: Gives a context manager that holds a mock active.
    """

    def __init__(self, span: Span) -> None:
        self.span = span
        self._entered: list[AbstractContextManager[EventsBackend]] = []
        self._snapshots: dict[type, Snapshot] = {}
        self.backend: EventsBackend | None = None

    def start(self) -> None:
        """Begin the class."""
        entered = self.span()
        self.backend = entered.__enter__()
        self._entered.append(entered)

    def stop(self) -> None:
        """End the class."""
        self._snapshots.clear()
        entered = self._entered.pop()
        if not self._entered:
            self.backend = None
        entered.__exit__(None, None, None)

    def begin_test(self, cls: type) -> None:
        """Undo what earlier tests of the class did."""
        if self.backend is None:
            return
        if cls in self._snapshots:
            self.backend.restore(self._snapshots[cls])
        else:
            self._snapshots[cls] = self.backend.snapshot()


def _decorate_test_case(cls: type[unittest.TestCase], mock: ClassMock) -> None:
    set_up_class = inspect.getattr_static(cls, "setUpClass")
    run, debug = cls.run, cls.debug

    def set_up(inner: type[unittest.TestCase]) -> None:
        mock.start()
        inner.addClassCleanup(mock.stop)
        set_up_class.__get__(None, inner)()

    def run_inside(self: unittest.TestCase, *args: Any, **kwargs: Any) -> Any:
        with mock.span():
            mock.begin_test(type(self))
            return run(self, *args, **kwargs)

    def debug_inside(self: unittest.TestCase) -> None:
        with mock.span():
            mock.begin_test(type(self))
            debug(self)

    cls.setUpClass = classmethod(set_up)  # type: ignore[method-assign, assignment]
    cls.run = run_inside  # type: ignore[method-assign]
    cls.debug = debug_inside  # type: ignore[method-assign]


def _decorate_pytest_class(cls: type, mock: ClassMock) -> None:
    """Put the class set-up and tear-down that pytest calls inside the mock; its plugin undoes each test."""
    set_up_class = inspect.getattr_static(cls, "setup_class", None)
    tear_down_class = inspect.getattr_static(cls, "teardown_class", None)

    def setup_class(inner: type) -> None:
        mock.start()
        try:
            _call_with_class(set_up_class, inner)
        except BaseException:
            mock.stop()
            raise

    def teardown_class(inner: type) -> None:
        try:
            _call_with_class(tear_down_class, inner)
        finally:
            mock.stop()

    cls.setup_class = classmethod(setup_class)  # type: ignore[attr-defined]
    cls.teardown_class = classmethod(teardown_class)  # type: ignore[attr-defined]


def _call_with_class(method: Any, cls: type) -> None:
    """Call a class set-up as pytest does: with the class if it takes an argument."""
    if method is None:
        return
    function = getattr(method, "__func__", method)
    if isinstance(method, staticmethod) or not inspect.signature(function).parameters:
        method.__get__(None, cls)()
    else:
        function(cls)
