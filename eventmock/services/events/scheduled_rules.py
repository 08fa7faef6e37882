"""Rules that fire by a schedule: the timers, and the event of each firing.

Source: aws-recorded-behaviour section 7 (the event, recorded; one event for all targets of a firing) and
schedules-archives-permissions sections 1.1 and 1.3. When a rate begins anew (it is enabled, or its expression
changes) and that the event also meets the patterns of the default bus is inferred or was captured by another
emulator. A disabled rule misses its firings for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from eventmock.event.event import Event
from eventmock.history.received_event import ReceivedEvent
from eventmock.schedule import Rate
from eventmock.services.events.event_buses import DEFAULT_BUS
from eventmock.services.events.ingestion import ingest
from eventmock.values.moments import later

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.schedule import Cron
    from eventmock.services.events.account import Accounts
    from eventmock.services.events.event_buses import EventBus
    from eventmock.services.events.rules import Rule

DETAIL_TYPE: Final = "Scheduled Event"
SOURCE: Final = "aws.events"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timer:
    """A schedule that runs for one rule of a default bus; another timer, another run.

    Attributes:
        account_id: Whose rule it is.
        region: Where.
        rule_name: The rule.
        schedule: The schedule.
        first: Its first firing, from which a rate counts; None if it never fires.
    """

    account_id: str
    region: str
    rule_name: str
    schedule: Rate | Cron
    first: datetime | None

    def wait(self, shared: Accounts, moment: datetime | None) -> None:
        """Fire at that moment; None is never."""
        if moment is not None:
            place = f"{self.account_id}, {self.region}"
            what = f"rule {self.rule_name!r} of {place} fires: {self.schedule.expression}"
            shared.clock.call_at(
                moment,
                what,
                partial(self._fire, shared, moment),
                lambda: self._runs(shared),
            )

    def _runs(self, shared: Accounts) -> bool:
        """Whether it is still that of its rule, as the rule was put or as it is in effect."""
        bus = self._bus(shared)
        rules = bus.rules.get(self.rule_name), bus.rule_in_effect(self.rule_name)
        return any(rule is not None and rule.timer is self for rule in rules)

    def _bus(self, shared: Accounts) -> EventBus:
        return shared.get(self.account_id, self.region).event_buses[DEFAULT_BUS]

    def _fire(self, shared: Accounts, moment: datetime) -> None:
        bus = self._bus(shared)
        rule = bus.rule_in_effect(self.rule_name)
        if rule is not None and rule.timer is self:
            self._send(shared, bus, rule, moment)
        self.wait(shared, self.schedule.next_after(moment, start=self.first))

    def _send(self, shared: Accounts, bus: EventBus, rule: Rule, moment: datetime) -> None:
        event = Event(
            id=shared.identifiers.uuid(),
            detail_type=DETAIL_TYPE,
            source=SOURCE,
            account=self.account_id,
            time=moment.replace(microsecond=0),
            region=self.region,
            resources=(rule.arn,),
            detail="{}",
            detail_size=2,
            _detail_value={},
        )
        received = ReceivedEvent(
            detail_type=DETAIL_TYPE,
            source=SOURCE,
            bus=DEFAULT_BUS,
            time=shared.clock.now(),
            account=self.account_id,
            region=self.region,
            origin="schedule",
        )
        shared.ledger.receive(received)
        ingest(shared, received, event, bus, fired=rule)


def begin_timer(
    shared: Accounts, account_id: str, region: str, rule_name: str, schedule: Rate | Cron
) -> Timer:
    """Let a schedule run for a rule of the default bus of an account."""
    now, early = shared.clock.now(), shared.delays.rate_first_firing
    first = schedule.next_after(now) if early is None or not isinstance(schedule, Rate) else later(now, early)
    timer = Timer(account_id=account_id, region=region, rule_name=rule_name, schedule=schedule, first=first)
    timer.wait(shared, first)
    return timer
