"""The grammar and the firings of rate(value unit): a firing every few minutes, hours or days after the start.

Whether a new rule fires at once is decided in events/scheduled_rules.py, which knows the start.

Source: "Rate expressions" in the EventBridge user guide. The refusals are asserted by tests that ran against
AWS, not recorded. From an emulator's captures of AWS: firings keep the second of the start, they are not on whole
minutes; the maximum is 2^31-1. Inferred: leading zeros are allowed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.utc import as_utc

UNITS = {"minute": 60, "hour": 3_600, "day": 86_400}
"""The units of rates, in the singular, with their seconds."""
_MAXIMUM = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate expression that AWS accepts.

    Attributes:
        expression: The text as given.
        value: The number in the text.
        unit: The unit in the singular: minute, hour or day.
    """

    expression: str
    value: int
    unit: str

    @property
    def seconds(self) -> int:
        """The period in seconds. It is an int because 2^31-1 days are too many for a timedelta."""
        return self.value * UNITS[self.unit]

    def next_after(self, instant: datetime, *, start: datetime | None = None) -> datetime | None:
        """Return the first firing strictly after `instant`, in UTC.

        The firings are `start`, `start` + period, `start` + 2 periods and so on. For an `instant` before `start`, the
        first firing is `start` itself. Without `start`, the schedule starts at `instant`, so the first firing is one
        period later.

        Returns:
            The firing, or None if it is after the year 9999.

        Raises:
            ValueError: A datetime is naive.
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
        """Yield the firings after `after`, up to and including `until`, in order, in UTC.

        So no firing is in two adjacent intervals, and none is lost between them. Without `start`, the schedule starts
        at `after`.

        Raises:
            ValueError: A datetime is naive.
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
        InvalidSchedule: AWS would refuse the expression; `.why` says what is wrong.
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
    if singular not in UNITS:
        raise InvalidSchedule(f"unit: {unit!r} is not minute(s), hour(s) or day(s), in lower case")
    wanted = singular if value == 1 else f"{singular}s"
    if unit != wanted:
        raise InvalidSchedule(f"unit: {value} {unit} does not agree; wanted {value} {wanted}")
    return Rate(expression=expression, value=value, unit=singular)
