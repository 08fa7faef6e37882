"""Schedule expressions: when a scheduled rule fires. Pure, usable alone, never reads a clock.

What it is: `parse` turns ``rate(5 minutes)`` or ``cron(0 12 * * ? *)`` into a `Rate` or a `Cron`; both answer
`next_after(instant)` and `between(after, until)` in UTC. `parse_for_rule` does so too, and takes what only rules take.
What it is not: a scheduler (events/scheduled_rules.py keeps the timers), nor the rule that schedules live on the
default bus only (events/rules.py).

Source: "Setting a schedule pattern for scheduled rules" in the EventBridge user guide; answers recorded from
AWS win over it. Each module says how sure it is.

| looking for | open |
|---|---|
| what `parse` and `parse_for_rule` take | expression.py |
| `rate(value unit)` | rate.py |
| `cron(...)`: the next firing | cron.py |
| `cron(...)`: the grammar, and what is refused | cron_fields.py |
| `L`, `W`, `#`: which days of a month | month_days.py |
| AWS's refusal, and ours | invalid_schedule.py |
"""

from eventmock.schedule.cron import Cron
from eventmock.schedule.expression import parse, parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import Rate

__all__ = ["Cron", "InvalidSchedule", "Rate", "parse", "parse_for_rule"]
