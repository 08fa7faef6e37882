"""The grammar of at(yyyy-mm-ddThh:mm:ss): one firing, at a local time. EventBridge Scheduler only.

Which moment the local time is, the time zone decides: occurrences.py.

Source: "One-time schedules" in the guide of EventBridge Scheduler. Recorded: an offset such as `Z`, and a date alone,
are refused. Seen on AWS: seconds may be left out; a fraction, and a blank for `T`, are refused. Inferred: a date or a
time that does not exist, such as 30 February or 24:00, is refused.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from eventmock.schedule.invalid_schedule import InvalidSchedule

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """A one-time expression that AWS accepts.

    Attributes:
        expression: The text as given.
        local: The time in the text, a naive datetime in whole seconds: a local time of the schedule's time zone.
    """

    expression: str
    local: datetime


def parse_at(expression: str) -> At:
    """Read ``at(yyyy-mm-ddThh:mm:ss)``; the seconds may be missing.

    Raises:
        InvalidSchedule: AWS would refuse the expression; `.why` says what is wrong.
    """
    body = expression.removeprefix("at(").removesuffix(")")
    form = _FORM.fullmatch(body)
    if form is None:
        raise InvalidSchedule(f"at: {body!r} is not yyyy-mm-ddThh:mm:ss{_meant(body)}")
    try:
        local = datetime(*(int(digits or 0) for digits in form.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - mypy does not count the digits; the time zone comes later
    except ValueError as wrong:
        raise InvalidSchedule(f"at: {body!r} does not exist: {wrong}") from None
    return At(expression=expression, local=local)


def _meant(body: str) -> str:
    """Return what the tester may have meant by another form of a date and time; empty if it is of no form."""
    try:
        moment = datetime.fromisoformat(body.strip())
    except ValueError:
        return ""
    zone = "" if moment.tzinfo is None else "; a time zone is given apart, in ScheduleExpressionTimezone"
    return f"{zone}: did you mean at({moment.replace(microsecond=0, tzinfo=None).isoformat()})?"
