"""Whether a mock is active, and what became of its process."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass


@dataclass(slots=True)
class Lifetime:
    """How long a mock's state answers. It is no part of a snapshot.

    Attributes:
        active_mocks: How many mocks answer from the state at the moment.
        requests: How many requests it has answered.
        forks: How often the process was forked while one of these mocks was active.
        copied_from: In a forked child: the id of the parent process, until the child has said that it has a copy.
    """

    active_mocks: int = 0
    requests: int = 0
    forks: int = 0
    copied_from: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether anything may be carried out: while no mock is active, it would call AWS."""
        return self.active_mocks > 0

    def tell_of_copy(self) -> None:
        """Write once, on standard error, that the process has a copy of the state; a warning could raise there."""
        parent, self.copied_from = self.copied_from, None
        text = (
            f"eventmock: process {os.getpid()} was forked from process {parent} inside a mock, and uses a copy of it: "
            f"what it puts stays in it, and process {parent} never sees it. Put the events that a test looks at in the "
            "test's own process, for example in a thread.\n"
        )
        with suppress(OSError):
            os.write(2, text.encode())


class ThreadActivity(threading.local):
    """What the present thread is doing for a mock.

    Attributes:
        is_delivering: Whether it is carrying deliveries out.
    """

    is_delivering = False
