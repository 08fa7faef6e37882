"""rate(value unit): every so many minutes, hours or days, counted from the moment the schedule started.

What it is: the grammar of a rate, and its firings. What it is not: the decision whether a new rule fires at
once; that is events/scheduled_rules.py's, which has the start.

Source: "Rate expressions" in the EventBridge user guide. The refusals are asserted by tests that ran against
AWS, not recorded. Observed second-hand, in an emulator's captures: the phase is the start's own second, not
the minute's; the maximum is 2^31-1. Inferred: leading zeros are digits like any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.utc import as_utc

_UNIT_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_MAXIMUM = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate expression that AWS accepts.

    `expression` is the text as given, `value` the number in it, `unit` the singular: minute, hour or day.
    """

    expression: str
    value: int
    unit: str

    @property
    def seconds(self) -> int:
        """The period in seconds. An int: 2^31-1 days are more than a timedelta holds."""
        return self.value * _UNIT_SECONDS[self.unit]

    def next_after(self, instant: datetime, *, start: datetime | None = None) -> datetime | None:
        """Answer the first firing strictly after `instant`, in UTC.

        Firings are `start`, `start` + period, `start` + 2 periods and so on; before `start` there is none, so
        an earlier `instant` answers `start` itself. Without `start` the schedule starts at `instant`: the
        answer is one period later.

        Returns:
            The firing, or None when it lies beyond year 9999.

        Raises:
            ValueError: a datetime is naive.
        """
        after = as_utc(instant)
        first = after if start is None else as_utc(start)
        if after < first:
            return first
        periods = (after - first) // timedelta(seconds=1) // self.seconds + 1
        try:
            return first + timedelta(seconds=periods * self.seconds)
        except OverflowError:
            return None

    def between(
        self, after: datetime, until: datetime, *, start: datetime | None = None
    ) -> Iterator[datetime]:
        """Iterate over the firings after `after`, up to and including `until`, in order, in UTC.

        Neighbouring spans therefore share no firing and lose none. Without `start` the schedule starts at
        `after`.

        Raises:
            ValueError: a datetime is naive.
        """
        origin = as_utc(after if start is None else start)
        last = as_utc(until)
        firing = self.next_after(after, start=origin)
        return self._up_to(last, firing, origin)

    def _up_to(self, last: datetime, firing: datetime | None, origin: datetime) -> Iterator[datetime]:
        while firing is not None and firing <= last:
            yield firing
            firing = self.next_after(firing, start=origin)


def parse_rate(expression: str) -> Rate:
    """Read ``rate(value unit)``: digits, one space, a unit that agrees with the digits in number, lower case.

    Raises:
        InvalidSchedule: AWS would refuse it; `.why` says what was wrong.
    """
    body = expression.removeprefix("rate(").removesuffix(")")
    parts = body.split(" ")
    if len(parts) != 2:
        raise InvalidSchedule(f"rate: {body!r} is not a value, one space and a unit")
    digits, unit = parts
    if not re.fullmatch("[0-9]+", digits):
        raise InvalidSchedule(f"value: {digits!r} is not a whole number above zero")
    value = int(digits)
    if not 1 <= value <= _MAXIMUM:
        raise InvalidSchedule(f"value: {digits} is outside 1-{_MAXIMUM}")
    singular = unit.removesuffix("s")
    if singular not in _UNIT_SECONDS:
        raise InvalidSchedule(f"unit: {unit!r} is not minute(s), hour(s) or day(s), in lower case")
    wanted = singular if value == 1 else f"{singular}s"
    if unit != wanted:
        raise InvalidSchedule(f"unit: {value} {unit} does not agree; wanted {value} {wanted}")
    return Rate(expression=expression, value=value, unit=singular)
