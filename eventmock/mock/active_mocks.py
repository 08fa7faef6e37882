"""The active mocks, and which of them answers a caller. docs/mock.md states the rule for users.

A mock belongs to the context in which it was started (`contextvars`), and to the copies of that context, such as those
of tasks that are created there. If the context of a caller has no mock, the innermost mock of the caller's thread
answers; if the thread has none, the innermost mock of the process. If there is more than one innermost mock, with
different backends, it is an error.
"""

from __future__ import annotations

import itertools
import sys
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import MockStateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.mock.gate import Gate


class Activation(NamedTuple):
    """An active mock.

    Attributes:
        backend: The backend of the mock.
        gate: The gate that answers requests.
        place: The file and line at which the mock was started.
        number: The number of the mock in the process. Contexts keep this number, so that they keep no backend alive.
        thread: The token of the thread that started the mock.
        task: The asyncio task that started the mock; None if no task did.
        covers: The numbers of the mocks around this one whose thread or task waits until this one ends.
    """

    backend: EventsBackend
    gate: Gate
    place: str
    number: int
    thread: object
    task: Any
    covers: frozenset[int]


class _Thread(threading.local):
    """A token for each thread. Unlike a thread's `ident`, a token is never used again for a later thread."""

    def __init__(self) -> None:
        self.token = object()


_thread: Final = _Thread()
_numbers: Final = itertools.count(1)
_in_context: Final[ContextVar[tuple[int, ...]]] = ContextVar("eventmock", default=())
_active: tuple[Activation, ...] = ()
_share_a_backend = True


def activations() -> tuple[Activation, ...]:
    """Return all mocks that are active, in the order in which they were started."""
    return _active


def active_backends() -> list[EventsBackend]:
    """Return the backends of all active mocks, in the order in which the mocks were started."""
    return list(dict.fromkeys(activation.backend for activation in _active))


def innermost() -> Activation | None:
    """Return the mock that answers the caller; None if no mock is active.

    Raises:
        MockStateError: The caller's context has no mock, and there are several innermost mocks with different backends.
    """
    active = _active
    if not active or _share_a_backend:
        return active[-1] if active else None
    found = _of_context(active)
    if found is not None:
        return found
    candidates = _of_thread(active) or _uncovered(active)
    if not _have_one_backend(candidates):
        raise _unclear(candidates)
    return candidates[-1]


def begin(backend: EventsBackend, gate: Gate, place: str) -> Activation:
    """Add a mock that the caller has started to the active mocks and to the caller's context."""
    task = _current_task()
    active = _active
    own = _of_context(active)
    outer = _of_thread(active) if own is None else [own]
    around = (*outer[0].covers, outer[0].number) if len(outer) == 1 else ()
    covers = frozenset(one.number for one in active if one.number in around and _waits(one, task))
    activation = Activation(backend, gate, place, next(_numbers), _thread.token, task, covers)
    _set((*active, activation))
    _in_context.set((*_numbers_here(), activation.number))
    return activation


def end(activation: Activation) -> None:
    """Remove a mock from the active mocks. Any thread or task may do so."""
    _set(tuple(other for other in _active if other is not activation))
    _in_context.set(_numbers_here())


def last_started_here(started: Sequence[Activation]) -> Activation:
    """Return the mock that was started last in the caller's context; if none was, the last of the given mocks."""
    here = _in_context.get()
    return next((one for one in reversed(started) if one.number in here), started[-1])


def _set(active: tuple[Activation, ...]) -> None:
    global _active, _share_a_backend  # noqa: PLW0603 - the process has one stack
    # Another thread may read in between. While the flag is False, it decides the slow way, which is always right.
    _share_a_backend = False
    _active = active
    _share_a_backend = _have_one_backend(active)


def _have_one_backend(active: Iterable[Activation]) -> bool:
    return len({id(one.backend) for one in active}) <= 1


def _numbers_here() -> tuple[int, ...]:
    """Return the numbers of the mocks of the caller's context that are still active."""
    active = {one.number for one in _active}
    return tuple(number for number in _in_context.get() if number in active)


def _of_context(active: tuple[Activation, ...]) -> Activation | None:
    """Return the innermost mock of the caller's context; None if it has none."""
    by_number = {one.number: one for one in active}
    return next((by_number[number] for number in reversed(_in_context.get()) if number in by_number), None)


def _of_thread(active: tuple[Activation, ...]) -> list[Activation]:
    """Return the mocks that the caller's thread has started and that have no other mock inside them."""
    return [one for one in _uncovered(active) if one.thread is _thread.token]


def _uncovered(active: tuple[Activation, ...]) -> list[Activation]:
    """Return the mocks that have no other mock inside them."""
    covered = frozenset[int]().union(*(one.covers for one in active))
    return [one for one in active if one.number not in covered]


def _current_task() -> Any:
    """Return the asyncio task that the caller runs in; None outside of tasks."""
    loops: Any = sys.modules.get("asyncio")
    try:
        return None if loops is None else loops.current_task()
    except RuntimeError:  # this thread runs no event loop
        return None


def _waits(outer: Activation, task: Any) -> bool:
    """Return whether the thread or task that started a mock waits while the current thread and task do something."""
    return outer.thread is _thread.token and (outer.task is None or outer.task is task or outer.task.done())


def _unclear(candidates: list[Activation]) -> MockStateError:
    places = " and ".join(dict.fromkeys(one.place for one in candidates))
    return MockStateError(
        f"{len(candidates)} mocks are active, started at {places}, and the caller (a thread or task) is inside none of "
        "them: which one should answer?\n"
        "A task that is created inside a mock, and asyncio.to_thread, are inside it. Start a thread inside it by "
        "contextvars.copy_context().run(function),\n"
        "use a client of backend.client(), which always belongs to its backend, or give the caller a mock of its own: "
        "mock_events(isolated=True)."
    )
