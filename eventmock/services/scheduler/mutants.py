"""The mistakes that a person could make in a schedule: its expression, time zone, state, dates, window and target.

`altered_schedule` gives a mock a schedule with one of them. What only some schedules have is left alone in others: an
``at(...)`` ignores StartDate and EndDate, and a rate has no time zone.
Source: ours.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.history.schedule_delivery import TIME_FORMAT, Execution
from eventmock.history.wording import counted
from eventmock.schedule import At, Cron, Occurrences, Rate, parse_for_schedule, time_zone
from eventmock.schedule.mutations import first_difference, mutations_of_schedule
from eventmock.schedule.time_zones import shifts
from eventmock.services.mutants import Mutant
from eventmock.services.scheduler.altered_schedule import altered_schedule, altered_target
from eventmock.services.scheduler.attributes import (
    ATTEMPT_NUMBER,
    EXECUTION_ID,
    SCHEDULE_ARN,
    SCHEDULED_TIME,
    attributes_in,
)
from eventmock.services.scheduler.schedule import DELETE, ENABLED, Schedule
from eventmock.services.scheduler.schedule_checks import UTC_NAME
from eventmock.services.scheduler.target import target_of
from eventmock.services.scheduler.target_checks import check_target
from eventmock.target_kinds import InvalidRequest
from eventmock.target_kinds.universal_target import KIND as UNIVERSAL
from eventmock.values.arn import Arn, arn_name, resource_arn
from eventmock.values.deep_json import loads
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventmock.services.coverage import Subject
    from eventmock.services.mutants import Harm, Mutated
    from eventmock.services.scheduler.altered_schedule import Change
    from eventmock.state import State
    from eventmock.target_kinds import ApiCall

FIXED_OFFSET: Final = "fixed offset"
DISABLED_BY_MISTAKE: Final = "schedule disabled"
ENABLED_BY_MISTAKE: Final = "schedule enabled"
START_DROPPED: Final = "StartDate dropped"
END_DROPPED: Final = "EndDate dropped"
WINDOW_DROPPED: Final = "window dropped"
ANOTHER_ACTION: Final = "another action after completion"
TARGET_MISSING: Final = "target missing"
DLQ_REMOVED: Final = "dead-letter queue removed"
NO_RETRIES: Final = "no retries"
RETRIES_ADDED: Final = "retries added"
INPUT_DROPPED: Final = "input dropped"
ANOTHER_ATTRIBUTE: Final = "another attribute"

_DISABLED: Final = "DISABLED"
_OFF: Final = {"Mode": "OFF"}

_NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment from which firings are compared, if no firing of the schedule is known."""
_CONFUSED: Final = {
    SCHEDULE_ARN: EXECUTION_ID,
    SCHEDULED_TIME: EXECUTION_ID,
    EXECUTION_ID: SCHEDULE_ARN,
    ATTEMPT_NUMBER: EXECUTION_ID,
}
"""For each context attribute one that a person could write for it."""
_DAYS_OF_A_YEAR: Final = 366
_AROUND_ONCE: Final = timedelta(days=2)
"""The time before the moment of an ``at(...)`` from which firings are compared, in which mistakes in it may fire."""
_DEFAULT_RETRIES: Final = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


class ScheduleMutants:
    """The mistakes in schedules."""

    def mutants(self, subject: Mutated) -> Iterator[Mutant]:
        """Yield the mistakes that a person could make in a schedule."""
        if subject.kind == "schedule":
            yield from _Mutants(subject).all()

    def alter(self, state: State, record: Any, subject: Mutated, mutant: Mutant) -> Any:
        """Return the record of a mock with the mistake, if it is the subject; else the record as it is."""
        if subject.kind != "schedule" or not isinstance(record, Schedule):
            return record
        return altered_schedule(state, record, subject, mutant.change)

    def unnoticed(self, state: State) -> Iterable[tuple[Subject, Mutant]]:
        """Return the mistakes in the time that no firing in a mock has shown, each with its schedule."""
        from eventmock.services.scheduler.unnoticed import unnoticed

        return unnoticed(state, self.mutants)


MUTANTS: Final = ScheduleMutants()


class _Shown(NamedTuple):
    """What shows a mistake, as a mutant has it.

    Attributes:
        moment: The moment in words, and how the mistake shows then.
        event: The moment as ``time``; None if it is another one in each test.
    """

    moment: str
    event: Mapping[str, Any] | None = None


class _Mistake(NamedTuple):
    """A mistake in the target.

    Attributes:
        kind: The kind of mistake.
        harm: What it would do in production.
        text: The mistake in words.
        change: What is changed in the target; see `altered_schedule`.
        shows: What shows it when the schedule fires.
    """

    kind: str
    harm: Harm
    text: str
    change: Change
    shows: str = "when the target gets something else"


class _Mutants:
    """The mutants of one schedule.

    Args:
        subject: The schedule.
    """

    def __init__(self, subject: Mutated) -> None:
        definition = subject.definition
        self._subject = subject
        self._definition = definition
        self._expression: str = definition["ScheduleExpression"]
        self._timezone: str = definition["ScheduleExpressionTimezone"]
        self._after = _NEW_YEAR if subject.event is None else _moment_before(subject.event)
        self._right = self._occurrences(self._expression, self._timezone)
        if self._right.moment is not None:
            self._after = self._right.moment - _AROUND_ONCE
            self._right = self._occurrences(self._expression, self._timezone)

    def all(self) -> Iterator[Mutant]:
        """Yield the mutants in the order of the members of a schedule."""
        yield from self._in_time()
        yield from self._in_zone()
        yield from self._in_state()
        if not self._is_once:
            yield from self._in_dates()
        yield from self._in_window()
        yield from self._in_completion()
        for target in self._subject.targets[:1]:  # there are more if a template was deployed several times
            yield from self._in_target(target)

    @property
    def _is_once(self) -> bool:
        return isinstance(self._right.timing, At)

    def _in_time(self) -> Iterator[Mutant]:
        for kind, expression, timezone in mutations_of_schedule(
            self._expression, self._timezone, self._after
        ):
            other = self._occurrences(expression, timezone)
            if timezone == self._timezone:
                member, before, after = "ScheduleExpression", self._expression, expression
            else:
                member, before, after = "ScheduleExpressionTimezone", self._timezone, timezone
            change: Change = {member: after}
            text = f"{after} instead of {before}"
            right, wrong = self._right.timing, other.timing
            if isinstance(right, At) and isinstance(wrong, At) and right.local != wrong.local:
                by = wrong.local - right.local
                change = {"Later": by.total_seconds()}
                text = f"{_duration(abs(by))} too {'late' if by > timedelta(0) else 'early'}: {text}"
            shown = self._difference(other, self._after)
            if shown is not None:  # else the schedule ends before the first moment at which both differ
                yield Mutant(kind, "changed", text, member, before, after, change, **shown._asdict())

    def _in_zone(self) -> Iterator[Mutant]:
        """Yield the mutant whose time zone has one offset from UTC all year. It shows when clocks are shifted."""
        zone = self._right.zone
        offset = self._after.astimezone(zone).utcoffset() or timedelta(0)
        hours, rest = divmod(offset, timedelta(hours=1))
        shift = next(shifts(zone, self._after, _DAYS_OF_A_YEAR), None)
        if shift is None or rest or not hours or not isinstance(self._right.timing, Cron):
            return
        name = f"Etc/GMT{-hours:+d}"  # signs are the other way round in these names
        shown = self._difference(self._occurrences(self._expression, name), shift.moment - timedelta(days=1))
        if shown is not None:
            text = f"UTC{hours:+03d}:00 all year ({name}) instead of {self._timezone}"
            member = "ScheduleExpressionTimezone"
            before, change = self._timezone, {member: name}
            yield Mutant(FIXED_OFFSET, "changed", text, member, before, name, change, **shown._asdict())

    def _in_state(self) -> Iterator[Mutant]:
        state = self._definition.get("State", ENABLED)
        if state != ENABLED and self._subject.event is None:
            text, shown = "the schedule is enabled", self._firing("when it fires by mistake")
            change = {"State": ENABLED}
            yield Mutant(ENABLED_BY_MISTAKE, "more", text, "State", state, ENABLED, change, **shown._asdict())
            return
        text, shown = "the schedule is disabled", self._firing("when it does not fire")
        change = {"State": _DISABLED}
        before = ENABLED  # some test may have disabled it, too
        yield Mutant(
            DISABLED_BY_MISTAKE, "silence", text, "State", before, _DISABLED, change, **shown._asdict()
        )

    def _in_dates(self) -> Iterator[Mutant]:
        start, end = self._definition.get("StartDate"), self._definition.get("EndDate")
        if start is not None:
            shown = _Shown("before StartDate, when it fires by mistake")
            yield _dropped(START_DROPPED, "more", "StartDate", start, shown)
        if end is not None:
            endless = replace(self._right, end=None)
            following = endless.next_after(datetime.fromisoformat(end))
            if following is not None:  # else EndDate changes nothing
                shown = self._shown(following, "the first firing after EndDate", "when it fires by mistake")
                yield _dropped(END_DROPPED, "more", "EndDate", end, shown)

    def _in_window(self) -> Iterator[Mutant]:
        window = self._definition.get("FlexibleTimeWindow")
        if window is not None:
            shown = self._firing("when it fires at once")
            dropped = _dropped(WINDOW_DROPPED, "changed", "FlexibleTimeWindow", window, shown)
            yield dropped._replace(after=_OFF)

    def _in_completion(self) -> Iterator[Mutant]:
        if not self._is_once and "EndDate" not in self._definition:
            return
        action = self._definition["ActionAfterCompletion"]
        other, becomes = ("NONE", "is still there") if action == DELETE else (DELETE, "is gone")
        moment = f"after its last firing, when the schedule {becomes}"
        text = f"{other} instead of {action}: the schedule {becomes} after its last firing"
        member = "ActionAfterCompletion"
        yield Mutant(ANOTHER_ACTION, "ended", text, member, action, other, {member: other}, moment=moment)

    def _in_target(self, target: Mapping[str, Any]) -> Iterator[Mutant]:
        for mistake in _mistakes_in_target(target):
            after, proof = altered_target(target, mistake.change), None
            if not _is_accepted(after, Arn.of(target["Arn"]).region or self._subject.region):
                continue
            if target.get("Input") != after.get("Input") and self._call(target) == self._call(after):
                proof = "the target gets nothing of its Input"
            yield Mutant(
                kind=mistake.kind,
                harm=mistake.harm,
                text=mistake.text,
                member="Target",
                before=dict(target),
                after=after,
                change={"Target": mistake.change},
                equivalent=proof,
                **self._firing(mistake.shows)._asdict(),
            )

    def _occurrences(self, expression: str, timezone: str) -> Occurrences:
        start, end = self._definition.get("StartDate"), self._definition.get("EndDate")
        return Occurrences(
            timing=parse_for_schedule(expression),
            zone=time_zone(timezone),
            since=self._after,
            start=None if start is None else datetime.fromisoformat(start),
            end=None if end is None else datetime.fromisoformat(end),
        )

    def _difference(self, other: Occurrences, after: datetime) -> _Shown | None:
        """Return the first moment after a moment at which only one of the schedules fires; None if none was found."""
        found = first_difference(self._right, other, after)
        if found is None:
            return None
        if self._is_once:
            return self._firing("when it does not fire")
        moment, is_lost = found
        words = f"{_duration(moment - after)} after a firing"
        return self._shown(moment, words, "when it does not fire" if is_lost else "when it fires by mistake")

    def _firing(self, shows: str) -> _Shown:
        """Return a firing, and in words how the mistake shows then."""
        words = "the moment of the schedule" if self._is_once else "a firing"
        shown = self._shown(self._right.first(), words, shows)
        known = self._subject.event
        return shown if known is None else shown._replace(event=loads(known))

    def _shown(self, moment: datetime | None, words: str, shows: str) -> _Shown:
        """Return a moment of the schedule, and how the mistake shows then.

        The moments of a cron are the same in each test, so they are dates. Those of a rate count from its creation, and
        tests may make an ``at(...)`` with many moments.

        Args:
            moment: The moment, an aware datetime; None if none is known.
            words: The words for the moment if it is another one in each test.
            shows: How the mistake shows.
        """
        timing = self._right.timing
        if moment is None or isinstance(timing, Rate):
            return _Shown(f"{words}, {shows}")
        local = moment.astimezone(self._right.zone)
        seconds = f":{local:%S}" if local.second else ""
        date = f"{local:%a %Y-%m-%d %H:%M}{seconds} {self._timezone}"
        if self._timezone != UTC_NAME:
            date += f" ({moment.strftime(TIME_FORMAT)})"
        if isinstance(timing, At):
            return _Shown(f"{words}, such as {date}, {shows}")
        return _Shown(f"{date}, {shows}", {"time": moment.strftime(TIME_FORMAT)})

    def _call(self, members: Mapping[str, Any]) -> ApiCall | str:
        """Return the call of an attempt; in words why AWS cannot make it, if it cannot."""
        subject = self._subject
        name = min(subject.names, default="schedule")
        execution = Execution(
            id="00000000-0000-4000-8000-000000000000",
            attempt=1,
            scheduled_time=_NEW_YEAR,
            schedule_arn=resource_arn(
                "scheduler", subject.region, subject.account, f"schedule/{subject.place}/{name}"
            ),
            schedule_name=name,
            account=subject.account,
            region=subject.region,
        )
        try:
            return target_of(dict(members)).request_of(execution)
        except InvalidRequest as error:
            return str(error)


def _mistakes_in_target(target: Mapping[str, Any]) -> Iterator[_Mistake]:
    arn = Arn.of(target["Arn"])
    if arn.service != UNIVERSAL.service:
        name, dot, fifo = arn.resource.partition(".fifo")
        missing = str(arn._replace(resource=f"{name}-missing{dot}{fifo}"))
        text = f"the target is {arn_name(missing)} instead of {arn_name(target['Arn'])}"
        yield _Mistake(
            TARGET_MISSING, "silence", text, {"Set": {"Arn": missing}}, "when the target gets nothing"
        )
    if "DeadLetterConfig" in target:
        text = f"no dead-letter queue instead of {arn_name(target['DeadLetterConfig'].get('Arn', ''))}"
        yield _Mistake(DLQ_REMOVED, "lost", text, {"Drop": ["DeadLetterConfig"]}, "if the target fails")
    policy = target["RetryPolicy"]
    if policy != _DEFAULT_RETRIES and policy["MaximumRetryAttempts"]:
        none = {"RetryPolicy": {**policy, "MaximumRetryAttempts": 0}}
        text = f"no retries instead of {policy['MaximumRetryAttempts']}"
        yield _Mistake(NO_RETRIES, "lost", text, {"Set": none}, "if the target fails")
    elif policy != _DEFAULT_RETRIES:
        some = {"RetryPolicy": _DEFAULT_RETRIES}
        text = f"{_DEFAULT_RETRIES['MaximumRetryAttempts']} retries, the default, instead of none"
        yield _Mistake(RETRIES_ADDED, "changed", text, {"Set": some}, "if the target fails")
    if "Input" in target:
        yield _Mistake(INPUT_DROPPED, "changed", "no Input", {"Drop": ["Input"]})
        for attribute in attributes_in(target["Input"]):
            wrong = _CONFUSED[attribute]
            text = f"{wrong} instead of {attribute}"
            yield _Mistake(ANOTHER_ATTRIBUTE, "changed", text, {"Attributes": {attribute: wrong}})


def _dropped(kind: str, harm: Harm, member: str, before: Any, shown: _Shown) -> Mutant:
    """Return the mutant in which a member of the schedule is missing."""
    text, change = f"{member} is missing", {"Dropped": member}
    return Mutant(kind, harm, text, member, before, None, change, **shown._asdict())


def _is_accepted(target: Mapping[str, Any], region: str) -> bool:
    """Return whether AWS takes a target."""
    try:
        check_target(target, region)
    except AwsError:
        return False
    return True


def _moment_before(firing: str) -> datetime:
    """Return the last moment before a firing, which is JSON text as coverage keeps it."""
    return datetime.fromisoformat(loads(firing)["time"]) - timedelta(seconds=1)


def _duration(time: timedelta) -> str:
    """Return a duration in its largest whole unit, such as ``1 hour``."""
    seconds = round(time.total_seconds())
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            return counted(seconds // size, unit)
    return counted(seconds, "second")
