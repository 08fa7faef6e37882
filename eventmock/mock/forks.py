"""A process that is forked while mocks are active: the child finds every lock free, and no request half done.

The thread that forks takes all locks first, so that no other thread is inside at that moment. The child has a copy of
each backend. What other threads were doing goes on in the parent only: work of the clock that they had in hand is still
to come in the child, and deliveries that they were carrying out stay pending there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from eventmock.mock.active_mocks import active_backends

if TYPE_CHECKING:
    from eventmock.state import State

_held: Final[list[Any]] = []
"""The locks that are taken while the process is forked."""
_lock_of_mocks: Any = None


def look_after(lock: Any) -> None:
    """Install the hooks of `os.register_at_fork`, once. They cannot be removed; without an active mock they do nothing.

    Args:
        lock: The lock that is held while a mock starts or stops.
    """
    global _lock_of_mocks  # noqa: PLW0603 - the process has one
    if _lock_of_mocks is None and hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
    _lock_of_mocks = lock


def _before() -> None:
    _take(_lock_of_mocks)
    for state in _active_states():
        for lock in state.locks:
            _take(lock)


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
    _held.append(lock)


def _release() -> None:
    while _held:
        _held.pop().release()
