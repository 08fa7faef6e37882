"""Forks of the process while mocks are active. In the child every lock is free, and no request is half done.

The thread that forks takes all locks first, so that no other thread changes a state at that moment. The child has a
copy of each backend. The work of other threads continues in the parent only. In the child, a move of the clock that
another thread has begun ends, and deliveries that other threads were carrying out stay pending.

Python has a lock for each module that is being imported, and the child could never take the lock of a thread that it
does not have. So a thread that forks beside others first imports the modules that a mock may need later. It does so
with all locks, as each file that it reads would let busy threads go first: with three of them the first fork took 39
seconds. No module takes a lock of a mock while it is imported.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import nullcontext, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import eventmock
from eventmock.mock.active_mocks import active_backends

if TYPE_CHECKING:
    from types import ModuleType

    from eventmock.state import State

_NOT_NEEDED: Final = (
    "eventmock.__main__",
    "eventmock.checks",
    "eventmock.commands",
    "eventmock.mutants",
    "eventmock.plugin",
    "eventmock.strategies",
)
"""Modules and packages that no mock imports."""
_SELDOM_NEEDED: Final = ("eventmock.deployment", "eventmock.templates")
"""Packages that are left out unless a thread has begun to use them."""
_NEEDS_EXTRA: Final = "eventmock.templates.yaml_reader"
"""A module that cannot be imported without an extra."""
_taken: Final[list[Any]] = []
"""The locks that the forking thread has taken."""
_lock_of_mocks: Any = None
_has_imported_all = False


def look_after(lock: Any) -> None:
    """Install the hooks of `os.register_at_fork`, once. They cannot be removed; without an active mock they do nothing.

    Args:
        lock: The lock that a thread has while a mock starts or stops.
    """
    global _lock_of_mocks  # noqa: PLW0603 - the process has one
    if _lock_of_mocks is None and hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
    _lock_of_mocks = lock


def _before() -> None:
    global _has_imported_all  # noqa: PLW0603 - the process has the modules once
    _take(_lock_of_mocks)
    states = _active_states()
    for state in states:
        for lock in state.locks:
            _take(lock)
    if states and not _has_imported_all and threading.active_count() > 1:
        _import_all(eventmock)
        _has_imported_all = True


def _import_all(package: ModuleType) -> None:
    """Import all modules of a package that a mock may need, and wait for other threads that are importing them."""
    from pkgutil import iter_modules

    for found in iter_modules(package.__path__, f"{package.__name__}."):
        if found.name in _NOT_NEEDED or (found.name in _SELDOM_NEEDED and found.name not in sys.modules):
            continue
        with suppress(ModuleNotFoundError) if found.name == _NEEDS_EXTRA else nullcontext():
            module = import_module(found.name)
            if found.ispkg:
                _import_all(module)


def _after_in_parent() -> None:
    _release()
    for state in _active_states():
        state.lifetime.forks += 1


def _after_in_child() -> None:
    _release()
    for state in _active_states():
        state.lifetime.forks, state.lifetime.copied_from = 0, os.getppid()
        state.clock.forget_other_threads()


def _active_states() -> list[State]:
    return [backend.state for backend in active_backends()]


def _take(lock: Any) -> None:
    lock.acquire()
    _taken.append(lock)


def _release() -> None:
    while _taken:
        _taken.pop().release()
