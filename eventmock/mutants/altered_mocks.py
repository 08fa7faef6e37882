"""Mocks in which a rule has a mistake.

Source: ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eventmock.mock.active_mocks import active_backends
from eventmock.mock.mock_events import observers

if TYPE_CHECKING:
    from eventmock.backend.events_backend import EventsBackend
    from eventmock.mutants.job import Change
    from eventmock.services.mutants import ServiceMutants


def alter_mocks(change: Change) -> list[BaseException]:
    """Let each mock have a mistake from now on, for the rest of the process.

    Returns:
        The exceptions that the service raised while it altered a rule. They are bugs, and more may be added later.
    """
    mutants: ServiceMutants = import_module(change.module).MUTANTS
    raised: list[BaseException] = []

    def alter_in(backend: EventsBackend) -> None:
        state = backend.state

        def alter(record: Any) -> Any:
            try:
                return mutants.alter(state, record, change.subject, change.mutant)
            except Exception as error:
                raised.append(error)
                raise

        state.alter = alter

    for backend in active_backends():
        alter_in(backend)
    observers.insert(0, alter_in)
    return raised
