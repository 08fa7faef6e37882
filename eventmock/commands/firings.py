"""The next firings of a rule's schedule, or of a schedule of EventBridge Scheduler, as lines and as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING, Any

from eventmock.commands.instants import text_of
from eventmock.commands.output import say
from eventmock.schedule import At, Rate
from eventmock.schedule.advice import advice_about, advice_about_schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, tzinfo

    from eventmock.schedule import Cron, Occurrences


@dataclass(frozen=True, slots=True, kw_only=True)
class Firings:
    """The firings of one schedule after a moment.

    Attributes:
        expression: The expression of the schedule.
        after: The moment, an aware datetime in UTC. A rate begins at it.
        heading: The line above the firings.
        moments: The firings, aware datetimes in UTC; found as they are asked for.
        zone: The time zone in which each is shown, too.
        advice: What the tester should know about the schedule, a line each.
        is_once: Whether the schedule fires once by its nature.
        about: What data have about the schedule beside the firings.
    """

    expression: str
    after: datetime
    heading: str
    moments: Iterable[datetime]
    zone: tzinfo = UTC
    advice: list[str]
    is_once: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)

    def tell(self, count: int, indent: str = "") -> bool:
        """Print the firings, each as soon as it is known, and return whether there is one.

        Args:
            count: The greatest number of firings to print.
            indent: The blanks before each line.
        """
        told, offset = 0, None
        for told, firing in enumerate(islice(self.moments, count), 1):
            if told == 1:
                say(f"{indent}{self.heading}:")
            local = firing.astimezone(self.zone)
            shown = f"{local:%a}"
            if self.zone is not UTC:
                shown += f" {local:%Y-%m-%d %H:%M:%S}" + f" {_offset(local)}" * (local.utcoffset() != offset)
                offset = local.utcoffset()
            say(f"{indent}  {text_of(firing)}  {shown}")
        if told == 0:
            say(f"{indent}{self.expression} never fires after {text_of(self.after)}")
        elif told < count and not self.is_once:
            say(f"{indent}  and never again")
        for line in self.advice:
            say(f"{indent}  {line}")
        return told > 0

    def data(self, count: int) -> dict[str, Any]:
        """Return the firings as values that JSON can express.

        Args:
            count: The greatest number of firings.
        """
        moments = list(islice(self.moments, count))
        data = {
            "expression": self.expression,
            **self.about,
            "after": text_of(self.after),
            "firings": [text_of(firing) for firing in moments],
        }
        if self.zone is not UTC:
            data["local"] = [firing.astimezone(self.zone).isoformat() for firing in moments]
        return data | {"advice": "; ".join(self.advice) or None}


def firings_of_rule(schedule: Rate | Cron, after: datetime, note: str = "") -> Firings:
    """Return the firings of a rule's schedule.

    Args:
        schedule: The schedule.
        after: The moment after which they count, an aware datetime in UTC; for a rate, when its rule was made.
        note: More advice; empty if there is none.
    """
    is_rate = isinstance(schedule, Rate)
    return Firings(
        expression=schedule.expression,
        after=after,
        heading=f"for a rule made at {text_of(after)}, from when a rate counts"
        if is_rate
        else f"after {text_of(after)}",
        moments=_moments_of_rule(schedule, after),
        advice=_lines(advice_about(schedule, after), note),
    )


def firings_of_schedule(schedule: Occurrences, timezone: str, note: str = "") -> Firings:
    """Return the firings of a schedule of EventBridge Scheduler.

    Args:
        schedule: The schedule; its `since` is the moment after which they count.
        timezone: The name of its time zone.
        note: More advice; empty if there is none.
    """
    made = f"for a schedule made at {text_of(schedule.since)}"
    heading = made if isinstance(schedule.timing, Rate) else f"after {text_of(schedule.since)}"
    dates = {"start_date": schedule.start, "end_date": schedule.end}
    return Firings(
        expression=schedule.timing.expression,
        after=schedule.since,
        heading=heading if schedule.zone is UTC else f"{heading}, in {timezone}",
        moments=_moments_of_schedule(schedule),
        zone=schedule.zone,
        advice=_lines(advice_about_schedule(schedule).replace("; ", "\n"), note),
        is_once=isinstance(schedule.timing, At),
        about={"timezone": timezone}
        | {name: None if date is None else text_of(date) for name, date in dates.items()},
    )


def _moments_of_rule(schedule: Rate | Cron, after: datetime) -> Iterator[datetime]:
    firing = schedule.next_after(after)
    while firing is not None:
        yield firing
        firing = schedule.next_after(firing, start=after)


def _moments_of_schedule(schedule: Occurrences) -> Iterator[datetime]:
    firing = schedule.first()
    while firing is not None:
        yield firing
        firing = schedule.next_after(firing)


def _lines(*texts: str) -> list[str]:
    return [line for text in texts for line in text.splitlines()]


def _offset(local: datetime) -> str:
    """Return the offset of a local time from UTC, such as ``+02:00``."""
    return local.isoformat(timespec="seconds")[19:]
