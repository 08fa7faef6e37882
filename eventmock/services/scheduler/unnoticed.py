"""The mistakes in the time of schedules that no firing in a mock has shown.

A schedule is looked at from its creation, or its last change, to the present of the mock's clock. One that was deleted
is looked at up to its last firing. If it would have fired at the same moments with a mistake, nothing has shown the
mistake.
Source: ours.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from eventmock.history.schedule_delivery import ScheduleDelivery
from eventmock.schedule.mutations import first_difference
from eventmock.services.mutants import mutated
from eventmock.services.scheduler.altered_schedule import with_mistake
from eventmock.services.scheduler.coverage import ScheduleCoverage, firing_text
from eventmock.services.scheduler.former import FormerSchedules
from eventmock.services.scheduler.schedule import ENABLED, schedules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from eventmock.services.coverage import Subject
    from eventmock.services.mutants import Mutant, Mutated
    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State

    MutantsOf = Callable[[Mutated], Iterable[Mutant]]

_IN_TIME: Final = frozenset(("ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate"))


class _Life(NamedTuple):
    """The time in which a schedule could fire.

    Attributes:
        schedule: The schedule.
        until: The end of the time, an aware datetime.
        first: The first moment for which it fired, an aware datetime; None if it did not fire.
    """

    schedule: Schedule
    until: datetime
    first: datetime | None


def unnoticed(state: State, mutants: MutantsOf) -> Iterator[tuple[Subject, Mutant]]:
    """Yield the mistakes that no firing has shown, each with its schedule.

    Args:
        state: The state of the mock.
        mutants: A function that returns the mistakes in a schedule.
    """
    lives: dict[tuple[str, ...], list[_Life]] = {}
    subjects: dict[tuple[str, ...], Subject] = {}
    coverage = ScheduleCoverage()
    for life in _lives(state):
        subject = coverage.subject_of(life.schedule)
        key = (subject.account, subject.region, subject.place, subject.identity)
        subjects.setdefault(key, subject)
        lives.setdefault(key, []).append(life)
    for place, subject in subjects.items():
        yield from ((subject, mutant) for mutant in _of_schedule(subject, lives[place], mutants))


def _lives(state: State) -> Iterator[_Life]:
    fired: dict[object, list[ScheduleDelivery]] = {}
    for delivery in state.ledger.deliveries:
        if isinstance(delivery, ScheduleDelivery):
            fired.setdefault(cast("Schedule", delivery.schedule).key, []).append(delivery)
    now = state.clock.now()
    for account in state.accounts.all:
        for schedule in schedules_of(account).values():
            own = fired.pop(schedule.key, [])
            yield _Life(schedule, now, own[0].scheduled_time if own else None)
    for schedule in state.settings(FormerSchedules).deleted:
        if schedule.key not in fired:
            yield _Life(schedule, schedule.occurrences.since, None)
    for deliveries in fired.values():
        schedule = cast("Schedule", deliveries[-1].schedule)
        yield _Life(schedule, deliveries[-1].scheduled_time, deliveries[0].scheduled_time)


def _of_schedule(subject: Subject, lives: Sequence[_Life], mutants: MutantsOf) -> Iterator[Mutant]:
    first = min((life.first for life in lives if life.first is not None), default=None)
    for mutant in mutants(mutated(subject, None if first is None else firing_text(first))):
        is_in_time = mutant.member in _IN_TIME and mutant.equivalent is None
        if is_in_time and not any(_has_shown(life, mutant) for life in lives):
            yield mutant


def _has_shown(life: _Life, mutant: Mutant) -> bool:
    """Return whether a schedule would have fired at other moments with a mistake."""
    schedule = life.schedule
    if schedule.state != ENABLED:
        return False
    right, wrong = schedule.occurrences, with_mistake(schedule, mutant.change).occurrences
    found = first_difference(right, wrong, right.since - timedelta(seconds=1))
    return found is not None and found[0] <= life.until
