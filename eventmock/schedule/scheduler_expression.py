"""Schedule expressions of EventBridge Scheduler: ``rate(...)``, ``cron(...)`` and ``at(...)``.

They are read more loosely than those of rules. Each is brought into the form that rules have, and then read as there.

Source: recorded or seen on AWS are: `rate(1 minutes)`, `rate(2 minute)`, `rate(1minute)`, keywords in capitals, five
fields of cron, which mean every year, and that blanks around an expression or inside its parentheses are refused.
Inferred: units of a rate are in lower case; its number ends with 2^31-1, as for rules; commas between the fields of
cron, which rules accept, are refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from eventmock.schedule.at import At, parse_at
from eventmock.schedule.cron import Cron, parse_cron
from eventmock.schedule.expression import MAXIMUM_LENGTH
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import UNITS, Rate, parse_rate
from eventmock.values.near_names import nearest_name


def parse_for_schedule(expression: str) -> At | Rate | Cron:
    """Read the ScheduleExpression of a schedule of EventBridge Scheduler.

    Returns:
        The schedule; its `expression` is the text as given.

    Raises:
        InvalidSchedule: AWS would refuse the expression; the error's ``why`` states what is wrong.
    """
    try:
        return _read(expression)
    except InvalidSchedule as refusal:
        why = refusal.why if "did you mean" in refusal.why else f"{refusal.why}{_meant(expression)}"
        raise InvalidSchedule(why, f"Invalid Schedule Expression {expression}.") from None


@lru_cache(
    maxsize=256
)  # a cron takes a millisecond and 10 kB, and is read again with each request about a schedule
def _read(expression: str) -> At | Rate | Cron:
    if len(expression) > MAXIMUM_LENGTH:
        raise InvalidSchedule(f"expression: {len(expression)} characters; wanted at most {MAXIMUM_LENGTH}")
    keyword, parenthesis, rest = expression.partition("(")
    read = _READERS.get(keyword.lower())
    if read is None or not parenthesis or not rest.endswith(")"):
        raise InvalidSchedule(
            f"expression: {expression!r} is neither rate(value unit) nor cron(fields) nor at(yyyy-mm-ddThh:mm:ss)"
        )
    schedule = read(rest.removesuffix(")"))
    return schedule if schedule.expression == expression else replace(schedule, expression=expression)


def _read_rate(body: str) -> Rate:
    loose = re.fullmatch("([0-9]+) ?([a-z]+)", body)
    if loose is None:
        return parse_rate(f"rate({body})")
    digits, unit = loose.groups()
    singular = unit.removesuffix("s")
    return parse_rate(f"rate({digits} {_in_number(singular, digits) if singular in UNITS else unit})")


def _in_number(unit: str, digits: str) -> str:
    """Return a unit in the number that rules want."""
    return unit if int(digits) == 1 else f"{unit}s"


def _read_cron(body: str) -> Cron:
    fields = body.split(" ")
    if "" in fields or len(fields) == 6:
        return parse_cron(f"cron({body})")
    if len(fields) == 5:
        return parse_cron(f"cron({body} *)")
    count = f"{len(fields)} field{'' if len(fields) == 1 else 's'}"
    raise InvalidSchedule(
        f"cron: {body!r} has {count}; wanted six, or five without the year, one space apart"
    )


def _read_at(body: str) -> At:
    return parse_at(f"at({body})")


_READERS: Final[Mapping[str, Callable[[str], At | Rate | Cron]]] = {
    "rate": _read_rate,
    "cron": _read_cron,
    "at": _read_at,
}


def _meant(expression: str) -> str:
    """Return words about an expression that AWS accepts and that is near to a refused one; empty if none is found."""
    for near in _near(expression):
        try:
            _read(near)
        except InvalidSchedule:
            continue
        return f": did you mean {near}?"
    return ""


def _near(expression: str) -> Iterator[str]:
    """Yield what the tester may have meant by an expression; AWS may refuse it too."""
    tidy = re.sub(r"(?<=\() | (?=\))|,(?= |\))", "", " ".join(expression.split()))
    yield tidy
    keyword, parenthesis, rest = tidy.partition("(")
    body = rest.rstrip(")") if parenthesis else tidy.removeprefix("every ")
    known = nearest_name(keyword, _READERS)
    yield from (f"{word}({body})" for word in (_READERS if known is None else [known]))
    if rate := re.fullmatch("([0-9]+) ?([a-z]+?)s?", body.lower()):
        digits, unit = rate.groups()
        whole = next((known for known in UNITS if known.startswith(unit)), nearest_name(unit, UNITS))
        if whole is not None:
            yield f"rate({digits} {_in_number(whole, digits)})"
    match body.split(" "):
        case [minutes, hours, "*", month, day_of_week, *year]:  # as Unix has it
            yield f"cron({' '.join((minutes, hours, '?', month, day_of_week, *year))})"
