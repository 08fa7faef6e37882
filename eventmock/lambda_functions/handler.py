"""The handlers of Lambda functions: checked when they are given, and called as Lambda calls them.

Source: lambda-and-handlers sections 4 and 7.
"""

from __future__ import annotations

import inspect
import os
import sys
import threading
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import EventmockError, OptionError
from eventmock.options import check_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eventmock.lambda_functions.context import LambdaContext

    Handler = Callable[[Any, Any], object]

PATIENCE: Final = 30
"""How many seconds a handler with an environment waits while a handler of another thread has its own."""

_environment_lock: Final = threading.RLock()
"""The lock under which the environment of the process is changed. The process has one."""


def check_handler(call: str, handler: Any) -> None:
    """Check that a handler is a function of two arguments, or text that may name one.

    Args:
        call: The call of the test, for the error's text.
        handler: The handler.

    Raises:
        OptionError: The handler is neither; or the result of the function would have to be awaited or iterated.
    """
    __tracebackhide__ = True
    if isinstance(handler, str):
        if not all(part.isidentifier() for part in handler.replace(":", ".").split(".")) or (
            "." not in handler and ":" not in handler
        ):
            raise OptionError(
                f"{call}: handler={handler!r}: wanted a function, or the path of one such as 'shop.handlers.ship'"
            )
        return
    if not callable(handler):
        raise OptionError(f"{call}: wanted a function of (event, context), not {handler!r}")
    called = handler if inspect.isroutine(handler) else getattr(type(handler), "__call__", None)  # noqa: B004 - of its class
    if inspect.iscoroutinefunction(called):
        name = getattr(handler, "__name__", repr(handler))
        raise OptionError(
            f"{call}: Lambda does not await what the coroutine function {name} returns: give a plain function that "
            f"runs it, as production needs one too: lambda event, context: asyncio.run({name}(event, context))"
        )
    if inspect.isgeneratorfunction(called) or inspect.isasyncgenfunction(called):
        name = getattr(handler, "__name__", repr(handler))
        raise OptionError(
            f"{call}: Lambda does not iterate what the generator function {name} returns: have it return a value"
        )
    try:
        taken = inspect.signature(handler)
    except (TypeError, ValueError):  # some functions of C have no signature
        return
    try:
        taken.bind(None, None)
    except TypeError:
        name = getattr(handler, "__name__", repr(handler))
        raise OptionError(
            f"{call}: {name}{taken} is called with two arguments, event and context; "
            "for a function of the event alone use backend.target(ARN, function)"
        ) from None


def loaded(call: str, handler: Handler | str) -> Handler:
    """Return a handler; of a text, the function that it names, whose module is imported now.

    Args:
        call: The call of the test, for the error's text.
        handler: The handler, or text such as ``shop.handlers.ship`` or ``shop.handlers:ship``.

    Raises:
        OptionError: There is no such module or function.
        Exception: The module raises it while it is imported.
    """
    if not isinstance(handler, str):
        return handler
    path, _, name = (handler if ":" in handler else ":".join(handler.rsplit(".", 1))).partition(":")
    try:
        module = import_module(path)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{path}.".startswith(f"{error.name}."):
            raise OptionError(
                f"{call}: handler={handler!r}: there is no module {error.name!r}; "
                "sys.path of the test decides where modules are found"
            ) from None
        raise
    found: Any = module
    for part in name.split("."):
        members = [one for one in dir(found) if callable(getattr(found, one, None))]
        check_known(f"{call}: handler={handler!r}: {path} has no function {part!r}", part, members)
        found = getattr(found, part)
    check_handler(call, found)
    function: Handler = found
    return function


@contextmanager
def environment(variables: Mapping[str, str] | None) -> Iterator[None]:
    """Set environment variables, and put the old values back at the end.

    Args:
        variables: The variables; None to write nothing.

    Raises:
        EventmockError: A handler of another thread has had its own environment for more than 30 seconds.
    """
    if variables is None:
        yield
        return
    if not _environment_lock.acquire(timeout=PATIENCE):
        raise EventmockError(
            f"a handler with environment=... waited {PATIENCE} seconds for a handler of another thread that has one; "
            "the process has one environment, so such handlers run one after another"
        )
    try:
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
    finally:
        _environment_lock.release()


def variables_of(context: LambdaContext, region: str, own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a function: the variables that Lambda sets, and the function's own (documented)."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": context.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": context.function_version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": context.memory_limit_in_mb,
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": context.log_stream_name,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "LAMBDA_TASK_ROOT": "/var/task",
        **own,
    }
