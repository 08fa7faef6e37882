"""Forks of the process while mocks are active. In the child every lock is free, and no request is half done.

The thread that forks takes all locks first, so that no other thread changes a state at that moment. The child has a
copy of each backend. The work of other threads continues in the parent only. In the child, a move of the clock that
another thread has begun ends, and deliveries that other threads were carrying out stay pending.

A thread that imports a module has a lock of Python, which no thread of the child would release. So if there are other
threads, the thread that forks imports all modules that a mock may need, before it takes the locks.
"""

from __future__ import annotations

import os
import threading
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any, Final

import eventmock
from eventmock.mock.active_mocks import active_backends

if TYPE_CHECKING:
    from eventmock.state import State

_taken: Final[list[Any]] = []
"""The locks that the forking thread has taken."""
_lock_of_mocks: Any = None
_OUTSIDE_OF_MOCKS: Final = (
    "eventmock.__main__",
    "eventmock.commands",
    "eventmock.plugin",
    "eventmock.strategies",
)
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
    if _active_states() and threading.active_count() > 1:
        _import_all()
    _take(_lock_of_mocks)
    for state in _active_states():
        for lock in state.locks:
            _take(lock)


def _import_all() -> None:
    """Import all modules that a mock may need, once."""
    global _has_imported_all  # noqa: PLW0603 - the process has them once
    if not _has_imported_all:
        for module in walk_packages(eventmock.__path__, "eventmock."):
            if not module.name.startswith(_OUTSIDE_OF_MOCKS):
                import_module(module.name)
        _has_imported_all = True


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
