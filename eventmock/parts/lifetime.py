"""The lifetime of a mock: whether it is active, and whether its process was forked."""

from __future__ import annotations

import os
import threading
from contextlib import suppress


class Lifetime:
    """The lifetime of a mock's state. It is not a part of snapshots.

    Attributes:
        active_mocks: The number of active mocks that answer from the state.
        requests: The number of requests that were answered.
        forks: The number of times that the process was forked while one of these mocks was active.
        copied_from: In a forked child, the id of the parent process, until the child has written that it has a copy.
    """

    __slots__ = ("active_mocks", "copied_from", "forks", "requests")

    def __init__(self, active_mocks: int = 0) -> None:
        self.active_mocks = active_mocks
        self.requests = 0
        self.forks = 0
        self.copied_from: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether a mock is active. While none is, nothing may be carried out, as it would call AWS."""
        return self.active_mocks > 0

    def tell_of_copy(self) -> None:
        """Write to standard error, once, that the process has a copy of the state. A warning could be raised."""
        parent, self.copied_from = self.copied_from, None
        text = (
            f"eventmock: process {os.getpid()} was forked from process {parent} inside a mock, and uses a copy of it: "
            f"what it puts stays in it, and process {parent} never sees it. Put the events that a test looks at in the "
            "test's own process, for example in a thread.\n"
        )
        with suppress(OSError):
            os.write(2, text.encode())


class ThreadActivity(threading.local):
    """The work of the present thread for a mock.

    Attributes:
        is_delivering: Whether the thread is carrying deliveries out.
    """

    is_delivering = False
