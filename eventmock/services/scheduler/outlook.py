"""When a schedule fires next, or why it does not fire, in words for the tester."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventmock.history.schedule_delivery import TIME_FORMAT, ScheduleDelivery
from eventmock.history.wording import where_outside
from eventmock.schedule import At, Cron
from eventmock.schedule.advice import advice_about_schedule
from eventmock.services.scheduler.firing import next_firing
from eventmock.services.scheduler.former import how_it_went
from eventmock.services.scheduler.schedule import DEFAULT_GROUP, ENABLED, schedules_of
from eventmock.services.scheduler.schedule_group import groups_of
from eventmock.services.scheduler.settings import SchedulerSettings
from eventmock.values.moments import later

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.services.scheduler.schedule import Schedule

_A_DAY: Final = timedelta(days=1)
_A_SECOND: Final = timedelta(seconds=1)


def outlook(account: Account, schedule: Schedule) -> Iterator[str]:
    """Yield lines about what comes of a schedule: its next firing and how to reach it, or why there is none.

    Args:
        account: The account of the schedule.
        schedule: The schedule, which may have been deleted.
    """
    present = schedules_of(account).get(schedule.table_name)
    name, now = _name(account, schedule), account.state.clock.now()
    firing = None if present is None else next_firing(account, present)
    if present is None:
        yield f"{name} {how_it_went(account.state, schedule.arn)}"
    elif firing is None:
        parts = [why_it_does_not_fire(account, present)]
        if present.state == ENABLED:
            end = present.end_date
            parts += [] if end is None else [f"its EndDate is {present.in_words(end)}"]
            parts.append(_clock(present, now))
        yield f"{name}: {'; '.join(parts)}"
    else:
        yield f"{name} waits for its time, {_when(present, *firing, now)}"
        yield f'to have it fire: backend.clock.move_to("{firing[1]:{TIME_FORMAT}}")'


def why_it_does_not_fire(account: Account, schedule: Schedule) -> str:
    """Return why a schedule does not fire again, if no request changes it; empty if it does."""
    state, occurrences = account.state, schedule.occurrences
    if schedule.state != ENABLED:
        return f"it does not fire, because it is {schedule.state}"
    if next_firing(account, schedule) is not None:
        return ""
    group = groups_of(account).get(schedule.group)
    if group is not None and group.gone is not None:
        gone = schedule.in_words(group.gone)
        return f"it does not fire any more: its group is DELETING, and it is deleted with it, at {gone}"
    if schedule.has_fired:
        if _lost_its_firing(account, schedule):
            return "it does not fire any more: it was changed in its flexible time window, before it fired"
        return "it does not fire any more, because it has fired: at(...) fires once"
    if not isinstance(occurrences.timing, At):
        if occurrences.first() is None:
            return f"it never fires: {advice_about_schedule(occurrences)}"
        why = advice_about_schedule(occurrences, state.clock.now()) or "no moment is left"
        return f"it does not fire any more: {why}"
    moment, since = occurrences.moment, occurrences.since
    if moment is None:
        return f"it never fires: in UTC, {schedule.expression} is outside of the years 1 to 9999"
    was_made = "made" if since == schedule.creation_date else "changed"
    why = (
        f"it never fires: its moment, {schedule.in_words(moment)}, was past when it was {was_made}, "
        f"at {schedule.in_words(since)}"
    )
    if state.settings(SchedulerSettings).fires_past_at:
        return why
    return f"{why}; backend.scheduler.fires_past_at = True lets such a schedule fire at once"


def _lost_its_firing(account: Account, schedule: Schedule) -> bool:
    """Return whether an ``at(...)`` was changed after its moment, and before it fired in its flexible time window."""
    moment = schedule.occurrences.moment
    if moment is None or schedule.last_modification_date <= moment:
        return False
    return not any(
        isinstance(delivery, ScheduleDelivery)
        and delivery.schedule.key is schedule.key
        and delivery.scheduled_time == moment
        for delivery in account.state.ledger.fired
    )


def _name(account: Account, schedule: Schedule) -> str:
    """Return the name of a schedule, with its group, region and account as far as they are not the default ones."""
    state, group = account.state, "" if schedule.group == DEFAULT_GROUP else f" of group {schedule.group}"
    where = where_outside(
        account.region, account.id, default_region=state.default_region, default_account=state.default_account
    )
    return f"schedule {schedule.name}{group}{where}"


def _when(schedule: Schedule, occurrence: datetime, moment: datetime, now: datetime) -> str:
    """Return when a schedule fires next, and what about that may be a surprise.

    Args:
        schedule: The schedule.
        occurrence: The moment at which it has to fire.
        moment: The moment at which it fires.
        now: The present.
    """
    occurrences, start = schedule.occurrences, schedule.start_date
    day = f"{occurrences.local(occurrence):%a} " if isinstance(occurrences.timing, Cron) else ""
    parts = [f"{schedule.expression}: next {day}{schedule.in_words(occurrence)}"]
    if schedule.window is not None:
        window = f"in its flexible time window of {schedule.window} minutes"
        parts[0] += f", {window}: at {schedule.in_words(moment)}"
    parts.append(_clock(schedule, now))
    if start is not None and start > now and not isinstance(occurrences.timing, At):
        parts.append(f"its StartDate is {schedule.in_words(start)}")
    since = max(later(now, -_A_DAY), later(schedule.last_modification_date, -_A_SECOND))
    parts.append(advice_about_schedule(replace(occurrences, end=occurrence), since))
    return "; ".join(filter(None, parts))


def _clock(schedule: Schedule, now: datetime) -> str:
    return f"the clock stands at {schedule.in_words(now)}"
