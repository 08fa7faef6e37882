"""Schedule expressions, which are of two kinds: ``rate(...)`` and ``cron(...)``.

What it is: `parse`, which tells `rate(...)` from `cron(...)`, and `parse_for_rule`, which reads one as rules do. What
it is not: either grammar (rate.py, cron_fields.py). Source: botocore's model for the 256 characters. That blanks are
not trimmed and that the units of a rate are lower case is asserted by tests that ran against AWS; that the words
`rate` and `cron` are lower case, too, is inferred from it. That rules take commas between the fields of cron was seen
on AWS, and templates that are published use them; EventBridge Scheduler is not known to take them.
"""

import re
from dataclasses import replace

from eventmock.schedule.cron import Cron, parse_cron
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import Rate, parse_rate

_MAXIMUM_LENGTH = 256
_COMMA_AT_END_OF_FIELD = re.compile(r",(?= |\)$)")


def parse(expression: str) -> Rate | Cron:
    """Read a schedule expression.

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


def parse_for_rule(expression: str) -> Rate | Cron:
    """Read a rule's ScheduleExpression, in which a comma at the end of a field of cron means nothing.

    ``cron(0/5, 9-18, ?, *, MON-FRI, *)`` is ``cron(0/5 9-18 ? * MON-FRI *)`` to a rule. A comma inside a field makes a
    list, here as well.

    Returns:
        The schedule; its `expression` is the text as given.

    Raises:
        InvalidSchedule: AWS would refuse it; `.why` says what was wrong.
    """
    if not expression.startswith("cron(") or len(expression) > _MAXIMUM_LENGTH:
        return parse(expression)
    without = _COMMA_AT_END_OF_FIELD.sub("", expression)
    schedule = parse(without)
    return schedule if without == expression else replace(schedule, expression=expression)
