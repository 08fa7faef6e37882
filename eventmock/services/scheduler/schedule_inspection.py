"""`ScheduleInspection`: a schedule for the test to read, with its next firings, or why it has none."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import NoSuchSchedule, OptionError
from eventmock.schedule.advice import advice_about_schedule
from eventmock.services.scheduler.firing import firings_of
from eventmock.services.scheduler.former import how_it_went
from eventmock.services.scheduler.outlook import why_it_does_not_fire
from eventmock.services.scheduler.schedule import DELETE, schedules_of, table_name
from eventmock.services.scheduler.schedule_group import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State

_SHOWN: Final = 5
"""The number of firings that `ScheduleInspection.explain` shows."""


class Firing(NamedTuple):
    """A firing of a schedule that is still to come, unless the schedule is changed.

    Attributes:
        scheduled: The moment at which the schedule has to fire, an aware datetime in UTC.
        local: That moment in the time zone of the schedule.
        fires: The moment at which the mock fires, in UTC: in a flexible time window, later than `scheduled`.
    """

    scheduled: datetime
    local: datetime
    fires: datetime

    def __str__(self) -> str:
        text = f"{self.scheduled:%Y-%m-%dT%H:%M:%SZ}  {self.local:%a %Y-%m-%d %H:%M:%S %z}"
        return text if self.fires == self.scheduled else f"{text}  in its window at {self.fires:%H:%M:%S}Z"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ScheduleInspection:
    """A schedule, for the test to read. It is looked up whenever it is asked.

    Attributes:
        name: The name of the schedule.
        group: The name of its schedule group.
        account: The id of its account.
        region: Its region.
    """

    name: str
    group: str
    account: str
    region: str
    _state: State = field()

    def __repr__(self) -> str:
        return f"<schedule {self.group}/{self.name} of {self.account}, {self.region}>"

    @property
    def arn(self) -> str:
        """The ARN of the schedule."""
        return self._record().arn

    @property
    def state(self) -> str:
        """``ENABLED`` or ``DISABLED``."""
        return self._record().state

    @property
    def expression(self) -> str:
        """The text of the schedule expression."""
        return self._record().expression

    @property
    def timezone(self) -> str:
        """The name of the time zone."""
        return self._record().timezone

    @property
    def target_arn(self) -> str:
        """The ARN of the target."""
        return self._record().target.arn

    def next_firings(self, count: int = _SHOWN) -> list[Firing]:
        """Return the next firings, unless the schedule is changed. A schedule that is DISABLED has none.

        Args:
            count: The most firings to return, from 1.

        Raises:
            OptionError: The count is not a whole number from 1.
            NoSuchSchedule: The schedule was deleted.
        """
        __tracebackhide__ = True
        given: Any = count
        if not isinstance(given, int) or isinstance(given, bool) or given < 1:
            raise OptionError(f"next_firings({count!r}): wanted a whole number from 1")
        schedule = self._record()
        local, firings = schedule.occurrences.local, firings_of(self._account(), schedule)
        return [Firing(moment, local(moment), fires) for moment, fires in islice(firings, count)]

    def explain(self) -> str:
        """Return the schedule in words: its state and its next five firings, or why it does not fire.

        Raises:
            NoSuchSchedule: The schedule was deleted.
        """
        __tracebackhide__ = True
        schedule, now = self._record(), self._state.clock.now()
        firings = self.next_firings()
        return "\n".join(
            [
                f"schedule {self.group}/{self.name} is {schedule.state}",
                f"  expression: {schedule.expression}, time zone {schedule.timezone}",
                *_limits(schedule),
                f"  target: {schedule.target.arn}",
                f"  now: {now:%Y-%m-%dT%H:%M:%SZ}",
                *(["  next firings, in UTC and in local time:"] if firings else []),
                *(f"    {firing}" for firing in firings),
                *([f"    {_end_of(schedule)}"] if firings and len(firings) < _SHOWN else []),
                *(f"  {remark}" for remark in self._remarks(schedule, now)),
            ]
        )

    def _remarks(self, schedule: Schedule, now: datetime) -> Iterator[str]:
        """Yield why the schedule does not fire, and what may surprise the tester."""
        group = groups_of(self._account()).get(self.group)
        if group is not None and group.gone is not None:
            gone = f"{group.gone:%Y-%m-%dT%H:%M:%SZ}"
            yield f"schedule group {self.group} is DELETING: the schedule is deleted with it, at {gone}"
            return
        why = why_it_does_not_fire(self._account(), schedule)
        if why:
            yield why
        elif schedule.occurrences.next_after(now) is not None:
            yield from filter(None, [advice_about_schedule(schedule.occurrences, now)])

    def _account(self) -> Account:
        return self._state.accounts.get(self.account, self.region)

    def _record(self) -> Schedule:
        __tracebackhide__ = True
        self._state.clock.run_due()
        with self._state.lock:
            found = schedules_of(self._account()).get(table_name(self.group, self.name))
        if found is None:
            arn = self._account().arn("scheduler", f"schedule/{self.group}/{self.name}")
            why = how_it_went(self._state, arn) or "was deleted, or it has completed"
            raise NoSuchSchedule(f"{self!r} does not exist any more: it {why}")
        return found


def _limits(schedule: Schedule) -> list[str]:
    """Return the lines about what limits the firings of a schedule, or moves them."""
    lines = [
        f"  {name}: {moment:%Y-%m-%dT%H:%M:%SZ}"
        for name, moment in (("StartDate", schedule.start_date), ("EndDate", schedule.end_date))
        if moment is not None
    ]
    if schedule.window is not None:
        lines.append(f"  flexible time window: {schedule.window} minutes")
    return lines


def _end_of(schedule: Schedule) -> str:
    if schedule.action_after_completion == DELETE:
        return "and never again: then it is deleted"
    return "and never again"
