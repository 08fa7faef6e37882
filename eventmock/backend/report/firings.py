"""Firings of schedules that went alike, which a view shows as one. A schedule may fire thousands of times.

Firings went alike if the same schedule fired, unchanged, with the same outcome and the same errors.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.history.incident import Incident
from eventmock.history.received_event import ReceivedEvent
from eventmock.history.schedule_delivery import ScheduleDelivery

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from datetime import datetime

    from eventmock.history.delivery import Delivery
    from eventmock.history.lambda_invocation import LambdaInvocation
    from eventmock.history.ledger import Ledger

FEW: Final = 3
"""The least number of firings that a view shows as one."""
MOST_ALIKE: Final = 100
"""The most firings that went alike of which each has its own data."""


class Alike(NamedTuple):
    """One firing, or several that are shown as one.

    Attributes:
        first: The first of them.
        last: The last of them; `first` itself if it stands alone.
        times: Their number.
    """

    first: ScheduleDelivery
    last: ScheduleDelivery
    times: int

    @property
    def time(self) -> datetime:
        """The moment of the first of them, an aware datetime in UTC."""
        return self.first.time


class Firings:
    """The firings of a mock.

    Args:
        ledger: The records.

    Attributes:
        invocations: The invocations of Lambda functions, in order, by the delivery that caused them.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.invocations: dict[Delivery, list[LambdaInvocation]] = {}
        for invocation in ledger.invocations:
            self.invocations.setdefault(invocation.delivery, []).append(invocation)
        self._happened = [
            subject
            for subject, progress in list(ledger.journal)
            if isinstance(subject, (ReceivedEvent, Incident))
            or (isinstance(subject, ScheduleDelivery) and progress is None)
        ]
        self._runs: dict[ScheduleDelivery, list[ScheduleDelivery]] = {}
        self._alike: defaultdict[Hashable, list[ScheduleDelivery]] = defaultdict(list)
        self._brought = {event.arrived_by for event in ledger.received}
        self._collect()

    def _collect(self) -> None:
        """Find the firings that went alike, in each run and in all."""
        caused: set[ReceivedEvent | None] = set()
        run_of: defaultdict[Hashable, list[ScheduleDelivery]] = defaultdict(list)
        for subject in self._happened:
            if isinstance(subject, ScheduleDelivery):
                way = self._way_of(subject)
                run = self._runs[subject] = run_of[way]
                run.append(subject)
                self._alike[way].append(subject)
            elif isinstance(subject, ReceivedEvent) and _is_caused(subject, caused):
                caused.add(subject)
            elif run_of:
                run_of = defaultdict(list)

    @property
    def all(self) -> list[ScheduleDelivery]:
        """All firings, in order."""
        return list(self._runs)

    def run_of(self, firing: ScheduleDelivery) -> list[ScheduleDelivery]:
        """Return the firings that went alike, and between which nothing happened but other firings, in order.

        Events that came to a bus because a schedule fired are a part of the firing.
        """
        return self._runs[firing]

    def happened(self) -> Iterator[ReceivedEvent | Incident | Alike]:
        """Yield what happened by itself, in order: events that came, incidents, and schedules that fired.

        Three or more firings of a run are shown as one, at the place of the first.
        """
        for subject in self._happened:
            if not isinstance(subject, ScheduleDelivery):
                yield subject
                continue
            run = self._runs[subject]
            if len(run) < FEW:
                yield Alike(subject, subject, 1)
            elif subject is run[0]:
                yield Alike(subject, run[-1], len(run))

    def shown(self) -> dict[ScheduleDelivery, Alike]:
        """Return the firings that have data of their own, in order, each with those for which it stands.

        Of more than 100 firings that went alike, these are the first 50 and the last 50, and one of those between, or
        one for each run if they are of several. A firing that brought an event to a bus always has its own data.
        """
        shown = {firing: Alike(firing, firing, 1) for firing in self._runs}
        half = MOST_ALIKE // 2
        for alike in self._alike.values():
            firings = [firing for firing in alike if firing not in self._brought]
            if len(firings) <= MOST_ALIKE:
                continue
            for _, run in groupby(firings[half:-half], key=lambda firing: id(self._runs[firing])):
                first, *others = run
                for firing in others:
                    del shown[firing]
                shown[first] = Alike(first, [first, *others][-1], 1 + len(others))
        return shown

    def _way_of(self, firing: ScheduleDelivery) -> Hashable:
        """Return a value that firings have in common if they went alike."""
        progress = firing.progress
        return (
            firing.schedule,
            progress.status,
            progress.taken_by,
            progress.reason,
            progress.waits_for,
            tuple([attempt.error for attempt in progress.attempts]),
            *map(str, progress.missing_permissions),
            *[
                (one.invoked_arn, one.condition, *[each.error for each in one.attempts], *map(str, one.sent))
                for one in self.invocations.get(firing, ())
            ],
        )


def _is_caused(event: ReceivedEvent, caused: set[ReceivedEvent | None]) -> bool:
    """Return whether a schedule put an event on its bus, or the event came on from one that a schedule put."""
    by = event.arrived_by
    return isinstance(by, ScheduleDelivery) or (by is not None and by.cause in caused)
