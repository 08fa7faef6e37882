"""What EventBridge Scheduler adds to coverage: the schedules, with their firings, targets and inputs.

Schedules that differ by their names only are one subject, and so are one-time schedules of a group with one target,
because code makes up names and moments (`Schedule.identity`).

- A cron in a time zone has a point for each offset from UTC at which it fires. With one offset only, a test does not
  tell the zone from a fixed offset.
- The end is a point of a schedule that recurs and has an EndDate. An ``at(...)`` ends by firing.
- A context attribute of an input is tried by an attempt. The number of the attempt is tried by a retry, because it is 1
  before.
- A flexible time window has no point. Nearly each firing in it is late, so the point would follow from the firing.

Source: ours.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from eventmock.history.schedule_delivery import TIME_FORMAT, ScheduleDelivery
from eventmock.schedule import At, Cron
from eventmock.schedule.time_zones import shifts
from eventmock.services.coverage import FIRES_AT, Point, Subject
from eventmock.services.scheduler.attributes import ATTEMPT_NUMBER, attributes_in
from eventmock.services.scheduler.former import FormerSchedules
from eventmock.services.scheduler.schedule import schedules_of
from eventmock.services.tally import Tally
from eventmock.services.target_points import points_of_target, target_key, tried_by
from eventmock.values.arn import arn_name
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from eventmock.history.ledger import Entry
    from eventmock.history.progress import Progress
    from eventmock.schedule import Occurrences
    from eventmock.services.coverage import Tried
    from eventmock.services.scheduler.schedule import Schedule
    from eventmock.state import State

_FIRES: Final = Point("firing", "fires", "fires")
_ENDS: Final = Point("end", "ends", "fires for the last time")
_NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS_OF_A_YEAR: Final = 366
_END_OF_TIME: Final = len("2026-01-01T00:00:00")


class ScheduleCoverage:
    """What tests try of schedules. It keeps the subject of each schedule that it has seen."""

    def __init__(self) -> None:
        self._subjects: dict[object, Subject] = {}

    def subjects(self, state: State) -> Iterator[Subject]:
        """Yield the schedules that exist, and those that were deleted since."""
        for account in state.accounts.all:
            for schedule in schedules_of(account).values():
                yield self.subject_of(schedule)
        for schedule in state.settings(FormerSchedules).deleted:
            yield self.subject_of(schedule)

    def tried(
        self,
        state: State,  # noqa: ARG002 - of the protocol
        entries: Sequence[Entry],
        known: Callable[[Subject], Container[str]],  # noqa: ARG002 - all points are cheap to find again
    ) -> Iterable[Tried]:
        """Return what entries of the journal show: firings, deliveries, failures."""
        tally = Tally()
        seen: dict[int, _Seen] = {}
        for record, progress in entries:
            if not isinstance(record, ScheduleDelivery):
                continue
            schedule = cast("Schedule", record.schedule)
            one = seen.get(id(schedule))
            if one is None:
                one = seen[id(schedule)] = _Seen(schedule, self.subject_of(schedule))
            if progress is None:
                one.moments.append(record.scheduled_time)
            else:
                steps = cast("Progress", progress)
                one.attempts = max(one.attempts, len(steps.attempts))
                tally.add(one.subject, *tried_by(record.target_arn, steps))
        for one in seen.values():
            one.add_to(tally)
        return tally.tried()

    def subject_of(self, schedule: Schedule) -> Subject:
        """Return the subject that a schedule is, the same object as long as the schedule does not change."""
        target = schedule.target
        known = (
            *(schedule.arn, schedule.expression, schedule.timezone, schedule.state),
            *(schedule.start_date, schedule.end_date, schedule.window, schedule.action_after_completion),
            *(target.arn, target.input, target.retry_policy, target.dead_letter_queue),
        )
        found = self._subjects.get(known)
        if found is None:
            found = self._subjects[known] = Subject(
                kind="schedule",
                account=schedule.account,
                region=schedule.region,
                place=schedule.group,
                name=schedule.name,
                arn=schedule.arn,
                identity=schedule.identity,
                definition=_definition(schedule),
                points=tuple(_points_of(schedule)),
                identity_in_template=schedule.identity_in_template,
            )
        return found


COVERAGE: Final = ScheduleCoverage


def firing_text(scheduled_time: datetime) -> str:
    """Return a firing as JSON text. Of several texts, that of the earliest firing is the first one."""
    return dumps({"time": scheduled_time.strftime(TIME_FORMAT)})


class _Seen:
    """What was seen of a schedule in entries of the journal.

    Attributes:
        schedule: The schedule.
        subject: The subject that it is.
        moments: The moments for which it fired, aware datetimes in UTC.
        attempts: The most attempts of one of its deliveries.
    """

    __slots__ = ("attempts", "moments", "schedule", "subject")

    def __init__(self, schedule: Schedule, subject: Subject) -> None:
        self.schedule = schedule
        self.subject = subject
        self.moments: list[datetime] = []
        self.attempts = 0

    def add_to(self, tally: Tally) -> None:
        """Add the firings, and the context attributes that its input had."""
        schedule, occurrences = self.schedule, self.schedule.occurrences
        tally.add(self.subject, None, list(_inputs_tried(schedule, self.attempts)))
        if not self.moments:
            return
        points = {_FIRES.key}
        if _has_offsets(occurrences):
            local = {occurrences.local(moment).utcoffset(): moment for moment in self.moments}
            points |= {_fires_at(moment, occurrences).key for moment in local.values()}
        if schedule.end_date is not None and occurrences.next_after(max(self.moments)) is None:
            points.add(_ENDS.key)
        tally.add(self.subject, "fired", points, len(self.moments))
        tally.keep(self.subject, _Firing(min(self.moments)))


class _Firing(NamedTuple):
    """A firing.

    Attributes:
        scheduled_time: The moment of the schedule, an aware datetime in UTC.
    """

    scheduled_time: datetime

    @property
    def text(self) -> str:
        """The firing as JSON text."""
        return firing_text(self.scheduled_time)


def _inputs_tried(schedule: Schedule, attempts: int) -> Iterator[str]:
    """Yield the keys of the context attributes that the input had in so many attempts."""
    for attribute in attributes_in(schedule.target.input or ""):
        if attempts > (attribute == ATTEMPT_NUMBER):
            yield _input_key(schedule.target.arn, attribute)


def _points_of(schedule: Schedule) -> Iterator[Point]:
    offsets = _offsets(schedule.occurrences)
    if len(offsets) > 1:
        yield from offsets
    else:
        yield _FIRES
    if schedule.end_date is not None and not isinstance(schedule.occurrences.timing, At):
        yield _ENDS
    target = schedule.target
    yield from points_of_target(target.arn, "is invoked", target.dead_letter_queue)
    for attribute in attributes_in(target.input or ""):
        words = _words_of(attribute)
        yield Point(
            "input", _input_key(target.arn, attribute), f"{arn_name(target.arn)}: {words} has a value"
        )


def _offsets(occurrences: Occurrences) -> list[Point]:
    """Return a point for each offset from UTC at which a cron fires within a year; none for other schedules.

    The points are the same whenever a test runs, so the year does not begin with the creation.
    """
    if not _has_offsets(occurrences):
        return []
    occurrences = replace(occurrences, since=_NEW_YEAR)
    first = occurrences.first()
    if first is None:
        return []
    edges = [first, *(shift.moment for shift in shifts(occurrences.zone, first, _DAYS_OF_A_YEAR))]
    firings = [occurrences.next_after(edge - timedelta(seconds=1)) for edge in edges]
    return sorted({_fires_at(firing, occurrences) for firing in firings if firing is not None})


def _has_offsets(occurrences: Occurrences) -> bool:
    """Return whether the offset of the time zone from UTC has an effect on the firings of a schedule."""
    return occurrences.zone is not UTC and isinstance(occurrences.timing, Cron)


def _fires_at(moment: datetime, occurrences: Occurrences) -> Point:
    """Return the point for firings at the offset that the time zone of a schedule has at a moment."""
    text = f"{FIRES_AT}UTC{occurrences.local(moment).isoformat()[_END_OF_TIME:]}"
    return Point("firing", text, text)


def _input_key(arn: str, attribute: str) -> str:
    return target_key("input", arn, _words_of(attribute))


def _words_of(attribute: str) -> str:
    """Return the words for a context attribute of which a value can be tried."""
    return f"{attribute} above 1" if attribute == ATTEMPT_NUMBER else attribute


def _definition(schedule: Schedule) -> Mapping[str, Any]:
    """Return the members by which a schedule is defined, as CreateSchedule names them but for its target."""
    start, end, window = schedule.start_date, schedule.end_date, schedule.window
    flexible = None if window is None else {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": window}
    members = {
        "GroupName": schedule.group,
        "ScheduleExpression": schedule.expression,
        "ScheduleExpressionTimezone": schedule.timezone,
        "State": schedule.state,
        "StartDate": None if start is None else start.isoformat(),
        "EndDate": None if end is None else end.isoformat(),
        "FlexibleTimeWindow": flexible,
        "ActionAfterCompletion": schedule.action_after_completion,
        "Targets": [schedule.target.members],
    }
    return {name: value for name, value in members.items() if value is not None}
