"""Schedule expressions: when a scheduled rule fires. This package is pure, and never reads a clock.

`parse` turns ``rate(5 minutes)`` or ``cron(0 12 * * ? *)`` into a `Rate` or a `Cron`. Both have `next_after(instant)`
and `between(after, until)`, in UTC. `parse_for_rule` also accepts what only rules accept. The timers are not here but
in events/scheduled_rules.py; that schedules are allowed on the default bus only is checked in events/rules.py.

Source: "Setting a schedule pattern for scheduled rules" in the EventBridge user guide. Where an answer recorded from
AWS differs, the recorded answer counts. Each module says how sure it is.

| looking for | open |
|---|---|
| what `parse` and `parse_for_rule` accept | expression.py |
| `rate(value unit)` | rate.py |
| `cron(...)`: the next firing | cron.py |
| `cron(...)`: the grammar, and what is refused | cron_fields.py |
| `L`, `W`, `#`: which days of a month | month_days.py |
| AWS's refusal, and ours | invalid_schedule.py |
| a schedule that may mean something else than it seems | advice.py |
| the mistakes that a person could make in a schedule | mutations.py |
"""

from eventmock.schedule.cron import Cron
from eventmock.schedule.expression import parse, parse_for_rule
from eventmock.schedule.invalid_schedule import InvalidSchedule
from eventmock.schedule.rate import Rate

__all__ = ["Cron", "InvalidSchedule", "Rate", "parse", "parse_for_rule"]
