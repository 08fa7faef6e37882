"""When schedules fire: their occurrences on the clock, and the delivery of each.

Source: scheduler sections 8 and 9. Inferred: a schedule fires exactly at its moment; it uses a change at once; what it
missed while it was DISABLED is lost, but for an ``at(...)``, which fires when it is enabled again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain, takewhile
from operator import itemgetter
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from eventmock.history.schedule_delivery import ScheduleDelivery
from eventmock.parts.part import KeptSet
from eventmock.schedule import At, Occurrences, Rate
from eventmock.services.scheduler.former import remember
from eventmock.services.scheduler.schedule import DELETE, ENABLED, schedules_of
from eventmock.services.scheduler.schedule_group import groups_of
from eventmock.services.scheduler.settings import SchedulerSettings
from eventmock.values.moments import later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, tzinfo

    from eventmock.parts.accounts import Account
    from eventmock.schedule import Cron
    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State


class DeletedSchedules(KeptSet[object]):
    """The keys of the schedules that a request deleted. Their invocations are not tried again."""


def occurrences_of(  # noqa: PLR0913 - what decides when a schedule fires
    now: datetime,
    timing: At | Rate | Cron,
    zone: tzinfo,
    *,
    start: datetime | None,
    end: datetime | None,
    before: Schedule | None,
) -> Occurrences:
    """Return the occurrences of a schedule that is made or changed now.

    The grid of a rate stays, and an ``at(...)`` does not fire again, as long as the text, the zone and the start stay.

    Args:
        now: The present, an aware datetime in UTC.
        timing: The expression.
        zone: The time zone of the expression.
        start: The StartDate, an aware datetime; None if there is none.
        end: The EndDate, an aware datetime; None if there is none.
        before: The schedule before the change; None for a new one.
    """
    anew = Occurrences(timing=timing, zone=zone, since=now, start=start, end=end)
    if before is None or not _go_on(before.occurrences, anew):
        return anew
    return replace(anew, since=before.occurrences.since)


def _go_on(before: Occurrences, after: Occurrences) -> bool:
    """Return whether the occurrences after a change go on as before it, rather than begin anew.

    ``at(...)`` ignores the start, and a rate the zone.
    """
    timing = after.timing
    return (
        before.timing == timing
        and (isinstance(timing, At) or before.start == after.start)
        and (isinstance(timing, Rate) or before.zone == after.zone)
    )


def keep(account: Account, schedule: Schedule, before: Schedule | None = None) -> None:
    """Keep a schedule that was made or changed, and plan when it fires. The caller holds the lock of the state.

    Args:
        account: The account of the schedule.
        schedule: The schedule.
        before: The schedule before the change, of which nothing more fires; None for a new one.
    """
    if before is not None:
        remember(account.state, before, "was changed", is_deleted=False)
    schedule = account.state.altered(schedule)
    goes_on = before is not None and _go_on(before.occurrences, schedule.occurrences)
    if before is not None and goes_on and before.has_fired:
        schedule = replace(schedule, has_fired=True)
    schedules_of(account)[schedule.table_name] = schedule
    if schedule.state == ENABLED:
        _begin(account, schedule, goes_on=goes_on)


def forget(account: Account, schedule: Schedule) -> None:
    """Forget a schedule that a request deletes. The caller holds the lock of the state."""
    del schedules_of(account)[schedule.table_name]
    remember(account.state, schedule, "was deleted")
    account.state.settings(DeletedSchedules).add(schedule.key)


def _begin(account: Account, schedule: Schedule, *, goes_on: bool) -> None:
    """Plan the next firing of a schedule that is enabled; fire if its moment has come.

    Args:
        account: The account of the schedule.
        schedule: The schedule.
        goes_on: Whether the occurrences go on as before a change, rather than begin now.
    """
    state, occurrences = account.state, schedule.occurrences
    now, timing = state.clock.now(), occurrences.timing
    moment = occurrences.moment if isinstance(timing, At) else None
    if moment is not None and moment <= now and not schedule.has_fired:
        was_missed = occurrences.since < moment
        if was_missed or state.settings(SchedulerSettings).fires_past_at:
            _occur(account, schedule, moment)
        return
    _plan(account, schedule, occurrences.next_after(now) if goes_on else occurrences.first())


class _Planned(NamedTuple):
    """Work of a schedule that waits on the clock. There may be very many, so it is small.

    Attributes:
        account: The account of the schedule.
        schedule: The schedule.
        moment: The moment of the occurrence, an aware datetime in UTC.
        what: What is planned, in words.
        work: The function that does it.
    """

    account: Account
    schedule: Schedule
    moment: datetime
    what: str
    work: Callable[[Account, Schedule, datetime], None]

    def do(self) -> None:
        """Do the work."""
        self.work(self.account, self.schedule, self.moment)

    def is_wanted(self) -> bool:
        """Return whether the schedule was neither changed nor deleted."""
        return schedules_of(self.account).get(self.schedule.table_name) is self.schedule

    def __str__(self) -> str:
        schedule = self.schedule
        name = f"{schedule.group}/{schedule.name} of {schedule.account}, {schedule.region}"
        return f"schedule {name} {self.what}: {schedule.expression}"


def _wait(planned: _Planned, until: datetime) -> None:
    """Put work of a schedule on the clock."""
    planned.account.state.clock.call_at(until, planned, planned.do, planned.is_wanted)


def _plan(account: Account, schedule: Schedule, moment: datetime | None) -> None:
    """Put an occurrence of a schedule on the clock; if its moment has come, fire. None stands for no occurrence."""
    if moment is None:
        return
    if moment <= account.state.clock.now():
        _occur(account, schedule, moment)
    else:
        _wait(_Planned(account, schedule, moment, "fires", _occur), moment)


def _occur(account: Account, schedule: Schedule, moment: datetime) -> None:
    """Fire for an occurrence, or at a moment in its flexible time window, and plan the next occurrence."""
    following = schedule.occurrences.next_after(moment)
    if following is None and isinstance(schedule.occurrences.timing, At):
        schedule = replace(schedule, has_fired=True)
        schedules_of(account)[schedule.table_name] = schedule
    late = delay(account.state, schedule, moment)
    if late:
        fires = later(moment, late)
        _wait(_Planned(account, schedule, moment, "fires in its flexible time window", _fire), fires)
    else:
        _fire(account, schedule, moment)
    if following is not None:
        _plan(account, schedule, following)
    elif schedule.action_after_completion == DELETE:
        end = max(_last_firing(account.state, schedule, moment), account.state.clock.now())
        _wait(_Planned(account, schedule, moment, "is deleted after its completion", _complete), end)


def firings_of(account: Account, schedule: Schedule) -> Iterator[tuple[datetime, datetime]]:
    """Yield the firings of a schedule that are still to come, if no request changes it; none of one that is DISABLED.

    Each is the moment at which the schedule has to fire, and the moment at which it fires, aware datetimes in UTC. They
    differ in a flexible time window, in which a later one may fire earlier; the order is that of the first moments.
    """
    if schedule.state != ENABLED:
        return
    now, changed = account.state.clock.now(), schedule.last_modification_date.replace(microsecond=0)
    since = max(later(now, -timedelta(minutes=schedule.window or 0)), later(changed, -timedelta(seconds=1)))
    moment = schedule.occurrences.next_after(since)
    group = groups_of(account).get(schedule.group)
    gone = None if group is None else group.gone
    while moment is not None and (gone is None or moment < gone):
        fires = later(moment, delay(account.state, schedule, moment))
        if fires > now and (gone is None or fires < gone):
            yield moment, fires
        moment = schedule.occurrences.next_after(moment)


def next_firing(account: Account, schedule: Schedule) -> tuple[datetime, datetime] | None:
    """Return the one of `firings_of` a schedule that comes first; None if there is none."""
    firings = firings_of(account, schedule)
    first = next(firings, None)
    if first is None:
        return None
    same_window = takewhile(lambda firing: firing[0] < first[1], firings)
    return min(chain([first], same_window), key=itemgetter(1))


def _last_firing(state: State, schedule: Schedule, last: datetime) -> datetime:
    """Return the moment of the last firing of a schedule: in flexible time windows, a later one may fire earlier.

    Args:
        state: The state of the mock.
        schedule: The schedule.
        last: The moment of the last occurrence.
    """
    if schedule.window is None:
        return last
    first = later(last, -timedelta(minutes=schedule.window))
    moments = [*schedule.occurrences.between(first, last), last]
    return max(later(moment, delay(state, schedule, moment)) for moment in moments)


def delay(state: State, schedule: Schedule, moment: datetime) -> timedelta:
    """Return the time from an occurrence to the firing: zero, or whole seconds in the flexible time window.

    Equal seeds, schedules and moments give equal times (inferred; AWS documents only that it is in the window).
    """
    if schedule.window is None:
        return timedelta(0)
    seed = f"{state.options.seed or 0} {schedule.arn} {moment.isoformat()}"
    return timedelta(seconds=Random(seed).randrange(60 * schedule.window))  # noqa: S311 - repeatable on purpose


def _complete(account: Account, schedule: Schedule, _last: datetime) -> None:
    """Delete a schedule that has completed. Retries of its last invocation go on."""
    del schedules_of(account)[schedule.table_name]
    remember(account.state, schedule, "had completed and was deleted, as ActionAfterCompletion asks")


def _fire(account: Account, schedule: Schedule, moment: datetime) -> None:
    """Write down that a schedule fires, and hand the invocation of its target to the courier."""
    state = account.state
    delivery = ScheduleDelivery(
        target=schedule.target,
        schedule=schedule,
        scheduled_time=moment,
        time=state.clock.now(),
        id=state.identifiers.uuid(),
        _deleted=state.settings(DeletedSchedules),
    )
    state.ledger.fire(delivery)
    state.courier.accept([delivery])
