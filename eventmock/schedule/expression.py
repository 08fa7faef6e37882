"""Schedule expressions, which are of two kinds: ``rate(...)`` and ``cron(...)``.

`parse` decides which kind an expression is, and `parse_for_rule` reads an expression as rules do. The grammars are in
rate.py and cron_fields.py.

Source: botocore's model for the limit of 256 characters. Tests that ran against AWS assert that blanks are not trimmed
and that the units of a rate are in lower case. It is inferred from this that the words `rate` and `cron` are in lower
case too. That rules accept commas between the fields of cron was seen on AWS, and published templates use them. It is
not known that EventBridge Scheduler accepts them.
"""

import re
from dataclasses import replace

from eventmock.schedule.cron import Cron, parse_cron
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import Rate, parse_rate

MAXIMUM_LENGTH = 256
_COMMA_AT_END_OF_FIELD = re.compile(r",(?= |\)$)")


def parse(expression: str) -> Rate | Cron:
    """Read a schedule expression.

    Raises:
        InvalidSchedule: AWS would refuse the expression; the error's ``why`` states what is wrong.
    """
    if len(expression) > MAXIMUM_LENGTH:
        raise InvalidSchedule(f"expression: {len(expression)} characters; wanted at most {MAXIMUM_LENGTH}")
    keyword, parenthesis, rest = expression.partition("(")
    if parenthesis and rest.endswith(")"):
        if keyword == "rate":
            return parse_rate(expression)
        if keyword == "cron":
            return parse_cron(expression)
    bare = (
        ": fields of cron stand in cron(...)"
        if len(expression.split()) in {5, 6} and "(" not in expression
        else ""
    )
    raise InvalidSchedule(
        f"expression: {expression!r} is neither rate(value unit) nor cron(six fields), "
        f"in lower case with no blanks around it{bare}"
    )


def parse_for_rule(expression: str) -> Rate | Cron:
    """Read a rule's ScheduleExpression, in which a comma at the end of a field of cron is ignored.

    For a rule, ``cron(0/5, 9-18, ?, *, MON-FRI, *)`` is ``cron(0/5 9-18 ? * MON-FRI *)``. A comma inside a field makes
    a list, as in `parse`.

    Returns:
        The schedule; its `expression` is the text as given.

    Raises:
        InvalidSchedule: AWS would refuse the expression; the error's ``why`` states what is wrong.
    """
    if not expression.startswith("cron(") or len(expression) > MAXIMUM_LENGTH:
        return parse(expression)
    without = _COMMA_AT_END_OF_FIELD.sub("", expression)
    schedule = parse(without)
    return schedule if without == expression else replace(schedule, expression=expression)
