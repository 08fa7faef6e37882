"""A schedule expression: one text, two kinds.

What it is: `parse`, which tells `rate(...)` from `cron(...)`. What it is not: either grammar (rate.py,
cron_fields.py).
Source: botocore's model for the 256 characters. That blanks are not trimmed and that the units of a rate are
lower case is asserted by tests that ran against AWS; that the words `rate` and `cron` are lower case, too, is
inferred from it.
"""

from eventmock.schedule.cron import Cron, parse_cron
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import Rate, parse_rate

_MAXIMUM_LENGTH = 256


def parse(expression: str) -> Rate | Cron:
    """Read a rule's ScheduleExpression.

    Raises:
        InvalidSchedule: AWS would refuse it; `.why` says what was wrong.
    """
    if len(expression) > _MAXIMUM_LENGTH:
        raise InvalidSchedule(f"expression: {len(expression)} characters; wanted at most {_MAXIMUM_LENGTH}")
    keyword, parenthesis, rest = expression.partition("(")
    if parenthesis and rest.endswith(")"):
        if keyword == "rate":
            return parse_rate(expression)
        if keyword == "cron":
            return parse_cron(expression)
    raise InvalidSchedule(
        f"expression: {expression!r} is neither rate(value unit) nor cron(six fields), "
        "in lower case with no blanks around it"
    )
