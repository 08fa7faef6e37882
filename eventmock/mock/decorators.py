"""The decorator `mock_events` for functions and classes.

Each call of a function or coroutine runs inside a mock. The mock of a generator is active until the generator ends, so
pytest fixtures that yield work. A test class has one mock, from before its class set-up until after its class
tear-down; the changes of a test are undone before the next test. In any other class, each call of a method runs inside
a mock.
"""

from __future__ import annotations

import inspect
import unittest
from functools import partial
from typing import TYPE_CHECKING, Any

from wrapt import FunctionWrapper

from eventmock.exceptions import OptionError
from eventmock.mock.class_mock import ATTRIBUTE, ClassMock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.mock.mock_events import Explaining, MockEvents

    Around = Callable[[], MockEvents | Explaining]


def decorate(target: Any, mock: MockEvents) -> Any:
    """Decorate a function or a class.

    Args:
        target: A function of any kind, a classmethod, a staticmethod or a class.
        mock: The mock that is active while the target runs.

    Raises:
        OptionError: The target is not a function, a classmethod, a staticmethod or a class.
    """
    if isinstance(target, type):
        return _decorate_class(target, mock)
    if type(target).__name__ == "FixtureFunctionDefinition" or hasattr(target, "_pytestfixturefunction"):
        raise OptionError("@mock_events goes below @pytest.fixture, next to the function, not above it")
    if not callable(target) and not isinstance(target, (staticmethod, classmethod)):
        raise OptionError(f"@mock_events decorates functions and classes, not {target!r}")
    return FunctionWrapper(target, _wrapper_for(getattr(target, "__func__", target), mock.another))


def _wrapper_for(function: Any, around: Around) -> Callable[..., Any]:
    """Return a wrapper for wrapt of the same kind as the function, such as a coroutine function for one.

    Libraries such as pytest look at the kind of a function.

    Args:
        function: The function to wrap.
        around: Returns the context manager for one call. Each call has its own mock, because calls may overlap.
    """
    if inspect.isasyncgenfunction(function):
        return partial(_generate_async, around)
    if inspect.isgeneratorfunction(function):
        return partial(_generate, around)
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__):
        return partial(_await, around)
    return partial(_call, around)


def _call(around: Around, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    __tracebackhide__ = True
    with around():
        return wrapped(*args, **kwargs)


async def _await(
    around: Around, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    __tracebackhide__ = True
    with around():
        return await wrapped(*args, **kwargs)


def _generate(
    around: Around, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Generator[Any, Any, Any]:
    with around():
        return (yield from wrapped(*args, **kwargs))


async def _generate_async(
    around: Around, wrapped: Any, _instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> AsyncGenerator[Any, Any]:
    with around():
        inner = wrapped(*args, **kwargs)
        try:
            item = await anext(inner)
            while True:
                try:
                    sent = yield item
                except GeneratorExit:
                    await inner.aclose()
                    raise
                except BaseException as error:  # noqa: BLE001 - it is thrown into the inner generator
                    item = await inner.athrow(error)
                else:
                    item = await inner.asend(sent)
        except StopAsyncIteration:
            return


def _decorate_class(cls: type, mock: MockEvents) -> type:
    if issubclass(cls, unittest.TestCase):
        _decorate_test_case(cls, ClassMock(mock))
        return cls
    class_mock = ClassMock(mock)
    for name, value in list(vars(cls).items()):
        is_method = inspect.isfunction(value) or isinstance(value, (staticmethod, classmethod))
        if is_method and not name.startswith("__"):
            wrapper = _wrapper_for(getattr(value, "__func__", value), class_mock.of_a_call)
            setattr(cls, name, FunctionWrapper(value, wrapper))
    if cls.__name__.startswith("Test") or any(name.startswith("test") for name in dir(cls)):
        _decorate_pytest_class(cls, class_mock)
    return cls


def _decorate_test_case(cls: type[unittest.TestCase], mock: ClassMock) -> None:
    setattr(cls, ATTRIBUTE, mock)
    run, debug = cls.run, cls.debug

    def begin(case: type[unittest.TestCase]) -> None:
        mock.start(case)
        case.addClassCleanup(mock.stop, case)

    def run_inside(self: unittest.TestCase, result: Any = None) -> Any:
        own = dict(vars(self))
        of_test = mock.of_a_call()
        with of_test as backend:
            mock.begin_test(type(self))
            explaining = of_test.explaining()
            self.addCleanup(_check_if_passed, backend, explaining, result, _failures_in(result))
            name = self._testMethodName
            method = getattr(self, name)
            setattr(self, name, FunctionWrapper(method, _wrapper_for(method, lambda: explaining)))
            try:
                return run(self, result)
            finally:
                delattr(self, name)
                if name in own:
                    setattr(self, name, own[name])

    def debug_inside(self: unittest.TestCase) -> None:
        with mock.of_a_call():
            mock.begin_test(type(self))
            debug(self)

    _wrap_class_method(cls, "setUpClass", before=begin)
    cls.run = run_inside  # type: ignore[method-assign]  # the class is decorated in place
    cls.debug = debug_inside  # type: ignore[method-assign]  # the same


def _check_if_passed(
    backend: EventsBackend, explaining: Explaining, result: Any, failures_before: int
) -> None:
    """Check the backend in the last clean-up of a test, so that unittest counts an error as the test's.

    A test that failed or was skipped is not checked.
    """
    __tracebackhide__ = True
    if not explaining.has_raised and _failures_in(result) == failures_before:
        backend.check()


def _failures_in(result: Any) -> int:
    """Return how many tests have failed by now. pytest's result object has them in an attribute of its own."""
    return sum(len(getattr(result, name, None) or ()) for name in ("errors", "failures", "_excinfo"))


def _decorate_pytest_class(cls: type, mock: ClassMock) -> None:
    """Start the mock before the class set-up that pytest calls, and stop it after the tear-down.

    The plugin checks each test, and undoes its changes.
    """
    setattr(cls, ATTRIBUTE, mock)
    _wrap_class_method(cls, "setup_class", before=mock.start, on_error=mock.stop)
    _wrap_class_method(cls, "teardown_class", after=mock.stop)


def _nothing(_cls: Any) -> None:
    pass


def _wrap_class_method(
    cls: type,
    name: str,
    *,
    before: Callable[[Any], None] = _nothing,
    after: Callable[[Any], None] = _nothing,
    on_error: Callable[[Any], None] = _nothing,
) -> None:
    """Wrap the set-up or tear-down of a class and of its subclasses. A class may define it, inherit it or lack it."""
    method = inspect.getattr_static(cls, name, None)

    def wrapper(inner: type) -> None:
        before(inner)
        try:
            _call_with_class(method, inner)
        except BaseException:
            on_error(inner)
            raise
        finally:
            after(inner)

    setattr(cls, name, classmethod(wrapper))
    init_subclass = inspect.getattr_static(cls, "__init_subclass__")

    def wrap_in_subclass(sub: Any, /, **kwargs: Any) -> None:
        init_subclass.__get__(None, sub)(**kwargs)
        if name in vars(sub):
            _wrap_class_method(sub, name, before=before, after=after, on_error=on_error)

    cls.__init_subclass__ = classmethod(wrap_in_subclass)  # type: ignore[assignment]  # the same


def _call_with_class(method: Any, cls: type) -> None:
    """Call a class set-up or tear-down as pytest does: with the class if it has a parameter."""
    if method is None:
        return
    function = getattr(method, "__func__", method)
    if isinstance(method, staticmethod) or not inspect.signature(function).parameters:
        method.__get__(None, cls)()
    else:
        function(cls)
