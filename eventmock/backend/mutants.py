"""The mistakes in rules, schedules and subscribers that nothing in a test has shown, without running the test again.

`python -m eventmock mutate` runs the tests with each mistake, so it also finds what tests see and do not check.
Source: ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, get_args

from eventmock.services.mutants import Harm, Mutant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.services.mutants import ServiceMutants
    from eventmock.state import State


class UnnoticedMutant(NamedTuple):
    """A mistake in a pattern of a rule or subscriber, or in the time of a schedule, that nothing in a test has shown.

    Attributes:
        kind: What has the mistake: ``rule``, ``schedule`` or ``subscriber``.
        name: The name of the rule, schedule or subscriber.
        place: The name of the event bus or schedule group. The event bus of another account has its ARN.
        account: The account, 12 digits.
        region: The region.
        mutant: The mistake, with the event or the moment that would show it.
    """

    kind: str
    name: str
    place: str
    account: str
    region: str
    mutant: Mutant

    @property
    def rule(self) -> str | None:
        """The name of the rule; None for a schedule or a subscriber."""
        return self.name if self.kind == "rule" else None

    @property
    def bus(self) -> str | None:
        """The name of the event bus; None for a schedule."""
        return None if self.kind == "schedule" else self.place

    def __str__(self) -> str:
        at = "in" if self.kind == "schedule" else "on"
        return f"{self.kind} {self.name} {at} {self.place}: {self.mutant.text} ({self.mutant.harm})"


def unnoticed_mutants(state: State) -> list[UnnoticedMutant]:
    """Return the mistakes that nothing has shown, the worst first; see `EventsBackend.unnoticed_mutants`."""
    order = get_args(Harm)
    return sorted(_all(state), key=lambda one: order.index(one.mutant.harm))


def _all(state: State) -> Iterator[UnnoticedMutant]:
    for service in state.services:
        module = service.face.mutants
        if module is not None:
            mutants: ServiceMutants = import_module(module).MUTANTS
            for subject, mutant in mutants.unnoticed(state):
                place = (subject.place, subject.account, subject.region)
                yield UnnoticedMutant(subject.kind, subject.name, *place, mutant)
