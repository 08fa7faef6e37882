"""The mistakes that a person could make in a schedule: its expression, time zone, state, dates, window and target.

`altered_schedule` gives a mock a schedule with one of them. What only some schedules have is left alone in others: an
``at(...)`` ignores StartDate and EndDate, and a rate has no time zone.
Source: ours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.history.schedule_delivery import Execution
from eventmock.schedule import At, Occurrences, Rate, parse_for_schedule, time_zone
from eventmock.schedule.mutations import first_difference, mutations_of_schedule
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
from eventmock.services.scheduler.target import target_of
from eventmock.services.scheduler.target_checks import check_target
from eventmock.target_kinds import InvalidRequest
from eventmock.values.arn import Arn, arn_name, resource_arn
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventmock.services.coverage import Subject
    from eventmock.services.mutants import Harm, Mutated
    from eventmock.services.scheduler.altered_schedule import Change
    from eventmock.state import State
    from eventmock.target_kinds import ApiCall

DISABLED: Final = "schedule disabled"
ENABLED_BY_MISTAKE: Final = "schedule enabled"
START_DROPPED: Final = "StartDate dropped"
END_DROPPED: Final = "EndDate dropped"
WINDOW_DROPPED: Final = "window dropped"
ANOTHER_ACTION: Final = "another action after completion"
TARGET_MISSING: Final = "target missing"
DLQ_REMOVED: Final = "dead-letter queue removed"
NO_RETRIES: Final = "no retries"
INPUT_DROPPED: Final = "input dropped"
ANOTHER_ATTRIBUTE: Final = "another attribute"

_NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment from which firings are compared, if no firing of the schedule is known."""
_CONFUSED: Final = {
    SCHEDULE_ARN: EXECUTION_ID,
    SCHEDULED_TIME: EXECUTION_ID,
    EXECUTION_ID: SCHEDULE_ARN,
    ATTEMPT_NUMBER: EXECUTION_ID,
}
"""For each context attribute one that a person could write for it."""
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

        return unnoticed(state)


MUTANTS: Final = ScheduleMutants()


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
        self._after = _moment_before_firing(subject.event)
        self._right = self._occurrences(self._expression, self._timezone)

    def all(self) -> Iterator[Mutant]:
        """Yield the mutants in the order of the members of a schedule."""
        yield from self._in_time()
        yield from self._in_state()
        if not self._is_once:
            yield from self._in_dates()
        yield from self._in_window()
        yield from self._in_completion()
        for target in self._subject.targets:
            yield from self._in_target(target)

    @property
    def _is_once(self) -> bool:
        return isinstance(self._right.timing, At)

    def _in_time(self) -> Iterator[Mutant]:
        for kind, expression, timezone in mutations_of_schedule(
            self._expression, self._timezone, self._after
        ):
            if timezone != self._timezone:
                member, before, after = "ScheduleExpressionTimezone", self._timezone, timezone
            else:
                member, before, after = "ScheduleExpression", self._expression, expression
            change: Change = {member: after}
            text = f"{after} instead of {before}"
            timing = parse_for_schedule(expression)
            if isinstance(timing, At) and isinstance(self._right.timing, At) and timezone == self._timezone:
                by = timing.local - self._right.timing.local
                change = {"Later": by.total_seconds()}
                text = f"{_duration(abs(by))} {'late' if by > timedelta(0) else 'early'}: {text}"
            moment = self._moment_of_difference(self._occurrences(expression, timezone))
            yield Mutant(
                kind=kind,
                harm="changed",
                text=text,
                member=member,
                before=before,
                after=after,
                change=change,
                moment=moment,
                equivalent="it ends before the first moment at which both differ" if moment is None else None,
            )

    def _in_state(self) -> Iterator[Mutant]:
        state = self._definition.get("State", ENABLED)
        if state != ENABLED and self._subject.event is None:
            moment = self._firing("when it fires")
            yield Mutant(
                ENABLED_BY_MISTAKE,
                "more",
                "the schedule is enabled",
                *("State", state, ENABLED),
                {"State": ENABLED},
                moment=moment,
            )
            return
        moment = self._firing("when it does not fire")
        yield Mutant(
            DISABLED,
            "silence",
            "the schedule is disabled",
            *("State", ENABLED, "DISABLED"),
            {"State": "DISABLED"},
            moment=moment,
        )
