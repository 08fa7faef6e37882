"""The record of the timer of a rule's schedule. `scheduled_rules` starts the timers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.schedule import Cron, Rate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timer:
    """One run of a schedule for a rule of a default bus. A rule gets a new timer when its schedule begins anew.

    Attributes:
        account_id: The id of the rule's account.
        region: The region of the rule.
        rule_name: The name of the rule.
        schedule: The schedule.
        first: The moment of the first firing, an aware datetime in UTC, from which a rate counts; None if the schedule
            never fires.
    """

    account_id: str
    region: str
    rule_name: str
    schedule: Rate | Cron
    first: datetime | None
