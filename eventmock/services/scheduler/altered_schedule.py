"""A schedule with a mistake, as a mock keeps it for a mutant. `mutants` lists the mistakes.

A change is a value of JSON with one of these members:

- ``ScheduleExpression``, ``ScheduleExpressionTimezone``, ``State``, ``ActionAfterCompletion``: what stands there
  instead.
- ``Later``: how many seconds later an ``at(...)`` is. The subject may be many of them, each with its own moment.
- ``Dropped``: the member that is missing: ``StartDate``, ``EndDate`` or ``FlexibleTimeWindow``.
- ``Target``: what is changed in the target: ``Drop`` has the members that it loses, ``Set`` those that it gets, and
  ``Attributes`` the context attributes that stand in its Input by mistake.

Source: ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from eventmock.schedule import At, parse_for_schedule, time_zone
from eventmock.services.scheduler.firing import occurrences_of
from eventmock.services.scheduler.schedule import schedules_of
from eventmock.services.scheduler.target import target_of

if TYPE_CHECKING:
    from eventmock.services.mutants import Mutated
    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State

Change: TypeAlias = Mapping[str, Any]


def altered_schedule(state: State, schedule: Schedule, subject: Mutated, change: Change) -> Schedule:
    """Return a schedule with a mistake, if it is the subject of the mutant; else the schedule as it is.

    It is called before an account keeps the schedule, for each request that makes or changes the schedule.

    Args:
        state: The state of the mock.
        schedule: The schedule.
        subject: The subject of the mutant.
        change: The mistake; see the head of this file.
    """
    if not _is_subject(schedule, subject):
        return schedule
    altered = with_mistake(schedule, change)
    if altered.occurrences == schedule.occurrences:
        return altered
    account = state.accounts.get(schedule.account, schedule.region)
    before, found = schedules_of(account).get(schedule.table_name), altered.occurrences
    goes_on = occurrences_of(
        state.clock.now(), found.timing, found.zone, start=found.start, end=found.end, before=before
    )
    return replace(altered, occurrences=goes_on)


def with_mistake(schedule: Schedule, change: Change) -> Schedule:
    """Return a schedule with a mistake. Its occurrences count from the same moment.

    Args:
        schedule: The schedule.
        change: The mistake; see the head of this file.
    """
    if "Target" in change:
        return replace(schedule, target=target_of(altered_target(schedule.target.members, change["Target"])))
    if "State" in change:
        return replace(schedule, state=change["State"])
    if "ActionAfterCompletion" in change:
        return replace(schedule, action_after_completion=change["ActionAfterCompletion"])
    occurrences, dropped = schedule.occurrences, change.get("Dropped")
    if dropped == "FlexibleTimeWindow":
        return replace(schedule, window=None)
    if dropped == "StartDate":
        return replace(schedule, start_date=None, occurrences=replace(occurrences, start=None))
    if dropped == "EndDate":
        return replace(schedule, end_date=None, occurrences=replace(occurrences, end=None))
    if "ScheduleExpressionTimezone" in change:
        zone = change["ScheduleExpressionTimezone"]
        return replace(schedule, timezone=zone, occurrences=replace(occurrences, zone=time_zone(zone)))
    text = change.get("ScheduleExpression") or _later(schedule, change["Later"])
    return replace(
        schedule, expression=text, occurrences=replace(occurrences, timing=parse_for_schedule(text))
    )


def altered_target(members: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the members of a target with a mistake.

    Args:
        members: The members, as CreateSchedule takes them.
        change: What is changed; see the head of this file.
    """
    kept = {name: value for name, value in members.items() if name not in change.get("Drop", ())}
    for right, wrong in change.get("Attributes", {}).items():
        kept["Input"] = kept.get("Input", "").replace(right, wrong)
    return {**kept, **change.get("Set", {})}


def _later(schedule: Schedule, seconds: float) -> str:
    """Return the expression of an ``at(...)`` that is so many seconds later, but in the years 1 to 9999."""
    timing = schedule.occurrences.timing
    assert isinstance(timing, At)
    try:
        return f"at({(timing.local + timedelta(seconds=seconds)).isoformat()})"
    except OverflowError:
        return schedule.expression


def _is_subject(schedule: Schedule, subject: Mutated) -> bool:
    """Return whether a schedule is the subject of a mutant.

    A schedule is known as in coverage: tests make names up. One of a template is known by its name too, as the template
    may be deployed in several places, and often has several schedules with one expression.
    """
    if subject.is_deployed:
        return schedule.identity_in_template == subject.identity and schedule.name in subject.names
    place = (subject.account, subject.region, subject.place, subject.identity)
    return (schedule.account, schedule.region, schedule.group, schedule.identity) == place
