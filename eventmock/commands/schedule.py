"""``schedule``: when a rule with a schedule fires next."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from eventmock.clock import Clock
from eventmock.commands.documents import WrongInput
from eventmock.commands.instants import text_of
from eventmock.commands.output import say, say_json
from eventmock.schedule import Cron, InvalidSchedule, Rate, parse_for_rule
from eventmock.schedule.advice import advice_about

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_AT: Final = "at(...) is EventBridge Scheduler's; rules take rate(value unit) and cron(six fields)"


def run(expression: str, count: int, after: datetime | None, *, as_json: bool) -> int:
    """Print the next firings of a schedule expression.

    Args:
        expression: ``rate(...)`` or ``cron(...)``.
        count: The greatest number of firings to print.
        after: An aware datetime; only firings after it are printed. For a rate, it is the time at which its rule was
            made. If None, the present.
        as_json: Whether to print JSON.

    Returns:
        0 if the expression fires, 1 if it never does.

    Raises:
        WrongInput: AWS would refuse the expression.
    """
    try:
        schedule = parse_for_rule(expression)
    except InvalidSchedule as refusal:
        why = _AT if expression.startswith("at(") else refusal.why
        raise WrongInput(f"EXPRESSION: ValidationException: {refusal}\n  {why}") from None
    start = after or Clock().now()
    firings = islice(_firings(schedule, start), count)
    advice = advice_about(schedule, start)
    if as_json:
        texts = [text_of(firing) for firing in firings]
        say_json(
            {"expression": expression, "after": text_of(start), "firings": texts, "advice": advice or None}
        )
        return 0 if texts else 1
    is_rate = isinstance(schedule, Rate)
    counts = "for a rule made at {}, from when a rate counts:" if is_rate else "after {}:"
    told = 0
    for told, firing in enumerate(firings, 1):
        if told == 1:
            say(counts.format(text_of(start)))
        say(f"  {text_of(firing)}  {firing:%a}")
    if told == 0:
        say(f"{expression} never fires after {text_of(start)}")
    elif told < count:
        say("  and never again")
    if advice:
        say(f"  {advice}")
    return 0 if told else 1


def _firings(schedule: Rate | Cron, start: datetime) -> Iterator[datetime]:
    firing = schedule.next_after(start)
    while firing is not None:
        yield firing
        firing = schedule.next_after(firing, start=start)
