"""Schedule expressions: when a rule or a schedule of EventBridge Scheduler fires. Pure: it never reads a clock.

`parse` turns ``rate(5 minutes)`` or ``cron(0 12 * * ? *)`` into a `Rate` or a `Cron`. Both have `next_after(instant)`
and `between(after, until)`, in UTC. `parse_for_rule` also accepts what only rules accept. The timers are not here but
in events/scheduled_rules.py; that schedules are allowed on the default bus only is checked in events/rules.py.

`parse_for_schedule` reads the expressions of EventBridge Scheduler, also ``at(2030-01-01T12:00:00)``. `Occurrences` has
their moments in UTC, by a time zone, StartDate and EndDate.

Source: "Setting a schedule pattern for scheduled rules" in the EventBridge user guide. Where an answer recorded from
AWS differs, the recorded answer counts. Each module says how sure it is.

| looking for | open |
|---|---|
| what `parse` and `parse_for_rule` accept | expression.py |
| what `parse_for_schedule` accepts | scheduler_expression.py |
| when a schedule of Scheduler fires: time zone, shifts of clocks, StartDate, EndDate | occurrences.py |
| the names of time zones | time_zones.py |
| `at(...)` | at.py |
| `rate(value unit)` | rate.py |
| `cron(...)`: the next firing | cron.py |
| `cron(...)`: the grammar, and what is refused | cron_fields.py |
| `L`, `W`, `#`: which days of a month | month_days.py |
| AWS's refusal, and ours | invalid_schedule.py |
| a schedule that may mean something else than it seems | advice.py |
| the mistakes that a person could make in a schedule | mutations.py |
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eventmock.schedule.cron import Cron
from eventmock.schedule.expression import parse, parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule, InvalidTimeZone
from eventmock.schedule.rate import Rate

if TYPE_CHECKING:
    from eventmock.schedule.at import At
    from eventmock.schedule.occurrences import Occurrences
    from eventmock.schedule.scheduler_expression import parse_for_schedule
    from eventmock.schedule.time_zones import time_zone

__all__ = [
    "At",
    "Cron",
    "InvalidSchedule",
    "InvalidTimeZone",
    "Occurrences",
    "Rate",
    "parse",
    "parse_for_rule",
    "parse_for_schedule",
    "time_zone",
]

_HOMES = {
    "At": "at",
    "Occurrences": "occurrences",
    "parse_for_schedule": "scheduler_expression",
    "time_zone": "time_zones",
}
"""The modules of names that tests of rules do not need. They are imported when the name is first used."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"eventmock.schedule.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'eventmock.schedule' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
